"""``df.fft``: the array API's extension for Fourier transforms, and transforms over two axes."""

from dualflow.core.names import SPACES

globals().update(SPACES["fft"])
__all__ = list(SPACES["fft"])
