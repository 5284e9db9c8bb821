"""Optimizers: update rules written on the vocabulary for both worlds, numerically PyTorch's."""

from dualflow.optim.adam import Adam, AdamW
from dualflow.optim.optimizer import Optimizer
from dualflow.optim.sgd import SGD

__all__ = ["SGD", "Adam", "AdamW", "Optimizer"]
