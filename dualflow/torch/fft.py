"""PyTorch's words for the functions of ``df.fft``: Fourier transforms."""

from dualflow.core.names import SPACES
from dualflow.core.words import renamed

globals().update({name: renamed(function) for name, function in SPACES["fft"].items()})
__all__ = list(SPACES["fft"])
