"""One meaning a name: functions take the words that their signature shows, and say so of another library's."""

import inspect
import pickle

import numpy as np
import pytest
from samples import fresh, samples

import dualflow as df
from dualflow.core.op import VOCABULARY
from dualflow.ops import reference
from dualflow.tensors.operators import DIRECT

X = np.array([[3.0, 1.0, 2.0], [5.0, 9.0, 4.0]], np.float32)
FUNCTIONS = dict(reference.public())


def same(found, wanted):
    """Assert equal dtypes and values, of each result; bfloat16 by its bits."""
    if isinstance(wanted, tuple):
        for one, other in zip(found, wanted, strict=True):
            same(one, other)
        return
    found, wanted = found.numpy(), wanted.numpy()
    assert found.dtype == wanted.dtype
    np.testing.assert_array_equal(found.view(f"V{found.itemsize}").tolist(), wanted.view(f"V{found.itemsize}").tolist())


# ------------------------------------------------------------------------------------------- what a signature shows


@pytest.mark.parametrize("name", sorted(name for name, op in VOCABULARY.items() if not op.variadic))
def test_every_card_can_be_called_by_the_names_that_its_signature_shows(name):
    op = VOCABULARY[name]
    names = list(inspect.signature(op.call).parameters)
    assert names == [*op.tensors, *op.defaults]
    with np.errstate(all="ignore"):
        for sample in samples(name)[:3]:
            operands = [df.from_numpy(x) if isinstance(x, np.ndarray) else x for x in sample.operands]
            by_name = dict(zip(op.tensors, operands, strict=False))
            wanted = op.call(*operands, **fresh(sample))
            same(op.call(**by_name, **fresh(sample)), wanted)
            for i in range(1, len(operands)):  # the first by position, the others by name
                rest = {word: x for word, x in by_name.items() if word in op.tensors[i:]}
                same(op.call(*operands[:i], **rest, **fresh(sample)), wanted)
            if inspect.signature(op.call).parameters[names[-1]].kind is inspect.Parameter.POSITIONAL_OR_KEYWORD:
                params = fresh(sample)
                padded = [*operands, *[None] * (len(op.tensors) - len(operands))]
                same(op.call(*padded, *(params[word] for word in op.defaults)), wanted)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_signature_is_the_truth(name):
    function = FUNCTIONS[name]
    parameters = inspect.signature(function).parameters
    inner = inspect.unwrap(function)
    code = getattr(inner, "op", inner).body.__code__ if hasattr(inner, "op") else inner.__code__
    count = code.co_argcount + code.co_kwonlyargcount
    variable = {p.name for p in parameters.values() if p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD)}
    added = {"inplace"} if name.startswith("nn.functional.") else set()
    assert set(parameters) - variable - added == set(code.co_varnames[:count]) - {"xp"} - added
    assert not any(p.kind is p.POSITIONAL_ONLY for p in parameters.values())
    if not any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
        needed = [p for p in parameters.values() if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]
        with pytest.raises(TypeError, match="nobodys_word"):
            function(*[1.0] * len(needed), nobodys_word=1)


def test_operands_by_name_in_graphs_and_from_outside_them():
    with df.graph() as graph:
        x = df.placeholder("float32", (2, 3))
        made = [df.tanh(x=x), df.add(a=x, b=1.0), df.add(X, b=x), df.sum(x=x, axis=0), df.where(x > 2, b=x, a=0.0)]
    made += [df.sum(x=x, axis=1), df.tanh(x=x), df.matmul(a=df.ones(3, 2), b=x)]  # no graph is open, a symbol has one
    wanted = [
        np.tanh(X),
        X + 1,
        X + X,
        X.sum(0),
        np.where(X > 2, 0, X),
        X.sum(1),
        np.tanh(X),
        np.ones((3, 2), np.float32) @ X,
    ]
    found = df.Session(graph, compile=False).run(made, {x: X})
    for mine, theirs in zip(found, wanted, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-6)


# ------------------------------------------------------------------------------------------ other libraries' words

REFUSED = {
    "a card": (lambda x: df.sum(x, dim=1), "sum() has no argument 'dim'; here it is 'axis' (in dualflow.torch, 'dim')"),
    "as many words as the card has": (lambda x: df.all(x, dim=1, keepdim=True), "all() has no argument 'dim'"),
    "a function over cards": (lambda x: df.topk(x, 1, dim=0), "topk() has no argument 'dim'; here it is 'axis'"),
    "several operands": (lambda x: df.where(x > 1, x, other=x), "here it is 'b' (in dualflow.torch, 'other')"),
    "a list": (lambda x: df.concat(tensors=[x]), "here it is 'arrays' (in dualflow.torch, 'tensors')"),
    "NumPy's word": (lambda x: df.var(x, ddof=1), "var() has no argument 'ddof'; here it is 'correction'"),
    "a namespace": (lambda x: df.linalg.norm(x, dim=1), "norm() has no argument 'dim'; here it is 'axis'"),
    "nobody's word": (lambda x: df.sum(x, dimension=0), "sum() has no argument 'dimension'; it takes (x, axis=None"),
    "one operand": (lambda x: df.tanh(input=x), "tanh() got an unexpected keyword argument 'input'"),
    "one argument twice": (lambda x: df.sum(x, x=x), "sum() got two values for 'x'"),
    "two words for one": (lambda x: x.sum(dim=0, axis=0), "sum() got two values for 'axis', under two of its names"),
}


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.parametrize("world", ["eager", "graph"])
def test_a_word_of_another_library_is_answered_with_the_right_one(case, world):
    call, message = REFUSED[case]
    with df.graph() if world == "graph" else df.eager():
        x = df.placeholder("float32", (2, 3)) if world == "graph" else df.from_numpy(X)
        with pytest.raises(TypeError) as caught:
            call(x)
    assert str(caught.value).startswith(message) or message in str(caught.value)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("cat", "here it is 'concat' (in dualflow.torch, 'cat')"),
        ("unsqueeze", "here it is 'expand_dims'"),
        ("addmm", "dualflow.torch.addmm"),
        ("mse_loss", "dualflow.nn.functional.mse_loss"),
        ("cross_entropy", "dualflow.nn.functional.cross_entropy"),
        ("mse", "dualflow.nn.functional.mse_loss"),
        ("expand_as", "it is a tensor's method: x.expand_as(...)"),
        ("summ", "'sum'"),
    ],
)
def test_a_name_that_is_elsewhere_says_where(name, message):
    with pytest.raises(AttributeError) as caught:
        getattr(df, name)
    assert message in str(caught.value)


# ------------------------------------------------------------------------------------- tensors' methods are PyTorch's


@pytest.mark.parametrize(
    ("call", "wanted"),
    [
        (lambda x: x.sum(dim=1, keepdim=True), lambda: X.sum(1, keepdims=True)),
        (lambda x: x.sum(axis=1, keepdims=True), lambda: X.sum(1, keepdims=True)),
        (lambda x: x.var(), lambda: X.var(ddof=1)),
        (lambda x: x.var(axis=0), lambda: X.var(0, ddof=1)),
        (lambda x: x.var(dim=0), lambda: X.var(0, ddof=1)),
        (lambda x: x.std(1, keepdim=True), lambda: X.std(1, ddof=1, keepdims=True)),
        (lambda x: x.max(axis=0).values, lambda: X.max(0)),
        (lambda x: x.max(dim=0)[1], lambda: X.argmax(0)),
        (lambda x: x.min(1, True)[0], lambda: X.min(1, keepdims=True)),
        (lambda x: x.sort(axis=1, descending=True)[0], lambda: -np.sort(-X, 1)),
        (lambda x: df.var(x, axis=0), lambda: X.var(0)),
        (lambda x: df.max(x, axis=0), lambda: X.max(0)),
        (lambda x: df.sort(x, axis=0), lambda: np.sort(X, 0)),
        (lambda x: x.mul(other=x), lambda: X * X),
        (lambda x: x.transpose(dim0=0, dim1=1), lambda: X.T),
        (lambda x: x.permute(dims=(1, 0)), lambda: X.T),
        (lambda x: x.reshape(shape=(3, 2)), lambda: X.reshape(3, 2)),
        (lambda x: x.swapaxes(axis0=0, axis1=1), lambda: X.T),
        (lambda x: x.tile(dims=(2, 1)), lambda: np.tile(X, (2, 1))),
        (lambda x: x.repeat(repeats=(2, 1)), lambda: np.tile(X, (2, 1))),
        (lambda x: x.view(size=(6,)), lambda: X.reshape(6)),
        (lambda x: x.expand(size=(2, -1, -1)), lambda: np.stack([X, X])),
        (lambda x: x.mm(mat2=x.T), lambda: X @ X.T),
        (lambda x: x.unfold(dimension=1, size=3, step=1), lambda: X[:, None]),
        (lambda x: x.split_with_sizes(split_sizes=[1, 2], dim=1)[1], lambda: X[:, 1:]),
        (lambda x: x.new_zeros(size=(2,)) + x.new_ones(2), lambda: np.ones(2)),
        (lambda x: x.to(dtype=df.int64, device="cpu"), lambda: X.astype(int)),
        (lambda x: x.to("cpu", df.int64, non_blocking=True), lambda: X.astype(int)),
        (lambda x: (x / 2).to(x.astype(df.int64)), lambda: X // 2),
        (lambda x: x.clone().mul_(other=x), lambda: X * X),
        (lambda x: x.clone().floor_divide_(other=2.0), lambda: X // 2),
        (lambda x: x.clone().fill_diagonal_(fill_value=7.0), lambda: np.where(np.eye(2, 3), 7, X)),
        (lambda x: x.clone().uniform_(**{"from": 2.0, "to": 2.0}), lambda: np.full((2, 3), 2)),
    ],
)
def test_a_method_means_the_same_by_every_word(call, wanted):
    with df.graph() as graph:
        x = df.placeholder("float32", (2, 3))
        symbol = call(x)
    for found in (call(df.from_numpy(X)), df.Session(graph, compile=False).run(symbol, {x: X})):
        np.testing.assert_allclose(found, wanted(), rtol=1e-6)


@pytest.mark.parametrize(
    "name", sorted(n for n, title in DIRECT.items() if len(VOCABULARY[title].tensors) == 2 and n[:2] != "__")
)
def test_a_method_of_two_calls_the_second_other(name):
    x = df.ones(2, 2)
    operands = x.astype("int64") if name.startswith("bitwise") else x
    same(getattr(operands, name)(other=operands), getattr(operands, name)(operands))


def test_a_cast_copies_when_it_is_asked_to():
    x = df.from_numpy(X.copy())
    assert x.to(df.float32) is x.to("cpu") is x
    copied = x.to(df.float32, copy=True)
    assert copied is not x and not np.may_share_memory(copied.numpy(), x.numpy())
    with pytest.raises(ValueError, match="no device 'cuda'"):
        x.to(dtype=df.float64, device="cuda")


def test_functions_survive_pickling():
    for function in (df.sum, df.topk, df.tanh, df.linalg.norm):
        assert pickle.loads(pickle.dumps(function)) is function
