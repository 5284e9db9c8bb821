"""Data on its way into a model: datasets, splits, batches, and one real data set that needs no download."""

from dualflow.data.dataset import Dataset, Subset, TensorDataset, random_split
from dualflow.data.digits import load_digits, split_indices
from dualflow.data.loader import DataLoader, collate

__all__ = [
    "DataLoader",
    "Dataset",
    "Subset",
    "TensorDataset",
    "collate",
    "load_digits",
    "random_split",
    "split_indices",
]
