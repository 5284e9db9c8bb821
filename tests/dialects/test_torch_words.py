"""``dualflow.torch`` against PyTorch itself: the same calls, written with PyTorch's names for every argument."""

import ast
import importlib
import inspect
import operator
import re
from pathlib import Path

import numpy as np
import pytest

import dualflow as df

torch = pytest.importorskip("torch", reason="the oracle of these names is PyTorch itself")
ours = importlib.import_module("dualflow.torch")

X = np.array([[0.5, -1.25, 2.0], [1.5, 0.75, -0.25]], np.float32)
Y = np.array([[1.5, 0.25, -2.0], [0.5, 0.75, 1.25]], np.float32)
M = np.array([[4.0, 1.0], [1.0, 3.0]], np.float32)
B = np.arange(12, dtype=np.float32).reshape(2, 2, 3) / 4
V, W = np.array([1.0, -2.0, 0.5], np.float32), np.array([2.0, 1.0], np.float32)
INDEX = np.array([[2, 0, 1], [1, 1, 0]])
N = np.array([3, 1, 0, 3])
MASK = X > 0

CALLS = {
    **{
        name: {"input": abs(X) / 4 + 0.1}
        for name in "abs absolute acos arccos asin arcsin asinh arcsinh atan arctan ceil cos cosh deg2rad digamma erf "
        "erfc erfinv exp exp2 expm1 fix floor frac isfinite isinf isnan isneginf isposinf lgamma log log10 log1p log2 "
        "logical_not logit neg negative positive rad2deg reciprocal relu round rsqrt sgn sigmoid sign signbit sin "
        "sinc sinh sqrt square tan tanh trunc atanh arctanh nan_to_num ravel t fliplr flipud argwhere nonzero "
        "is_complex adjoint".split()
    },
    "acosh": {"input": abs(X) + 1},
    "arccosh": {"input": abs(X) + 1},
    **{
        name: {"input": X, "other": Y}
        for name in "add sub subtract mul multiply div divide true_divide atan2 arctan2 copysign dist eq ne lt le gt "
        "ge not_equal less less_equal greater greater_equal equal fmax fmin fmod floor_divide hypot isclose allclose "
        "logaddexp logaddexp2 logical_and logical_or logical_xor maximum minimum max min nextafter remainder rsub "
        "inner kron".split()
    },
    "pow": {"input": abs(X), "exponent": Y},
    "xlogy": {"input": X, "other": abs(Y)},
    **{name: {"input": INDEX, "other": 2 * INDEX} for name in "bitwise_and bitwise_or bitwise_xor".split()},
    **{name: {"input": INDEX, "other": INDEX} for name in "bitwise_left_shift bitwise_right_shift".split()},
    "bitwise_not": {"input": INDEX},
    "heaviside": {"input": X, "values": Y},
    "lerp": {"input": X, "end": Y, "weight": 0.25},
    "addcmul": {"input": X, "tensor1": Y, "tensor2": X, "value": 2},
    "addcdiv": {"input": X, "tensor1": Y, "tensor2": X, "value": 2},
    "clamp": {"input": X, "min": -1.0, "max": 1.0},
    "clip": {"input": X, "min": -1.0},
    "clamp_min": {"input": X, "min": 0.0},
    "clamp_max": {"input": X, "max": 0.0},
    "where": {"condition": MASK, "input": X, "other": Y},
    "polygamma": {"n": 1, "input": abs(X)},
    # reductions, order and counts
    **{
        name: {"input": X, "dim": 1, "keepdim": True}
        for name in "sum mean prod amax amin aminmax all any argmax argmin logsumexp max min median "
        "nanmean nanmedian nansum std var std_mean var_mean norm".split()
    },
    "count_nonzero": {"input": X, "dim": 1},
    "quantile": {"input": X, "q": 0.25, "dim": 1, "keepdim": True, "interpolation": "lower"},
    "nanquantile": {"input": X, "q": 0.25, "dim": 1},
    **{
        name: {"input": X, "dim": 0} for name in "cummax cummin cumprod cumsum logcumsumexp softmax log_softmax".split()
    },
    "argsort": {"input": X, "dim": 0, "descending": True},
    "sort": {"input": X, "dim": 0, "descending": True},
    "topk": {"input": X, "k": 2, "dim": 1, "largest": False},
    "kthvalue": {"input": X, "k": 2, "dim": 1, "keepdim": True},
    "diff": {"input": X, "n": 1, "dim": 0},
    "cov": {"input": X, "correction": 0},
    "corrcoef": {"input": X},
    "bincount": {"input": N, "minlength": 6},
    "histc": {"input": X, "bins": 4, "min": -1, "max": 1},
    "bucketize": {"input": X, "boundaries": np.sort(V), "right": True},
    "searchsorted": {"sorted_sequence": np.sort(V), "input": X, "side": "right"},
    "isin": {"elements": INDEX, "test_elements": N},
    "unique": {"input": N, "sorted": True, "return_counts": True},
    "unique_consecutive": {"input": N, "return_inverse": True},
    # matrices
    "matmul": {"input": X, "other": X.T.copy()},
    "mm": {"input": X, "mat2": X.T.copy()},
    "mv": {"input": X, "vec": V},
    "bmm": {"input": B, "mat2": B.swapaxes(1, 2).copy()},
    "dot": {"input": V, "tensor": V},
    "vdot": {"input": V, "other": V},
    "outer": {"input": V, "vec2": W},
    "ger": {"input": V, "vec2": W},
    "cross": {"input": X, "other": Y, "dim": 1},
    "addmm": {"input": M, "mat1": X, "mat2": X.T.copy(), "beta": 2, "alpha": 0.5},
    "addmv": {"input": W, "mat": X, "vec": V, "alpha": 2},
    "addr": {"input": X, "vec1": W, "vec2": V},
    "baddbmm": {"input": B[:, :, :2].copy(), "batch1": B, "batch2": B.swapaxes(1, 2).copy()},
    "addbmm": {"input": M, "batch1": B, "batch2": B.swapaxes(1, 2).copy()},
    "bilinear": {"input1": X, "input2": Y, "weight": np.ones((2, 3, 3), np.float32), "bias": W},
    "cdist": {"x1": X, "x2": Y, "p": 1.0},
    "cosine_similarity": {"x1": X, "x2": Y, "dim": 0},
    "pairwise_distance": {"x1": X, "x2": Y, "keepdim": True},
    "tensordot": {"a": X, "b": Y, "dims": 2},
    "trace": {"input": M},
    **{name: {"input": M} for name in "det logdet slogdet inverse matrix_exp cholesky".split()},
    "pinverse": {"input": X, "rcond": 1e-6},
    "matrix_power": {"input": M, "n": 2},
    "cholesky_inverse": {"input": np.linalg.cholesky(M), "upper": False},
    "cholesky_solve": {"input": M, "input2": np.linalg.cholesky(M)},
    # arranging
    **{name: {"tensors": [X, Y]} for name in "cat concat concatenate stack hstack vstack dstack column_stack".split()},
    "broadcast_to": {"input": V, "size": (2, 3)},
    "chunk": {"input": X, "chunks": 2, "dim": 1},
    "diag": {"input": X, "diagonal": 1},
    "diag_embed": {"input": X, "offset": 1, "dim1": 0, "dim2": 2},
    "diagonal": {"input": X, "offset": 1, "dim1": 1, "dim2": 0},
    "diagonal_scatter": {"input": X, "src": W, "offset": 0, "dim1": 0, "dim2": 1},
    "flatten": {"input": B, "start_dim": 1, "end_dim": 2},
    "flip": {"input": X, "dims": (0,)},
    "gather": {"input": X, "dim": 1, "index": INDEX},
    "hsplit": {"input": X, "sections": 3},
    "vsplit": {"input": X, "indices": (1,)},
    "dsplit": {"input": B, "sections": 3},
    "index_add": {"input": X, "dim": 1, "index": np.array([0, 2]), "source": X[:, :2].copy(), "alpha": 2},
    "index_copy": {"input": X, "dim": 1, "index": np.array([0, 2]), "source": X[:, :2].copy()},
    "index_fill": {"input": X, "dim": 1, "index": np.array([0, 2]), "value": 7.0},
    "index_select": {"input": X, "dim": 1, "index": np.array([0, 2])},
    "masked_fill": {"input": X, "mask": MASK, "value": 7.0},
    "masked_scatter": {"input": X, "mask": MASK, "source": Y},
    "masked_select": {"input": X, "mask": MASK},
    "movedim": {"input": B, "source": 0, "destination": 2},
    "moveaxis": {"input": B, "source": 0, "destination": 2},
    "narrow": {"input": X, "dim": 1, "start": 1, "length": 2},
    "permute": {"input": B, "dims": (2, 0, 1)},
    "repeat_interleave": {"input": X, "repeats": 2, "dim": 1},
    "reshape": {"input": X, "shape": (3, 2)},
    "roll": {"input": X, "shifts": 1, "dims": 1},
    "rot90": {"input": X, "k": 1, "dims": (0, 1)},
    "scatter": {"input": X, "dim": 1, "index": np.array([[2, 0, 1], [1, 2, 0]]), "src": Y},
    "scatter_add": {"input": X, "dim": 1, "index": INDEX, "src": Y},
    "scatter_reduce": {"input": X, "dim": 1, "index": INDEX, "src": Y, "reduce": "amax", "include_self": False},
    "select": {"input": X, "dim": 1, "index": 2},
    "split": {"tensor": X, "split_size_or_sections": [1, 2], "dim": 1},
    "squeeze": {"input": X[:1], "dim": 0},
    "swapaxes": {"input": B, "axis0": 0, "axis1": 2},
    "swapdims": {"input": B, "dim0": 0, "dim1": 2},
    "take": {"input": X, "index": N},
    "take_along_dim": {"input": X, "indices": INDEX, "dim": 1},
    "tensor_split": {"input": X, "sections": 2, "dim": 1},
    "tile": {"input": X, "dims": (2, 1)},
    "transpose": {"input": B, "dim0": 0, "dim1": 2},
    "tril": {"input": X, "diagonal": -1},
    "triu": {"input": X, "diagonal": 1},
    "unbind": {"input": X, "dim": 1},
    "unflatten": {"input": X, "dim": 1, "sizes": (3, 1)},
    "unsqueeze": {"input": X, "dim": 1},
    "vander": {"x": V, "N": 2, "increasing": True},
    # making
    "arange": {"start": 1, "end": 7, "step": 2},
    "as_tensor": {"data": X},
    "asarray": {"obj": X},
    "eye": {"n": 2, "m": 3},
    "full": {"size": (2, 3), "fill_value": 1.5},
    "full_like": {"input": X, "fill_value": 1.5},
    "linspace": {"start": 0.0, "end": 1.0, "steps": 5},
    "logspace": {"start": 0.0, "end": 1.0, "steps": 3, "base": 2.0},
    "ones": {"size": (2, 3)},
    "ones_like": {"input": X},
    "tensor": {"data": [1.0, 2.0]},
    "tril_indices": {"row": 3, "col": 2, "offset": 1},
    "triu_indices": {"row": 3, "col": 2},
    "zeros": {"size": (2, 3)},
    "zeros_like": {"input": X},
    "complex": {"real": X, "imag": Y},
    "polar": {"abs": abs(X), "angle": Y},
}
"""Name → arguments by PyTorch's words; arrays become tensors of each library."""
POSITIONAL = {
    "broadcast_tensors": (X, V),
    "block_diag": (X, M),
    "cartesian_prod": (V, W),
    "meshgrid": (V, W),
    "einsum": ("ij,kj->ik", X, Y),
    "permute": (B, (2, 0, 1)),
    "transpose": (B, 0, 2),
    "zeros": (2, 3),
    "var": (X, 0),
    "std": (X, True),
    "max": (X, 0, True),
    "sort": (X, 0, True),
    "split": (X, 2, 1),
}
"""Name → arguments by position, where those are special."""


def given(library, value):
    """Return an argument with its arrays as tensors of the library."""
    if isinstance(value, np.ndarray):
        return torch.from_numpy(value.copy()) if library is torch else df.from_numpy(value.copy())
    return [given(library, v) for v in value] if isinstance(value, list) else value


def leaves(value):
    """Return the arrays in a result, in order."""
    if isinstance(value, list | tuple):
        return [leaf for part in value for leaf in leaves(part)]
    return [np.asarray(value)]


def agree(name, args, params):
    """Call both libraries and compare shapes and values."""
    find = operator.attrgetter(name)
    found = find(ours)(*[given(ours, v) for v in args], **{k: given(ours, v) for k, v in params.items()})
    wanted = find(torch)(*[given(torch, v) for v in args], **{k: given(torch, v) for k, v in params.items()})
    found, wanted = leaves(found), leaves(wanted)
    assert len(found) == len(wanted)
    for mine, theirs in zip(found, wanted, strict=True):
        assert mine.shape == theirs.shape and mine.dtype.kind == theirs.dtype.kind
        np.testing.assert_allclose(mine, theirs, rtol=2e-5, atol=1e-6)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", sorted(CALLS))
def test_every_argument_by_pytorchs_name(name):
    agree(name, (), CALLS[name])


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", sorted(POSITIONAL))
def test_arguments_by_position(name):
    agree(name, POSITIONAL[name], {})


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("inv", {"A": M}),
        ("solve", {"A": M, "B": X}),
        ("vecdot", {"x": X, "y": Y, "dim": 0}),
        ("vector_norm", {"x": X, "ord": 1, "dim": 0, "keepdim": True}),
        ("lu_solve", dict(zip(("LU", "pivots"), torch.linalg.lu_factor(torch.from_numpy(M)), strict=True), B=X)),
    ],
)
def test_linear_algebra_by_pytorchs_names(name, params):
    params = {word: np.asarray(value) if isinstance(value, torch.Tensor) else value for word, value in params.items()}
    agree(f"linalg.{name}", (), params)


# ------------------------------------------------------------------------ every word that PyTorch's own stubs show

IGNORED = {"self", "out", "layout", "pin_memory", "memory_format", "names"}
"""Where a result goes and how it lies in memory, which is nobody's choice here."""
MISREAD = {
    "expand": {"implicit"},
    "random_": {"from_"},
    "requires_grad_": {"mode"},
    "to": {"other"},
    "uniform_": {"from_"},
}
"""Words that the stubs show and PyTorch itself refuses, or keeps to itself."""
LACKING = {
    "asarray": {"requires_grad"},
    **{name: {"out_dtype"} for name in "addmm baddbmm bmm mm".split()},
    "gather": {"sparse_grad"},
    "isin": {"assume_unique"},
    "lu_unpack": {"unpack_data", "unpack_pivots"},
    **{name: {"dtype"} for name in "mean nanmean nansum".split()},
    "new_tensor": {"device"},
    "normal": {"device", "requires_grad"},
    "numpy": {"force"},
    "qr": {"some"},
    **{name: {"device"} for name in "rand randn tensor".split()},
    **{name: {"device", "requires_grad"} for name in "rand_like randint randn_like".split()},
    "randperm": {"device", "dtype", "requires_grad"},
    "repeat_interleave": {"output_size"},
    "result_type": {"other", "scalar", "scalar1", "scalar2", "tensor"},
    "svd": {"some", "compute_uv"},
    "tensor_split": {"tensor_indices_or_sections"},
    "tril_indices": {"requires_grad"},
    "triu_indices": {"requires_grad"},
    "view": {"dtype"},
}
"""Name → arguments of PyTorch's that it does not have yet."""


def shown(stub, owner):
    """Return {name: the words of all its overloads} of the functions that a stub of PyTorch's defines in a class."""
    tree = ast.parse((Path(torch.__file__).parent / "_C" / stub).read_text("utf-8"))
    body = next((n.body for n in tree.body if isinstance(n, ast.ClassDef) and n.name == owner), tree.body)
    found = {}
    for node in body:
        if isinstance(node, ast.FunctionDef) and node.name[0] != "_":
            words = {a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}
            found.setdefault(node.name, set()).update(words - IGNORED)
    return found


def refused(function, words):
    """Return the words that a function says it does not have."""
    found = set()
    for word in words:
        try:
            function(**{word: object()})
        except TypeError as error:
            if re.search(f"(no argument|keyword argument) '{word}'", str(error)):
                found.add(word)
        except Exception:  # it has the word, and no use for the object
            continue
    return found


def compared(space, words):
    """Return {name: (refused words, those that are known to be lacking)} where the two differ."""
    found = {}
    for name, shown_words in words.items():
        wrong = refused(getattr(space, name), shown_words - MISREAD.get(name, set()))
        known = LACKING.get(name, set()) & shown_words
        found |= {name: (wrong, known)} if wrong != known else {}
    return found


@pytest.mark.parametrize("world", ["eager", "graph"])
def test_methods_take_every_word_of_pytorchs(world):
    with df.graph() if world == "graph" else df.eager():
        x = df.placeholder("float32", (2, 3)) if world == "graph" else df.ones(2, 3)
        words = shown("__init__.pyi", "TensorBase")
        words = {name: w for name, w in words.items() if callable(inspect.getattr_static(type(x), name, None))}
        assert len(words) > 300
        assert compared(x, words) == {}


def test_functions_take_every_word_of_pytorchs():
    words = shown("_VariableFunctions.pyi", "")
    words = {name: w for name, w in words.items() if name in ours.__all__}
    assert len(words) > 200
    assert compared(ours, words) == {}
