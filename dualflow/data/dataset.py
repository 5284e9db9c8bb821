"""What a model is trained on: anything with ``len(dataset)`` and ``dataset[i]``.

This file knows rows and how to choose among them. It does not know batches or epochs (``loader.py`` does), and it
reads tensors through NumPy, so that a row is a concrete tensor whichever mode is on while it is fetched.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dualflow.core.generator import Generator, default_generator
from dualflow.core.mode import eager
from dualflow.ops.array.create import asarray, from_numpy


class Dataset:
    """The class to derive a dataset from: define ``__getitem__`` and ``__len__``.

    A loader takes any sequence; deriving from Dataset says so to the reader, and gives ``a + b``.

    >>> from dualflow.data import DataLoader, Dataset
    >>> class Squares(Dataset):
    ...     def __len__(self):
    ...         return 5
    ...     def __getitem__(self, i):
    ...         return i, i * i
    >>> [squares.tolist() for roots, squares in DataLoader(Squares(), batch_size=2)]
    [[0, 1], [4, 9], [16]]
    """

    def __getitem__(self, index: Any) -> Any:
        raise TypeError(f"{type(self).__name__} is a Dataset without __getitem__: define it to return one sample")

    def __len__(self) -> int:
        raise TypeError(f"{type(self).__name__} is a Dataset without __len__: define it to count the samples")

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))


class TensorDataset(Dataset):
    """Rows of tensors side by side: sample ``i`` is the tuple of ``tensor[i]``.

    Takes tensors or NumPy arrays with the same first dimension and shares their memory. Raises ValueError where
    there is nothing to index or the first dimensions differ, naming both.

    >>> from dualflow.data import TensorDataset
    >>> pairs = TensorDataset(np.arange(6.0).reshape(3, 2), np.array([0, 1, 0]))
    >>> len(pairs), [part.tolist() for part in pairs[1]]
    (3, [[2.0, 3.0], 1])
    """

    def __init__(self, *tensors: Any) -> None:
        if not tensors:
            raise ValueError("TensorDataset needs at least one tensor")
        with eager():  # the data are constants: they become tensors here, never nodes of a graph being built
            self.tensors = tuple(asarray(tensor) for tensor in tensors)
        shapes = [np.asarray(tensor).shape for tensor in self.tensors]  # a symbol has no rows yet, and says so here
        for position, shape in enumerate(shapes):
            if not shape:
                raise ValueError(f"TensorDataset: tensor {position} has shape () and so no rows to index")
            if shape[0] != shapes[0][0]:
                raise ValueError(
                    f"TensorDataset: all tensors must have the same first dimension, but tensor 0 has {shapes[0][0]} "
                    f"(shape {shapes[0]}) and tensor {position} has {shape[0]} (shape {shape})"
                )

    def __getitem__(self, index: Any) -> tuple[Any, ...]:
        return tuple(rows(tensor, index) for tensor in self.tensors)

    def __len__(self) -> int:
        return int(self.tensors[0].shape[0])


class Subset(Dataset):
    """The samples of ``dataset`` at ``indices``, in that order; an index may repeat or count from the end.

    Raises IndexError at once for an index that ``dataset`` does not have, and TypeError for one that is not an integer.

    >>> from dualflow.data import Subset
    >>> letters = Subset("abcde", [4, 0, -2])
    >>> len(letters), [letters[i] for i in range(3)]
    (3, ['e', 'a', 'd'])
    """

    def __init__(self, dataset: Any, indices: Any) -> None:
        self.dataset = dataset
        self.indices = integers(indices)
        length = len(dataset)
        outside = self.indices[(self.indices < -length) | (self.indices >= length)]
        if outside.size:
            raise IndexError(f"Subset: index {outside[0]} is outside a dataset of {length} samples")

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice) or np.ndim(index):
            return self.dataset[self.indices[index]]
        return self.dataset[int(self.indices[index])]

    def __len__(self) -> int:
        return len(self.indices)


def random_split(dataset: Any, lengths: Sequence[float], generator: Generator | None = None) -> list[Subset]:
    """Cut ``dataset`` at random into disjoint subsets of the given lengths, or of fractions that sum to 1.

    Of fractions each subset gets the whole part of its share, and the samples left over go one each to the first
    subsets. The order is drawn from ``generator``, or from the default one that ``manual_seed`` seeds.

    Raises ValueError where the lengths do not sum to ``len(dataset)``, naming both, or a length is negative.

    >>> from dualflow.data import random_split
    >>> train, test = random_split(range(10), [0.7, 0.3])
    >>> len(train), len(test), sorted([*train, *test])
    (7, 3, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    """
    total = len(dataset)
    for position, length in enumerate(lengths):
        if length < 0:
            raise ValueError(f"random_split: length {position} is {length}; a length cannot be negative")
    if any(not isinstance(length, int | np.integer) for length in lengths):
        if not math.isclose(sum(lengths), 1):
            raise ValueError(f"random_split: fractions must sum to 1, but {list(lengths)} sum to {sum(lengths)}")
        counts = [math.floor(total * fraction) for fraction in lengths]
        for position in range(total - sum(counts)):
            counts[position % len(counts)] += 1
    else:
        counts = [int(length) for length in lengths]
        if sum(counts) != total:
            raise ValueError(
                f"random_split: lengths must sum to the dataset's {total} samples, but {counts} sum to {sum(counts)}"
            )
    order = permutation(total, generator)
    return [Subset(dataset, order[end - count : end]) for end, count in zip(accumulate(counts), counts, strict=True)]


def rows(tensor: Any, index: Any) -> Any:
    """Take rows of a tensor as a concrete tensor: a view for an integer or a slice, a copy for an array or a list."""
    if tensor.requires_grad:
        with eager():
            return tensor[index]
    return from_numpy(tensor.numpy()[index, ...])


def permutation(length: int, generator: Generator | None) -> NDArray[np.int64]:
    """Draw a random order of ``range(length)`` on the host, from the default generator where none is given."""
    return (default_generator if generator is None else generator).permutation(length)


def integers(indices: Any) -> NDArray[np.int64]:
    """Read indices as a 1-D int64 array; raise TypeError for anything that is not a row of integers."""
    array = np.asarray(indices if isinstance(indices, np.ndarray) else list(indices))
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
        advice = "; np.flatnonzero(mask) turns a mask into indices" if array.dtype.kind == "b" else ""
        raise TypeError(f"indices must be a row of integers, not {array.dtype} of shape {array.shape}{advice}")
    return array.astype(np.int64)
