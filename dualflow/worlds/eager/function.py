"""Custom operations: a forward and a backward of the user's own, in either world."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from dualflow.autodiff import reverse
from dualflow.autodiff.record import next_serial
from dualflow.core import mode
from dualflow.core.errors import GradientError, ShapeError
from dualflow.core.site import is_library, user_frame
from dualflow.core.world import is_tensor
from dualflow.worlds.eager.tensor import Tensor, wrap


class Context:
    """What ``forward`` leaves for ``backward``."""

    def __init__(self) -> None:
        self.saved_tensors: tuple[Any, ...] = ()
        self.needs_input_grad: tuple[bool, ...] = ()

    def save_for_backward(self, *tensors: Any) -> None:
        """Keep tensors that ``backward`` will need; it finds them in ``ctx.saved_tensors``."""
        self.saved_tensors = tensors


class CustomOp:
    """The card of one use of a custom Function, with just what the engine asks of a card."""

    broadcasts = False
    variadic = True
    tensors: tuple[str, ...] = ()

    def __init__(self, function: type[Function], context: Any, result: Any = None, saved: Any = frozenset()) -> None:
        self.name = function.__name__
        self._function, self._context, self._result, self._saved = function, context, result, saved
        self._found: tuple[Any, Any] | None = None

    @property
    def rules(self) -> tuple[Any, ...]:
        """The one rule, for all inputs; not kept, because a bound method in its own object is a cycle."""
        return (self._rule,)

    array_rules = rules

    def _rule(self, position: int, g: Any, y: Any, *values: Any) -> Any:
        if self._found is None or self._found[0] is not g:
            self._found = (g, self._backward(g, y, values))
        return self._found[1][position]

    def _backward(self, g: Any, y: Any, values: tuple[Any, ...]) -> list[Any]:
        array = not is_tensor(g)
        g = reverse.conjugate(g)
        shown = wrap(np.asarray(g)) if array else g
        context = self._context
        if not array and any(s is self._result for s in context.saved_tensors):
            # forward ran unrecorded: to differentiate once more, its result must be the recorded one
            context = copy.copy(context)
            context.saved_tensors = tuple(y if s is self._result else s for s in context.saved_tensors)
        with mode.set_grad_enabled(not array):
            answer = self._function.backward(context, shown)
        answers = answer if isinstance(answer, tuple | list) else (answer,)
        if len(answers) < len(values):
            answers = (*answers, *[None] * (len(values) - len(answers)))
        checked = []
        for i, (part, x) in enumerate(zip(answers, values, strict=False)):
            if part is not None and hasattr(x, "shape") and tuple(part.shape) != tuple(x.shape):
                raise ShapeError(
                    f"{self.name}.backward: gradient {i} has shape {tuple(part.shape)}, its input has {tuple(x.shape)}",
                    operands=[("gradient", part)],
                )
            part = part.array if array and isinstance(part, Tensor) else part
            checked.append(part if part is None else reverse.conjugate(part))
        return checked

    def needs(self, position: int, place: int) -> bool:
        """Return whether ``backward`` may read a value: an input that was saved, by place, or -1 for the result."""
        return place in self._saved


class Function:
    """Base class of custom operations: write ``forward(ctx, …)`` and ``backward(ctx, grad)`` as static methods.

    Both are written in dualflow's vocabulary, so ``apply`` works in either world.

    >>> class Double(df.Function):
    ...     @staticmethod
    ...     def forward(ctx, x):
    ...         return x * 2
    ...     @staticmethod
    ...     def backward(ctx, grad):
    ...         return grad * 2
    >>> x = df.ones(2, requires_grad=True)
    >>> Double.apply(x).sum().backward()
    >>> x.grad
    tensor([2., 2.])
    """

    @staticmethod
    def forward(ctx: Any, /, *args: Any, **params: Any) -> Any:
        """Compute the result from the inputs."""
        raise GradientError("a Function needs a static method forward(ctx, …)")

    @staticmethod
    def backward(ctx: Any, grad: Any, /) -> Any:
        """Compute the gradient of each input from that of the result."""
        raise GradientError("a Function needs a static method backward(ctx, grad)")

    @classmethod
    def apply(cls, *args: Any) -> Any:
        """Run ``forward``, and have ``backward`` called for its gradient."""
        context = Context()
        graph = mode.current().graph
        if graph is None:
            graph = next((x.graph for x in args if is_tensor(x) and not isinstance(x, Tensor)), None)
        if graph is not None:
            return graph.custom(cls, context, CustomOp(cls, context), args)
        edges = [x.record if isinstance(x, Tensor) and mode.is_grad_enabled() else None for x in args]
        context.needs_input_grad = tuple(e is not None for e in edges)
        with mode.no_grad():
            result = cls.forward(context, *args)
        if not isinstance(result, Tensor):
            raise GradientError(f"{cls.__name__}.forward: must return one tensor, not {type(result).__name__}")
        here = mode.current()
        if here.watch is not None:
            here.watch.op(CustomOp(cls, context), args, {}, result)
        if here.lint is not None:
            here.lint.custom(cls, args)
        if not any(context.needs_input_grad):
            return result
        frame = user_frame(1)
        assert frame is not None and not is_library(frame.f_code.co_filename)
        values = [x.array if isinstance(x, Tensor) else x for x in args]
        named = [(-1, result), *enumerate(args)]
        saved = frozenset(i for i, x in named if any(x is s for s in context.saved_tensors))
        op = CustomOp(cls, context, result, saved)
        record = [next_serial(), op, result.array, frame.f_code, frame.f_lasti, edges, values, {}]
        return wrap(result.array, record)
