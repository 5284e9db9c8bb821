"""Writing into tensors: ``+=``, ``add_``, ``x[i] = v``, and what that means for records and views."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from dualflow.autodiff.record import LEAF, RESULTS, SERIAL, next_serial
from dualflow.core import mode, shapes
from dualflow.core.errors import DTypeError, GraphError, InPlaceError, Misfit, ShapeError
from dualflow.core.op import VOCABULARY
from dualflow.core.site import user_site
from dualflow.ops.array.create import asarray
from dualflow.ops.array.latest import in_order
from dualflow.ops.array.places import clone, read_places, write_places
from dualflow.ops.array.scatter import fitting
from dualflow.ops.array.shape import broadcast_to
from dualflow.ops.math.complex import view_as_complex, view_as_real
from dualflow.tensors import methods, operators
from dualflow.worlds.eager import memory
from dualflow.worlds.eager.tensor import Tensor, wrap


def places_in(view: np.ndarray, base: np.ndarray) -> np.ndarray:
    """Return, in the shape of ``view``, the flat (row-major) position in ``base`` of each of its elements."""
    wanted, all_of_base = addresses(view), addresses(base)
    if base.flags.c_contiguous:
        return (wanted - all_of_base.item(0)) // base.itemsize if base.size else wanted
    order = np.argsort(all_of_base, axis=None)
    return order[np.searchsorted(all_of_base.reshape(-1)[order], wanted)]


def alike(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """Return two tensors of one memory, where only one is complex, both as real numbers."""
    if a.dtype == b.dtype:
        return a, b
    return view_as_real(a) if a.dtype.kind == "c" else a, view_as_real(b) if b.dtype.kind == "c" else b


def addresses(array: np.ndarray) -> np.ndarray:
    """Return the address of each element in memory, in the shape of the array."""
    found = np.full((1,) * array.ndim, array.__array_interface__["data"][0], np.int64)
    for axis, (size, stride) in enumerate(zip(array.shape, array.strides, strict=True)):
        found = found + (np.arange(size) * stride).reshape((-1,) + (1,) * (array.ndim - axis - 1))
    return found


def write(x: Tensor, name: str, compute: Callable[[Tensor], Tensor]) -> Tensor:
    """Replace the value of ``x`` by ``compute(old value)``, in its own memory, keeping records and views true.

    Nothing is changed when anything fails.
    """
    site = user_site()
    grad = mode.is_grad_enabled()
    if grad and x.record is not None and x.is_leaf:
        raise InPlaceError(
            f"{name}: a leaf that requires a gradient is being changed in place",
            operands=[("tensor", x)],
            site=site,
            hint="do it under `with df.no_grad():`, or on a clone()",
        )
    base = x.links.base if x.links is not None and x.links.base is not None else None
    if grad and base is not None and base.record is not None and base.is_leaf:
        raise InPlaceError(
            f"{name}: a view of a leaf that requires a gradient is being changed in place",
            operands=[("view", x), ("leaf", base)],
            site=site,
            hint="do it under `with df.no_grad():`",
        )
    if x.array.__class__ is not np.ndarray:
        x.array = np.asarray(x.array)
    target = x.array
    if not target.flags.writeable:
        raise InPlaceError(
            f"{name}: the memory is read-only (a broadcast view, or a read-only array)",
            operands=[("tensor", x)],
            site=site,
            hint="clone() it first",
        )
    old = target.copy() if grad else target
    shell = wrap(old, x.record)
    made = compute(shell)
    if not isinstance(made, Tensor):
        raise GraphError(
            f"{name}: a symbol has no value yet that could be written into an eager tensor",
            operands=[("tensor", x)],
            site=site,
            hint="do it inside the symbol's graph, or fetch the symbol with Session.run first",
        )
    if made.shape != target.shape:
        raise ShapeError(
            f"{name}: the result has shape {made.shape}, which does not fit into shape {target.shape}",
            operands=[("tensor", x)],
            site=site,
        )
    if not np.can_cast(made.dtype, target.dtype, "same_kind"):
        raise DTypeError(
            f"{name}: a result of {made.dtype} cannot be kept in a tensor of {target.dtype}",
            operands=[("tensor", x)],
            site=site,
            hint=f"compute a new tensor, or cast with .astype(df.{made.dtype})",
        )
    if grad and made.record is not None and made.dtype != target.dtype:
        made = made.astype(target.dtype)
    if grad and made.record is None and x.record is not None:
        # a constant: what it replaced has a gradient still, of zeros
        made = write_places(shell, made, places=np.arange(target.size).reshape(target.shape))
    places = (
        None
        if base is None or not grad or (made.record is None and base.record is None)
        else places_in(*(t.array for t in alike(wrap(target), wrap(np.asarray(base.array)))))
    )
    before = base.array.copy() if places is not None and base is not None else None
    target[...] = made.array
    memory.stamp(target, site, name)
    watch = mode.current().watch
    if watch is not None:
        watch.written(x)
    if not grad:
        return x
    record = made.record
    if record is not None and len(record) > LEAF and record[RESULTS].__class__ is np.ndarray:
        record[RESULTS] = target  # the result now lives in the tensor's own memory
        record[SERIAL] = next_serial()  # and the record is later than the stamp
    x.record = record
    if base is not None and places is not None:
        _rebase(base, before, x, places)
    elif x.links is not None and x.links.views:
        _refresh(x)
    return x


def _rebase(base: Tensor, before: Any, view: Tensor, places: np.ndarray) -> None:
    """Give the base of a view that was written to the record of that write."""
    base_then, part = alike(wrap(before, base.record), wrap(view.array.copy(), view.record))
    written = write_places(base_then, part, places=places)
    base.record = (written if written.dtype == base.dtype else view_as_complex(written)).record
    _refresh(base)


def _refresh(base: Tensor) -> None:
    """Give every living view of ``base`` the record of reading it from the base's new value."""
    assert base.links is not None
    for ref in base.links.views:
        view = ref()
        if view is None:
            continue
        if base.record is None:
            view.record = None
            continue
        part, source = alike(wrap(view.array), wrap(base.array, base.record))
        read = read_places(source, places=places_in(part.array, source.array))
        view.record = (read if read.dtype == view.dtype else view_as_complex(read)).record


def apart(other: Any, x: Tensor) -> Any:
    """Return an operand that writing to ``x`` will not change: a copy when they share memory, as in ``x *= x``."""
    if isinstance(other, Tensor) and np.may_share_memory(other.array, x.array):
        return wrap(other.array.copy(), other.record)
    return other


def in_place(function: Callable[..., Any], name: str) -> Any:
    """Make the in-place method whose new value ``function``, an op, a method or a composite, computes from the old.

    Where it does what a ufunc of two operands does, nothing is recorded and nothing cast, NumPy writes in place: 2
    passes over memory less.
    """
    bare = inspect.unwrap(function)  # beneath the words that PyTorch uses
    op = getattr(methods.PLAIN.get(bare, bare), "op", None)
    kernel = op.kernel("numpy") if op is not None and len(op.tensors) == 2 else None

    def method(x: Tensor, *args: Any, **params: Any) -> Any:
        context = mode.current() if mode.UNUSUAL else mode.USUAL
        if context.graph is not None:
            return context.graph.assign(x, function(x, *args, **params), name, follow=True)
        plain = len(args) == 1 and not params and context.watch is None and not context.numerics
        if plain and isinstance(kernel, np.ufunc) and written(kernel, x, args[0]):
            memory.stamp(x.array, user_site(), name)
            return x

        def compute(old: Tensor) -> Tensor:
            made = function(old, *[apart(a, x) for a in args], **{k: apart(v, x) for k, v in params.items()})
            return clone(made) if made is old else made

        return write(x, name, compute)

    method.__name__ = name
    method.__doc__ = f"``{function.__name__}`` in place."
    return method


def written(kernel: np.ufunc, x: Tensor, other: Any) -> bool:
    """Write ``kernel(x, other)`` over the floats of ``x`` if there is no more to it; tell whether it was so."""
    array = x.array
    second = other.array if isinstance(other, Tensor) else other
    if (
        array.__class__ is not np.ndarray
        or array.dtype.kind != "f"
        or not array.flags.writeable
        or not (second.__class__ in (int, float) or getattr(second, "dtype", None) == array.dtype)
        or ((x.record is not None or getattr(other, "record", None) is not None) and mode.is_grad_enabled())
    ):
        return False
    try:
        kernel(array, second, out=array)
    except ValueError:  # shapes that do not fit: `write` tells why
        return False
    return True


def reshaped(function: Callable[..., Any], name: str) -> Any:
    """Make the method that gives a tensor, in place, the shape of the view that ``function`` makes of it.

    Views and bases find each other by the addresses of their elements, so they need not be told.
    """

    def method(x: Tensor, *args: Any, **params: Any) -> Any:
        if mode.UNUSUAL and mode.current().graph is not None:
            return mode.current().graph.assign(x, function(x, *args, **params), name, follow=True)
        if x.record is not None and x.is_leaf:
            raise InPlaceError(
                f"{name}: a leaf that requires a gradient, which has its shape, cannot change it",
                operands=[("tensor", x)],
                hint=f"write x = x.{name.removesuffix('_')}(…)",
            )
        made = function(wrap(x.array, x.record), *args, **params)
        x.array, x.record = made.array, made.record
        return x

    method.__name__ = name
    method.__doc__ = f"``{function.__name__}`` in place."
    return method


def fill_(x: Tensor, value: Any) -> Any:
    """Set every element to ``value``, in place."""
    graph = mode.current().graph if mode.UNUSUAL else None
    filled = VOCABULARY["full_alike"].call(value, x, dtype=x.dtype)
    return graph.assign(x, filled, "fill_", follow=True) if graph is not None else write(x, "fill_", lambda old: filled)


def zero_(x: Tensor) -> Any:
    """Set every element to zero, in place."""
    return fill_(x, 0)


def copy_(x: Tensor, other: Any, non_blocking: bool = False) -> Any:
    """Copy the values of ``other``, broadcast, into this tensor. ``non_blocking`` does nothing."""
    graph = mode.current().graph if mode.UNUSUAL else None
    if graph is not None:
        return graph.assign(x, _like(other, x), "copy_", follow=True)
    return write(x, "copy_", lambda old: _like(other, x))


def _like(source: Any, x: Tensor) -> Any:
    value = asarray(source)
    if value.dtype != x.dtype:
        value = value.astype(x.dtype)
    if value.shape != x.shape:
        value = broadcast_to(value, shape=x.shape)
    return clone(value) if value is source else value  # a record of its own, for `write` to move


WRITTEN = "x[…] = …"


def set_item(x: Tensor, key: Any, value: Any) -> None:
    """Write ``value``, broadcast, into ``x[key]``: slices, integers, arrays of integers, bool masks."""
    graph = mode.current().graph if mode.UNUSUAL else None
    if graph is not None:
        graph.assign(x, graph.with_item(x, key, value), WRITTEN, follow=True)
        return
    marked, arrays = operators.index_key(key)
    index = shapes._fill(marked, [in_order(a.numpy()) for a in arrays])
    array = np.asarray(x.array)
    try:
        chosen = array[index].shape
    except IndexError as error:
        raise VOCABULARY["getitem"].explain(error, (x, *arrays), {"key": marked}) from None

    def compute(old: Tensor) -> Tensor:
        part = asarray(fitting(WRITTEN, x, value), x.dtype)
        if part.shape != chosen:
            check_fit(part.shape, chosen, x, value)
            part = broadcast_to(part, shape=chosen)
        return write_places(old, part, places=np.arange(array.size).reshape(array.shape)[index])

    if mode.is_grad_enabled() and (
        x.record is not None
        or getattr(value, "record", None) is not None
        or (x.links is not None and x.links.base is not None and x.links.base.record is not None)
    ):
        write(x, WRITTEN, compute)
        return
    part = compute_part(value, chosen, x)
    if not array.flags.writeable:
        raise InPlaceError(f"{WRITTEN}: the memory is read-only", operands=[("tensor", x)])
    x.array = array
    array[index] = part
    memory.stamp(array, user_site(), WRITTEN)


def check_fit(shape: tuple[int, ...], chosen: tuple[int, ...], x: Tensor, value: Any) -> None:
    """Raise ShapeError unless a value of ``shape`` broadcasts into the ``chosen`` places."""
    try:
        fits = shapes.broadcast(shape, chosen) == chosen
    except Misfit:
        fits = False
    if not fits:
        raise ShapeError(
            f"{WRITTEN}: a value of shape {shape} does not fit into the {chosen} chosen",
            operands=[("tensor", x), ("value", value)],
        )


def compute_part(value: Any, chosen: tuple[int, ...], x: Tensor) -> np.ndarray:
    """Read a value to be written without a record: its array, checked against the place it goes to."""
    part = fitting(WRITTEN, x, value)
    part = part.array if isinstance(part, Tensor) else np.asarray(part)
    check_fit(part.shape, chosen, x, value)
    return part


for _name, _function in methods.IN_PLACE.items():
    setattr(Tensor, _name, in_place(_function, _name))
for _name, _function in methods.RESHAPED.items():
    setattr(Tensor, _name, reshaped(_function, _name))
for _sign, (_name, _function) in methods.OPERATORS.items():
    setattr(Tensor, _name, in_place(_function, _sign))
for _name, _method in (
    ("fill_", fill_),
    ("zero_", zero_),
    ("copy_", copy_),
    ("clone", clone),
    ("__setitem__", set_item),
    ("_version", property(lambda x: memory.version(x.array))),
):
    setattr(Tensor, _name, _method)
