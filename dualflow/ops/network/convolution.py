"""Convolutions, whatever the number of spatial axes: three cards that are each other's gradients, and PyTorch's names.

NumPy's kernels are in ``convolution_numpy``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dualflow.core.errors import Misfit, format_shape
from dualflow.core.op import late, primitive
from dualflow.ops.array.shape import expand_dims, reshape, squeeze
from dualflow.ops.composite import Speaking, made_by
from dualflow.ops.network import convolution_numpy, layer_shapes
from dualflow.ops.network.convolution_numpy import swap_groups, undo_padding

XLA = late("jax.lax.conv_general_dilated")


@primitive(shape=layer_shapes.convolve, dtype="number", domain=("matrix", "matrix"))
def convolve(xp: Any, x: Any, weight: Any, *, stride: Any, padding: Any, dilation: Any, groups: int = 1) -> Any:
    """Slide ``weight`` over ``x``: the primitive behind ``conv1d``, ``conv2d`` and ``conv3d``.

    ``x``: (batch, in, *spatial). ``weight``: (out, in / groups, *kernel). The rest are tuples with an entry for each
    spatial axis; ``padding`` holds pairs (before, after), and a negative one cuts off.

    >>> from dualflow.ops.network.convolution import convolve
    >>> convolve(df.ones(1, 1, 3), df.ones(1, 1, 2), stride=(1,), padding=((0, 1),), dilation=(1,))
    tensor([[[2., 2., 1.]]])
    """
    return XLA(x, weight, stride, padding, rhs_dilation=dilation, feature_group_count=groups)


@primitive(shape=layer_shapes.deconvolve, dtype="number", promotes=(0, 1), domain=("matrix", "matrix", "matrix"))
def deconvolve(
    xp: Any, g: Any, weight: Any, like: Any = None, *, stride: Any, padding: Any, dilation: Any, groups: int = 1
) -> Any:
    """Undo ``convolve``: spread each element of ``g`` by the weight; the primitive behind ``conv_transpose2d``.

    ``like``: what was convolved, for its shape; left out, the result has the smallest shape that gives that of ``g``.

    >>> from dualflow.ops.network.convolution import deconvolve
    >>> deconvolve(df.ones(1, 1, 2), df.ones(1, 1, 2), stride=(1,), padding=((0, 0),), dilation=(1,))
    tensor([[[1., 2., 1.]]])
    """
    wanted = layer_shapes.deconvolve(g, weight, like, stride=stride, padding=padding, dilation=dilation, groups=groups)
    turned, dims = weight, ("NCHW", "IOHW", "NCHW")
    rank = weight.ndim - 2
    if groups > 1:
        turned, dims = swap_groups(weight, groups), ("NCHW", "OIHW", "NCHW")
    turned = xp.flip(turned, tuple(range(2, weight.ndim)))
    return XLA(
        g,
        turned,
        (1,) * rank,
        undo_padding(g, weight, wanted, stride, padding, dilation),
        lhs_dilation=stride,
        rhs_dilation=dilation,
        dimension_numbers=tuple(_letters(d, rank) for d in dims),
        feature_group_count=groups,
    )


@primitive(shape=layer_shapes.weigh, dtype="number", promotes=(0, 1), domain=("matrix", "matrix", "matrix"))
def convolve_weight_like(
    xp: Any, g: Any, x: Any, weight: Any, *, stride: Any, padding: Any, dilation: Any, groups: int = 1
) -> Any:
    """Correlate ``g``, which has the shape that ``convolve`` gives, with ``x``: what the weight's gradient is.

    >>> from dualflow.ops.network.convolution import convolve_weight_like
    >>> static = {"stride": (1,), "padding": ((0, 0),), "dilation": (1,)}
    >>> convolve_weight_like(df.ones(1, 1, 2), df.ones(1, 1, 3), df.zeros(1, 1, 2), **static)
    tensor([[[2., 2.]]])
    """
    rank = weight.ndim - 2
    reach = zip(weight.shape[2:], g.shape[2:], x.shape[2:], stride, padding, dilation, strict=True)
    return XLA(
        x,
        g,
        dilation,
        [(lo, (k - 1) * d + (m - 1) * s + 1 - n - lo) for k, m, n, s, (lo, _), d in reach],
        rhs_dilation=stride,
        dimension_numbers=tuple(_letters(d, rank) for d in ("CNHW", "IOHW", "CNHW")),
        batch_group_count=groups,
    )


def _letters(layout: str, rank: int) -> str:
    return layout[:2] + "DHW"[3 - rank :] if rank < 4 else layout[:2] + "0123456789"[:rank]


convolve.vjp(
    x=lambda g, y, x, weight, **static: deconvolve(g, weight, x, **static),
    weight=lambda g, y, x, weight, **static: convolve_weight_like(g, x, weight, **static),
    reads="x weight",
)
deconvolve.vjp(
    g=lambda g, y, g0, weight, like, **static: convolve(g, weight, **static),
    weight=lambda g, y, g0, weight, like, **static: convolve_weight_like(g0, g, weight, **static),
    reads={"g": "weight", "weight": "g weight"},
)
convolve_weight_like.vjp(
    g=lambda g, y, g0, x, weight, **static: convolve(x, g, **static),
    x=lambda g, y, g0, x, weight, **static: deconvolve(g0, g, x, **static),
    reads={"g": "x", "x": "g x"},
)


convolve.kernel("numpy")(convolution_numpy.convolve)
deconvolve.kernel("numpy")(convolution_numpy.deconvolve)
convolve_weight_like.kernel("numpy")(convolution_numpy.convolve_weight_like)


# ------------------------------------------------------------------------------------------------------ as PyTorch's


def batched(x: Any, rank: int) -> bool:
    """Return whether ``x`` has an axis for the batch before channels and ``rank`` spatial axes."""
    return x.shape is None or len(x.shape) != rank + 1


def paddings(padding: Any, kernel: Any, stride: Any, dilation: Any) -> tuple[tuple[int, int], ...]:
    """Read padding: a number, one for each axis, "valid" or "same"; raises Misfit."""
    rank = len(stride)
    if padding == "valid":
        return ((0, 0),) * rank
    if padding == "same":
        if any(s != 1 for s in stride):
            raise Misfit(f"padding 'same' needs a stride of 1, not {stride}")
        if None in kernel:
            raise Misfit(f"padding 'same' of a kernel whose shape is not known, {kernel}; give numbers")
        reach = [d * (k - 1) for k, d in zip(kernel, dilation, strict=True)]
        return tuple((n // 2, n - n // 2) for n in reach)
    if isinstance(padding, str):
        raise Misfit(f"padding is a number, one for each axis, 'same' or 'valid', not {padding!r}")
    return tuple((n, n) for n in layer_shapes.spread(padding, rank, "padding", 0))


def _check_bias(bias: Any, channels: Any) -> None:
    if bias is not None and bias.shape is not None and not layer_shapes.agree(bias.shape, tuple(channels)):
        raise Misfit(f"a bias of shape {format_shape(bias.shape)} does not fit {channels[0]} output channels")


def _apply(card: Any, x: Any, weight: Any, bias: Any, rank: int, **static: Any) -> Any:
    """Call a card that wants a batch, and add the bias to each channel."""
    several = batched(x, rank)
    y = card(x if several else expand_dims(x, axis=0), weight, **static)
    y = y if several else squeeze(y, axis=0)
    return y if bias is None else y + reshape(bias, shape=(-1, *(1,) * rank))


def _conv(name: str, rank: int) -> Callable[..., Any]:
    def conv(
        input: Any, weight: Any, bias: Any = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: int = 1
    ) -> Any:
        with Speaking(name, input=input, weight=weight, bias=bias):
            steps = {
                "stride": layer_shapes.spread(stride, rank, "stride"),
                "dilation": layer_shapes.spread(dilation, rank, "dilation"),
            }
            kernel = (None,) * rank if weight.shape is None else weight.shape[2:]
            if len(kernel) != rank:
                raise Misfit(f"the weight is (out, in / groups) and {rank} axes, not {format_shape(weight.shape)}")
            _check_bias(bias, weight.shape[:1] if weight.shape else (None,))
            pads = paddings(padding, kernel, **steps)
        return _apply(convolve, input, weight, bias, rank, padding=pads, groups=groups, **steps)

    return conv


@made_by(_conv, 1)
def conv1d() -> None:
    """Slide a weight over one axis (cross-correlation), as PyTorch's ``conv1d``.

    ``input``: (batch, in, length), or without the batch. ``weight``: (out, in / groups, kernel). ``bias``: (out,).
    ``padding``: a number, "valid" or, for stride 1, "same". Raises ShapeError when they do not fit.

    >>> df.nn.functional.conv1d(df.tensor([[[1.0, 2.0, 4.0]]]), df.tensor([[[-1.0, 1.0]]]))
    tensor([[[1., 2.]]])
    """


@made_by(_conv, 2)
def conv2d() -> None:
    """Slide a weight over two axes (cross-correlation), as PyTorch's ``conv2d``.

    ``input``: (batch, in, height, width), or without the batch. ``weight``: (out, in / groups, *kernel).
    ``bias``: (out,). ``stride``, ``padding`` and ``dilation`` are a number or one for each axis; ``padding``
    may also be "valid" or, for stride 1, "same". Raises ShapeError when they do not fit.

    >>> df.nn.functional.conv2d(df.zeros(8, 3, 32, 32), df.zeros(16, 3, 3, 3), stride=2, padding=1).shape
    (8, 16, 16, 16)
    """


@made_by(_conv, 3)
def conv3d() -> None:
    """Slide a weight over three axes (cross-correlation), as PyTorch's ``conv3d``; see ``conv2d``.

    >>> df.nn.functional.conv3d(df.zeros(1, 2, 4, 5, 6), df.zeros(3, 2, 2, 2, 2)).shape
    (1, 3, 3, 4, 5)
    """


def _conv_transpose(name: str, rank: int) -> Callable[..., Any]:
    def conv_transpose(
        input: Any,
        weight: Any,
        bias: Any = None,
        stride: Any = 1,
        padding: Any = 0,
        output_padding: Any = 0,
        groups: int = 1,
        dilation: Any = 1,
    ) -> Any:
        with Speaking(name, input=input, weight=weight, bias=bias):
            step = layer_shapes.spread(stride, rank, "stride")
            holes = layer_shapes.spread(dilation, rank, "dilation")
            pads = layer_shapes.spread(padding, rank, "padding", 0)
            extra = layer_shapes.spread(output_padding, rank, "output_padding", 0)
            if weight.shape is not None and len(weight.shape) != rank + 2:
                raise Misfit(f"the weight is (in, out / groups) and {rank} axes, not {format_shape(weight.shape)}")
            if any(n >= max(s, d) for n, s, d in zip(extra, step, holes, strict=True)):
                raise Misfit(f"output_padding {extra} must be smaller than the stride {step} or the dilation {holes}")
            if bias is not None and weight.shape is not None and weight.shape[1] is not None:
                _check_bias(bias, (weight.shape[1] * groups,))
        # what output_padding adds at the end is padding that the convolution it undoes did not have there
        both = tuple((n, n - more) for n, more in zip(pads, extra, strict=True))
        static = {"stride": step, "padding": both, "dilation": holes, "groups": groups}
        return _apply(deconvolve, input, weight, bias, rank, **static)

    return conv_transpose


@made_by(_conv_transpose, 1)
def conv_transpose1d() -> None:
    """Spread each element over one axis by a weight, as PyTorch's ``conv_transpose1d``; see ``conv_transpose2d``.

    >>> df.nn.functional.conv_transpose1d(df.tensor([[[1.0, 2.0]]]), df.ones(1, 1, 2), stride=2)
    tensor([[[1., 1., 2., 2.]]])
    """


@made_by(_conv_transpose, 2)
def conv_transpose2d() -> None:
    """Spread each element over two axes by a weight: what the gradient of ``conv2d`` does.

    ``input``: (batch, in, height, width), or without the batch. ``weight``: (in, out / groups, *kernel).
    ``bias``: (out,). Each size becomes (size - 1) · stride - 2 · padding + dilation · (kernel - 1) +
    output_padding + 1.

    >>> df.nn.functional.conv_transpose2d(df.zeros(1, 4, 8, 8), df.zeros(4, 2, 2, 2), stride=2).shape
    (1, 2, 16, 16)
    """


@made_by(_conv_transpose, 3)
def conv_transpose3d() -> None:
    """Spread each element over three axes by a weight, as PyTorch's ``conv_transpose3d``; see ``conv_transpose2d``.

    >>> df.nn.functional.conv_transpose3d(df.zeros(1, 4, 2, 2, 2), df.zeros(4, 2, 2, 2, 2), stride=2).shape
    (1, 2, 4, 4, 4)
    """
