# Made by docs/tools/make_stubs.py from the cards; do not edit.
import builtins
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ParamSpec, TypeVar, overload

import numpy as np

from dualflow.core.generator import Generator as Generator
from dualflow.tensors.typing import DTypeLike as DTypeLike, Tensor as Tensor, TensorLike as TensorLike

def fft(x: TensorLike, *, n: builtins.int | None = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., norm: builtins.str = ...) -> Tensor:
    """Transform over ``axis``, cropped or padded with zeros to ``n``; the result is complex."""
def fft2(x: TensorLike, *, s: Any = ..., axes: builtins.int | Sequence[Any] | None = ..., norm: builtins.str = ...) -> Tensor:
    """Transform over the last two axes."""
def fftfreq(n: builtins.int, *, d: builtins.float = ..., dtype: DTypeLike | None = ..., device: builtins.str | None = ..., requires_grad: builtins.bool = ...) -> Tensor:
    """Return the frequencies of ``fft`` for ``n`` samples ``d`` apart: 0, 1, …, -2, -1 over n d."""
def fftn(x: TensorLike, *, s: Any = ..., axes: builtins.int | Sequence[Any] | None = ..., norm: builtins.str = ...) -> Tensor:
    """Transform over several axes, all by default, cropped or padded to the sizes ``s``."""
def fftshift(x: TensorLike, *, axes: builtins.int | Sequence[Any] | None = ...) -> Tensor:
    """Move frequency 0 to the middle of ``axes``, all by default."""
def hfft(x: TensorLike, *, n: builtins.int | None = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., norm: builtins.str = ...) -> Tensor:
    """Transform a signal that is Hermitian, given its first half, to its ``n`` real frequencies."""
def hfft2(x: TensorLike, *, s: Any = ..., axes: builtins.int | Sequence[Any] | None = ..., norm: builtins.str = ...) -> Tensor:
    """Transform a Hermitian signal over the last two axes: ``hfftn`` of them."""
def hfftn(x: TensorLike, *, s: Any = ..., axes: builtins.int | Sequence[Any] | None = ..., norm: builtins.str = ...) -> Tensor:
    """Transform a Hermitian signal, given half of its last axis, over several axes to real frequencies."""
def ifft(x: TensorLike, *, n: builtins.int | None = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., norm: builtins.str = ...) -> Tensor:
    """Transform back over ``axis``: the inverse of ``fft``."""
def ifft2(x: TensorLike, *, s: Any = ..., axes: builtins.int | Sequence[Any] | None = ..., norm: builtins.str = ...) -> Tensor:
    """Transform back over the last two axes."""
def ifftn(x: TensorLike, *, s: Any = ..., axes: builtins.int | Sequence[Any] | None = ..., norm: builtins.str = ...) -> Tensor:
    """Transform back over several axes: the inverse of ``fftn``."""
def ifftshift(x: TensorLike, *, axes: builtins.int | Sequence[Any] | None = ...) -> Tensor:
    """Move the middle of ``axes`` to the front: the inverse of ``fftshift``."""
def ihfft(x: TensorLike, *, n: builtins.int | None = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., norm: builtins.str = ...) -> Tensor:
    """Transform real frequencies back to the first half of a Hermitian signal: the inverse of ``hfft``."""
def ihfft2(x: TensorLike, *, s: Any = ..., axes: builtins.int | Sequence[Any] | None = ..., norm: builtins.str = ...) -> Tensor:
    """Transform real frequencies back over the last two axes: ``ihfftn`` of them."""
def ihfftn(x: TensorLike, *, s: Any = ..., axes: builtins.int | Sequence[Any] | None = ..., norm: builtins.str = ...) -> Tensor:
    """Transform real frequencies back over several axes: the inverse of ``hfftn``."""
def irfft(x: TensorLike, *, n: builtins.int | None = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., norm: builtins.str = ...) -> Tensor:
    """Transform half a spectrum back to ``n`` real numbers, by default 2 (m - 1) of m frequencies."""
def irfft2(x: TensorLike, *, s: Any = ..., axes: builtins.int | Sequence[Any] | None = ..., norm: builtins.str = ...) -> Tensor:
    """Transform back to real numbers over the last two axes: ``irfftn`` of them."""
def irfftn(x: TensorLike, *, s: Any = ..., axes: builtins.int | Sequence[Any] | None = ..., norm: builtins.str = ...) -> Tensor:
    """Transform back to real numbers: the inverse of ``rfftn``, given ``s`` when the last size is odd."""
def rfft(x: TensorLike, *, n: builtins.int | None = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., norm: builtins.str = ...) -> Tensor:
    """Transform real numbers over ``axis``: n // 2 + 1 frequencies, the others being their conjugates."""
def rfft2(x: TensorLike, *, s: Any = ..., axes: builtins.int | Sequence[Any] | None = ..., norm: builtins.str = ...) -> Tensor:
    """Transform real numbers over the last two axes: ``rfftn`` of them."""
def rfftfreq(n: builtins.int, *, d: builtins.float = ..., dtype: DTypeLike | None = ..., device: builtins.str | None = ..., requires_grad: builtins.bool = ...) -> Tensor:
    """Return the frequencies of ``rfft`` for ``n`` samples ``d`` apart: 0, 1, …, n // 2 over n d."""
def rfftn(x: TensorLike, *, s: Any = ..., axes: builtins.int | Sequence[Any] | None = ..., norm: builtins.str = ...) -> Tensor:
    """Transform real numbers over several axes; of the last, n // 2 + 1 frequencies are kept."""
