# Made by docs/tools/make_stubs.py from the cards; do not edit.
import builtins
from collections.abc import Callable, Sequence
from typing import Any

from dualflow.nn.layers import Applied
from dualflow.tensors.typing import TensorLike
from dualflow.nn import functional as functional
from dualflow.nn import init as init
from dualflow.nn import utils as utils
from dualflow.nn.activation import PReLU as PReLU
from dualflow.nn.activation import Softmax2d as Softmax2d
from dualflow.nn.attention import MultiheadAttention as MultiheadAttention
from dualflow.nn.containers import ModuleDict as ModuleDict
from dualflow.nn.containers import ModuleList as ModuleList
from dualflow.nn.containers import ParameterList as ParameterList
from dualflow.nn.containers import Sequential as Sequential
from dualflow.nn.convolution import Conv1d as Conv1d
from dualflow.nn.convolution import Conv2d as Conv2d
from dualflow.nn.convolution import Conv3d as Conv3d
from dualflow.nn.convolution import ConvTranspose1d as ConvTranspose1d
from dualflow.nn.convolution import ConvTranspose2d as ConvTranspose2d
from dualflow.nn.convolution import ConvTranspose3d as ConvTranspose3d
from dualflow.nn.layers import AlphaDropout as AlphaDropout
from dualflow.nn.layers import Bilinear as Bilinear
from dualflow.nn.layers import Dropout as Dropout
from dualflow.nn.layers import Dropout1d as Dropout1d
from dualflow.nn.layers import Dropout2d as Dropout2d
from dualflow.nn.layers import Dropout3d as Dropout3d
from dualflow.nn.layers import Embedding as Embedding
from dualflow.nn.layers import EmbeddingBag as EmbeddingBag
from dualflow.nn.layers import Flatten as Flatten
from dualflow.nn.layers import Identity as Identity
from dualflow.nn.layers import Linear as Linear
from dualflow.nn.layers import Sigmoid as Sigmoid
from dualflow.nn.layers import Tanh as Tanh
from dualflow.nn.module import Module as Module
from dualflow.nn.module import StateDictError as StateDictError
from dualflow.nn.module import parameter_class as parameter_class
from dualflow.nn.normalization import BatchNorm1d as BatchNorm1d
from dualflow.nn.normalization import BatchNorm2d as BatchNorm2d
from dualflow.nn.normalization import BatchNorm3d as BatchNorm3d
from dualflow.nn.normalization import GroupNorm as GroupNorm
from dualflow.nn.normalization import InstanceNorm1d as InstanceNorm1d
from dualflow.nn.normalization import InstanceNorm2d as InstanceNorm2d
from dualflow.nn.normalization import InstanceNorm3d as InstanceNorm3d
from dualflow.nn.normalization import LayerNorm as LayerNorm
from dualflow.nn.normalization import RMSNorm as RMSNorm
from dualflow.nn.padding import CircularPad1d as CircularPad1d
from dualflow.nn.padding import CircularPad2d as CircularPad2d
from dualflow.nn.padding import CircularPad3d as CircularPad3d
from dualflow.nn.padding import ConstantPad1d as ConstantPad1d
from dualflow.nn.padding import ConstantPad2d as ConstantPad2d
from dualflow.nn.padding import ConstantPad3d as ConstantPad3d
from dualflow.nn.padding import ReflectionPad1d as ReflectionPad1d
from dualflow.nn.padding import ReflectionPad2d as ReflectionPad2d
from dualflow.nn.padding import ReflectionPad3d as ReflectionPad3d
from dualflow.nn.padding import ReplicationPad1d as ReplicationPad1d
from dualflow.nn.padding import ReplicationPad2d as ReplicationPad2d
from dualflow.nn.padding import ReplicationPad3d as ReplicationPad3d
from dualflow.nn.padding import ZeroPad1d as ZeroPad1d
from dualflow.nn.padding import ZeroPad2d as ZeroPad2d
from dualflow.nn.padding import ZeroPad3d as ZeroPad3d
from dualflow.nn.pooling import Unflatten as Unflatten
from dualflow.nn.recurrent import GRUCell as GRUCell
from dualflow.nn.recurrent import LSTMCell as LSTMCell
from dualflow.nn.recurrent import RNNCell as RNNCell
from dualflow.nn.sequence import GRU as GRU
from dualflow.nn.sequence import LSTM as LSTM
from dualflow.nn.sequence import RNN as RNN
from dualflow.nn.transformer import TransformerEncoder as TransformerEncoder
from dualflow.nn.transformer import TransformerEncoderLayer as TransformerEncoderLayer
from dualflow.tensors.typing import Parameter as Parameter

__all__: list[str]

class AdaptiveAvgPool1d(Applied):
    """Average one axis in as many bins as asked for: ``adaptive_avg_pool1d``."""

    def __init__(self, output_size: builtins.int | Sequence[builtins.int | None] | None) -> None: ...

class AdaptiveAvgPool2d(Applied):
    """Average two axes in as many bins as asked for: ``adaptive_avg_pool2d``."""

    def __init__(self, output_size: builtins.int | Sequence[builtins.int | None] | None) -> None: ...

class AdaptiveAvgPool3d(Applied):
    """Average three axes in as many bins as asked for: ``adaptive_avg_pool3d``."""

    def __init__(self, output_size: builtins.int | Sequence[builtins.int | None] | None) -> None: ...

class AdaptiveMaxPool1d(Applied):
    """Take the largest elements of one axis in as many bins as asked for: ``adaptive_max_pool1d``."""

    def __init__(self, output_size: builtins.int | Sequence[builtins.int | None] | None, return_indices: builtins.bool = ...) -> None: ...

class AdaptiveMaxPool2d(Applied):
    """Take the largest elements of two axes in as many bins as asked for: ``adaptive_max_pool2d``."""

    def __init__(self, output_size: builtins.int | Sequence[builtins.int | None] | None, return_indices: builtins.bool = ...) -> None: ...

class AdaptiveMaxPool3d(Applied):
    """Take the largest elements of three axes in as many bins as asked for: ``adaptive_max_pool3d``."""

    def __init__(self, output_size: builtins.int | Sequence[builtins.int | None] | None, return_indices: builtins.bool = ...) -> None: ...

class AvgPool1d(Applied):
    """Average each window over one axis: ``avg_pool1d``."""

    def __init__(self, kernel_size: builtins.int | Sequence[builtins.int], stride: builtins.int | Sequence[builtins.int] | None = ..., padding: builtins.int | builtins.str | Sequence[Any] = ..., ceil_mode: builtins.bool = ..., count_include_pad: builtins.bool = ...) -> None: ...

class AvgPool2d(Applied):
    """Average each window over two axes: ``avg_pool2d``."""

    def __init__(self, kernel_size: builtins.int | Sequence[builtins.int], stride: builtins.int | Sequence[builtins.int] | None = ..., padding: builtins.int | builtins.str | Sequence[Any] = ..., ceil_mode: builtins.bool = ..., count_include_pad: builtins.bool = ..., divisor_override: builtins.int | None = ...) -> None: ...

class AvgPool3d(Applied):
    """Average each window over three axes: ``avg_pool3d``."""

    def __init__(self, kernel_size: builtins.int | Sequence[builtins.int], stride: builtins.int | Sequence[builtins.int] | None = ..., padding: builtins.int | builtins.str | Sequence[Any] = ..., ceil_mode: builtins.bool = ..., count_include_pad: builtins.bool = ..., divisor_override: builtins.int | None = ...) -> None: ...

class BCELoss(Applied):
    """The cross entropy of probabilities against probabilities: ``binary_cross_entropy``."""

    def __init__(self, weight: Any = ..., reduction: builtins.str = ...) -> None: ...

class BCEWithLogitsLoss(Applied):
    """The binary cross entropy of scores, before any sigmoid: ``binary_cross_entropy_with_logits``."""

    def __init__(self, weight: Any = ..., reduction: builtins.str = ..., pos_weight: Any = ...) -> None: ...

class CELU(Applied):
    """See ``df.nn.functional.celu``."""

    def __init__(self, alpha: builtins.float = ..., inplace: builtins.bool = ...) -> None: ...

class CosineEmbeddingLoss(Applied):
    """Angles for targets 1, cosines above the margin for -1: ``cosine_embedding_loss``."""

    def __init__(self, margin: builtins.float = ..., reduction: builtins.str = ...) -> None: ...

class CosineSimilarity(Applied):
    """The cosine of the angle between vectors: ``cosine_similarity``."""

    def __init__(self, dim: builtins.int | Sequence[builtins.int] | None = ..., eps: builtins.float = ...) -> None: ...

class CrossEntropyLoss(Applied):
    """The cross entropy of class scores (N, C, …) against classes (N, …) or probabilities: ``cross_entropy``."""

    def __init__(self, weight: Any = ..., ignore_index: builtins.int = ..., reduction: builtins.str = ..., label_smoothing: builtins.float = ...) -> None: ...

class ELU(Applied):
    """See ``df.nn.functional.elu``."""

    def __init__(self, alpha: builtins.float = ..., inplace: builtins.bool = ...) -> None: ...

class Fold(Applied):
    """Add columns up where ``Unfold`` would have read them: ``fold``."""

    def __init__(self, output_size: builtins.int | Sequence[builtins.int | None] | None, kernel_size: builtins.int | Sequence[builtins.int], dilation: builtins.int | Sequence[builtins.int] = ..., padding: builtins.int | builtins.str | Sequence[Any] = ..., stride: builtins.int | Sequence[builtins.int] | None = ...) -> None: ...

class GELU(Applied):
    """See ``df.nn.functional.gelu``."""

    def __init__(self, approximate: builtins.str = ...) -> None: ...

class GLU(Applied):
    """See ``df.nn.functional.glu``."""

    def __init__(self, dim: builtins.int | Sequence[builtins.int] | None = ...) -> None: ...

class GaussianNLLLoss(Applied):
    """The negative log-likelihood of targets under normal distributions (input, target, var): ``gaussian_nll_loss``."""

    def __init__(self, full: builtins.bool = ..., eps: builtins.float = ..., reduction: builtins.str = ...) -> None: ...

class Hardshrink(Applied):
    """See ``df.nn.functional.hardshrink``."""

    def __init__(self, lambd: builtins.float = ...) -> None: ...

class Hardsigmoid(Applied):
    """See ``df.nn.functional.hardsigmoid``."""

    def __init__(self, inplace: builtins.bool = ...) -> None: ...

class Hardswish(Applied):
    """See ``df.nn.functional.hardswish``."""

    def __init__(self, inplace: builtins.bool = ...) -> None: ...

class Hardtanh(Applied):
    """See ``df.nn.functional.hardtanh``."""

    def __init__(self, min_val: builtins.float = ..., max_val: builtins.float = ..., inplace: builtins.bool = ...) -> None: ...

class HingeEmbeddingLoss(Applied):
    """Distances for targets 1, what lacks to the margin for -1: ``hinge_embedding_loss``."""

    def __init__(self, margin: builtins.float = ..., reduction: builtins.str = ...) -> None: ...

class HuberLoss(Applied):
    """The error that is quadratic up to ``delta``, linear above: ``huber_loss``."""

    def __init__(self, reduction: builtins.str = ..., delta: builtins.float = ...) -> None: ...

class KLDivLoss(Applied):
    """The divergence of log-probabilities from a target: ``kl_div``."""

    def __init__(self, reduction: builtins.str = ..., log_target: builtins.bool = ...) -> None: ...

class L1Loss(Applied):
    """The mean absolute error of two tensors: ``l1_loss``."""

    def __init__(self, reduction: builtins.str = ...) -> None: ...

class LPPool1d(Applied):
    """Take the root of the sum of powers of each window: ``lp_pool1d``."""

    def __init__(self, norm_type: Any, kernel_size: builtins.int | Sequence[builtins.int], stride: builtins.int | Sequence[builtins.int] | None = ..., ceil_mode: builtins.bool = ...) -> None: ...

class LPPool2d(Applied):
    """Take the root of the sum of powers of each window: ``lp_pool2d``."""

    def __init__(self, norm_type: Any, kernel_size: builtins.int | Sequence[builtins.int], stride: builtins.int | Sequence[builtins.int] | None = ..., ceil_mode: builtins.bool = ...) -> None: ...

class LPPool3d(Applied):
    """Take the root of the sum of powers of each window: ``lp_pool3d``."""

    def __init__(self, norm_type: Any, kernel_size: builtins.int | Sequence[builtins.int], stride: builtins.int | Sequence[builtins.int] | None = ..., ceil_mode: builtins.bool = ...) -> None: ...

class LeakyReLU(Applied):
    """See ``df.nn.functional.leaky_relu``."""

    def __init__(self, negative_slope: builtins.float = ..., inplace: builtins.bool = ...) -> None: ...

class LocalResponseNorm(Applied):
    """Division by the activity of neighbouring channels: ``local_response_norm``."""

    def __init__(self, size: builtins.int | Sequence[builtins.int], alpha: builtins.float = ..., beta: builtins.float = ..., k: builtins.float = ...) -> None: ...

class LogSigmoid(Applied):
    """See ``df.nn.functional.logsigmoid``."""

    def __init__(self) -> None: ...

class LogSoftmax(Applied):
    """See ``df.nn.functional.log_softmax``."""

    def __init__(self, dim: builtins.int | Sequence[builtins.int] | None = ...) -> None: ...

class MSELoss(Applied):
    """The mean squared error of two tensors: ``mse_loss``."""

    def __init__(self, reduction: builtins.str = ...) -> None: ...

class MarginRankingLoss(Applied):
    """What lacks to a ranking of two inputs by a margin: ``margin_ranking_loss``."""

    def __init__(self, margin: builtins.float = ..., reduction: builtins.str = ...) -> None: ...

class MaxPool1d(Applied):
    """Take the largest element of each window over one axis: ``max_pool1d``."""

    def __init__(self, kernel_size: builtins.int | Sequence[builtins.int], stride: builtins.int | Sequence[builtins.int] | None = ..., padding: builtins.int | builtins.str | Sequence[Any] = ..., dilation: builtins.int | Sequence[builtins.int] = ..., return_indices: builtins.bool = ..., ceil_mode: builtins.bool = ...) -> None: ...

class MaxPool2d(Applied):
    """Take the largest element of each window over two axes: ``max_pool2d``."""

    def __init__(self, kernel_size: builtins.int | Sequence[builtins.int], stride: builtins.int | Sequence[builtins.int] | None = ..., padding: builtins.int | builtins.str | Sequence[Any] = ..., dilation: builtins.int | Sequence[builtins.int] = ..., return_indices: builtins.bool = ..., ceil_mode: builtins.bool = ...) -> None: ...

class MaxPool3d(Applied):
    """Take the largest element of each window over three axes: ``max_pool3d``."""

    def __init__(self, kernel_size: builtins.int | Sequence[builtins.int], stride: builtins.int | Sequence[builtins.int] | None = ..., padding: builtins.int | builtins.str | Sequence[Any] = ..., dilation: builtins.int | Sequence[builtins.int] = ..., return_indices: builtins.bool = ..., ceil_mode: builtins.bool = ...) -> None: ...

class MaxUnpool1d(Applied):
    """Put elements back to where ``MaxPool1d`` found them: ``max_unpool1d``, which also takes ``output_size``."""

    def __init__(self, kernel_size: builtins.int | Sequence[builtins.int], stride: builtins.int | Sequence[builtins.int] | None = ..., padding: builtins.int | builtins.str | Sequence[Any] = ...) -> None: ...

class MaxUnpool2d(Applied):
    """Put elements back to where ``MaxPool2d`` found them: ``max_unpool2d``, which also takes ``output_size``."""

    def __init__(self, kernel_size: builtins.int | Sequence[builtins.int], stride: builtins.int | Sequence[builtins.int] | None = ..., padding: builtins.int | builtins.str | Sequence[Any] = ...) -> None: ...

class MaxUnpool3d(Applied):
    """Put elements back to where ``MaxPool3d`` found them: ``max_unpool3d``, which also takes ``output_size``."""

    def __init__(self, kernel_size: builtins.int | Sequence[builtins.int], stride: builtins.int | Sequence[builtins.int] | None = ..., padding: builtins.int | builtins.str | Sequence[Any] = ...) -> None: ...

class Mish(Applied):
    """See ``df.nn.functional.mish``."""

    def __init__(self, inplace: builtins.bool = ...) -> None: ...

class MultiLabelMarginLoss(Applied):
    """What lacks of each other class to a margin below each target: ``multilabel_margin_loss``."""

    def __init__(self, reduction: builtins.str = ...) -> None: ...

class MultiLabelSoftMarginLoss(Applied):
    """The binary cross entropy of scores (…, classes), averaged over the classes: ``multilabel_soft_margin_loss``."""

    def __init__(self, weight: Any = ..., reduction: builtins.str = ...) -> None: ...

class MultiMarginLoss(Applied):
    """What lacks of each class to a margin below the target's: ``multi_margin_loss``."""

    def __init__(self, p: TensorLike | None = ..., margin: builtins.float = ..., weight: Any = ..., reduction: builtins.str = ...) -> None: ...

class NLLLoss(Applied):
    """The negative log-likelihood of classes (N, …) under log-probabilities (N, C, …): ``nll_loss``."""

    def __init__(self, weight: Any = ..., ignore_index: builtins.int = ..., reduction: builtins.str = ...) -> None: ...

class PairwiseDistance(Applied):
    """The distance between rows: ``pairwise_distance``."""

    def __init__(self, p: TensorLike | None = ..., eps: builtins.float = ..., keepdim: builtins.bool = ...) -> None: ...

class PixelShuffle(Applied):
    """Move channels into space: ``pixel_shuffle``."""

    def __init__(self, upscale_factor: builtins.int) -> None: ...

class PixelUnshuffle(Applied):
    """Move space into channels: ``pixel_unshuffle``."""

    def __init__(self, downscale_factor: builtins.int) -> None: ...

class PoissonNLLLoss(Applied):
    """The negative log-likelihood of counts under Poisson distributions: ``poisson_nll_loss``."""

    def __init__(self, log_input: builtins.bool = ..., full: builtins.bool = ..., eps: builtins.float = ..., reduction: builtins.str = ...) -> None: ...

class ReLU(Applied):
    """``max(x, 0)``, elementwise."""

    def __init__(self, inplace: builtins.bool = ...) -> None: ...

class ReLU6(Applied):
    """See ``df.nn.functional.relu6``."""

    def __init__(self, inplace: builtins.bool = ...) -> None: ...

class SELU(Applied):
    """See ``df.nn.functional.selu``."""

    def __init__(self, inplace: builtins.bool = ...) -> None: ...

class SiLU(Applied):
    """See ``df.nn.functional.silu``."""

    def __init__(self, inplace: builtins.bool = ...) -> None: ...

class SmoothL1Loss(Applied):
    """The error that is quadratic below ``beta``, linear above: ``smooth_l1_loss``."""

    def __init__(self, reduction: builtins.str = ..., beta: builtins.float = ...) -> None: ...

class SoftMarginLoss(Applied):
    """``log(1 + exp(-target · input))`` for targets 1 and -1: ``soft_margin_loss``."""

    def __init__(self, reduction: builtins.str = ...) -> None: ...

class Softmax(Applied):
    """See ``df.nn.functional.softmax``."""

    def __init__(self, dim: builtins.int | Sequence[builtins.int] | None = ...) -> None: ...

class Softmin(Applied):
    """See ``df.nn.functional.softmin``."""

    def __init__(self, dim: builtins.int | Sequence[builtins.int] | None = ...) -> None: ...

class Softplus(Applied):
    """See ``df.nn.functional.softplus``."""

    def __init__(self, beta: builtins.float = ..., threshold: builtins.float = ...) -> None: ...

class Softshrink(Applied):
    """See ``df.nn.functional.softshrink``."""

    def __init__(self, lambd: builtins.float = ...) -> None: ...

class Softsign(Applied):
    """See ``df.nn.functional.softsign``."""

    def __init__(self) -> None: ...

class Tanhshrink(Applied):
    """See ``df.nn.functional.tanhshrink``."""

    def __init__(self) -> None: ...

class Threshold(Applied):
    """See ``df.nn.functional.threshold``."""

    def __init__(self, threshold: Any, value: Any, inplace: builtins.bool = ...) -> None: ...

class TripletMarginLoss(Applied):
    """What lacks to a margin between distances from an anchor: ``triplet_margin_loss``."""

    def __init__(self, margin: builtins.float = ..., p: TensorLike | None = ..., eps: builtins.float = ..., swap: builtins.bool = ..., reduction: builtins.str = ...) -> None: ...

class TripletMarginWithDistanceLoss(Applied):
    """What lacks to a margin between distances of your own: ``triplet_margin_with_distance_loss``."""

    def __init__(self, *, distance_function: Any = ..., margin: builtins.float = ..., swap: builtins.bool = ..., reduction: builtins.str = ...) -> None: ...

class Unfold(Applied):
    """Write each window as a column: ``unfold``."""

    def __init__(self, kernel_size: builtins.int | Sequence[builtins.int], dilation: builtins.int | Sequence[builtins.int] = ..., padding: builtins.int | builtins.str | Sequence[Any] = ..., stride: builtins.int | Sequence[builtins.int] | None = ...) -> None: ...

class Upsample(Applied):
    """Resize the spatial axes: ``interpolate``."""

    def __init__(self, size: builtins.int | Sequence[builtins.int] = ..., scale_factor: Any = ..., mode: builtins.str = ..., align_corners: Any = ..., recompute_scale_factor: Any = ...) -> None: ...
