"""PyTorch's words for the functions of ``df.linalg``: linear algebra."""

from dualflow.core.names import SPACES
from dualflow.core.words import renamed

globals().update({name: renamed(function) for name, function in SPACES["linalg"].items()})
__all__ = list(SPACES["linalg"])
