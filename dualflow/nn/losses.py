"""Losses as modules: each keeps the arguments of the function of the same meaning in ``functional``."""

from __future__ import annotations

from dualflow.nn.layers import Applied


class _Loss(Applied):
    """A loss of a prediction and a target."""

    tensors = 2

    def extra_repr(self) -> str:
        """Return nothing, as PyTorch."""
        return ""


class MSELoss(_Loss, function="mse_loss"):
    """The mean squared error of two tensors: ``mse_loss``.

    >>> df.nn.MSELoss()(df.ones(2), df.zeros(2))
    tensor(1.)
    """


class L1Loss(_Loss, function="l1_loss"):
    """The mean absolute error of two tensors: ``l1_loss``.

    >>> df.nn.L1Loss()(df.ones(2), df.zeros(2))
    tensor(1.)
    """


class SmoothL1Loss(_Loss, function="smooth_l1_loss"):
    """The error that is quadratic below ``beta``, linear above: ``smooth_l1_loss``.

    >>> df.nn.SmoothL1Loss()(df.ones(2), df.zeros(2))
    tensor(0.5)
    """


class HuberLoss(_Loss, function="huber_loss"):
    """The error that is quadratic up to ``delta``, linear above: ``huber_loss``.

    >>> df.nn.HuberLoss()(df.ones(2), df.zeros(2))
    tensor(0.5)
    """


class CrossEntropyLoss(_Loss, function="cross_entropy"):
    """The cross entropy of class scores (N, C, …) against classes (N, …) or probabilities: ``cross_entropy``.

    >>> df.nn.CrossEntropyLoss()(df.zeros(1, 2), df.tensor([1]))
    tensor(0.6931472)
    """


class NLLLoss(_Loss, function="nll_loss"):
    """The negative log-likelihood of classes (N, …) under log-probabilities (N, C, …): ``nll_loss``.

    >>> df.nn.NLLLoss()(df.zeros(1, 2) - 1, df.tensor([1]))
    tensor(1.)
    """


class BCELoss(_Loss, function="binary_cross_entropy"):
    """The cross entropy of probabilities against probabilities: ``binary_cross_entropy``.

    >>> df.nn.BCELoss()(df.ones(2) / 2, df.ones(2))
    tensor(0.6931472)
    """


class BCEWithLogitsLoss(_Loss, function="binary_cross_entropy_with_logits"):
    """The binary cross entropy of scores, before any sigmoid: ``binary_cross_entropy_with_logits``.

    >>> df.nn.BCEWithLogitsLoss()(df.zeros(2), df.ones(2))
    tensor(0.6931472)
    """


class KLDivLoss(_Loss, function="kl_div"):
    """The divergence of log-probabilities from a target: ``kl_div``.

    >>> df.nn.KLDivLoss()(df.zeros(1, 2), df.ones(1, 2))
    tensor(0.)
    """


class PoissonNLLLoss(_Loss, function="poisson_nll_loss"):
    """The negative log-likelihood of counts under Poisson distributions: ``poisson_nll_loss``.

    >>> df.nn.PoissonNLLLoss()(df.zeros(2), df.ones(2))
    tensor(1.)
    """


class GaussianNLLLoss(_Loss, function="gaussian_nll_loss", tensors=3):
    """The negative log-likelihood of targets under normal distributions (input, target, var): ``gaussian_nll_loss``.

    >>> df.nn.GaussianNLLLoss()(df.zeros(2), df.ones(2), df.ones(2))
    tensor(0.5)
    """


class HingeEmbeddingLoss(_Loss, function="hinge_embedding_loss"):
    """Distances for targets 1, what lacks to the margin for -1: ``hinge_embedding_loss``.

    >>> df.nn.HingeEmbeddingLoss()(df.ones(2), df.ones(2))
    tensor(1.)
    """


class MarginRankingLoss(_Loss, function="margin_ranking_loss", tensors=3):
    """What lacks to a ranking of two inputs by a margin: ``margin_ranking_loss``.

    >>> df.nn.MarginRankingLoss()(df.zeros(2), df.ones(2), df.ones(2))
    tensor(1.)
    """


class SoftMarginLoss(_Loss, function="soft_margin_loss"):
    """``log(1 + exp(-target · input))`` for targets 1 and -1: ``soft_margin_loss``.

    >>> df.nn.SoftMarginLoss()(df.zeros(2), df.ones(2))
    tensor(0.6931472)
    """


class MultiLabelSoftMarginLoss(_Loss, function="multilabel_soft_margin_loss"):
    """The binary cross entropy of scores (…, classes), averaged over the classes: ``multilabel_soft_margin_loss``.

    >>> df.nn.MultiLabelSoftMarginLoss()(df.zeros(1, 2), df.ones(1, 2))
    tensor(0.6931472)
    """


class MultiMarginLoss(_Loss, function="multi_margin_loss"):
    """What lacks of each class to a margin below the target's: ``multi_margin_loss``.

    >>> df.nn.MultiMarginLoss()(df.zeros(1, 2), df.tensor([1]))
    tensor(0.5)
    """


class CosineEmbeddingLoss(_Loss, function="cosine_embedding_loss", tensors=3):
    """Angles for targets 1, cosines above the margin for -1: ``cosine_embedding_loss``.

    >>> df.nn.CosineEmbeddingLoss()(df.ones(1, 2), df.ones(1, 2), df.tensor([-1.0]))
    tensor(1.)
    """


class TripletMarginLoss(_Loss, function="triplet_margin_loss", tensors=3):
    """What lacks to a margin between distances from an anchor: ``triplet_margin_loss``.

    >>> df.nn.TripletMarginLoss()(df.zeros(1, 1), df.zeros(1, 1), df.zeros(1, 1))
    tensor(1.)
    """


class MultiLabelMarginLoss(_Loss, function="multilabel_margin_loss"):
    """What lacks of each other class to a margin below each target: ``multilabel_margin_loss``.

    >>> df.nn.MultiLabelMarginLoss()(df.zeros(1, 2), df.tensor([[1, -1]]))
    tensor(0.5)
    """


class TripletMarginWithDistanceLoss(_Loss, function="triplet_margin_with_distance_loss", tensors=3):
    """What lacks to a margin between distances of your own: ``triplet_margin_with_distance_loss``.

    >>> df.nn.TripletMarginWithDistanceLoss(margin=2.0)(df.zeros(1, 1), df.zeros(1, 1), df.zeros(1, 1))
    tensor(2.)
    """
