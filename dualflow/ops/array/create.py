"""Making tensors out of nothing, out of Python values, and out of NumPy arrays."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from dualflow.core import dtypes, mode, shapes
from dualflow.core.errors import DTypeError
from dualflow.core.names import public
from dualflow.core.op import primitive
from dualflow.core.world import WORLDS, is_tensor
from dualflow.ops.array.inspection import check_device


@primitive(shape=shapes.created, dtype="given", name="full")
def _full(xp: Any, *, shape: Any, fill_value: Any, dtype: Any) -> Any:
    """Fill a new tensor with one value: the primitive behind ``full``, ``zeros`` and ``ones``.

    >>> from dualflow.core.op import VOCABULARY
    >>> VOCABULARY["full"].call(shape=(2,), fill_value=7, dtype="int64")
    tensor([7, 7])
    """
    return xp.full(shape, fill_value, dtype)


@primitive(shape=shapes.imitation, dtype="given", name="full_alike")
def _full_like(xp: Any, x: Any, like: Any, *, dtype: Any) -> Any:
    """Fill the shape of ``like`` with the scalar ``x``: the primitive behind the ``*_like`` functions.

    >>> from dualflow.core.op import VOCABULARY
    >>> VOCABULARY["full_alike"].call(2, df.zeros(2), dtype="float32")
    tensor([2., 2.])
    """
    return xp.full(like.shape, x, dtype)


@primitive(shape=shapes.counted, dtype="given", name="arange")
def _arange(xp: Any, *, start: Any, stop: Any, step: Any, dtype: Any) -> Any:
    """Count from ``start`` to before ``stop``: the primitive behind ``arange``.

    >>> from dualflow.core.op import VOCABULARY
    >>> VOCABULARY["arange"].call(start=0, stop=3, step=1, dtype="int64")
    tensor([0, 1, 2])
    """
    return xp.arange(start, stop, step, dtype)


@primitive(shape=shapes.sized, dtype="given", name="linspace")
def _linspace(xp: Any, *, start: Any, stop: Any, num: int, endpoint: bool, dtype: Any) -> Any:
    """Space ``num`` values evenly: the primitive behind ``linspace``. Worked out by NumPy in both worlds.

    >>> from dualflow.core.op import VOCABULARY
    >>> VOCABULARY["linspace"].call(start=0.0, stop=1.0, num=3, endpoint=True, dtype="float32")
    tensor([0. , 0.5, 1. ])
    """
    return xp.asarray(np.linspace(start, stop, num, endpoint=endpoint, dtype=dtype))


@primitive(shape=shapes.sized, dtype="given", name="eye")
def _eye(xp: Any, *, rows: int, columns: int, k: int, dtype: Any) -> Any:
    """Put ones on a diagonal: the primitive behind ``eye``.

    >>> from dualflow.core.op import VOCABULARY
    >>> VOCABULARY["eye"].call(rows=1, columns=2, k=0, dtype="float32")
    tensor([[1., 0.]])
    """
    return xp.eye(rows, columns, k, dtype=dtype)


def _sizes(op: str, shape: tuple[Any, ...]) -> tuple[int, ...]:
    """Read ``zeros(2, 3)`` and ``zeros((2, 3))`` alike."""
    if len(shape) == 1 and not isinstance(shape[0], int | np.integer):
        shape = tuple(shape[0]) if np.iterable(shape[0]) else shape
    try:
        return tuple(operator.index(n) for n in shape)
    except TypeError:
        raise DTypeError(
            f"{op}: a shape is made of integers, not {shape!r}",
            hint=f"write {op}(2, 3) or {op}((2, 3)), and name the rest: dtype=…",
        ) from None


def _finish(x: Any, requires_grad: bool) -> Any:
    return x.requires_grad_() if requires_grad else x


@public()
def full(shape: Any, fill_value: Any, *, dtype: Any = None, device: Any = None, requires_grad: bool = False) -> Any:
    """Make a tensor of ``shape`` filled with ``fill_value``.

    The dtype follows the value: int64, float32 or bool.

    >>> df.full((2,), 3.0)
    tensor([3., 3.])
    """
    check_device("full", device)
    shape = _sizes("full", (shape,))
    if dtype is None:
        dtype = dtypes.PYTHON.get(type(fill_value)) or np.asarray(fill_value).dtype
    return _finish(_full(shape=shape, fill_value=fill_value, dtype=dtypes.asdtype(dtype)), requires_grad)


def _filled(op: str, shape: Any, value: Any, dtype: Any, device: Any, requires_grad: bool) -> Any:
    check_device(op, device)
    dtype = dtypes.float32 if dtype is None else dtypes.asdtype(dtype)
    return _finish(_full(shape=_sizes(op, shape), fill_value=value, dtype=dtype), requires_grad)


@public()
def zeros(shape: Any = (), *sizes: Any, dtype: Any = None, device: Any = None, requires_grad: bool = False) -> Any:
    """Make a tensor of zeros. The shape is given as numbers or as one tuple.

    >>> df.zeros(2, 3).shape, df.zeros((2, 3), dtype=df.int64).dtype
    ((2, 3), dtype('int64'))
    """
    return _filled("zeros", (shape, *sizes), 0, dtype, device, requires_grad)


@public()
def ones(shape: Any = (), *sizes: Any, dtype: Any = None, device: Any = None, requires_grad: bool = False) -> Any:
    """Make a tensor of ones. The shape is given as numbers or as one tuple.

    >>> df.ones(2)
    tensor([1., 1.])
    """
    return _filled("ones", (shape, *sizes), 1, dtype, device, requires_grad)


@public()
def empty(shape: Any = (), *sizes: Any, dtype: Any = None, device: Any = None, requires_grad: bool = False) -> Any:
    """Make a tensor whose values do not matter. They are zeros, in both worlds.

    >>> df.empty(3, 4).shape
    (3, 4)
    """
    return _filled("empty", (shape, *sizes), 0, dtype, device, requires_grad)


def _alike(op: str, x: Any, value: Any, dtype: Any, device: Any, requires_grad: bool) -> Any:
    check_device(op, device)
    x = x if hasattr(x, "dtype") else asarray(x)
    return _finish(_full_like(value, x, dtype=dtypes.asdtype(dtype or x.dtype)), requires_grad)


@public()
def full_like(x: Any, fill_value: Any, *, dtype: Any = None, device: Any = None, requires_grad: bool = False) -> Any:
    """Make a tensor like ``x`` filled with ``fill_value``; the shape may be unknown until the graph runs.

    >>> df.full_like(df.zeros(2), 5)
    tensor([5., 5.])
    """
    return _alike("full_like", x, fill_value, dtype, device, requires_grad)


@public()
def zeros_like(x: Any, *, dtype: Any = None, device: Any = None, requires_grad: bool = False) -> Any:
    """Make a tensor of zeros with the shape and dtype of ``x``.

    >>> df.zeros_like(df.ones(2))
    tensor([0., 0.])
    """
    return _alike("zeros_like", x, 0, dtype, device, requires_grad)


def filled(g: Any, y: Any) -> list[Any]:
    """Return the gradients of an op's results, in the order of these, with zeros where none came back."""
    return [_full_like(0, each, dtype=each.dtype) if part is None else part for part, each in zip(g, y, strict=True)]


@public()
def ones_like(x: Any, *, dtype: Any = None, device: Any = None, requires_grad: bool = False) -> Any:
    """Make a tensor of ones with the shape and dtype of ``x``.

    >>> df.ones_like(df.zeros(2))
    tensor([1., 1.])
    """
    return _alike("ones_like", x, 1, dtype, device, requires_grad)


@public()
def empty_like(x: Any, *, dtype: Any = None, device: Any = None, requires_grad: bool = False) -> Any:
    """Make a tensor with the shape and dtype of ``x`` whose values do not matter. They are zeros.

    >>> df.empty_like(df.ones(2, 2)).shape
    (2, 2)
    """
    return _alike("empty_like", x, 0, dtype, device, requires_grad)


@public()
def arange(
    start: Any, stop: Any = None, step: Any = 1, *, dtype: Any = None, device: Any = None, requires_grad: bool = False
) -> Any:
    """Count from ``start`` (default 0) to before ``stop`` by ``step``; int64 for integers, else float32.

    >>> df.arange(3), df.arange(1, 2, 0.5)
    (tensor([0, 1, 2]), tensor([1. , 1.5]))
    """
    check_device("arange", device)
    if stop is None:
        start, stop = 0, start
    if dtype is None:
        dtype = dtypes.float32 if any(_is_real(v) for v in (start, stop, step)) else dtypes.int64
    return _finish(_arange(start=start, stop=stop, step=step, dtype=dtypes.asdtype(dtype)), requires_grad)


def _is_real(x: Any) -> bool:
    return isinstance(x, float) or (hasattr(x, "dtype") and x.dtype.kind in dtypes.REAL)


@public()
def linspace(
    start: complex,
    stop: complex,
    num: int,
    *,
    dtype: Any = None,
    device: Any = None,
    endpoint: bool = True,
    requires_grad: bool = False,
) -> Any:
    """Space ``num`` values evenly from ``start`` to ``stop``.

    >>> df.linspace(0, 1, 3)
    tensor([0. , 0.5, 1. ])
    """
    check_device("linspace", device)
    if dtype is None:
        dtype = dtypes.complex64 if isinstance(start, complex) or isinstance(stop, complex) else dtypes.float32
    made = _linspace(start=start, stop=stop, num=operator.index(num), endpoint=endpoint, dtype=dtypes.asdtype(dtype))
    return _finish(made, requires_grad)


@public()
def eye(
    n_rows: int,
    n_cols: int | None = None,
    *,
    k: int = 0,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Any:
    """Make a matrix with ones on its ``k``-th diagonal and zeros elsewhere.

    >>> df.eye(2)
    tensor([[1., 0.],
            [0., 1.]])
    """
    check_device("eye", device)
    dtype = dtypes.float32 if dtype is None else dtypes.asdtype(dtype)
    made = _eye(rows=n_rows, columns=n_rows if n_cols is None else n_cols, k=k, dtype=dtype)
    return _finish(made, requires_grad)


def as_array(data: Any, dtype: Any = None, op: str = "tensor") -> np.ndarray:
    """Read data as a NumPy array of a dtype that dualflow computes with.

    Python floats are float32 and integers int64; arrays keep their dtype, inside lists too. Raises DTypeError, in the
    name of ``op``, for text, objects and ragged lists.
    """
    if isinstance(data, np.ndarray | np.generic):
        array = np.asarray(data)
    else:
        if hasattr(data, "numpy") and not hasattr(data, "__array_interface__"):
            data = np.asarray(data) if is_tensor(data) else data.numpy()
        elif isinstance(data, list | tuple):
            data = _plain(data)
        try:
            array = np.asarray(data)
        except ValueError as ragged:
            raise DTypeError(f"{op}: the lists do not make a full block: {ragged}") from None
        if dtype is None and array.dtype in (np.float64, np.complex128) and not _holds_doubles(data):
            array = array.astype(np.float32 if array.dtype == np.float64 else np.complex64)
    held = dtypes.DTYPES.get(str(array.dtype))
    if held is None:
        raise DTypeError(
            f"{op}: cannot hold {type(data).__name__} of dtype {array.dtype}",
            hint="give numbers or bools, as lists or as a NumPy array",
        )
    if array.dtype is not held:  # unpickled arrays have a dtype object of their own, and so has all that comes of them:
        array = array.view(held)  # eager ops look at identity first, and took 2.4 times as long
    return array if dtype is None else array.astype(dtypes.asdtype(dtype), copy=False)


def _holds_doubles(data: Any) -> bool:
    """Return whether data is, or a nested list holds, an array of 64-bit floats rather than Python's."""
    if isinstance(data, list | tuple):
        return any(_holds_doubles(item) for item in data if item.__class__ not in dtypes.WEAK)
    return getattr(data, "dtype", None) in (np.float64, np.complex128)


def _plain(data: Any) -> Any:
    """Replace tensors inside nested lists by their arrays."""
    if isinstance(data, list | tuple):
        return [_plain(item) for item in data]
    return np.asarray(data) if is_tensor(data) else data


@public()
def asarray(data: Any, dtype: Any = None, *, device: Any = None, copy: bool | None = None) -> Any:
    """Return ``data`` as a tensor, sharing memory with a NumPy array where it can.

    ``copy=True`` always copies; ``copy=False`` never, and raises DTypeError where it would have to. Tensors and
    symbols come back as they are when the dtype fits.

    >>> df.asarray([1.0, 2.0])
    tensor([1., 2.])
    """
    check_device("asarray", device)
    if is_tensor(data):  # a tensor or symbol already
        fits = dtype is None or data.dtype == dtypes.asdtype(dtype)
        if copy is False and not fits:
            raise _no_copy(f"a cast from {data.dtype} to {dtypes.asdtype(dtype)}")
        return data.astype(dtype) if not fits else data.clone() if copy else data
    array = as_array(data, dtype, "asarray")
    shared = isinstance(data, np.ndarray) and np.may_share_memory(array, data)
    if copy is False and not (shared or isinstance(data, memoryview | bytes | bytearray)):
        raise _no_copy(f"a tensor of {type(data).__name__}")
    return mode.constant(array.copy() if copy and shared else array)


def _no_copy(what: str) -> Exception:
    return DTypeError(f"asarray: {what} is not possible without a copy", hint="leave copy=False out")


@public()
def from_dlpack(x: Any, *, device: Any = None, copy: bool | None = None) -> Any:
    """Wrap what another library's array holds, by the DLPack protocol, sharing memory unless ``copy=True``.

    Raises TypeError for an object without ``__dlpack__``.

    >>> df.from_dlpack(np.arange(3))
    tensor([0, 1, 2])
    """
    check_device("from_dlpack", device)
    if not hasattr(x, "__dlpack__"):
        raise DTypeError(
            f"from_dlpack: {type(x).__name__} does not speak DLPack",
            hint="use df.asarray for lists, numbers and NumPy arrays",
        )
    array = np.from_dlpack(x) if copy is None else np.from_dlpack(x, device="cpu", copy=copy)
    return mode.constant(as_array(array, op="from_dlpack"))


@public()
def tensor(data: Any, dtype: Any = None, *, requires_grad: bool = False) -> Any:
    """Copy ``data`` (numbers, nested lists, an array, another tensor) into a new tensor.

    Python floats become float32 and integers int64; NumPy arrays keep their dtype. In a graph, the
    value becomes a constant.

    >>> df.tensor([[1.0, 2.0]]), df.tensor([1, 2]).dtype
    (tensor([[1., 2.]]), dtype('int64'))
    """
    array = as_array(data, dtype)
    made = mode.constant(np.array(array, order="C"))
    return _finish(made, requires_grad)


@public()
def from_numpy(array: np.ndarray) -> Any:
    """Wrap a NumPy array as an eager tensor that shares its memory, in whatever mode.

    >>> a = np.zeros(2, np.float32)
    >>> t = df.from_numpy(a)
    >>> a[0] = 7
    >>> t
    tensor([7., 0.])
    """
    if not isinstance(array, np.ndarray):
        raise DTypeError(
            f"from_numpy: expected a NumPy array, not {type(array).__name__}",
            hint="use df.tensor(...) for lists and numbers",
        )
    return WORLDS["eager"].constant(as_array(array, op="from_numpy"))
