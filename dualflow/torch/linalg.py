"""PyTorch's words for the functions of ``df.linalg``: linear algebra."""

from dualflow.core.names import SPACES
from dualflow.core.words import renamed

WORDS = {"lu_solve": {"LU": "lu"}, "vecdot": {"x": "a", "y": "b"}}
"""Function → {PyTorch's word: ours}, beyond the common ones."""
globals().update({name: renamed(function, WORDS.get(name)) for name, function in SPACES["linalg"].items()})
__all__ = list(SPACES["linalg"])
