"""The vocabulary, by chapter. Importing this package puts every card into ``dualflow.op.VOCABULARY``."""

from dualflow.ops import compare, complex, create, elementwise, index, linalg, nn, random, reduce, shape

__all__ = ["compare", "complex", "create", "elementwise", "index", "linalg", "nn", "random", "reduce", "shape"]
