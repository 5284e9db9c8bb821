"""Backward passes over eager records: ``backward``, ``grad`` and hooks."""

from __future__ import annotations

import sys
import weakref
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any

import numpy as np

from dualflow.autodiff import nonfinite, reverse
from dualflow.autodiff.record import CODE, LEAF, OP, OWNER, RESULTS, SERIAL, operands_of, params_of, site_of, used_up
from dualflow.autodiff.several import Parts, Port
from dualflow.core import dtypes, mode
from dualflow.core.errors import GradientError, ShapeError
from dualflow.core.hooks import Handle
from dualflow.core.site import is_library
from dualflow.worlds.eager import memory
from dualflow.worlds.eager.tensor import Leaf, Links, Tensor, wrap


class Hooked:
    """The card of a record whose result has hooks; in everything else it is the card of the record's op."""

    def __init__(self, op: Any) -> None:
        self._op = op
        self.hooks: dict[int, Callable[[Any], Any]] = {}
        HOOKED.add(self)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._op, name)

    def __repr__(self) -> str:
        return repr(self._op)


HOOKED: weakref.WeakSet[Hooked] = weakref.WeakSet()  # those alive: while there are none, no record is looked at
RETAINED: dict[int, weakref.ref[Tensor]] = {}  # by id, the tensors alive that keep their gradient without being leaves


def seed_for(y: Tensor, gradient: Any, what: str) -> Any:
    """Return the gradient to start from: 1 for a scalar, else what the user gives."""
    if gradient is None:
        if y.array.size != 1:
            raise GradientError(
                f"{what}: a gradient is implied only for a scalar; this has shape {y.shape}",
                operands=[("tensor", y)],
                hint="reduce it first (loss.sum().backward()) or pass gradient=df.ones_like(y)",
            )
        array = y.array
        if array.dtype.kind == "c":
            raise GradientError(
                f"{what}: a gradient is implied only for a real scalar; this is {array.dtype}",
                operands=[("tensor", y)],
                hint="take abs(y) or df.real(y) of it, or pass gradient=",
            )
        return np.ones(array.shape, array.dtype) if array.shape else array.dtype.type(1)
    g = gradient.array if isinstance(gradient, Tensor) else np.asarray(gradient)
    if g.shape != y.array.shape:
        raise ShapeError(
            f"{what}: the gradient must have the shape of the tensor", operands=[("tensor", y), ("gradient", gradient)]
        )
    return g.astype(y.array.dtype, copy=False)


def watcher(tensors: bool, extra: Callable[[Any, Any], Any] | None) -> tuple[Callable[[Any, Any], Any] | None, float]:
    """Return what must be done at each record (version checks, hooks, ``extra``) and the serial to do it above.

    In a training loop the last in-place write is the previous update, older than every record of this
    step, so that the check costs one comparison of integers a record.
    """
    context = mode.current()
    observer, checked = context.watch, context.numerics
    kept = retained() if RETAINED else {}
    if not HOOKED and not kept and extra is None and observer is None and not checked:
        if not memory.STAMPS:
            return None, 0
        return _check_versions, memory.last_write()

    def watch(record: Any, g: Any) -> Any:
        memory.check(record, g)
        if record[OP].__class__ is Hooked:
            g = call_hooks(record[OP].hooks, g, tensors)
        if record[SERIAL] in kept:
            gather(kept[record[SERIAL]], g)
        if checked:
            _check_numerics(record, g)
        if observer is not None and g.__class__ is not Parts:  # a part was seen at its port
            observer.gradient(record, g)
        return g if extra is None else extra(record, g)

    return watch, float("-inf")


def _check_versions(record: Any, g: Any) -> Any:
    return memory.check(record, g)


def _check_numerics(record: Any, g: Any) -> None:
    """Run the rules of a record on bare arrays once more and look at what they give."""
    if record[OP].rules is Port.rules:
        return
    operands, ys = operands_of(record), record[RESULTS]
    several = g.__class__ is Parts
    nonfinite.check_gradient(
        record[OP],
        record[OP].pack(map(_bare, g.tuple(record[OP], len(ys)))) if several else _bare(reverse.conjugate(g)),
        record[OP].pack(map(_bare, ys)) if several else _bare(ys),
        [_bare(value) for _, value in operands],
        params_of(record),
        [edge for edge, _ in operands],
        None if is_library(record[CODE].co_filename) else site_of(record),
    )


def _bare(x: Any) -> Any:
    return x.array if isinstance(x, Tensor) else x


def call_hooks(hooks: dict[int, Any], g: Any, tensors: bool) -> Any:
    """Show a gradient to hooks, in order; what one returns replaces it."""
    shown = g if tensors else wrap(np.asarray(g))
    for hook in tuple(hooks.values()):
        answer = hook(shown)
        shown = shown if answer is None else answer
    return shown if tensors else shown.array


def leaves_of(
    y: Tensor,
    gradient: Any,
    *,
    keep: bool,
    create: bool,
    live: set[int] | None = None,
    what: str = "backward",
    within: Callable[[int], bool] | None = None,
    extra: Callable[[Any, Any], Any] | None = None,
) -> dict[int, tuple[Any, Any]]:
    """Run the engine from ``y`` and return {serial: (leaf record, gradient)}."""
    record = y.record
    if record is None:
        raise GradientError(
            f"{what}: the tensor does not require a gradient and was not computed from one that does",
            operands=[("tensor", y)],
            hint="set requires_grad=True on the inputs, and mind no_grad() and detach()",
        )
    if not record:
        raise used_up()
    seed: Any = seed_for(y, gradient, what)
    watch, since = watcher(create, extra)
    if create:
        seed, keep = gradient if isinstance(gradient, Tensor) else wrap(seed), True
    with mode.Scope(numerics=False) if create else nullcontext():  # `watch` looks at the rules, not inside them
        reached = reverse.pull(
            [(record, seed)],
            keep=keep,
            live=live,
            within=within,
            watch=watch,
            since=since,
            lift=lift if create else None,
        )
    observer = mode.current().watch
    if observer is not None:
        for leaf, g in reached.values():
            observer.gradient(leaf, g)
    return reached


def lift(value: Any, record: Any) -> Any:
    """Make a recorded tensor of a saved array, to differentiate once more."""
    return value if isinstance(value, Tensor) or not hasattr(value, "dtype") else wrap(value, record)


def backward(
    y: Tensor,
    gradient: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    inputs: Tensor | Sequence[Tensor] | None = None,
) -> None:
    """Add the gradient of ``y`` to the ``.grad`` of every leaf it was computed from.

    ``gradient``: what to start from; needed unless ``y`` has one element. ``retain_graph``: keep the
    records for another pass. ``create_graph``: record the pass itself. ``inputs``: only these tensors; those that are
    no leaves retain their gradient from now on. Raises GradientError when nothing was recorded, the records have been
    used up, or an input requires no gradient.

    >>> w = df.tensor([1.0, 2.0], requires_grad=True)
    >>> (w * w).sum().backward()
    >>> w.grad
    tensor([2., 4.])
    """
    keep = create_graph if retain_graph is None else retain_graph
    record = y.record
    if (
        gradient is None
        and inputs is None
        and record
        and not HOOKED
        and not RETAINED
        and not create_graph
        and not (mode.UNUSUAL and (mode.current().watch is not None or mode.current().numerics))
        and not y.array.shape
        and y.array.dtype.kind in dtypes.REAL
    ):
        # the common case, in as few frames as can be: a training step is cold code between two matrix products
        reached = reverse.pull(
            [(record, y.array.dtype.type(1))],
            keep=keep,
            watch=_check_versions if memory.STAMPS else None,
            since=memory.last_write(),
        )
        for record, g in reached.values():
            accumulate(record[OWNER], g)
        return
    live = None if inputs is None else _leading_to_inputs(y, [inputs] if isinstance(inputs, Tensor) else list(inputs))
    for record, g in leaves_of(y, gradient, keep=keep, create=create_graph, live=live).values():
        accumulate(record[OWNER], g)


def _leading_to_inputs(y: Tensor, inputs: list[Tensor]) -> set[int] | None:
    """Return the serials of the records that lead from ``y`` back to ``inputs``, which from now on gather gradients."""
    if not inputs:
        raise GradientError("backward: inputs names no tensor", hint="leave it out to reach every leaf")
    for x in inputs:
        if not isinstance(x, Tensor) or x.record is None:
            raise GradientError(
                "backward: an input does not require a gradient",
                operands=[("input", x)],
                hint="create it with requires_grad=True, and mind no_grad() and detach()",
            )
        retain_grad(x)
    return reverse.leading_to([y.record], [x.record for x in inputs if x.record]) if y.record else None


def accumulate(leaf: Leaf, g: Any) -> None:
    """Add a gradient to what a leaf has gathered, after its hooks have seen it."""
    if leaf.frozen:
        return
    tensors = isinstance(g, Tensor)
    lint = mode.current().lint if mode.UNUSUAL else None
    if lint is not None:
        lint.accumulating(leaf)
    if leaf.hooks:
        g = call_hooks(leaf.hooks, g, tensors)
    old = leaf.grad
    if tensors:
        leaf.grad = g if old is None else old + g
    elif old is None:
        # a gradient may be a view, or shared with another leaf or with the seed: then .grad gets its own copy
        alone = g.__class__ is np.ndarray and g.base is None and sys.getrefcount(g) <= ALONE
        leaf.grad = wrap(g if alone else np.array(g))
    else:
        array = old.array
        if array.__class__ is np.ndarray and array.flags.writeable and old.record is None:
            array += g
            memory.stamp(array, None)
        else:
            leaf.grad = wrap(np.add(array, g))


def _references(leaf: Any, g: Any) -> int:
    return sys.getrefcount(g)


def _count_references() -> int:
    """Count the references to a gradient that nobody else holds, seen from ``accumulate``: Pythons differ."""
    for record, g in {0: ([None, None, None], np.zeros(1))}.values():
        found = _references(record[OWNER], g)
    return found


ALONE = _count_references()


def register_hook(x: Tensor, hook: Callable[[Any], Any]) -> Handle:
    """Call ``hook`` with each gradient that reaches the tensor; what it returns replaces the gradient."""
    record = x.record
    if record is None:
        raise GradientError("register_hook: the tensor does not require a gradient")
    if len(record) == LEAF:
        if record[OWNER].hooks is None:
            record[OWNER].hooks = {}
        hooks = record[OWNER].hooks
    else:
        if not record:
            raise used_up()
        if record[OP].__class__ is not Hooked:
            record[OP] = Hooked(record[OP])
        hooks = record[OP].hooks
    handle = Handle.add(hooks, hook)
    if (graph := mode.current().graph) is not None:
        graph.hook_outside(handle)
    return handle


def retain_grad(x: Tensor) -> None:
    """Keep the gradient of a tensor that is not a leaf in its ``.grad``: that of the value which it has by then.

    Hooks see the gradient first. Raises GradientError for a tensor that requires none.

    >>> x = df.tensor([1.0, 2.0], requires_grad=True)
    >>> y = x * 2
    >>> y.retain_grad()
    >>> (y.mul_(5) * 3).sum().backward()
    >>> y.grad, x.grad
    (tensor([3., 3.]), tensor([30., 30.]))
    """
    if x.record is None:
        raise GradientError(
            "retain_grad: the tensor does not require a gradient, so it will have none to keep",
            operands=[("tensor", x)],
            hint="set requires_grad=True on what it is computed from, and mind no_grad() and detach()",
        )
    if x.is_leaf:
        return
    if x.links is None:
        x.links = Links()
    x.links.retain = True
    key = id(x)
    RETAINED[key] = weakref.ref(x, lambda _: RETAINED.pop(key, None))


def retained() -> dict[int, Tensor]:
    """Return the tensors that retain their gradient by the serial of the record that made their present value.

    Asked for when a pass begins, so that a tensor written to since it was to retain its gradient has that of what was
    written, as in PyTorch.
    """
    alive = [ref() for ref in tuple(RETAINED.values())]
    return {x.record[SERIAL]: x for x in alive if x is not None and x.record}


def gather(x: Tensor, g: Any) -> None:
    """Add a gradient to what a tensor that is not a leaf has retained."""
    links = x.links
    assert links is not None
    if isinstance(g, Tensor):
        links.grad = g * 1 if links.grad is None else links.grad + g  # a copy: it may be what the user began with
    else:
        links.grad = wrap(np.array(g) if links.grad is None else np.add(links.grad.array, g))


def grad(
    outputs: Any,
    inputs: Any,
    grad_outputs: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    allow_unused: bool = False,
) -> tuple[Any, ...]:
    """Return the gradients of ``outputs`` (summed) with respect to each of ``inputs``; ``.grad`` stays as it is.

    ``create_graph``: record the pass, to differentiate again. Raises GradientError for an input that the
    outputs do not depend on, unless ``allow_unused``, which gives None for it. While a graph is being built the
    gradients are nodes of it, with the same meaning.

    >>> x = df.tensor(3.0, requires_grad=True)
    >>> g, = df.grad(x**3, x, create_graph=True)
    >>> g.item(), df.grad(g, x)[0].item()
    (27.0, 18.0)
    """
    ys = list(outputs) if isinstance(outputs, Sequence) else [outputs]
    xs = list(inputs) if isinstance(inputs, Sequence) else [inputs]
    seeds = (
        [None] * len(ys)
        if grad_outputs is None
        else (list(grad_outputs) if isinstance(grad_outputs, Sequence) else [grad_outputs])
    )
    keep = create_graph if retain_graph is None else retain_graph
    graph = mode.current().graph
    if graph is not None and not all(isinstance(y, Tensor) for y in ys):
        for y in ys:
            graph.spend(y, keep)
        found = graph.gradients(ys, xs, seeds, create=create_graph, keep=keep)
        if not create_graph:  # a seed may come back as it is
            found = [g if g is None or not g.requires_grad else g.detach() for g in found]
        return _used(xs, found, allow_unused)
    for x in (*ys, *xs):
        if not isinstance(x, Tensor):
            raise GradientError(
                f"grad: takes eager tensors, not {type(x).__name__}",
                operands=[("given", x)],
                hint="for the symbols of a graph, use df.gradients(ys, xs)",
            )
    for x in xs:
        if x.record is None:
            raise GradientError(
                "grad: an input does not require a gradient",
                operands=[("input", x)],
                hint="create it with requires_grad=True",
            )
    return _used(xs, gradients(ys, xs, seeds, keep=keep, create=create_graph), allow_unused)


def _used(xs: Sequence[Any], found: Sequence[Any], allow_unused: bool) -> tuple[Any, ...]:
    """Return the gradients found, or raise for an input that has none."""
    for x, g in zip(xs, found, strict=True):
        if g is None and not allow_unused:
            raise GradientError(
                "grad: the outputs do not depend on an input",
                operands=[("input", x)],
                hint="pass allow_unused=True to get None for it",
            )
    return tuple(found)


def gradients(
    ys: Sequence[Tensor],
    xs: Sequence[Tensor],
    seeds: Sequence[Any],
    *,
    keep: bool,
    create: bool,
    within: Callable[[int], bool] | None = None,
    what: str = "grad",
) -> list[Any]:
    """Return one gradient, or None, for each of ``xs``, leaves or not."""
    serials = [x.record[SERIAL] if x.record else None for x in xs]  # the pass empties records
    wanted = set(serials)
    caught: dict[int, Any] = {}

    def catch(record: Any, g: Any) -> Any:
        if record[SERIAL] in wanted:
            old = caught.get(record[SERIAL])
            caught[record[SERIAL]] = g if old is None else old + g
        return g

    inner = within is not None or any(x.record and len(x.record) != LEAF for x in xs)
    for i, (y, seed) in enumerate(zip(ys, seeds, strict=True)):
        if y.record is None and what == "tape.gradient":
            continue
        targets = [x.record for x in xs if x.record]
        live = None
        if y.record:
            live = (
                reverse.leading_to([y.record], targets, within)
                if inner
                else reverse.leading_to_leaves([y.record], targets)
            )
        last = i == len(ys) - 1
        extra = catch if inner else None
        reached = leaves_of(
            y, seed, keep=keep or not last, create=create, live=live, what=what, within=within, extra=extra
        )
        for record, g in reached.values():
            if record[OWNER].__class__ is Leaf and record[OWNER].hooks:
                g = call_hooks(record[OWNER].hooks, g, create)
            catch(record, g)
    results = []
    for serial in serials:
        g = caught.get(serial)  # type: ignore[arg-type]
        results.append(g if g is None or isinstance(g, Tensor) else wrap(np.asarray(g)))
    return results


Tensor.backward = backward  # type: ignore[attr-defined]
Tensor.register_hook = register_hook  # type: ignore[attr-defined]
Tensor.retain_grad = retain_grad  # type: ignore[attr-defined]
