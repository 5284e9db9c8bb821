"""How the eager world carries an op out: compute with NumPy now, and record it when a gradient may be wanted.

One closure an op, specialised by arity and installed straight as the operator, the method and behind the
public function: one Python frame an op, no look-up of the mode. What is not the plain case (other
classes, other dtypes, recording off, a graph being built) steps aside into ``aside``.
"""

from __future__ import annotations

import sys
from typing import Any
from weakref import ref

import numpy as np
from numpy import ndarray

from dualflow.autodiff import nonfinite
from dualflow.autodiff.record import next_serial
from dualflow.autodiff.several import port
from dualflow.core.dtypes import FLOATING, WEAK
from dualflow.core.errors import DTypeError
from dualflow.core.mode import UNUSUAL, current
from dualflow.core.op import VOCABULARY, Op
from dualflow.core.site import is_library
from dualflow.ops.array import create
from dualflow.tensors import operators
from dualflow.worlds.eager.tensor import Links, Tensor, new, wrap

getframe = sys._getframe
# every array of float32 has this one dtype object, and each look at an array's dtype costs 20 ns
FLOAT32 = np.dtype(np.float32)


def specialise(op: Op, depth: int, operator: bool = False) -> Any:
    """Make the closure that carries ``op`` out; ``depth`` frames up stands the caller.

    ``operator``: it is installed as ``__add__`` or the like, which leaves operands of a strange class to them.
    """
    plain = op.dtype.keeps or op.dtype.native
    fixed = plain and not (op.variadic or op.defaults or op.optional or op.results)
    if fixed and len(op.tensors) == 1:
        return _unary(op, depth, operator)
    if fixed and len(op.tensors) == 2 and op.promotes is None:
        return _binary(op, depth, operator)
    if len(op.tensors) == 1 and not (op.variadic or op.optional or op.dtype.casts or op.results):
        return _static(op, depth)

    def carry(*args: Any, **params: Any) -> Any:
        if UNUSUAL or not args or not isinstance(args[0], Tensor):
            return aside(op, args, params)
        return run(op, args, params, True)

    return carry


def _unary(op: Op, depth: int, operator: bool) -> Any:
    kernel = op.kernel("numpy")
    same = op.dtype.keeps
    kinds = op.dtype.kinds
    recorded = op.differentiable
    plain = not op.view

    def carry(x: Any) -> Any:
        grad = recorded
        if UNUSUAL:
            context = current()
            if context.graph is not None or context.watch is not None or context.numerics or context.lint:
                return aside(op, (x,), {})
            grad = recorded and context.grad
        try:
            a = x.array
            dtype = a.dtype
            # items of two bytes: half types, and int16; integers, which a kernel of floats would wrap
            if dtype is not FLOAT32 and (dtype.itemsize == 2 or dtype.kind not in kinds):
                return run(op, (x,), {}, grad)
            y = kernel(a)
        except Exception as error:
            return trouble(op, (x,), error, operator)
        if same and dtype is not FLOAT32 and y.dtype is not dtype:
            return run(op, (x,), {}, grad)
        made = new(Tensor)
        made.array = y
        made.links = None
        made.buffer = None
        edge = x.record
        if edge is None or not grad:
            made.record = None
        else:
            frame = getframe(depth)
            made.record = [next_serial(), op, y, frame.f_code, frame.f_lasti, edge, a]
        return made

    if plain:
        return carry

    def carry_view(x: Any) -> Any:
        if isinstance(x, Tensor) and x.array.__class__ is not ndarray:  # a scalar has no memory to share
            x.array = np.asarray(x.array)
        made = carry(x)
        if made.__class__ is Tensor and isinstance(x, Tensor) and made.array.__class__ is ndarray:
            link(made, x)
        return made

    return carry_view


def _binary(op: Op, depth: int, operator: bool) -> Any:
    kernel = op.kernel("numpy")
    same = op.dtype.keeps
    kinds = op.dtype.kinds
    recorded = op.differentiable

    def carry(a: Any, b: Any) -> Any:
        grad = recorded
        if UNUSUAL:
            context = current()
            if context.graph is not None or context.watch is not None or context.numerics or context.lint:
                return aside(op, (a, b), {}, operator)
            grad = recorded and context.grad
        kind = b.__class__
        if kind is float or kind is int:
            try:
                x = a.array
                dtype = x.dtype
                if dtype.itemsize == 2:
                    return run(op, (a, b), {}, grad)
                y = kernel(x, b)
            except Exception as error:
                return trouble(op, (a, b), error, operator)
            if same and y.dtype is not dtype or dtype.kind not in kinds:
                return run(op, (a, b), {}, grad)
            made = new(Tensor)
            made.array = y
            made.links = None
            made.buffer = None
            edge = a.record
            if edge is None or not grad:
                made.record = None
            else:
                frame = getframe(depth)
                made.record = [next_serial(), op, y, frame.f_code, frame.f_lasti, edge, x, None, b]
            return made
        try:
            x = a.array
            z = b.array
            dtype = x.dtype
            if dtype is not z.dtype or dtype.itemsize == 2:
                return run(op, (a, b), {}, grad)
            y = kernel(x, z)
        except Exception as error:
            return trouble(op, (a, b), error, operator)
        if dtype is not FLOAT32 and (same and y.dtype is not dtype or dtype.kind not in kinds):
            return run(op, (a, b), {}, grad)
        made = new(Tensor)
        made.array = y
        made.links = None
        made.buffer = None
        edge = a.record
        other = b.record
        if (edge is None and other is None) or not grad:
            made.record = None
        else:
            frame = getframe(depth)
            made.record = [next_serial(), op, y, frame.f_code, frame.f_lasti, edge, x, other, z]
        return made

    return carry


def _static(op: Op, depth: int) -> Any:
    """One tensor and static parameters: reductions, softmax, reshape. 1.2 µs for a sum where ``run`` takes 2.0."""
    kernel = op.kernel("numpy")
    defaults, required, count = op.defaults, op.required, len(op.defaults)
    asked = op.dtype.casting
    recorded, view = op.differentiable, op.view

    def carry(*args: Any, **params: Any) -> Any:
        if UNUSUAL or not args or not isinstance(args[0], Tensor):
            return aside(op, args, params)
        x = args[0]
        a = x.array
        if view and a.__class__ is not ndarray:
            a = x.array = np.asarray(a)
        full = {**defaults, **params} if params else defaults
        if len(args) != 1 or len(full) != count:  # sum(x, 1), or a parameter that the card has not: sum(x, dim=1)
            args, full = op.bind(args, params)
            params = full
        if (
            a.dtype is not FLOAT32
            or (asked and full[asked] is not None)
            or (required and any(name not in params for name in required))
        ):
            return run(op, args, params, True)
        try:
            y = kernel(a, **full)
        except Exception as error:
            raise op.explain(error, args, full) from None
        made = new(Tensor)
        made.array = y
        made.links = None
        made.buffer = None
        edge = x.record
        if edge is None or not recorded or y.dtype.kind not in FLOATING:
            made.record = None
        else:
            frame = getframe(depth)
            while is_library(frame.f_code.co_filename) and frame.f_back is not None:
                frame = frame.f_back
            made.record = [next_serial(), op, y, frame.f_code, frame.f_lasti, [edge], [a], full]
        if view and y.__class__ is ndarray:
            link(made, x)
        return made

    return carry


def reflect(op: Op) -> Any:
    """Make the reflected operator: the tensor is the right operand."""

    def carry(b: Any, a: Any) -> Any:
        return aside(op, (a, b), {}, operator=True)

    return carry


def trouble(op: Op, args: tuple[Any, ...], error: Exception, operator: bool) -> Any:
    """Find out why the plain case failed: operands of another class, or a mistake to explain."""
    if not all(isinstance(x, Tensor) for x in args):
        return aside(op, args, {}, operator)
    raise op.explain(error, args, {}) from None


def aside(op: Op, args: tuple[Any, ...], params: dict[str, Any], operator: bool = False) -> Any:
    """Carry ``op`` out in any case: decide which world, then which way."""
    context = current()
    if context.graph is not None:
        return context.graph.apply(op, args, params)
    if params and not params.keys() <= op.defaults.keys():  # operands by name
        args, params = op.bind(args, params)
    for x in args:
        if isinstance(x, operators.Operators) and not isinstance(x, Tensor):
            return x.graph.apply(op, args, params)  # type: ignore[attr-defined]
        if operator and not isinstance(x, Tensor | np.ndarray | np.generic) and x.__class__ not in WEAK:
            return NotImplemented
    made = run(op, args, params, context.grad)
    for each in (made,) if op.results is None else made:
        if context.numerics:
            operands, statics = op.bind(args, params)
            nonfinite.check(op, [x.array if isinstance(x, Tensor) else x for x in operands], statics, each.array, None)
        if context.watch is not None:
            context.watch.op(op, args, params, each)
        if context.lint is not None:
            context.lint.computed(op, args, each)
    return made


def run(op: Op, args: tuple[Any, ...], params: dict[str, Any], grad: bool) -> Any:
    """Carry ``op`` out eagerly: sort the arguments, let dtypes meet, compute, record.

    One pass over the operands decides whether they are the common case: real floating tensors of one dtype
    and weak numbers. Each list comprehension here would cost a frame, 0.2 µs when the caches are cold.
    """
    if len(args) != len(op.tensors) or len(params) != len(op.defaults):
        args, params = op.bind(args, params)
    values: list[Any] = []
    edges: list[Any] = []
    recorded = False
    if op.view and isinstance(args[0], Tensor) and args[0].array.__class__ is not ndarray:
        args[0].array = np.asarray(args[0].array)
    common = None
    policy = op.dtype
    plain = not policy.casts and (not policy.casting or params.get(policy.casting) is None)
    promotes = op.promotes
    half = False
    for x in args:
        if isinstance(x, Tensor):
            array = x.array
            dtype = array.dtype
            half = half or dtype.itemsize == 2
            if promotes is None or len(values) in promotes:
                if common is None:
                    common = dtype
                    plain = plain and dtype.kind == "f"
                elif dtype is not common:
                    plain = False
            values.append(array)
            edges.append(x.record)
            recorded = recorded or x.record is not None
        elif (x is None and op.optional) or x.__class__ in (float, int, bool):
            values.append(x)
            edges.append(None)
        else:
            plain = False
            break
    operands: Any = args
    try:
        if not plain or common is None:
            operands = meet(
                op,
                [
                    x if isinstance(x, Tensor) or x.__class__ in WEAK or (x is None and op.optional) else coerce(op, x)
                    for x in args
                ],
                params,
                grad,
            )
            values = [x.array if isinstance(x, Tensor) else x for x in operands]
            edges = [x.record if isinstance(x, Tensor) else None for x in operands]
            recorded = any(edge is not None for edge in edges)
            half = any(isinstance(x, Tensor) and x.dtype.itemsize == 2 for x in operands)
        if half:
            op = op.suited(operands)
        y = op.kernel("numpy")(*values, **params)
    except Exception as error:
        if params.keys() != op.defaults.keys():  # as many words as the card has, but not its own
            return run(op, *op.bind(args, params), grad)
        raise op.explain(error, operands, params) from None
    if op.results is not None:
        return several(op, y, operands, edges if recorded and grad and op.differentiable else None, values, params)
    made = new(Tensor)
    made.array = y
    made.links = None
    made.buffer = None
    made.record = None
    if recorded and grad and op.differentiable and y.dtype.kind in FLOATING:
        frame = getframe(2)
        while is_library(frame.f_code.co_filename) and frame.f_back is not None:
            frame = frame.f_back
        made.record = [next_serial(), op, y, frame.f_code, frame.f_lasti, edges, values, params]
    if op.view and y.__class__ is ndarray:
        link(made, operands[0])
    return made


def several(op: Any, ys: Any, operands: Any, edges: Any, values: list[Any], params: dict[str, Any]) -> Any:
    """Return the results of an op with several, ``ys``, as tensors, with one record if ``edges`` are given."""
    record = None
    if edges is not None:
        frame = getframe(3)
        while is_library(frame.f_code.co_filename) and frame.f_back is not None:
            frame = frame.f_back
        ys = op.pack(ys)
        record = [next_serial(), op, ys, frame.f_code, frame.f_lasti, edges, values, params]
    made = []
    for i, y in enumerate(ys):
        edge = None if record is None or y.dtype.kind not in FLOATING else port(record, i, len(ys), y)
        made.append(wrap(y, edge))
        if op.view and y.__class__ is ndarray:
            link(made[-1], operands[0])
    return op.pack(made)


def coerce(op: Op, x: Any) -> Tensor:
    """Make a tensor of an operand that is not one: an array, a list. Raises DTypeError naming the op."""
    if isinstance(x, str | bytes | dict | set) or not (
        hasattr(x, "__array__") or isinstance(x, list | tuple | np.generic)
    ):
        raise DTypeError(f"{op.name}: takes tensors, arrays and numbers, not {type(x).__name__} {x!r:.60}")
    return wrap(create.as_array(x, op=op.name))


def meet(op: Op, operands: list[Any], params: dict[str, Any], grad: bool) -> list[Any]:
    """Cast the operands to the dtype in which the card says that they meet."""
    common, _ = op.meet(operands, params)
    chosen = range(len(operands)) if op.promotes is None else op.promotes
    for i in chosen if common is not None else ():
        x = operands[i]
        if isinstance(x, Tensor):
            if x.array.dtype is not common and x.array.dtype != common:
                operands[i] = run(_astype(), (x,), {"dtype": common}, grad)
                if UNUSUAL and (watch := current().watch) is not None:
                    watch.op(_astype(), (x,), {"dtype": common}, operands[i])
        elif x is not None and not any(isinstance(o, Tensor) for o in operands):
            operands[i] = wrap(np.asarray(x, common))
    return operands


def _astype() -> Op:
    return VOCABULARY["astype"]


def link(view: Tensor, x: Tensor) -> None:
    """Remember which tensor's memory a view shares, so that a record written to one can follow to the other.

    Views of constants too: writing a recorded value into one makes its base depend on that value.
    """
    array, owner = x.array, view.array.base
    if owner is None or (owner is not array and owner is not getattr(array, "base", None)):
        return  # NumPy copied
    links = x.links
    base = x if links is None or links.base is None else links.base
    links = base.links
    if links is None:
        links = base.links = Links(None)
    links.views.append(ref(view))
    if len(links.views) > links.limit:
        links.views = [v for v in links.views if v() is not None]
        links.limit = 32 + 2 * len(links.views)  # doubling: a thousand living views cost no more than one each
    view.links = Links(base)
