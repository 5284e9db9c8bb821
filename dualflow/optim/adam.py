"""Adam, and Adam with decoupled weight decay."""

from __future__ import annotations

from typing import Any

from dualflow.core.dtypes import float64
from dualflow.core.mode import guard, host_scalar
from dualflow.ops.math.elementwise import maximum, sqrt, square
from dualflow.optim.optimizer import Group, Optimizer, number


class Adam(Optimizer):
    """Steps scaled by running moments of the gradient (Kingma & Ba 2015, https://arxiv.org/abs/1412.6980).

    With gradient ``g + weight_decay * p`` for ``g``, at a parameter's step number ``t``::

        m = beta1 * m + (1 - beta1) * g                 v = beta2 * v + (1 - beta2) * g**2
        p = p - lr * m / (1 - beta1**t) / (sqrt(v / (1 - beta2**t)) + eps)

    ``amsgrad`` takes the largest ``v`` so far (Reddi et al. 2018). Raises ValueError for options that cannot
    be, naming them.

    >>> w = df.Variable([1.0, -2.0])
    >>> optimizer = df.optim.Adam([w], lr=0.5)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w.numpy()
    array([ 0.5, -1.5], dtype=float32)
    """

    decoupled = False

    def __init__(
        self,
        params: Any,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
    ) -> None:
        super().__init__(
            params, {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "amsgrad": amsgrad}
        )

    def check(self, group: Group) -> None:
        """Raise ValueError, naming the option, when the group's options cannot be."""
        for name in ("lr", "eps", "weight_decay"):
            number(self._name, name, group[name])
        if not isinstance(group["betas"], tuple | list) or len(group["betas"]) != 2:
            raise ValueError(f"{self._name}: betas must be two numbers, not {group['betas']!r}")
        for i, beta in enumerate(group["betas"]):
            number(self._name, f"betas[{i}]", beta, below=1)

    def slots(self, group: Group) -> tuple[str, ...]:
        """Keep the two moments, and the largest second moment for amsgrad."""
        return ("exp_avg", "exp_avg_sq", "max_exp_avg_sq") if group["amsgrad"] else ("exp_avg", "exp_avg_sq")

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add parameters with options of their own; what is not given is as in the constructor."""
        super().add_param_group(param_group)
        self.counts(self.param_groups[-1])

    def update(self, group: Group, given: list[tuple[int, Any, Any]]) -> list[Any]:
        """Apply the rule, the bias corrections in double precision and folded into two scalars a parameter.

        ``lr * m / c1 / (sqrt(v) / sqrt(c2) + eps)`` is ``(lr * sqrt(c2) / c1) * m / (sqrt(v) + eps * sqrt(c2))``,
        with one pass over memory fewer. In single precision ``1 - 0.999**1`` would keep four digits.
        """
        for name in ("betas", "eps", "weight_decay", "amsgrad"):
            guard(group, name)
        beta1, beta2 = map(float, group["betas"])
        decay = float(group["weight_decay"])
        steps = self.count(group, given)
        done = [steps]
        if len(given) < len(group["params"]):
            steps = maximum(steps, 1)  # who has not begun would divide by 0 here; his numbers are not used
        root = sqrt(1 - beta2**steps)
        rates = host_scalar(lambda: float(group["lr"]), float64) * (root / (1 - beta1**steps))
        floors = root * float(group["eps"])
        scalars: dict[Any, Any] = {}
        for i, p, g in given:
            if p.dtype not in scalars:
                keep = host_scalar(lambda: 1 - float(group["lr"]) * float(group["weight_decay"]), p.dtype)
                scalars[p.dtype] = rates.astype(p.dtype), floors.astype(p.dtype), keep
            rate, floor, keep = scalars[p.dtype]
            if decay and not self.decoupled:
                g = g + p * decay
            m, v = self.slot(p, "exp_avg"), self.slot(p, "exp_avg_sq")
            m = m.add_((g - m) * (1 - beta1))
            v = v.assign(v * beta2 + square(g) * (1 - beta2))
            done += [m, v]
            if group["amsgrad"]:
                top = self.slot(p, "max_exp_avg_sq")
                v = top.assign(maximum(top, v))
                done.append(v)
            change = m / (sqrt(v) + floor[i]) * rate[i]
            done.append(p.assign(p * keep - change) if decay and self.decoupled else p.sub_(change))
        return done


class AdamW(Adam):
    """Adam whose weight decay acts on the parameter itself (Loshchilov & Hutter 2019, https://arxiv.org/abs/1711.05101).

    ``p = (1 - lr * weight_decay) * p`` before Adam's step, whose moments then do not see the decay.

    >>> w = df.Variable([1.0])
    >>> optimizer = df.optim.AdamW([w], lr=0.1, weight_decay=0.5)
    >>> (w * 0).sum().backward()
    >>> optimizer.step()
    >>> w.numpy()
    array([0.95], dtype=float32)
    """

    decoupled = True

    def __init__(
        self,
        params: Any,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad)
