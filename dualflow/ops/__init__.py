"""The vocabulary, by chapter. Importing this package puts every card into ``dualflow.op.VOCABULARY``."""

from dualflow.ops import compare, create, elementwise, index, linalg, nn, random, reduce, shape

__all__ = ["compare", "create", "elementwise", "index", "linalg", "nn", "random", "reduce", "shape"]
