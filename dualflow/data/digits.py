"""The UCI optical digits, 1,797 real images that travel with the package: no download, no cache, no network.

This file knows where the images are and how to split any set in two; it gives NumPy arrays and leaves tensors,
batches and order to the caller. Source, authors and licence stand in ``digits.LICENSE.md`` beside it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

SPLITS = (None, "train", "test")


def load_digits(
    flatten: bool = True, normalize: bool = True, split: str | None = None, seed: int = 0, test_fraction: float = 0.2
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Load the images and labels of the handwritten digits as a pair of new, writable NumPy arrays.

    Images: float32, shape (n, 64), or (n, 8, 8) with ``flatten=False``; ink in 0 … 1, or the counts
    0 … 16 with ``normalize=False``. Labels: int64, shape (n,), 0 … 9. ``split`` is None for all 1,797 in
    their published order, or "train" or "test" for one side of :func:`split_indices` with this ``seed`` and
    ``test_fraction`` (1,438 and 359 images). The split is by image: each of the 13 writers may appear on both sides.

    Raises ValueError for another ``split`` or a ``test_fraction`` outside 0 … 1.

    Source: E. Alpaydin and C. Kaynak (1998), Optical Recognition of Handwritten Digits, UCI Machine
    Learning Repository, doi:10.24432/C50P49, CC BY 4.0.

    >>> images, labels = df.data.load_digits()
    >>> images.shape, images.dtype, labels.shape, labels.dtype
    ((1797, 64), dtype('float32'), (1797,), dtype('int64'))
    >>> images, labels = df.data.load_digits(flatten=False, normalize=False)
    >>> labels[1], images[1].astype(int)
    (np.int64(1), array([[ 0,  0,  0, 12, 13,  5,  0,  0],
           [ 0,  0,  0, 11, 16,  9,  0,  0],
           [ 0,  0,  3, 15, 16,  6,  0,  0],
           [ 0,  7, 15, 16, 16,  2,  0,  0],
           [ 0,  0,  1, 16, 16,  3,  0,  0],
           [ 0,  0,  1, 16, 16,  6,  0,  0],
           [ 0,  0,  1, 16, 16,  6,  0,  0],
           [ 0,  0,  0, 11, 16, 10,  0,  0]]))
    >>> [len(df.data.load_digits(split=side)[1]) for side in ("train", "test")]
    [1438, 359]
    """
    if split not in SPLITS:
        raise ValueError(f"split must be None, 'train' or 'test', not {split!r}")
    from importlib import resources  # 10 ms of `import dualflow`, were it at the top

    with resources.files(__package__).joinpath("digits.npz").open("rb") as file, np.load(file) as archive:
        counts, classes = archive["images"], archive["labels"]
    if split is not None:
        train, test = split_indices(len(classes), test_fraction, seed)
        chosen = train if split == "train" else test
        counts, classes = counts[chosen], classes[chosen]
    images = counts.astype(np.float32)
    if normalize:
        images /= 16
    return images.reshape(len(images), -1) if flatten else images, classes.astype(np.int64)


def split_indices(length: int, test_fraction: float = 0.2, seed: int = 0) -> tuple[NDArray[Any], NDArray[Any]]:
    """Split ``range(length)`` at random into train and test indices: two disjoint int64 arrays that cover it.

    The test side has ``round(length * test_fraction)`` entries. The same arguments give the same split with every
    NumPy: NumPy promises that a bit generator's raw stream stays as it is, and does not promise it of ``permutation``.

    Raises ValueError for a ``test_fraction`` outside 0 … 1.

    >>> train, test = df.data.split_indices(10, test_fraction=0.3, seed=1)
    >>> len(train), len(test), sorted([*train.tolist(), *test.tolist()])
    (7, 3, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    """
    if not 0 <= test_fraction <= 1:
        raise ValueError(f"test_fraction must lie in 0 … 1, not {test_fraction!r}")
    order = np.random.Philox(seed).random_raw(length).argsort(kind="stable")
    tests = round(length * test_fraction)
    return order[tests:], order[:tests]
