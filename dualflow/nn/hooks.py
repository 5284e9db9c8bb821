"""What users have called around a module: before its forward, after it, and as gradients pass it backward.

Written on tensors' own hooks, so it is the same in both worlds. This file does not know what a module is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dualflow.core.errors import GradientError
from dualflow.core.world import is_tensor
from dualflow.ops.array.places import clone


class ModuleHooks:
    """The hooks of one module, each kind in the order of registration."""

    def __init__(self) -> None:
        self.before: dict[int, Any] = {}
        self.after: dict[int, Any] = {}
        self.backward: dict[int, Any] = {}

    def call(self, module: Any, forward: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call ``forward`` and, around it, the hooks."""
        for hook in tuple(self.before.values()):
            answer = hook(module, args)
            if answer is not None:
                args = answer if isinstance(answer, tuple) else (answer,)
        pulled: list[Any] = []
        if self.backward:
            args = self._watched(module, args, pulled)
        result = forward(*args, **kwargs)
        if self.backward:
            result = self._pull(module, args, result, pulled)
        for hook in tuple(self.after.values()):
            answer = hook(module, args, result)
            result = result if answer is None else answer
        return result

    def _watched(self, module: Any, args: tuple[Any, ...], pulled: list[Any]) -> tuple[Any, ...]:
        """Give the argument whose gradient the hooks are shown a tensor of its own, for this module alone."""
        places = [i for i, x in enumerate(args) if is_tensor(x) and x.requires_grad]
        if len(places) > 1:
            raise GradientError(
                f"{type(module).__name__}: a full backward hook is called for one argument that requires a gradient; "
                f"this call has {len(places)}",
                operands=[(f"argument {i}", args[i]) for i in places],
                hint="detach() the others, or register hooks on the tensors themselves",
            )
        if not places:
            return args
        place = places[0]
        own = clone(args[place])

        def seen(g: Any) -> Any:
            inputs = tuple(g if i == place else None for i in range(len(args)))
            return self._shown(module, inputs, tuple(pulled), place)

        own.register_hook(seen)
        return (*args[:place], own, *args[place + 1 :])

    def _pull(self, module: Any, args: tuple[Any, ...], result: Any, pulled: list[Any]) -> Any:
        if not is_tensor(result):
            raise GradientError(
                f"{type(module).__name__}: a full backward hook needs a module with one tensor as its result, not "
                f"{type(result).__name__}"
            )
        if not result.requires_grad:
            return result
        last = not any(is_tensor(x) and x.requires_grad for x in args)  # no argument will be reached after the result
        result = clone(result)

        def seen(g: Any) -> None:
            pulled[:] = [g]
            if last:
                self._shown(module, (None,) * len(args), (g,), None)

        result.register_hook(seen)
        return result

    def _shown(self, module: Any, inputs: tuple[Any, ...], outputs: tuple[Any, ...], place: int | None) -> Any:
        """Call the backward hooks, and return the gradient that takes the place of the argument's."""
        for hook in tuple(self.backward.values()):
            answer = hook(module, inputs, outputs)
            if answer is not None:
                inputs = answer if isinstance(answer, tuple) else (answer,)
        return None if place is None else inputs[place]
