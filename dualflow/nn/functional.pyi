# Made by docs/tools/make_stubs.py from the cards; do not edit.
import builtins
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ParamSpec, TypeVar, overload

import numpy as np

from dualflow.core.generator import Generator as Generator
from dualflow.tensors.typing import DTypeLike as DTypeLike, Tensor as Tensor, TensorLike as TensorLike

__all__: list[str]

def adaptive_avg_pool1d(input: TensorLike = ..., output_size: builtins.int | Sequence[builtins.int | None] | None = ..., *, x: TensorLike = ...) -> Tensor:
    """Average one axis into ``output_size`` bins; see ``adaptive_avg_pool2d``."""
def adaptive_avg_pool2d(input: TensorLike = ..., output_size: builtins.int | Sequence[builtins.int | None] | None = ..., *, x: TensorLike = ...) -> Tensor:
    """Average two axes into bins, as many as asked for, of sizes that are as equal as they can be."""
def adaptive_avg_pool3d(input: TensorLike = ..., output_size: builtins.int | Sequence[builtins.int | None] | None = ..., *, x: TensorLike = ...) -> Tensor:
    """Average three axes into bins; see ``adaptive_avg_pool2d``."""
def adaptive_max_pool1d(input: TensorLike = ..., output_size: builtins.int | Sequence[builtins.int | None] | None = ..., return_indices: builtins.bool = ..., *, x: TensorLike = ...) -> Tensor:
    """Take the largest elements of one axis in ``output_size`` bins; see ``adaptive_max_pool2d``."""
def adaptive_max_pool2d(input: TensorLike = ..., output_size: builtins.int | Sequence[builtins.int | None] | None = ..., return_indices: builtins.bool = ..., *, x: TensorLike = ...) -> Tensor:
    """Take the largest elements of two axes in bins, as many as asked for; sizes must be known."""
def adaptive_max_pool3d(input: TensorLike = ..., output_size: builtins.int | Sequence[builtins.int | None] | None = ..., return_indices: builtins.bool = ..., *, x: TensorLike = ...) -> Tensor:
    """Take the largest elements of three axes in bins; see ``adaptive_max_pool2d``."""
def alpha_dropout(input: TensorLike = ..., p: TensorLike | None = ..., training: builtins.bool = ..., inplace: builtins.bool = ..., *, generator: Generator | None = ..., x: TensorLike = ...) -> Tensor:
    """Set elements to selu's lower limit with probability ``p``, then scale and shift."""
def avg_pool1d(input: TensorLike = ..., kernel_size: builtins.int | Sequence[builtins.int] = ..., stride: builtins.int | Sequence[builtins.int] | None = ..., padding: builtins.int | builtins.str | Sequence[Any] = ..., ceil_mode: builtins.bool = ..., count_include_pad: builtins.bool = ..., *, x: TensorLike = ...) -> Tensor:
    """Average each window over one axis; see ``avg_pool2d``."""
def avg_pool2d(input: TensorLike = ..., kernel_size: builtins.int | Sequence[builtins.int] = ..., stride: builtins.int | Sequence[builtins.int] | None = ..., padding: builtins.int | builtins.str | Sequence[Any] = ..., ceil_mode: builtins.bool = ..., count_include_pad: builtins.bool = ..., divisor_override: builtins.int | None = ..., *, x: TensorLike = ...) -> Tensor:
    """Average each window over two axes."""
def avg_pool3d(input: TensorLike = ..., kernel_size: builtins.int | Sequence[builtins.int] = ..., stride: builtins.int | Sequence[builtins.int] | None = ..., padding: builtins.int | builtins.str | Sequence[Any] = ..., ceil_mode: builtins.bool = ..., count_include_pad: builtins.bool = ..., divisor_override: builtins.int | None = ..., *, x: TensorLike = ...) -> Tensor:
    """Average each window over three axes; see ``avg_pool2d``."""
def batch_norm(input: TensorLike = ..., running_mean: TensorLike | None = ..., running_var: TensorLike | None = ..., weight: Any = ..., bias: Any = ..., training: builtins.bool = ..., momentum: builtins.float = ..., eps: builtins.float = ..., *, x: TensorLike = ...) -> Tensor:
    """Standardize each channel over the batch and space; in training by their own statistics, else by the running ones."""
def bilinear(a: TensorLike = ..., b: TensorLike = ..., weight: TensorLike | None = ..., bias: Any = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Compute ``a @ weight[k] @ b`` for each k, and add a bias: (…, n), (…, m), (k, n, m) to (…, k)."""
def binary_cross_entropy(input: TensorLike = ..., target: TensorLike = ..., weight: Any = ..., reduction: builtins.str = ..., *, x: TensorLike = ...) -> Tensor:
    """Compute the cross entropy of probabilities ``input`` against probabilities ``target``, in nats."""
def binary_cross_entropy_with_logits(input: TensorLike = ..., target: TensorLike = ..., weight: Any = ..., reduction: builtins.str = ..., pos_weight: Any = ..., *, x: TensorLike = ...) -> Tensor:
    """Compute the binary cross entropy of scores, before any sigmoid, in nats and without overflow."""
def celu(x: TensorLike = ..., alpha: builtins.float = ..., inplace: builtins.bool = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Keep what is positive; else ``alpha * (exp(x / alpha) - 1)``, which has slope 1 at zero for every alpha."""
def conv1d(input: TensorLike = ..., weight: TensorLike | None = ..., bias: Any = ..., stride: builtins.int | Sequence[builtins.int] | None = ..., padding: builtins.int | builtins.str | Sequence[Any] = ..., dilation: builtins.int | Sequence[builtins.int] = ..., groups: builtins.int = ..., *, x: TensorLike = ...) -> Tensor:
    """Slide a weight over one axis (cross-correlation), as PyTorch's ``conv1d``."""
def conv2d(input: TensorLike = ..., weight: TensorLike | None = ..., bias: Any = ..., stride: builtins.int | Sequence[builtins.int] | None = ..., padding: builtins.int | builtins.str | Sequence[Any] = ..., dilation: builtins.int | Sequence[builtins.int] = ..., groups: builtins.int = ..., *, x: TensorLike = ...) -> Tensor:
    """Slide a weight over two axes (cross-correlation), as PyTorch's ``conv2d``."""
def conv3d(input: TensorLike = ..., weight: TensorLike | None = ..., bias: Any = ..., stride: builtins.int | Sequence[builtins.int] | None = ..., padding: builtins.int | builtins.str | Sequence[Any] = ..., dilation: builtins.int | Sequence[builtins.int] = ..., groups: builtins.int = ..., *, x: TensorLike = ...) -> Tensor:
    """Slide a weight over three axes (cross-correlation), as PyTorch's ``conv3d``; see ``conv2d``."""
def conv_transpose1d(input: TensorLike = ..., weight: TensorLike | None = ..., bias: Any = ..., stride: builtins.int | Sequence[builtins.int] | None = ..., padding: builtins.int | builtins.str | Sequence[Any] = ..., output_padding: builtins.int | Sequence[builtins.int] = ..., groups: builtins.int = ..., dilation: builtins.int | Sequence[builtins.int] = ..., *, x: TensorLike = ...) -> Tensor:
    """Spread each element over one axis by a weight, as PyTorch's ``conv_transpose1d``; see ``conv_transpose2d``."""
def conv_transpose2d(input: TensorLike = ..., weight: TensorLike | None = ..., bias: Any = ..., stride: builtins.int | Sequence[builtins.int] | None = ..., padding: builtins.int | builtins.str | Sequence[Any] = ..., output_padding: builtins.int | Sequence[builtins.int] = ..., groups: builtins.int = ..., dilation: builtins.int | Sequence[builtins.int] = ..., *, x: TensorLike = ...) -> Tensor:
    """Spread each element over two axes by a weight: what the gradient of ``conv2d`` does."""
def conv_transpose3d(input: TensorLike = ..., weight: TensorLike | None = ..., bias: Any = ..., stride: builtins.int | Sequence[builtins.int] | None = ..., padding: builtins.int | builtins.str | Sequence[Any] = ..., output_padding: builtins.int | Sequence[builtins.int] = ..., groups: builtins.int = ..., dilation: builtins.int | Sequence[builtins.int] = ..., *, x: TensorLike = ...) -> Tensor:
    """Spread each element over three axes by a weight, as PyTorch's ``conv_transpose3d``; see ``conv_transpose2d``."""
def cosine_embedding_loss(input1: TensorLike, input2: TensorLike, target: TensorLike, margin: builtins.float = ..., reduction: builtins.str = ...) -> Tensor:
    """Compute 1 - cos where the target is 1, max(0, cos - margin) where it is -1. Inputs: (N, D) or (D,)."""
def cosine_similarity(x1: TensorLike = ..., x2: TensorLike = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., eps: builtins.float = ..., *, axis: builtins.int | Sequence[builtins.int] | None = ..., sorted_sequence: TensorLike = ..., values: TensorLike = ...) -> Tensor:
    """Compute the cosine of the angle between vectors along ``dim``; a norm below ``eps`` counts as ``eps``."""
def cross_entropy(input: TensorLike = ..., target: TensorLike = ..., weight: Any = ..., ignore_index: builtins.int = ..., reduction: builtins.str = ..., label_smoothing: builtins.float = ..., *, x: TensorLike = ...) -> Tensor:
    """Compute the cross entropy, in nats, of class scores against classes or probabilities."""
def dropout(x: TensorLike = ..., p: TensorLike | None = ..., training: builtins.bool = ..., inplace: builtins.bool = ..., *, generator: Generator | None = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Set each element to zero with probability ``p`` and divide the others by ``1 - p``; pass on if not training."""
def dropout1d(input: TensorLike = ..., p: TensorLike | None = ..., training: builtins.bool = ..., inplace: builtins.bool = ..., *, generator: Generator | None = ..., x: TensorLike = ...) -> Tensor:
    """Drop whole channels of (batch, channels, length), or without the batch; see ``dropout``."""
def dropout2d(input: TensorLike = ..., p: TensorLike | None = ..., training: builtins.bool = ..., inplace: builtins.bool = ..., *, generator: Generator | None = ..., x: TensorLike = ...) -> Tensor:
    """Drop whole channels of (batch, channels, height, width), or without the batch; see ``dropout``."""
def dropout3d(input: TensorLike = ..., p: TensorLike | None = ..., training: builtins.bool = ..., inplace: builtins.bool = ..., *, generator: Generator | None = ..., x: TensorLike = ...) -> Tensor:
    """Drop whole channels of (batch, channels, depth, height, width), or without the batch; see ``dropout``."""
def elu(x: TensorLike = ..., alpha: builtins.float = ..., inplace: builtins.bool = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Keep what is positive; else ``alpha * (exp(x) - 1)``."""
def embedding(input: TensorLike = ..., weight: TensorLike | None = ..., padding_idx: builtins.int | None = ..., max_norm: Any = ..., norm_type: builtins.float = ..., scale_grad_by_freq: builtins.bool = ..., sparse: builtins.bool = ..., *, x: TensorLike = ...) -> Tensor:
    """Pick rows of a table by index."""
def embedding_bag(input: TensorLike = ..., weight: TensorLike | None = ..., offsets: Any = ..., max_norm: Any = ..., norm_type: builtins.float = ..., scale_grad_by_freq: builtins.bool = ..., mode: builtins.str = ..., sparse: builtins.bool = ..., per_sample_weights: Any = ..., include_last_offset: builtins.bool = ..., padding_idx: builtins.int | None = ..., *, x: TensorLike = ...) -> Tensor:
    """Pick rows of a table and reduce each bag of them."""
def fold(input: TensorLike = ..., output_size: builtins.int | Sequence[builtins.int | None] | None = ..., kernel_size: builtins.int | Sequence[builtins.int] = ..., dilation: builtins.int | Sequence[builtins.int] = ..., padding: builtins.int | builtins.str | Sequence[Any] = ..., stride: builtins.int | Sequence[builtins.int] | None = ..., *, x: TensorLike = ...) -> Tensor:
    """Add columns (batch, channels · window, windows) up where ``unfold`` would have read them: col2im."""
def gaussian_nll_loss(input: TensorLike = ..., target: TensorLike = ..., var: TensorLike = ..., full: builtins.bool = ..., eps: builtins.float = ..., reduction: builtins.str = ..., *, x: TensorLike = ...) -> Tensor:
    """Compute ``(log(var) + (input - target)² / var) / 2``, the variance at least ``eps``."""
def gelu(x: TensorLike = ..., approximate: builtins.str = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute ``x * P(X <= x)`` for a normal X, elementwise; ``approximate='tanh'`` is the older, cheaper formula."""
def glu(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Multiply the first half along ``axis`` by the sigmoid of the second. Raises ShapeError for an odd size."""
def group_norm(input: TensorLike = ..., num_groups: builtins.int = ..., weight: Any = ..., bias: Any = ..., eps: builtins.float = ..., *, x: TensorLike = ...) -> Tensor:
    """Standardize each of ``num_groups`` groups of channels of each sample over its channels and space."""
def gumbel_softmax(logits: TensorLike = ..., tau: builtins.float = ..., hard: builtins.bool = ..., eps: builtins.float = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., *, generator: Generator | None = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ...) -> Tensor:
    """Draw from the Gumbel-softmax distribution (Jang et al. 2017): softmax of logits plus noise, over ``tau``."""
def hardshrink(x: TensorLike = ..., lambd: builtins.float = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Put zero in place of what lies in ``[-lambd, lambd]``."""
def hardsigmoid(x: TensorLike = ..., inplace: builtins.bool = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute ``relu6(x + 3) / 6``, a sigmoid of three straight lines."""
def hardswish(x: TensorLike = ..., inplace: builtins.bool = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute ``x * hardsigmoid(x)``."""
def hardtanh(x: TensorLike = ..., min_val: builtins.float = ..., max_val: builtins.float = ..., inplace: builtins.bool = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Force each element into ``[min_val, max_val]``; the gradient at the bounds is 0, unlike that of ``clip``."""
def hinge_embedding_loss(input: TensorLike = ..., target: TensorLike = ..., margin: builtins.float = ..., reduction: builtins.str = ..., *, x: TensorLike = ...) -> Tensor:
    """Compute ``input`` where the target is 1, max(0, margin - input) where it is -1."""
def huber_loss(input: TensorLike = ..., target: TensorLike = ..., reduction: builtins.str = ..., delta: builtins.float = ..., *, x: TensorLike = ...) -> Tensor:
    """Compute the error d²/2 up to ``delta``, delta · (|d| - delta/2) above."""
def instance_norm(input: TensorLike = ..., running_mean: Any = ..., running_var: Any = ..., weight: Any = ..., bias: Any = ..., use_input_stats: builtins.bool = ..., momentum: builtins.float = ..., eps: builtins.float = ..., *, x: TensorLike = ...) -> Tensor:
    """Standardize each channel of each sample over space; see ``batch_norm``."""
def interpolate(input: TensorLike = ..., size: builtins.int | Sequence[builtins.int] = ..., scale_factor: Any = ..., mode: builtins.str = ..., align_corners: Any = ..., recompute_scale_factor: Any = ..., *, x: TensorLike = ...) -> Tensor:
    """Resize the spatial axes of (batch, channels, *spatial), to ``size`` or by ``scale_factor``."""
def kl_div(input: TensorLike = ..., target: TensorLike = ..., reduction: builtins.str = ..., log_target: builtins.bool = ..., *, x: TensorLike = ...) -> Tensor:
    """Compute the divergence ``target · (log(target) - input)`` of log-probabilities ``input`` from ``target``."""
def l1_loss(input: TensorLike = ..., target: TensorLike = ..., reduction: builtins.str = ..., *, x: TensorLike = ...) -> Tensor:
    """Compute the mean absolute error. Warns when the shapes differ and are broadcast."""
def layer_norm(input: TensorLike = ..., normalized_shape: builtins.int | Sequence[builtins.int] | None = ..., weight: Any = ..., bias: Any = ..., eps: builtins.float = ..., *, x: TensorLike = ...) -> Tensor:
    """Standardize over the last axes, whose sizes are ``normalized_shape``, as ``weight`` and ``bias`` are."""
def leaky_relu(x: TensorLike = ..., negative_slope: builtins.float = ..., inplace: builtins.bool = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Keep what is positive; multiply the rest by ``negative_slope``."""
def linear(x: TensorLike = ..., weight: TensorLike | None = ..., bias: Any = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute ``x @ weight.T + bias``. ``x``: (…, in). ``weight``: (out, in). ``bias``: (out,) or None."""
def local_response_norm(input: TensorLike = ..., size: builtins.int | Sequence[builtins.int] = ..., alpha: builtins.float = ..., beta: builtins.float = ..., k: builtins.float = ..., *, x: TensorLike = ..., diagonal: builtins.float = ..., offset: builtins.float = ...) -> Tensor:
    """Divide by (k + alpha · mean of squares over ``size`` neighbouring channels) ** beta (Krizhevsky et al. 2012)."""
def log_softmax(input: TensorLike = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., dtype: DTypeLike | None = ..., *, axis: builtins.int | Sequence[builtins.int] | None = ..., x: TensorLike = ...) -> Tensor:
    """Compute the logarithm of ``softmax`` along ``dim`` without overflow, in ``dtype`` when it is given."""
def logsigmoid(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute ``log(sigmoid(x))`` elementwise without overflow."""
def lp_pool1d(input: TensorLike = ..., norm_type: Any = ..., kernel_size: builtins.int | Sequence[builtins.int] = ..., stride: builtins.int | Sequence[builtins.int] | None = ..., ceil_mode: builtins.bool = ..., *, x: TensorLike = ...) -> Tensor:
    """Take the ``norm_type``-th root of the sum of powers of each window; see ``lp_pool2d``."""
def lp_pool2d(input: TensorLike = ..., norm_type: Any = ..., kernel_size: builtins.int | Sequence[builtins.int] = ..., stride: builtins.int | Sequence[builtins.int] | None = ..., ceil_mode: builtins.bool = ..., *, x: TensorLike = ...) -> Tensor:
    """Take the ``norm_type``-th root of the sum of powers of each window; 0 where that sum is negative."""
def lp_pool3d(input: TensorLike = ..., norm_type: Any = ..., kernel_size: builtins.int | Sequence[builtins.int] = ..., stride: builtins.int | Sequence[builtins.int] | None = ..., ceil_mode: builtins.bool = ..., *, x: TensorLike = ...) -> Tensor:
    """Take the ``norm_type``-th root of the sum of powers of each window; see ``lp_pool2d``."""
def margin_ranking_loss(input1: TensorLike, input2: TensorLike, target: TensorLike, margin: builtins.float = ..., reduction: builtins.str = ...) -> Tensor:
    """Compute max(0, -target · (input1 - input2) + margin): target 1 ranks the first higher, -1 the second."""
def max_pool1d(input: TensorLike = ..., kernel_size: builtins.int | Sequence[builtins.int] = ..., stride: builtins.int | Sequence[builtins.int] | None = ..., padding: builtins.int | builtins.str | Sequence[Any] = ..., dilation: builtins.int | Sequence[builtins.int] = ..., ceil_mode: builtins.bool = ..., return_indices: builtins.bool = ..., *, x: TensorLike = ...) -> Tensor:
    """Take the largest element of each window over one axis; see ``max_pool2d``."""
def max_pool2d(input: TensorLike = ..., kernel_size: builtins.int | Sequence[builtins.int] = ..., stride: builtins.int | Sequence[builtins.int] | None = ..., padding: builtins.int | builtins.str | Sequence[Any] = ..., dilation: builtins.int | Sequence[builtins.int] = ..., ceil_mode: builtins.bool = ..., return_indices: builtins.bool = ..., *, x: TensorLike = ...) -> Tensor:
    """Take the largest element of each window over two axes; the first of equals gets the gradient."""
def max_pool3d(input: TensorLike = ..., kernel_size: builtins.int | Sequence[builtins.int] = ..., stride: builtins.int | Sequence[builtins.int] | None = ..., padding: builtins.int | builtins.str | Sequence[Any] = ..., dilation: builtins.int | Sequence[builtins.int] = ..., ceil_mode: builtins.bool = ..., return_indices: builtins.bool = ..., *, x: TensorLike = ...) -> Tensor:
    """Take the largest element of each window over three axes; see ``max_pool2d``."""
def max_unpool1d(input: TensorLike = ..., indices: TensorLike = ..., kernel_size: builtins.int | Sequence[builtins.int] = ..., stride: builtins.int | Sequence[builtins.int] | None = ..., padding: builtins.int | builtins.str | Sequence[Any] = ..., output_size: builtins.int | Sequence[builtins.int | None] | None = ..., *, x: TensorLike = ..., index: TensorLike = ...) -> Tensor:
    """Put elements back to where ``max_pool1d`` found them; see ``max_unpool2d``."""
def max_unpool2d(input: TensorLike = ..., indices: TensorLike = ..., kernel_size: builtins.int | Sequence[builtins.int] = ..., stride: builtins.int | Sequence[builtins.int] | None = ..., padding: builtins.int | builtins.str | Sequence[Any] = ..., output_size: builtins.int | Sequence[builtins.int | None] | None = ..., *, x: TensorLike = ..., index: TensorLike = ...) -> Tensor:
    """Put elements back to the ``indices`` where ``max_pool2d`` found them; all else is zero."""
def max_unpool3d(input: TensorLike = ..., indices: TensorLike = ..., kernel_size: builtins.int | Sequence[builtins.int] = ..., stride: builtins.int | Sequence[builtins.int] | None = ..., padding: builtins.int | builtins.str | Sequence[Any] = ..., output_size: builtins.int | Sequence[builtins.int | None] | None = ..., *, x: TensorLike = ..., index: TensorLike = ...) -> Tensor:
    """Put elements back to where ``max_pool3d`` found them; see ``max_unpool2d``."""
def mish(x: TensorLike = ..., inplace: builtins.bool = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute ``x * tanh(softplus(x))`` elementwise."""
def mse_loss(input: TensorLike = ..., target: TensorLike = ..., reduction: builtins.str = ..., *, x: TensorLike = ...) -> Tensor:
    """Compute the mean squared error. Warns when the shapes differ and are broadcast."""
def multi_margin_loss(input: TensorLike = ..., target: TensorLike = ..., p: TensorLike | None = ..., margin: builtins.float = ..., weight: Any = ..., reduction: builtins.str = ..., *, x: TensorLike = ...) -> Tensor:
    """Compute the mean over classes of max(0, margin - input[target] + input[class]) ** p, but for the target itself."""
def multilabel_margin_loss(input: TensorLike = ..., target: TensorLike = ..., reduction: builtins.str = ..., *, x: TensorLike = ...) -> Tensor:
    """Compute the mean over classes of max(0, 1 - input[target] + input[other]), summed over targets and others."""
def multilabel_soft_margin_loss(input: TensorLike = ..., target: TensorLike = ..., weight: Any = ..., reduction: builtins.str = ..., *, x: TensorLike = ...) -> Tensor:
    """Compute the binary cross entropy of scores (…, classes), averaged over the classes."""
def nll_loss(input: TensorLike = ..., target: TensorLike = ..., weight: Any = ..., ignore_index: builtins.int = ..., reduction: builtins.str = ..., *, x: TensorLike = ...) -> Tensor:
    """Compute the negative log-likelihood of class indices, of log-probabilities."""
def normalize(input: TensorLike = ..., p: TensorLike | None = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., eps: builtins.float = ..., *, axis: builtins.int | Sequence[builtins.int] | None = ..., x: TensorLike = ...) -> Tensor:
    """Divide by the norm of order ``p`` over ``dim``, or by ``eps`` where that is larger."""
def one_hot(tensor: TensorLike, num_classes: builtins.int = ...) -> Tensor:
    """Write each class index as a row of zeros with a one at that place, all int64."""
def pad(x: TensorLike = ..., padding: builtins.int | builtins.str | Sequence[Any] = ..., mode: builtins.str = ..., value: builtins.float = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Widen the last axes: ``padding`` lists (before, after) for the last axis, then for the one before it, and so on."""
def pairwise_distance(x1: TensorLike = ..., x2: TensorLike = ..., p: TensorLike | None = ..., eps: builtins.float = ..., keepdim: builtins.bool = ..., *, keepdims: builtins.bool = ..., input: TensorLike | None = ..., sorted_sequence: TensorLike = ..., values: TensorLike = ...) -> Tensor:
    """Compute the norm of order ``p`` of ``x1 - x2 + eps`` over the last axis."""
def pdist(input: TensorLike = ..., p: TensorLike | None = ..., *, x: TensorLike = ...) -> Tensor:
    """Compute the distance of order ``p`` between every two rows: (n, d) gives n (n - 1) / 2, in the order of pairs."""
def pixel_shuffle(input: TensorLike = ..., upscale_factor: builtins.int = ..., *, x: TensorLike = ...) -> Tensor:
    """Move channels into space: (…, C · r², H, W) becomes (…, C, H · r, W · r)."""
def pixel_unshuffle(input: TensorLike = ..., downscale_factor: builtins.int = ..., *, x: TensorLike = ...) -> Tensor:
    """Move space into channels: (…, C, H · r, W · r) becomes (…, C · r², H, W)."""
def poisson_nll_loss(input: TensorLike = ..., target: TensorLike = ..., log_input: builtins.bool = ..., full: builtins.bool = ..., eps: builtins.float = ..., reduction: builtins.str = ..., *, x: TensorLike = ...) -> Tensor:
    """Compute the negative log-likelihood of counts under Poisson distributions of rate exp(input), or ``input``."""
def prelu(x: TensorLike = ..., weight: TensorLike | None = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Keep what is positive; multiply the rest by ``weight``, of one element or one for each channel (axis 1)."""
def relu(x: TensorLike = ..., inplace: builtins.bool = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Keep what is positive, elementwise; the gradient at zero is 0."""
def relu6(x: TensorLike = ..., inplace: builtins.bool = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Force each element into [0, 6]; the gradient at both is 0."""
def rms_norm(input: TensorLike = ..., normalized_shape: builtins.int | Sequence[builtins.int] | None = ..., weight: Any = ..., eps: Any = ..., *, x: TensorLike = ...) -> Tensor:
    """Divide by the root of the mean square over the last axes, whose sizes are ``normalized_shape``."""
def scaled_dot_product_attention(query: TensorLike, key: TensorLike, value: TensorLike, attn_mask: Any = ..., dropout_p: builtins.float = ..., is_causal: builtins.bool = ..., scale: TensorLike = ..., *, generator: Generator | None = ...) -> Tensor:
    """Compute ``softmax(query @ key.mT · scale + mask) @ value`` (Vaswani et al. 2017)."""
def selu(x: TensorLike = ..., inplace: builtins.bool = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Apply ``elu`` with the scales that keep mean 0 and variance 1 (Klambauer and others, 2017)."""
def sigmoid(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute ``1 / (1 + exp(-x))`` elementwise, without overflow on either side."""
def silu(x: TensorLike = ..., inplace: builtins.bool = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute ``x * sigmoid(x)`` elementwise, also called swish."""
def smooth_l1_loss(input: TensorLike = ..., target: TensorLike = ..., reduction: builtins.str = ..., beta: builtins.float = ..., *, x: TensorLike = ...) -> Tensor:
    """Compute the error d²/(2 beta) below ``beta``, |d| - beta/2 above."""
def soft_margin_loss(input: TensorLike = ..., target: TensorLike = ..., reduction: builtins.str = ..., *, x: TensorLike = ...) -> Tensor:
    """Compute log(1 + exp(-target · input)) for targets 1 and -1."""
def softmax(input: TensorLike = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., dtype: DTypeLike | None = ..., *, axis: builtins.int | Sequence[builtins.int] | None = ..., x: TensorLike = ...) -> Tensor:
    """Turn scores into probabilities along ``dim``, computed in ``dtype`` when it is given."""
def softmin(input: TensorLike = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., dtype: DTypeLike | None = ..., *, axis: builtins.int | Sequence[builtins.int] | None = ..., x: TensorLike = ...) -> Tensor:
    """Turn scores into probabilities along ``dim``, the lowest the likeliest: ``softmax(-input)``."""
def softplus(x: TensorLike = ..., beta: builtins.float = ..., threshold: builtins.float = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute ``log(1 + exp(beta * x)) / beta`` elementwise; ``x`` itself where ``beta * x > threshold``."""
def softshrink(x: TensorLike = ..., lambd: builtins.float = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Move each element towards zero by ``lambd``, and no further."""
def softsign(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute ``x / (1 + |x|)``."""
def tanh(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Take the hyperbolic tangent elementwise."""
def tanhshrink(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute ``x - tanh(x)``."""
def threshold(x: TensorLike = ..., threshold: Any = ..., value: Any = ..., inplace: builtins.bool = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Keep what is above ``threshold``; put ``value`` in place of the rest."""
def triplet_margin_loss(anchor: TensorLike, positive: TensorLike, negative: TensorLike, margin: builtins.float = ..., p: TensorLike | None = ..., eps: builtins.float = ..., swap: builtins.bool = ..., reduction: builtins.str = ..., *, input: TensorLike | None = ...) -> Tensor:
    """Compute max(0, distance to the positive - distance to the negative + margin)."""
def triplet_margin_with_distance_loss(anchor: TensorLike, positive: TensorLike, negative: TensorLike, *, distance_function: Any = ..., margin: builtins.float = ..., swap: builtins.bool = ..., reduction: builtins.str = ...) -> Tensor:
    """Compute ``triplet_margin_loss`` with a distance of your own; that is ``pairwise_distance`` when left out."""
def unfold(input: TensorLike = ..., kernel_size: builtins.int | Sequence[builtins.int] = ..., dilation: builtins.int | Sequence[builtins.int] = ..., padding: builtins.int | builtins.str | Sequence[Any] = ..., stride: builtins.int | Sequence[builtins.int] | None = ..., *, x: TensorLike = ...) -> Tensor:
    """Write each window of (batch, channels, height, width) as a column (batch, channels · window, windows): im2col."""
