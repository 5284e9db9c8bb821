"""What every optimizer shares: groups of parameters, state, gradients in, updates out.

All state is non-trainable Variables made eagerly, which both worlds read and write, and is changed by exactly one
assignment per Variable and step: in a graph under construction a second one would read the value from before the
first. This file does not know any update rule.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from numbers import Real
from typing import Any

import numpy as np

from dualflow.core.dtypes import float64
from dualflow.core.errors import GradientError, ShapeError, format_shape
from dualflow.core.mode import Scope, current, eager, gradients, guard, no_grad, variable
from dualflow.core.mode import group as together
from dualflow.core.world import is_tensor
from dualflow.ops.array.create import as_array, tensor, zeros


class Group(dict[str, Any]):
    """Parameters and their options: a dict whose options can be read as attributes too, for ``mode.guard``.

    ``counts``: how many steps each parameter has taken, one Variable for all, or None while nobody asked.
    """

    counts: Any = None

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"a parameter group has no option {name!r}") from None


class Optimizer:
    """The base class of optimizers: give ``slots`` and ``update``, and the defaults to ``__init__``.

    ``params``: parameters, pairs of name and parameter, or dicts ``{"params": …, option: value}``, one for
    each group. Raises ValueError when there are none, when one comes twice or is no leaf, and for options
    that cannot be.

    ``param_groups`` may be changed between steps. A learning rate is read afresh at every step, even of a
    compiled function; another option has the function traced again.
    """

    def __init__(self, params: Any, defaults: Mapping[str, Any]) -> None:
        self.defaults = dict(defaults)
        self.param_groups: list[Group] = []
        self.state: dict[Any, dict[str, Any]] = {}
        for group in self._grouped(params):
            self.add_param_group(group)

    # -- what a rule says
    def slots(self, group: Group) -> tuple[str, ...]:
        """Name the Variables, of the parameter's shape, that the rule keeps for each parameter."""
        return ()

    def check(self, group: Group) -> None:
        """Raise ValueError, naming the option, when the group's options cannot be."""

    def update(self, group: Group, given: list[tuple[int, Any, Any]]) -> list[Any]:
        """Update parameters, given as (place in the group, parameter, gradient); return what was assigned."""
        raise TypeError(f"{type(self).__name__} has no update rule: define update(group, given)")

    # -- steps
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Update every parameter that has a ``.grad``.

        ``closure``: called first to compute the loss and its gradients; its result is returned. Without one
        the result is None or, while a graph is being built, the node that runs all the updates.
        """
        loss = None if closure is None else closure()
        done = self._apply(lambda p: p.grad, self._parameters())
        return done if closure is None else loss

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters, or set those there are to zero."""
        with no_grad():
            for p in self._parameters():
                if set_to_none:
                    p.grad = None
                elif p.grad is not None:
                    p.grad.zero_()

    def minimize(self, loss: Any, var_list: Iterable[Any] | None = None) -> Any:
        """Update the parameters along the gradients of ``loss``; ``.grad`` is neither read nor written.

        ``loss``: a scalar, or a function that computes it. ``var_list``: only these parameters. Returns None
        or, while a graph is being built, the node that runs all the updates. Raises GradientError when
        the loss depends on none of the parameters.

        >>> w = df.Variable([1.0])
        >>> df.optim.SGD([w], lr=0.1).minimize(lambda: (w * w).sum())
        >>> w.numpy()
        array([0.8], dtype=float32)
        """
        if callable(loss):
            loss = loss()
        owner = getattr(loss, "graph", None)
        if owner is not None and current().graph is None:  # a symbol outside its block: its graph grows all the same
            with Scope(mode="graph", graph=owner):
                return self.minimize(loss, var_list)
        known = {id(p): p for p in self._parameters()}
        chosen = list(known.values()) if var_list is None else list(var_list)
        for p in chosen:
            if id(p) not in known:
                raise ValueError(f"{self._name}.minimize: var_list has a variable that this optimizer was not given")
        found = dict(zip(map(id, chosen), gradients(loss, chosen), strict=True))
        if all(g is None for g in found.values()):
            raise GradientError(
                f"{self._name}.minimize: the loss depends on none of the parameters",
                operands=[("loss", loss)],
                hint="compute it from them, outside no_grad() and without detach() or .numpy()",
            )
        return self._apply(lambda p: found.get(id(p)), chosen)

    def _apply(self, gradient: Callable[[Any], Any], chosen: Sequence[Any]) -> Any:
        done = []
        lint = current().lint
        if lint is not None:
            lint.stepping(self, [(p, gradient(p)) for p in chosen])
        with no_grad():
            for group in self.param_groups:
                given = [(i, p, g) for i, p in enumerate(group["params"]) if (g := gradient(p)) is not None]
                if given:
                    done += self.update(group, given)
        return together(done)

    # -- groups
    def _parameters(self) -> list[Any]:
        guard(self, "param_groups")
        for group in self.param_groups:
            guard(group, "params")
        return [p for group in self.param_groups for p in group["params"]]

    @property
    def _name(self) -> str:
        return type(self).__name__

    def _grouped(self, params: Any) -> list[dict[str, Any]]:
        if _is_tensor(params) or isinstance(params, Mapping | str):
            raise TypeError(
                f"{self._name}: give the parameters as an iterable, such as model.parameters() or [w1, w2], "
                f"not as one {type(params).__name__}"
            )
        listed = list(params)
        if not listed:
            raise ValueError(f"{self._name}: the list of parameters is empty; a generator can be used only once")
        return listed if isinstance(listed[0], dict) else [{"params": listed}]

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add parameters with options of their own; what is not given is as in the constructor."""
        if not isinstance(param_group, dict) or "params" not in param_group:
            raise TypeError(f"{self._name}: a parameter group is a dict with the key 'params'")
        given = param_group["params"]
        if isinstance(given, set):
            raise TypeError(f"{self._name}: a set has no order of its own; give the parameters as a list")
        params = [
            p[1] if isinstance(p, tuple) and len(p) == 2 else p for p in ([given] if _is_tensor(given) else given)
        ]
        if not params:
            raise ValueError(f"{self._name}: the list of parameters is empty")
        unknown = param_group.keys() - self.defaults.keys() - {"params"}
        if unknown:
            names = ", ".join(sorted(unknown))
            raise ValueError(f"{self._name} has no option {names}; it has {', '.join(self.defaults)}")
        seen = {id(p) for group in self.param_groups for p in group["params"]}
        for p in params:
            if not _is_tensor(p):
                raise TypeError(f"{self._name}: only tensors and variables can be optimized, not {type(p).__name__}")
            if not getattr(p, "is_leaf", True):
                raise ValueError(f"{self._name}: a parameter was computed by {p.grad_fn}; only leaves can be optimized")
            if id(p) in seen:
                raise ValueError(f"{self._name}: a parameter of shape {format_shape(p.shape)} was given twice")
            seen.add(id(p))
        group = Group({**self.defaults, **param_group, "params": params})
        self.check(group)
        self.param_groups.append(group)
        for p in params:
            for name in self.slots(group):
                self.slot(p, name)

    # -- state
    def slot(self, p: Any, name: str) -> Any:
        """Return the Variable that the rule keeps for ``p`` under ``name``, of zeros at first."""
        held = self.state.setdefault(p, {})
        if name not in held:
            title = f"{getattr(p, 'name', '') or 'parameter'}.{name}"
            with eager():
                held[name] = variable(zeros(p.shape, dtype=p.dtype), trainable=False, name=title)
        return held[name]

    def counts(self, group: Group) -> Any:
        """Return the steps that each parameter of the group has taken: one float64 Variable for all of them."""
        if group.counts is None:
            with eager():
                group.counts = variable(zeros(len(group["params"]), dtype=float64), trainable=False, name="steps")
        return group.counts

    def count(self, group: Group, given: Sequence[tuple[int, Any, Any]]) -> Any:
        """Count one step more for the parameters given, and return the Variable."""
        total = len(group["params"])
        if len(given) == total:
            return self.counts(group).add_(1)
        places = {i for i, _, _ in given}
        return self.counts(group).add_(tensor([float(i in places) for i in range(total)], dtype=float64))

    def state_dict(self) -> dict[str, Any]:
        """Return the state and the options, with parameters by number, in the form that PyTorch has.

        The tensors share memory as those of ``Module.state_dict`` do.

        >>> sorted(df.optim.Adam([df.Variable([1.0])]).state_dict()["state"][0])
        ['exp_avg', 'exp_avg_sq', 'step']
        """
        state: dict[int, dict[str, Any]] = {}
        groups = []
        count = itertools.count()
        with eager():
            for group in self.param_groups:
                numbers = [next(count) for _ in group["params"]]
                groups.append({**group, "params": numbers})
                for i, (at, p) in enumerate(zip(numbers, group["params"], strict=True)):
                    entry = {name: slot.detach() for name, slot in self.state.get(p, {}).items()}
                    if group.counts is not None:
                        entry["step"] = tensor(group.counts.numpy()[i])
                    if entry:
                        state[at] = entry
        return {"state": state, "param_groups": groups}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take over state and options from another optimizer's ``state_dict``, PyTorch's too.

        Raises ValueError when groups or parameters differ in number, ShapeError when a shape differs; then
        nothing has changed.
        """
        saved = state_dict["param_groups"]
        sizes = [len(group["params"]) for group in saved]
        if sizes != [len(group["params"]) for group in self.param_groups]:
            raise ValueError(
                f"{self._name}.load_state_dict: the state dict has groups of {sizes} parameters, the optimizer of "
                f"{[len(group['params']) for group in self.param_groups]}"
            )
        fresh = []
        for group, other in zip(self.param_groups, saved, strict=True):
            options = Group({**group, **{k: v for k, v in other.items() if k in self.defaults}})
            self.check(options)
            entries = [state_dict["state"].get(at, {}) for at in other["params"]]
            arrays = [self._read(p, entry) for p, entry in zip(group["params"], entries, strict=True)]
            fresh.append((group, options, arrays))
        with eager(), no_grad():
            for group, options, entries in fresh:
                group.update(options)
                for p, entry in zip(group["params"], entries, strict=True):
                    for name in {*self.slots(group), *self.state.get(p, {}), *entry} - {"step"}:
                        self.slot(p, name).assign(entry.get(name, np.zeros(p.shape, p.dtype)))
                steps = [float(entry.get("step", bool(entry))) for entry in entries]
                if group.counts is not None or any(steps):
                    self.counts(group).assign(np.array(steps))

    def _read(self, p: Any, entry: Mapping[str, Any]) -> dict[str, np.ndarray]:
        """Read what was saved for ``p`` as arrays of its shape."""
        arrays = {name: as_array(value) for name, value in entry.items() if value is not None}
        for name, array in arrays.items():
            if name != "step" and array.shape != tuple(p.shape):
                raise ShapeError(
                    f"{self._name}.load_state_dict: {name} has shape {format_shape(array.shape)} in the state dict; "
                    f"the parameter has {format_shape(p.shape)}"
                )
        return arrays

    def __repr__(self) -> str:
        lines = []
        for i, group in enumerate(self.param_groups):
            lines.append(f"Parameter Group {i}")
            lines += [f"    {name}: {group[name]}" for name in sorted(group) if name != "params"]
        return "\n".join([f"{self._name} (", *lines, ")"])


def number(owner: str, name: str, value: Any, *, below: float = float("inf")) -> None:
    """Raise ValueError unless the option is a number of at least 0 and less than ``below``."""
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 <= float(value) < below:
        limit = "" if below == float("inf") else f" and less than {below:g}"
        raise ValueError(f"{owner}: {name} must be a number of at least 0{limit}, not {value!r}")


def _is_tensor(value: Any) -> bool:
    return is_tensor(value) and hasattr(value, "dtype")
