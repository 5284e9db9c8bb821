"""Custom operations: a forward and a backward of the user's own, in either world."""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dualflow.autodiff import reverse
from dualflow.autodiff.record import next_serial
from dualflow.autodiff.several import all_of, port
from dualflow.core import dtypes, mode
from dualflow.core.errors import GradientError, InPlaceError, ShapeError
from dualflow.core.site import is_library, user_frame
from dualflow.core.world import is_tensor
from dualflow.ops.array.create import _full_like
from dualflow.worlds.eager.tensor import Tensor, wrap


class Context:
    """What ``forward`` leaves for ``backward``."""

    def __init__(self) -> None:
        self.saved_tensors: tuple[Any, ...] = ()
        self.needs_input_grad: tuple[bool, ...] = ()
        self.fixed: tuple[Any, ...] = ()  # results that are not differentiable
        self.dirty: tuple[Any, ...] = ()  # inputs that were written to
        self.fills = True

    def save_for_backward(self, *tensors: Any) -> None:
        """Keep tensors that ``backward`` will need; it finds them in ``ctx.saved_tensors``."""
        self.saved_tensors = tensors

    def mark_non_differentiable(self, *results: Any) -> None:
        """Say of which results there is no gradient. Integers and bools have none anyway."""
        self.fixed = results

    def mark_dirty(self, *inputs: Any) -> None:
        """Say which inputs ``forward`` has written to in place; it returns them among its results. Eager only."""
        self.dirty = inputs

    def set_materialize_grads(self, value: bool) -> None:
        """Say whether ``backward`` is given zeros, as by default, where no gradient came back; else None."""
        self.fills = value


class CustomOp:
    """The card of one use of a custom Function, with just what the engine asks of a card.

    ``made``: the tensors that ``forward`` returned, in a tuple if it returned one. ``saved``: the places of the inputs
    that were saved, -1 for a result.
    """

    broadcasts = view = False
    variadic = True
    tensors: tuple[str, ...] = ()
    pack = tuple

    def __init__(self, function: type[Function], context: Any, made: Any = None, saved: Any = frozenset()) -> None:
        self.name = function.__name__
        self.results = tuple if isinstance(made, tuple) else None
        self._function, self._context, self._made, self._saved = function, context, made, saved
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
        gs, ys, made = map(all_of, (g, y, self._made))
        array = not any(map(is_tensor, gs))
        context = self._context
        shown = [self._given(one, result, array) for one, result in zip(gs, ys, strict=True)]
        if not array and any(s is m for s in context.saved_tensors for m in made if is_tensor(m)):
            # forward ran unrecorded: to differentiate once more, its results must be the recorded ones
            context = copy.copy(context)
            recorded = {id(m): result for m, result in zip(made, ys, strict=True)}
            context.saved_tensors = tuple(recorded.get(id(s), s) for s in context.saved_tensors)
        with mode.set_grad_enabled(not array):
            answer = self._function.backward(context, *shown)
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

    def _given(self, g: Any, y: Any, array: bool) -> Any:
        """Return the gradient of a result as ``backward`` is shown it."""
        if g is None:
            return _full_like(0, wrap(y) if array else y, dtype=y.dtype) if self._context.fills else None
        g = reverse.conjugate(g)
        return wrap(np.asarray(g)) if array else g

    def needs(self, position: int, place: int) -> bool:
        """Return whether ``backward`` may read a value: an input that was saved, by place, or -1 for a result."""
        return place in self._saved


def once_differentiable(backward: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a ``backward`` that cannot itself be differentiated: whoever tries gets a GradientError.

    It goes below ``@staticmethod``, as PyTorch's decorator of this name.

    >>> class Double(df.Function):
    ...     @staticmethod
    ...     def forward(ctx, x):
    ...         return x * 2
    ...     @staticmethod
    ...     @df.once_differentiable
    ...     def backward(ctx, grad):
    ...         return grad * 2
    >>> x = df.ones(2, requires_grad=True)
    >>> Double.apply(x).sum().backward()
    >>> x.grad
    tensor([2., 2.])
    """

    @functools.wraps(backward)
    def once(ctx: Any, *grads: Any) -> Any:
        recorded = mode.is_grad_enabled() and any(g is not None and g.requires_grad for g in grads)
        with mode.no_grad():
            answer = backward(ctx, *grads)
        if not recorded:
            return answer
        listed = answer if isinstance(answer, tuple | list) else (answer,)
        return tuple(None if part is None else _Once.apply(part, *grads) for part in listed)

    return once


class Function:
    """Base class of custom operations: write ``forward(ctx, …)`` and ``backward(ctx, grad)`` as static methods.

    Both are written in dualflow's vocabulary, so ``apply`` works in either world. A forward that returns a tuple has
    as many results, and ``backward(ctx, *grads)`` a gradient for each: zeros where none came back, or None after
    ``ctx.set_materialize_grads(False)``. A class that has ``setup_context(ctx, inputs, output)`` too writes its forward
    without ``ctx``.

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

    setup_context: Callable[[Any, tuple[Any, ...], Any], None] | None = None

    @staticmethod
    def forward(ctx: Any, /, *args: Any, **params: Any) -> Any:
        """Compute the result from the inputs."""
        raise GradientError("a Function needs a static method forward(ctx, …)")

    @staticmethod
    def backward(ctx: Any, /, *grads: Any, **params: Any) -> Any:  # what any signature may override, to type checkers
        """Compute the gradient of each input from those of the results."""
        raise GradientError("a Function needs a static method backward(ctx, grad)")

    @classmethod
    def carried(cls, context: Any, args: Sequence[Any]) -> Any:
        """Run ``forward``, and ``setup_context`` if there is one."""
        if cls.setup_context is None:
            made = cls.forward(context, *args)
        else:
            made = cls.forward(*args)
            cls.setup_context(context, tuple(args), made)
        made = tuple(made) if isinstance(made, list) else made
        for one in all_of(made):
            if not is_tensor(one):
                raise GradientError(
                    f"{cls.__name__}.forward: must return a tensor or a tuple of tensors, not {type(one).__name__}"
                )
        return made

    @classmethod
    def apply(cls, *args: Any) -> Any:
        """Run ``forward``, and have ``backward`` called for its gradient."""
        context = Context()
        graph = mode.current().graph
        if graph is None:
            graph = next((x.graph for x in args if is_tensor(x) and not isinstance(x, Tensor)), None)
        if graph is not None:
            return graph.custom(cls, context, CustomOp, args)
        edges = [x.record if isinstance(x, Tensor) and mode.is_grad_enabled() else None for x in args]
        context.needs_input_grad = tuple(e is not None for e in edges)
        values = [x.array if isinstance(x, Tensor) else x for x in args]
        with mode.no_grad():
            made = cls.carried(context, args)
        named = [*((-1, x) for x in all_of(made)), *enumerate(args)]
        saved = frozenset(i for i, x in named if any(x is s for s in context.saved_tensors))
        op = CustomOp(cls, context, made, saved)
        here = mode.current()
        if here.watch is not None:
            for one in all_of(made):
                here.watch.op(op, args, {}, one)
        if here.lint is not None:
            here.lint.custom(cls, args)
        if not any(context.needs_input_grad):
            return made
        frame = user_frame(1)
        assert frame is not None and not is_library(frame.f_code.co_filename)
        arrays = tuple(x.array for x in made) if isinstance(made, tuple) else made.array
        record: list[Any] = [next_serial(), op, arrays, frame.f_code, frame.f_lasti, edges, values, {}]
        if not isinstance(made, tuple):
            return _recorded(context, made, record, cls.__name__)
        ports = (port(record, i, len(made), x.array) for i, x in enumerate(made))
        return tuple(_recorded(context, x, edge, cls.__name__) for x, edge in zip(made, ports, strict=True))


def _recorded(context: Any, made: Tensor, edge: Any, name: str) -> Tensor:
    """Return a result with its edge: a new tensor, or the input that was written to."""
    if not dtypes.is_floating(made.dtype) or any(made is x for x in context.fixed):
        return made if made.record is None else wrap(made.array)  # an input that is passed on
    if not any(made is x for x in context.dirty):
        return wrap(made.array, edge)
    if (made.record is not None and made.is_leaf) or (made.links is not None and made.links.base is not None):
        raise InPlaceError(
            f"{name}: mark_dirty is of tensors that own their memory and are no leaves that require a gradient",
            operands=[("input", made)],
            hint="give it a clone()",
        )
    made.record = edge
    return made


class _Once(Function):
    """What a gradient goes through that cannot be differentiated again."""

    @staticmethod
    def forward(ctx: Any, /, *args: Any, **params: Any) -> Any:
        """Pass the gradient on."""
        return args[0] * 1

    @staticmethod
    def backward(ctx: Any, /, *grads: Any) -> Any:
        """Raise GradientError."""
        raise GradientError(
            "backward: this gradient was computed by a function marked with once_differentiable",
            hint="take the mark away if its backward is written in dualflow's ops",
        )
