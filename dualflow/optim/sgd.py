"""Stochastic gradient descent."""

from __future__ import annotations

from typing import Any

from dualflow.core.mode import guard, host_scalar
from dualflow.ops.math.elementwise import minimum
from dualflow.optim.optimizer import Group, Optimizer, number


class SGD(Optimizer):
    """Gradient descent, with momentum as PyTorch has it (Sutskever et al. 2013 put the rate inside the velocity).

    With gradient ``g + weight_decay * p`` for ``g``::

        velocity = momentum * velocity + (1 - dampening) * g        (at a parameter's first step: g)
        p = p - lr * velocity                                        (nesterov: g + momentum * velocity)

    Raises ValueError for options that cannot be, naming them.

    >>> w = df.Variable([1.0, 2.0])
    >>> optimizer = df.optim.SGD([w], lr=0.5)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w.numpy()
    array([0., 0.], dtype=float32)
    """

    def __init__(
        self,
        params: Any,
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        rates = {"lr": lr, "momentum": momentum, "dampening": dampening, "weight_decay": weight_decay}
        super().__init__(params, {**rates, "nesterov": nesterov})

    def check(self, group: Group) -> None:
        """Raise ValueError, naming the option, when the group's options cannot be."""
        for name in ("lr", "momentum", "weight_decay"):
            number("SGD", name, group[name])
        if group["nesterov"] and (group["momentum"] <= 0 or group["dampening"] != 0):
            raise ValueError(
                f"SGD: nesterov needs a momentum above 0 and a dampening of 0, not momentum={group['momentum']!r}, "
                f"dampening={group['dampening']!r}"
            )

    def slots(self, group: Group) -> tuple[str, ...]:
        """Keep a velocity where there is momentum."""
        return ("momentum_buffer",) if group["momentum"] else ()

    def update(self, group: Group, given: list[tuple[int, Any, Any]]) -> list[Any]:
        """Apply the rule."""
        for name in ("momentum", "dampening", "weight_decay", "nesterov"):
            guard(group, name)
        momentum, dampening, decay = float(group["momentum"]), float(group["dampening"]), float(group["weight_decay"])
        rates: dict[Any, Any] = {}
        done = []
        fresh = None
        if momentum and dampening:  # the first velocity is the whole gradient: 1 - dampening * (0 at first, then 1)
            fresh = 1 - dampening * minimum(self.counts(group), 1)
            done.append(self.count(group, given))
        for i, p, g in given:
            if decay:
                g = g + p * decay
            if momentum:
                velocity = self.slot(p, "momentum_buffer")
                part = g if fresh is None else g * fresh[i].astype(p.dtype)
                velocity = velocity.assign(velocity * momentum + part)
                done.append(velocity)
                g = g + velocity * momentum if group["nesterov"] else velocity
            if p.dtype not in rates:
                rates[p.dtype] = host_scalar(lambda: float(group["lr"]), p.dtype)
            done.append(p.sub_(g * rates[p.dtype]))
        return done
