"""The functions that layers are made of, with PyTorch's names and argument orders."""

from __future__ import annotations

import functools
import inspect
from types import FunctionType
from typing import Any

from dualflow.core import dtypes, mode
from dualflow.core.names import SPACES as _SPACES
from dualflow.core.words import renamed as _renamed
from dualflow.ops.array.create import ones_like as _ones_like
from dualflow.ops.array.index import put_along_like as _put_along_like
from dualflow.ops.array.padding import pad
from dualflow.ops.array.shape import detach as _detach
from dualflow.ops.linalg.einsum import bilinear
from dualflow.ops.linalg.norms import cosine_similarity, normalize, pairwise_distance, pdist
from dualflow.ops.math.elementwise import log as _log
from dualflow.ops.math.elementwise import maximum as _maximum
from dualflow.ops.math.elementwise import relu, sigmoid, tanh
from dualflow.ops.network.activation import (
    celu,
    elu,
    gelu,
    glu,
    hardshrink,
    hardsigmoid,
    hardswish,
    hardtanh,
    leaky_relu,
    logsigmoid,
    mish,
    prelu,
    relu6,
    selu,
    silu,
    softplus,
    softshrink,
    softsign,
    tanhshrink,
    threshold,
)
from dualflow.ops.network.attention import scaled_dot_product_attention
from dualflow.ops.network.convolution import (
    conv1d,
    conv2d,
    conv3d,
    conv_transpose1d,
    conv_transpose2d,
    conv_transpose3d,
)
from dualflow.ops.network.dropout import alpha_dropout, dropout, dropout1d, dropout2d, dropout3d
from dualflow.ops.network.embedding import embedding, embedding_bag
from dualflow.ops.network.losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cosine_embedding_loss,
    gaussian_nll_loss,
    hinge_embedding_loss,
    huber_loss,
    kl_div,
    l1_loss,
    margin_ranking_loss,
    mse_loss,
    multi_margin_loss,
    multilabel_margin_loss,
    multilabel_soft_margin_loss,
    poisson_nll_loss,
    smooth_l1_loss,
    soft_margin_loss,
    triplet_margin_loss,
    triplet_margin_with_distance_loss,
)
from dualflow.ops.network.normalization import (
    batch_norm,
    group_norm,
    instance_norm,
    layer_norm,
    local_response_norm,
    rms_norm,
)
from dualflow.ops.network.pooling import (
    adaptive_avg_pool1d,
    adaptive_avg_pool2d,
    adaptive_avg_pool3d,
    adaptive_max_pool1d,
    adaptive_max_pool2d,
    adaptive_max_pool3d,
    avg_pool1d,
    avg_pool2d,
    avg_pool3d,
    lp_pool1d,
    lp_pool2d,
    lp_pool3d,
    max_pool1d,
    max_pool2d,
    max_pool3d,
    max_unpool1d,
    max_unpool2d,
    max_unpool3d,
)
from dualflow.ops.network.resizing import interpolate, pixel_shuffle, pixel_unshuffle
from dualflow.ops.network.softmax import cross_entropy as _cross_entropy
from dualflow.ops.network.softmax import linear, nll_loss
from dualflow.ops.network.softmax import softmax as _softmax
from dualflow.ops.network.windows import fold, unfold
from dualflow.ops.random.draws import rand_like as _rand_like
from dualflow.ops.reduce.reductions import argmax as _argmax
from dualflow.tensors.pytorch import log_softmax, one_hot, softmax


def _overwriting(function: Any) -> Any:
    """Give a function PyTorch's last parameter ``inplace``: write the result into the first operand.

    In a graph, where values do not change, it says nothing. The copy is what the gradient rule still needs.
    """
    described = inspect.signature(function)
    given = [p for p in described.parameters.values() if p.kind is not p.KEYWORD_ONLY]
    rest = [p for p in described.parameters.values() if p.kind is p.KEYWORD_ONLY]
    word = inspect.Parameter("inplace", inspect.Parameter.POSITIONAL_OR_KEYWORD, default=False, annotation="bool")

    @functools.wraps(function)
    def call(*args: Any, inplace: bool = False, **params: Any) -> Any:
        if len(args) > len(given):
            *args, inplace = args  # type: ignore[assignment]
        if not inplace or mode.current().graph is not None:
            return function(*args, **params)
        x, *more = args
        return x.copy_(function(x.clone(), *more, **params))

    call.__signature__ = described.replace(parameters=[*given, word, *rest])  # type: ignore[attr-defined]
    return call


for _name in (
    "alpha_dropout celu dropout dropout1d dropout2d dropout3d elu hardsigmoid hardswish "
    "hardtanh leaky_relu mish relu relu6 selu silu threshold"
).split():
    globals()[_name] = _overwriting(globals()[_name])


def softmin(input: Any, dim: int = -1, dtype: Any = None) -> Any:
    """Turn scores into probabilities along ``dim``, the lowest the likeliest: ``softmax(-input)``.

    >>> df.nn.functional.softmin(df.zeros(1, 4), dim=1)
    tensor([[0.25, 0.25, 0.25, 0.25]])
    """
    return softmax(-input, dim, dtype)


def gumbel_softmax(
    logits: Any, tau: float = 1, hard: bool = False, eps: float = 1e-10, dim: int = -1, *, generator: Any = None
) -> Any:
    """Draw from the Gumbel-softmax distribution (Jang et al. 2017): softmax of logits plus noise, over ``tau``.

    ``hard``: return one-hot rows whose gradient is that of the soft ones. ``eps`` does nothing, as in PyTorch.

    >>> float(df.nn.functional.gumbel_softmax(df.zeros(1, 4), hard=True).sum())
    1.0
    """
    tiny = float(dtypes.limits(logits.dtype).tiny)
    noise = -_log(-_log(_maximum(_rand_like(_detach(logits), generator=generator), tiny)))
    soft = _softmax((logits + noise) / tau, axis=dim)
    if not hard:
        return soft
    place, fixed = _argmax(soft, axis=dim, keepdims=True), _detach(soft)
    return _put_along_like(_ones_like(place, dtype=logits.dtype), place, fixed, axis=dim) - fixed + soft


def cross_entropy(
    input: Any,
    target: Any,
    weight: Any = None,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Any:
    """Compute the cross entropy, in nats, of class scores against classes or probabilities.

    >>> df.nn.functional.cross_entropy(df.zeros(2, 10), df.tensor([3, 7]))
    tensor(2.3025851)
    """
    return _cross_entropy(input, target, weight, ignore_index, reduction, label_smoothing)


__all__ = sorted(name for name, value in globals().items() if isinstance(value, FunctionType) and name[0] != "_")

for _name in __all__:
    globals()[_name] = _SPACES["nn.functional"][_name] = _renamed(globals()[_name])  # with PyTorch's words
