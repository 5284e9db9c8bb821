"""Losses as modules: each keeps the arguments of the function of the same meaning in ``functional``."""

from __future__ import annotations

from typing import Any

from dualflow.core.mode import guard
from dualflow.nn import functional
from dualflow.nn.module import Module, is_state


class _Loss(Module):
    """What losses share: a function of ``functional``, and its arguments by name."""

    function: str

    def __init__(self, **static: Any) -> None:
        super().__init__()
        self._names = tuple(static)
        for name, value in static.items():
            if hasattr(value, "dtype") and not is_state(value):
                self.register_buffer(name, value)
            else:
                setattr(self, name, value)

    def forward(self, *tensors: Any) -> Any:
        """Compute the loss."""
        for name in self._names:
            if not hasattr(getattr(self, name), "dtype"):
                guard(self, name)
        return getattr(functional, self.function)(*tensors, **{name: getattr(self, name) for name in self._names})


class MSELoss(_Loss):
    """The mean squared error of two tensors: ``mse_loss``.

    >>> df.nn.MSELoss()(df.ones(2), df.zeros(2))
    tensor(1.)
    """

    function = "mse_loss"

    def __init__(self, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)


class L1Loss(_Loss):
    """The mean absolute error of two tensors: ``l1_loss``.

    >>> df.nn.L1Loss()(df.ones(2), df.zeros(2))
    tensor(1.)
    """

    function = "l1_loss"

    def __init__(self, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)


class SmoothL1Loss(_Loss):
    """The error that is quadratic below ``beta``, linear above: ``smooth_l1_loss``.

    >>> df.nn.SmoothL1Loss()(df.ones(2), df.zeros(2))
    tensor(0.5)
    """

    function = "smooth_l1_loss"

    def __init__(self, reduction: str = "mean", beta: float = 1.0) -> None:
        super().__init__(reduction=reduction, beta=beta)


class HuberLoss(_Loss):
    """The error that is quadratic up to ``delta``, linear above: ``huber_loss``.

    >>> df.nn.HuberLoss()(df.ones(2), df.zeros(2))
    tensor(0.5)
    """

    function = "huber_loss"

    def __init__(self, reduction: str = "mean", delta: float = 1.0) -> None:
        super().__init__(reduction=reduction, delta=delta)


class CrossEntropyLoss(_Loss):
    """The cross entropy of class scores (N, C, …) against classes (N, …) or probabilities: ``cross_entropy``.

    >>> df.nn.CrossEntropyLoss()(df.zeros(1, 2), df.tensor([1]))
    tensor(0.6931472)
    """

    function = "cross_entropy"

    def __init__(
        self, weight: Any = None, ignore_index: int = -100, reduction: str = "mean", label_smoothing: float = 0.0
    ) -> None:
        super().__init__(weight=weight, ignore_index=ignore_index, reduction=reduction, label_smoothing=label_smoothing)


class NLLLoss(_Loss):
    """The negative log-likelihood of classes (N, …) under log-probabilities (N, C, …): ``nll_loss``.

    >>> df.nn.NLLLoss()(df.zeros(1, 2) - 1, df.tensor([1]))
    tensor(1.)
    """

    function = "nll_loss"

    def __init__(self, weight: Any = None, ignore_index: int = -100, reduction: str = "mean") -> None:
        super().__init__(weight=weight, ignore_index=ignore_index, reduction=reduction)


class BCELoss(_Loss):
    """The cross entropy of probabilities against probabilities: ``binary_cross_entropy``.

    >>> df.nn.BCELoss()(df.ones(2) / 2, df.ones(2))
    tensor(0.6931472)
    """

    function = "binary_cross_entropy"

    def __init__(self, weight: Any = None, reduction: str = "mean") -> None:
        super().__init__(weight=weight, reduction=reduction)


class BCEWithLogitsLoss(_Loss):
    """The binary cross entropy of scores, before any sigmoid: ``binary_cross_entropy_with_logits``.

    >>> df.nn.BCEWithLogitsLoss()(df.zeros(2), df.ones(2))
    tensor(0.6931472)
    """

    function = "binary_cross_entropy_with_logits"

    def __init__(self, weight: Any = None, reduction: str = "mean", pos_weight: Any = None) -> None:
        super().__init__(weight=weight, reduction=reduction, pos_weight=pos_weight)


class KLDivLoss(_Loss):
    """The divergence of log-probabilities from a target: ``kl_div``.

    >>> df.nn.KLDivLoss()(df.zeros(1, 2), df.ones(1, 2))
    tensor(0.)
    """

    function = "kl_div"

    def __init__(self, reduction: str = "mean", log_target: bool = False) -> None:
        super().__init__(reduction=reduction, log_target=log_target)


class PoissonNLLLoss(_Loss):
    """The negative log-likelihood of counts under Poisson distributions: ``poisson_nll_loss``.

    >>> df.nn.PoissonNLLLoss()(df.zeros(2), df.ones(2))
    tensor(1.)
    """

    function = "poisson_nll_loss"

    def __init__(self, log_input: bool = True, full: bool = False, eps: float = 1e-8, reduction: str = "mean") -> None:
        super().__init__(log_input=log_input, full=full, eps=eps, reduction=reduction)


class GaussianNLLLoss(_Loss):
    """The negative log-likelihood of targets under normal distributions (input, target, var): ``gaussian_nll_loss``.

    >>> df.nn.GaussianNLLLoss()(df.zeros(2), df.ones(2), df.ones(2))
    tensor(0.5)
    """

    function = "gaussian_nll_loss"

    def __init__(self, full: bool = False, eps: float = 1e-6, reduction: str = "mean") -> None:
        super().__init__(full=full, eps=eps, reduction=reduction)


class HingeEmbeddingLoss(_Loss):
    """Distances for targets 1, what lacks to the margin for -1: ``hinge_embedding_loss``.

    >>> df.nn.HingeEmbeddingLoss()(df.ones(2), df.ones(2))
    tensor(1.)
    """

    function = "hinge_embedding_loss"

    def __init__(self, margin: float = 1.0, reduction: str = "mean") -> None:
        super().__init__(margin=margin, reduction=reduction)


class MarginRankingLoss(_Loss):
    """What lacks to a ranking of two inputs by a margin: ``margin_ranking_loss``.

    >>> df.nn.MarginRankingLoss()(df.zeros(2), df.ones(2), df.ones(2))
    tensor(1.)
    """

    function = "margin_ranking_loss"

    def __init__(self, margin: float = 0.0, reduction: str = "mean") -> None:
        super().__init__(margin=margin, reduction=reduction)


class SoftMarginLoss(_Loss):
    """``log(1 + exp(-target · input))`` for targets 1 and -1: ``soft_margin_loss``.

    >>> df.nn.SoftMarginLoss()(df.zeros(2), df.ones(2))
    tensor(0.6931472)
    """

    function = "soft_margin_loss"

    def __init__(self, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)


class MultiLabelSoftMarginLoss(_Loss):
    """The binary cross entropy of scores (…, classes), averaged over the classes: ``multilabel_soft_margin_loss``.

    >>> df.nn.MultiLabelSoftMarginLoss()(df.zeros(1, 2), df.ones(1, 2))
    tensor(0.6931472)
    """

    function = "multilabel_soft_margin_loss"

    def __init__(self, weight: Any = None, reduction: str = "mean") -> None:
        super().__init__(weight=weight, reduction=reduction)


class MultiMarginLoss(_Loss):
    """What lacks of each class to a margin below the target's: ``multi_margin_loss``.

    >>> df.nn.MultiMarginLoss()(df.zeros(1, 2), df.tensor([1]))
    tensor(0.5)
    """

    function = "multi_margin_loss"

    def __init__(self, p: int = 1, margin: float = 1.0, weight: Any = None, reduction: str = "mean") -> None:
        super().__init__(p=p, margin=margin, weight=weight, reduction=reduction)


class CosineEmbeddingLoss(_Loss):
    """Angles for targets 1, cosines above the margin for -1: ``cosine_embedding_loss``.

    >>> df.nn.CosineEmbeddingLoss()(df.ones(1, 2), df.ones(1, 2), df.tensor([-1.0]))
    tensor(1.)
    """

    function = "cosine_embedding_loss"

    def __init__(self, margin: float = 0.0, reduction: str = "mean") -> None:
        super().__init__(margin=margin, reduction=reduction)


class TripletMarginLoss(_Loss):
    """What lacks to a margin between distances from an anchor: ``triplet_margin_loss``.

    >>> df.nn.TripletMarginLoss()(df.zeros(1, 1), df.zeros(1, 1), df.zeros(1, 1))
    tensor(1.)
    """

    function = "triplet_margin_loss"

    def __init__(
        self, margin: float = 1.0, p: float = 2.0, eps: float = 1e-6, swap: bool = False, reduction: str = "mean"
    ) -> None:
        super().__init__(margin=margin, p=p, eps=eps, swap=swap, reduction=reduction)


class MultiLabelMarginLoss(_Loss):
    """What lacks of each other class to a margin below each target: ``multilabel_margin_loss``.

    >>> df.nn.MultiLabelMarginLoss()(df.zeros(1, 2), df.tensor([[1, -1]]))
    tensor(0.5)
    """

    function = "multilabel_margin_loss"

    def __init__(self, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)


class TripletMarginWithDistanceLoss(_Loss):
    """What lacks to a margin between distances of your own: ``triplet_margin_with_distance_loss``.

    >>> df.nn.TripletMarginWithDistanceLoss(margin=2.0)(df.zeros(1, 1), df.zeros(1, 1), df.zeros(1, 1))
    tensor(2.)
    """

    function = "triplet_margin_with_distance_loss"

    def __init__(
        self, *, distance_function: Any = None, margin: float = 1.0, swap: bool = False, reduction: str = "mean"
    ) -> None:
        super().__init__(distance_function=distance_function, margin=margin, swap=swap, reduction=reduction)
