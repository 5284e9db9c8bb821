"""Datasets, splits and loaders behave as PyTorch's, in both modes, and the digits are the digits."""

import subprocess
import sys
import zlib
from collections import namedtuple

import numpy as np
import pytest

import dualflow as df
from dualflow.core.errors import SymbolicValueError
from dualflow.core.generator import Generator
from dualflow.data import DataLoader, Dataset, Subset, TensorDataset, collate, load_digits, random_split, split_indices


def seeded(seed):
    return Generator(seed)


def pairs(length=10, width=3):
    """A dataset whose label names the row: row i is [i, i, i], label i."""
    labels = np.arange(length)
    return TensorDataset(df.from_numpy(np.repeat(labels, width).reshape(length, width).astype("float32")), labels)


def labels_of(loader):
    return [y.tolist() for _, y in loader]


# ---------------------------------------------------------------------------------------------------------- digits


def test_digits_shapes_dtypes_and_range():
    images, labels = load_digits()
    assert (images.shape, images.dtype) == ((1797, 64), np.float32)
    assert (labels.shape, labels.dtype) == ((1797,), np.int64)
    assert images.min() == 0 and images.max() == 1
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_digits_are_the_published_numbers():
    images, labels = load_digits(flatten=False, normalize=False)
    assert images.shape == (1797, 8, 8)
    # The checksum of scikit-learn's digits.csv.gz, read with numpy.loadtxt and cast to uint8.
    table = np.concatenate([images.reshape(-1, 64), labels[:, None]], axis=1).astype(np.uint8)
    assert zlib.crc32(table.tobytes()) == 0xE7D89AA3


def test_digits_are_fresh_and_writable_each_time():
    images, labels = load_digits()
    images[:] = -1
    labels[:] = -1
    again, names = load_digits()
    assert again.min() == 0 and names.min() == 0


def test_digits_split_is_a_deterministic_partition():
    everything, _ = load_digits()
    train, train_labels = load_digits(split="train")
    test, test_labels = load_digits(split="test")
    assert (len(train), len(test)) == (1438, 359)
    assert sorted(map(bytes, [*train, *test])) == sorted(map(bytes, everything))
    assert set(train_labels) == set(test_labels) == set(range(10))
    assert np.array_equal(load_digits(split="test")[0], test)
    assert not np.array_equal(load_digits(split="test", seed=1)[0], test)
    assert len(load_digits(split="test", test_fraction=0.5)[0]) == 898


def test_split_indices_do_not_drift():
    train, test = split_indices(10, test_fraction=0.3, seed=0)
    assert (train.tolist(), test.tolist()) == ([3, 7, 5, 1, 2, 6, 4], [0, 8, 9])
    assert train.dtype == test.dtype == np.int64
    train, test = split_indices(0)
    assert len(train) == len(test) == 0


def test_digits_reject_what_they_do_not_know():
    with pytest.raises(ValueError, match="split must be None, 'train' or 'test', not 'valid'"):
        load_digits(split="valid")
    with pytest.raises(ValueError, match=r"test_fraction must lie in 0 … 1, not 20"):
        load_digits(split="test", test_fraction=20)


# -------------------------------------------------------------------------------------------------------- datasets


def test_tensor_dataset_indexes_every_tensor():
    data = pairs()
    assert len(data) == 10
    x, y = data[3]
    assert (x.tolist(), y.item()) == ([3, 3, 3], 3)
    assert data[-1][1].item() == 9
    assert data[2:4][1].tolist() == [2, 3]
    assert data[[4, 0]][1].tolist() == data[np.array([4, 0])][1].tolist() == [4, 0]
    with pytest.raises(IndexError):
        data[10]


def test_tensor_dataset_ends_a_for_loop():
    assert [y.item() for _, y in pairs(4)] == [0, 1, 2, 3]


def test_tensor_dataset_keeps_dtypes_and_shares_memory():
    raw = np.arange(6, dtype=np.int32).reshape(3, 2)
    data = TensorDataset(raw, np.zeros(3, np.float64))
    assert [tensor.dtype for tensor in data.tensors] == [np.int32, np.float64]
    assert data[0][0].dtype == np.int32 and data[0][1].dtype == np.float64
    raw[1, 1] = 99
    assert data[1][0].tolist() == [2, 99]
    assert next(iter(DataLoader(data, batch_size=3)))[0].tolist() == [[0, 1], [2, 99], [4, 5]]


def test_tensor_dataset_names_both_sizes_that_differ():
    with pytest.raises(ValueError, match=r"tensor 0 has 5 \(shape \(5, 2\)\) and tensor 1 has 4 \(shape \(4,\)\)"):
        TensorDataset(df.zeros((5, 2)), df.zeros(4))


def test_tensor_dataset_needs_rows():
    with pytest.raises(ValueError, match="at least one tensor"):
        TensorDataset()
    with pytest.raises(ValueError, match=r"tensor 1 has shape \(\)"):
        TensorDataset(df.zeros(3), df.tensor(1.0))


def test_tensor_dataset_refuses_a_symbol():
    with df.graph():
        x = df.placeholder(df.float32, (4, 2), name="x")
        with pytest.raises(SymbolicValueError, match="symbol 'x' stands for a value that only a run gives it"):
            TensorDataset(x)


def test_dataset_without_methods_says_which():
    class Empty(Dataset):
        pass

    with pytest.raises(TypeError, match="Empty is a Dataset without __getitem__"):
        Empty()[0]
    with pytest.raises(TypeError, match="Empty is a Dataset without __len__"):
        len(Empty())


def test_subset_maps_indices_and_nests():
    data = pairs()
    odd = Subset(data, [1, 3, 5, 7, -1])
    assert [y.item() for _, y in odd] == [1, 3, 5, 7, 9]
    assert odd[-1][1].item() == 9
    assert odd[1:3][1].tolist() == odd[[1, 2]][1].tolist() == [3, 5]
    inner = Subset(odd, df.tensor([4, 0]))
    assert labels_of(DataLoader(inner, batch_size=2)) == [[9, 1]]
    assert len(Subset(data, [])) == 0


def test_subset_checks_its_indices_at_once():
    with pytest.raises(IndexError, match="index 10 is outside a dataset of 10 samples"):
        Subset(pairs(), [0, 10])
    with pytest.raises(IndexError, match="index -11"):
        Subset(pairs(), [-11])
    with pytest.raises(TypeError, match="np.flatnonzero"):
        Subset(pairs(), np.arange(10) > 5)
    with pytest.raises(TypeError, match="row of integers, not float64"):
        Subset(pairs(), [0.0, 1.0])


def test_random_split_is_a_partition_that_the_generator_decides():
    one, two = random_split(pairs(), [7, 3], generator=seeded(3))
    assert (len(one), len(two)) == (7, 3)
    assert sorted([*one.indices, *two.indices]) == list(range(10))
    again, _ = random_split(pairs(), [7, 3], generator=seeded(3))
    assert again.indices.tolist() == one.indices.tolist()
    other, _ = random_split(pairs(), [7, 3], generator=seeded(4))
    assert other.indices.tolist() != one.indices.tolist()


def test_random_split_follows_manual_seed():
    df.manual_seed(5)
    one = [part.indices.tolist() for part in random_split(range(20), [0.5, 0.5])]
    df.manual_seed(5)
    assert one == [part.indices.tolist() for part in random_split(range(20), [0.5, 0.5])]


@pytest.mark.parametrize(
    "length, fractions, counts",
    [
        (5, [0.5, 0.3, 0.2], [3, 1, 1]),
        (5, [0.5, 0.5], [3, 2]),
        (10, [0.1] * 10, [1] * 10),
        (7, [1.0], [7]),
        (10, [1, 0.0], [10, 0]),
    ],
)
def test_random_split_shares_out_fractions_as_pytorch(length, fractions, counts):
    assert [len(part) for part in random_split(range(length), fractions)] == counts


def test_random_split_names_both_totals():
    with pytest.raises(ValueError, match=r"dataset's 5 samples, but \[3, 3\] sum to 6"):
        random_split(range(5), [3, 3])
    with pytest.raises(ValueError, match=r"fractions must sum to 1, but \[0.5, 0.6\] sum to 1.1"):
        random_split(range(5), [0.5, 0.6])
    with pytest.raises(ValueError, match="length 1 is -1"):
        random_split(range(5), [6, -1])


# --------------------------------------------------------------------------------------------------------- batches


def test_batches_come_in_order_and_the_last_is_short():
    loader = DataLoader(pairs(), batch_size=4)
    assert len(loader) == 3
    assert labels_of(loader) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    x, y = next(iter(loader))
    assert (x.shape, x.dtype, y.dtype) == ((4, 3), np.float32, np.int64)
    assert x.numpy()[:, 0].tolist() == y.tolist()


def test_drop_last_leaves_the_short_batch_out():
    loader = DataLoader(pairs(), batch_size=4, drop_last=True)
    assert len(loader) == 2
    assert labels_of(loader) == [[0, 1, 2, 3], [4, 5, 6, 7]]
    assert labels_of(DataLoader(pairs(3), batch_size=4, drop_last=True)) == []


@pytest.mark.parametrize("length, batch_size, drop_last", [(0, 3, False), (1, 3, False), (6, 3, True), (7, 3, False)])
def test_len_is_the_number_of_batches(length, batch_size, drop_last):
    loader = DataLoader(pairs(length), batch_size, shuffle=True, drop_last=drop_last)
    assert len(list(loader)) == len(loader)


def test_the_default_is_one_sample_a_batch():
    assert labels_of(DataLoader(pairs(3))) == [[0], [1], [2]]


def test_a_batch_is_a_list_as_in_pytorch():
    assert type(next(iter(DataLoader(pairs())))) is list


def test_shuffle_visits_every_sample_once_and_anew_each_epoch():
    loader = DataLoader(pairs(64), batch_size=10, shuffle=True, generator=seeded(0))
    first, second = (sum(labels_of(loader), []) for _ in range(2))
    assert sorted(first) == sorted(second) == list(range(64))
    assert first != second != list(range(64))


def test_the_same_seed_gives_the_same_epochs():
    loaders = [DataLoader(pairs(64), 10, shuffle=True, generator=seeded(7)) for _ in range(2)]
    for _ in range(3):
        assert labels_of(loaders[0]) == labels_of(loaders[1])


def test_without_a_generator_manual_seed_decides():
    loader = DataLoader(pairs(64), 10, shuffle=True)
    df.manual_seed(11)
    first = labels_of(loader)
    df.manual_seed(11)
    assert labels_of(loader) == first


def test_no_shuffle_draws_no_random_numbers():
    generator = seeded(0)
    list(DataLoader(pairs(), 2, generator=generator))
    assert generator.permutation(50).tolist() == seeded(0).permutation(50).tolist()


def test_two_iterators_of_one_loader_are_independent():
    loader = DataLoader(pairs(), batch_size=5)
    one, two = iter(loader), iter(loader)
    assert next(one)[1].tolist() == next(two)[1].tolist() == [0, 1, 2, 3, 4]
    assert next(one)[1].tolist() == [5, 6, 7, 8, 9]


def test_changing_a_batch_leaves_the_data_alone():
    data = pairs(4)
    for x, _ in DataLoader(data, batch_size=2):
        x.zero_()
    assert [x.tolist()[0] for x, _ in data] == [0, 1, 2, 3]


@pytest.mark.parametrize("world", ["eager", "graph"])
def test_batches_are_the_same_concrete_tensors_in_both_modes(world):
    with df.mode(world):
        batches = list(DataLoader(pairs(), 4, shuffle=True, generator=seeded(2)))
    expected = list(DataLoader(pairs(), 4, shuffle=True, generator=seeded(2)))
    for batch, twin in zip(batches, expected, strict=True):
        for tensor, other in zip(batch, twin, strict=True):
            assert np.array_equal(tensor.numpy(), other.numpy())


def test_inside_a_graph_everything_stays_concrete():
    with df.graph() as graph:
        data = pairs(6)
        row = data[0]
        columns = Subset(data, [1, 2])[0:2]
        batches = [next(iter(DataLoader(source, 2))) for source in (data, list(data), [1.0, 2.0], [(1, "a"), (2, "b")])]
    assert len(graph.nodes) == 0
    concrete = [*row, *columns, *batches[0], *batches[1], batches[2], batches[3][0]]
    shapes = [(3,), (), (2, 3), (2,), (2, 3), (2,), (2, 3), (2,), (2,), (2,)]
    assert [tensor.numpy().shape for tensor in concrete] == shapes


def test_a_batch_feeds_a_placeholder_and_a_compiled_function():
    loader = DataLoader(pairs(), batch_size=4)
    expected = [18.0, 66.0, 51.0]
    with df.graph():
        x = df.placeholder(df.float32, (None, 3), name="x")
        total = x.sum()
        with df.Session() as session:
            assert [float(session.run(total, feed_dict={x: batch})) for batch, _ in loader] == expected

    @df.function
    def summed(batch):
        return batch.sum()

    with df.mode("graph"):
        assert [summed(batch).item() for batch, _ in loader] == expected


# --------------------------------------------------------------------------------------------------------- samples


def test_any_sequence_is_a_dataset():
    assert [batch.tolist() for batch in DataLoader(range(5), batch_size=2)] == [[0, 1], [2, 3], [4]]
    assert list(DataLoader("abc", batch_size=2)) == [["a", "b"], ["c"]]


def test_a_tensor_dataset_with_its_own_getitem_is_asked_for_each_sample():
    class Doubled(TensorDataset):
        def __getitem__(self, index):
            x, y = super().__getitem__(index)
            return x * 2, y

    data = Doubled(*pairs(4).tensors)
    for source in (data, Subset(data, [0, 1, 2, 3])):
        assert [x.numpy()[:, 0].tolist() for x, _ in DataLoader(source, batch_size=2)] == [[0, 2], [4, 6]]


def test_a_subset_with_its_own_getitem_is_asked_for_each_sample():
    class Negated(Subset):
        def __getitem__(self, index):
            x, y = super().__getitem__(index)
            return x, -y

    assert labels_of(DataLoader(Negated(pairs(4), [3, 1]), batch_size=2)) == [[-3, -1]]


def test_getitems_fetches_a_whole_batch():
    class Remote(Dataset):
        calls = 0

        def __len__(self):
            return 4

        def __getitems__(self, indices):
            self.calls += 1
            return [index * 10 for index in indices]

    data = Remote()
    assert [batch.tolist() for batch in DataLoader(data, batch_size=2)] == [[0, 10], [20, 30]]
    assert data.calls == 2


def test_gathering_and_collating_give_the_same_batches():
    data = pairs(9)
    for fast, slow in zip(DataLoader(data, 4), DataLoader(data, 4, collate_fn=collate), strict=True):
        for one, other in zip(fast, slow, strict=True):
            assert one.dtype == other.dtype
            assert np.array_equal(one.numpy(), other.numpy())


def test_collate_fn_gets_the_list_of_samples():
    loader = DataLoader(pairs(3), batch_size=2, collate_fn=lambda samples: [y.item() for _, y in samples])
    assert list(loader) == [[0, 1], [2]]


def test_collate_goes_into_structures():
    Point = namedtuple("Point", "x y")
    batch = collate([{"at": Point(1, 2.0), "name": "a"}, {"at": Point(3, 4.0), "name": "b"}])
    assert batch["name"] == ["a", "b"]
    assert type(batch["at"]) is Point
    assert (batch["at"].x.tolist(), batch["at"].x.dtype) == ([1, 3], np.int64)
    assert (batch["at"].y.tolist(), batch["at"].y.dtype) == ([2.0, 4.0], np.float32)


@pytest.mark.parametrize(
    "samples, dtype",
    [
        ([1, 2], np.int64),
        ([1.0, 2.0], np.float32),
        ([True, False], np.bool_),
        ([np.float64(1), np.float64(2)], np.float64),
        ([np.ones(2, np.int8)] * 2, np.int8),
        ([df.ones(2), df.zeros(2)], np.float32),
    ],
)
def test_collate_keeps_the_dtype(samples, dtype):
    assert collate(samples).dtype == dtype


def test_collate_names_what_does_not_fit():
    with pytest.raises(ValueError, match=r"sample 0 has \(2,\) and sample 1 has \(3,\)"):
        collate([np.zeros(2), np.zeros(3)])
    with pytest.raises(ValueError, match=r"sample 0 has 2 and sample 1 has 1"):
        collate([(1, 2), (1,)])
    with pytest.raises(TypeError, match="not of object; give the DataLoader a collate_fn"):
        collate([object()])


def test_gradients_flow_through_data_that_requires_them():
    x = df.ones((4, 2), requires_grad=True)
    (batch,) = next(iter(DataLoader(TensorDataset(x), batch_size=2)))
    batch.sum().backward()
    assert x.grad.tolist() == [[1, 1], [1, 1], [0, 0], [0, 0]]


@pytest.mark.parametrize("size", [0, -1, 2.5, True, None, "4"])
def test_a_batch_size_is_a_positive_integer(size):
    with pytest.raises(ValueError, match="batch_size must be a positive integer, not"):
        DataLoader(pairs(), batch_size=size)


def test_a_loader_needs_a_length_and_a_generator_that_permutes():
    with pytest.raises(TypeError, match="not generator; list"):
        DataLoader(i for i in range(3))
    with pytest.raises(TypeError, match="generator must be a dualflow.random.Generator, not 7"):
        DataLoader(pairs(), shuffle=True, generator=7)


def test_loading_data_imports_neither_jax_nor_rich():
    program = (
        "import sys\n"
        "from dualflow.data import DataLoader, TensorDataset, load_digits\n"
        "next(iter(DataLoader(TensorDataset(*load_digits()), 8, shuffle=True)))\n"
        "print([name for name in ('jax', 'rich') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
