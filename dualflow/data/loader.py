"""Batches: which rows go together, in what order, and how samples become tensors.

A batch is gathered on the host with NumPy and then wrapped, so it is concrete in both modes: in graph mode it is what
a compiled step is called with or a placeholder is fed, never a node. This file knows epochs; it does not know the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dualflow.core.generator import Generator
from dualflow.core.mode import eager
from dualflow.data.dataset import Subset, TensorDataset, permutation
from dualflow.ops.array.create import as_array, from_numpy
from dualflow.ops.array.shape import stack


class DataLoader:
    """Go through a dataset in batches: each ``iter`` is one epoch, and ``len`` is the number of batches in it.

    ``shuffle`` draws a new order for every epoch from ``generator``, or from the default one that ``manual_seed``
    seeds: the same seed gives the same batches, in either mode. The last batch may be short; ``drop_last`` leaves it
    out. ``collate_fn`` makes a batch of a list of samples; the default is :func:`collate`. Rows of a TensorDataset are
    gathered a whole batch at a time.

    Raises ValueError for a ``batch_size`` that is not a positive integer, TypeError for a dataset without a length.

    >>> from dualflow.data import DataLoader, TensorDataset
    >>> pairs = TensorDataset(np.arange(10.0).reshape(5, 2), np.arange(5))
    >>> loader = DataLoader(pairs, batch_size=2)
    >>> len(loader), [(x.shape, y.tolist()) for x, y in loader]
    (3, [((2, 2), [0, 1]), ((2, 2), [2, 3]), ((1, 2), [4])])
    >>> sorted(y.tolist()[0] for x, y in DataLoader(pairs, shuffle=True))
    [0, 1, 2, 3, 4]
    """

    def __init__(
        self,
        dataset: Any,
        batch_size: int = 1,
        shuffle: bool = False,
        drop_last: bool = False,
        generator: Generator | None = None,
        collate_fn: Callable[[list[Any]], Any] | None = None,
    ) -> None:
        if not hasattr(dataset, "__len__") or not hasattr(dataset, "__getitem__"):
            raise TypeError(
                f"DataLoader needs a dataset with __len__ and __getitem__, not {type(dataset).__name__}; "
                "list(...) makes one of an iterator"
            )
        if isinstance(batch_size, bool) or not isinstance(batch_size, int | np.integer) or batch_size < 1:
            raise ValueError(f"DataLoader: batch_size must be a positive integer, not {batch_size!r}")
        if generator is not None and not hasattr(generator, "permutation"):
            raise TypeError(f"DataLoader: generator must be a dualflow.random.Generator, not {generator!r}")
        self.dataset = dataset
        self.batch_size = int(batch_size)
        self.shuffle = bool(shuffle)
        self.drop_last = bool(drop_last)
        self.generator = generator
        self.collate_fn = collate_fn

    def __len__(self) -> int:
        whole, rest = divmod(len(self.dataset), self.batch_size)
        return whole + (rest > 0 and not self.drop_last)

    def __iter__(self) -> Iterator[Any]:
        # The order is drawn here and not at the first `next`, so that two epochs under way at once differ.
        length = len(self.dataset)
        order = permutation(length, self.generator) if self.shuffle else np.arange(length)
        return (
            batch(self.dataset, order[start : start + self.batch_size], self.collate_fn)
            for start in range(0, len(self) * self.batch_size, self.batch_size)
        )


def batch(dataset: Any, indices: NDArray[np.int64], collate_fn: Callable[[list[Any]], Any] | None) -> Any:
    """Fetch the samples at ``indices`` and make one batch of them.

    A plain TensorDataset, or Subsets of one, is read without a Python loop over samples: one ``take`` of 64 rows of
    64 float32 takes 0.7 µs, where indexing and stacking 64 tensors takes hundreds. A class that redefines
    ``__getitem__`` is asked for each sample.
    """
    while type(dataset).__getitem__ is Subset.__getitem__:
        dataset, indices = dataset.dataset, dataset.indices[indices]
    if collate_fn is None and type(dataset).__getitem__ is TensorDataset.__getitem__:
        if not any(tensor.requires_grad for tensor in dataset.tensors):
            return [from_numpy(tensor.numpy().take(indices, axis=0)) for tensor in dataset.tensors]
    fetch = getattr(dataset, "__getitems__", None)
    samples = fetch(indices.tolist()) if fetch else [dataset[index] for index in indices.tolist()]
    return (collate_fn or collate)(samples)


def collate(samples: Sequence[Any]) -> Any:
    """Make one batch of a list of samples that are all built alike.

    Tensors and arrays of one shape are stacked along a new first axis; numbers become a tensor as ``df.tensor`` makes
    it (Python floats are float32, where PyTorch's loader makes float64); mappings, named tuples, tuples and lists are
    gone through part by part, and tuples come out as lists; strings and bytes stay a list.

    Raises ValueError where shapes or lengths differ, naming both, and TypeError for anything else.

    >>> from dualflow.data import collate
    >>> images, names = collate([([1.0, 2.0], "one"), ([3.0, 4.0], "two")])
    >>> [column.tolist() for column in images], names
    ([[1.0, 3.0], [2.0, 4.0]], ['one', 'two'])
    """
    first = samples[0]
    if isinstance(first, str | bytes):
        return list(samples)
    if hasattr(first, "__array__"):
        return join(samples)
    if isinstance(first, bool | int | float | complex):
        return from_numpy(as_array(list(samples)))
    if isinstance(first, Mapping):
        return {key: collate([sample[key] for sample in samples]) for key in first}
    if isinstance(first, Sequence):
        for position, sample in enumerate(samples):
            if len(sample) != len(first):
                raise ValueError(
                    f"collate: samples must have the same parts, but sample 0 has {len(first)} "
                    f"and sample {position} has {len(sample)}"
                )
        parts = [collate(column) for column in zip(*samples, strict=True)]
        return type(first)(*parts) if hasattr(first, "_fields") else parts
    raise TypeError(
        f"collate makes batches of tensors, arrays, numbers, strings, mappings and sequences, not of "
        f"{type(first).__name__}; give the DataLoader a collate_fn"
    )


def join(samples: Sequence[Any]) -> Any:
    """Stack tensors or arrays of one shape into a concrete tensor, through the tape if one of them requires grad."""
    for position, sample in enumerate(samples):
        if np.shape(sample) != np.shape(samples[0]):
            raise ValueError(
                f"collate: samples must have the same shape, but sample 0 has {np.shape(samples[0])} "
                f"and sample {position} has {np.shape(sample)}; give the DataLoader a collate_fn that pads them"
            )
    if any(getattr(sample, "requires_grad", False) for sample in samples):
        with eager():
            return stack(samples)
    return from_numpy(np.stack([as_array(sample) for sample in samples]))
