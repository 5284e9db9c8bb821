"""Write the type stubs that editors read: ``python docs/tools/make_stubs.py``; ``--check`` finds stale ones.

Made from the cards. A card says its operands and static parameters, a composite what it returns; what a static
parameter takes is read off its name or its default.
"""

from __future__ import annotations

import enum
import inspect
import keyword
import re
import sys
import types
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import dualflow as df
from dualflow import torch
from dualflow.core.names import SPACES
from dualflow.core.op import VOCABULARY
from dualflow.core.words import STANDARD, understood
from dualflow.nn.layers import Applied
from dualflow.tensors.methods import IN_PLACE, RESHAPED
from dualflow.torch.table import FUNCTIONS

ROOT = Path(__file__).resolve().parents[2] / "dualflow"
HEAD = "# Made by docs/tools/make_stubs.py from the cards; do not edit.\n"

BOOL, INT, FLOAT, STR = "builtins.bool", "builtins.int", "builtins.float", "builtins.str"
INTS = f"{INT} | Sequence[{INT}]"
NAMED = {
    f"{INTS} | None": "axis dim dims stride shift destination repetitions normalized_shape",
    f"{INT} | Sequence[{INT} | None] | None": "output_size",
    INTS: "kernel_size dilation output_padding shape sizes size",
    f"{INT} | Sequence[Any] | None": "axes",
    f"{INT} | {STR} | Sequence[Any]": "padding",
    BOOL: "keepdims keepdim requires_grad descending stable",
    f"{BOOL} | None": "copy",
    FLOAT: "correction step alpha beta tau",
    f"{FLOAT} | {STR} | None": "ord",
    f"{STR} | None": "device",
    "DTypeLike | None": "dtype",
    "DTypeLike": "from_ to type type1 type2 dtype_or_device",
    "Generator | None": "generator",
    STR: "reduction",
    "Sequence[TensorLike]": "arrays tensors",
    "TensorLike": "bins mean std low high loc scale rate repeats",
    "TensorLike | None": "p",
    "Any": "source arrays_and_dtypes out",
}
TYPES = {name: kind for kind, names in NAMED.items() for name in names.split()}
"""What a static parameter takes, by its name; of others the default says it."""
COUNTS = set(
    "axis1 axis2 k n n_rows n_cols num num_classes num_groups num_samples num_segments N row col "
    "upscale_factor downscale_factor divisor_override padding_idx".split()
)
"""Parameters that are integers though they have no default, or None."""
ABSENT = {"running_mean", "running_var", "weight", "bias"}
"""Operands that may be None though they have no default."""
SCALARS = {kind: f"builtins.{kind.__name__}" for kind in (bool, int, float, str)}
KEPT = {"np.dtype": "np.dtype[Any]", "FloatInfo": "Any", "IntInfo": "Any"}
SEVERAL = {
    **dict.fromkeys(("unique", "unique_consecutive"), ({"return_inverse", "return_counts"}, "tuple[Tensor, ...]")),
    **dict.fromkeys(("median", "nanmedian"), ({"axis", "keepdims"}, "Ranked")),
}
"""Functions that return several tensors instead of one when they are given one of some arguments."""
THEIRS = {
    **SEVERAL,
    **dict.fromkeys(("max", "min"), ({"dim", "keepdim"}, "Ranked")),
    "nonzero": ({"as_tuple"}, "tuple[Tensor, ...]"),
}
"""Those of PyTorch: methods, and what is in ``dualflow.torch``."""


def results() -> dict[str, type]:
    """Return the named tuples that functions return."""
    found = {}
    for function in [f for space in SPACES.values() for f in space.values()]:
        module = sys.modules[inspect.unwrap(function).__module__]
        for name, value in vars(module).items():
            if isinstance(value, type) and issubclass(value, tuple) and hasattr(value, "_fields"):
                found[name] = value
    return dict(sorted(found.items()))


def hint(annotation: Any) -> str:
    """Return an annotation as text, with ``Any`` for what is a tensor."""
    if annotation is inspect.Parameter.empty:
        return "Any"
    return annotation if isinstance(annotation, str) else getattr(annotation, "__name__", str(annotation))


def result(function: Callable[..., Any]) -> str:
    """Return the type of a function's result: a tensor, unless it says otherwise or its card has several."""
    card = getattr(inspect.unwrap(function), "op", None)
    if card is not None:
        several = card.results
        return "Tensor" if several is None or several is tuple else several.__name__
    text = hint(inspect.signature(function).return_annotation).replace("typing.", "")
    text = KEPT.get(text) or re.sub(r"\bAny\b", "Tensor", text)
    return re.sub(r"\b(?<!\.)(bool|int|float|str)\b", r"builtins.\1", text)


def kind_of(parameter: inspect.Parameter, tensors: Iterable[str]) -> str:
    """Return the type of a parameter."""
    name, default = parameter.name, parameter.default
    if name in tensors:
        needed = default is parameter.empty and name not in ABSENT
        return "TensorLike" if needed else "TensorLike | None"
    if parameter.kind is parameter.VAR_POSITIONAL:
        return "TensorLike" if name in ("arrays", "tensors") else TYPES.get(name, "TensorLike")
    if name in TYPES:
        return TYPES[name]
    if isinstance(default, bool | int | float | str) and not isinstance(default, enum.Enum):
        return FLOAT if name in ("min", "max", "value") else SCALARS.get(type(default), "Any")
    if name in COUNTS:
        return INT if default is parameter.empty else f"{INT} | None"
    return "Any"


def listed(function: Callable[..., Any], also: Iterable[str] = (), skip: int = 0, without: Iterable[str] = ()) -> str:
    """Return a function's parameters with their types; ``also``: further words for some of them, by name only."""
    op = getattr(function, "op", None)
    mine = list(inspect.signature(function).parameters.values())[skip:]
    free = {p.name for p in mine if p.default is p.empty and hint(p.annotation).split(".")[-1] == "Any"}
    tensors = set(op.tensors) if op is not None else free - set(TYPES) - COUNTS
    words = understood(function)
    also = [word for word in also if word not in {p.name for p in mine} and words[word] not in without]
    kinds = {p.name: kind_of(p, tensors) for p in mine}
    also = [word for word in also if words[word] in kinds]
    mine = [p for p in mine if p.name not in without]
    spare = {words[word] for word in also}  # may be given by another word, and so be left out
    parts, starred, open_end = [], False, False
    for p in mine:
        if p.kind is p.KEYWORD_ONLY and not starred:
            parts.append("*")
        starred = starred or p.kind in (p.KEYWORD_ONLY, p.VAR_POSITIONAL)
        open_end = open_end or p.name in spare
        optional = p.default is not p.empty or (open_end and not starred)
        stars = {p.VAR_POSITIONAL: "*", p.VAR_KEYWORD: "**"}.get(p.kind, "")
        parts.append(f"{stars}{p.name}: {kinds[p.name]}{' = ...' if optional and not stars else ''}")
    if also:
        parts += [*([] if starred else ["*"]), *(f"{word}: {kinds[words[word]]} = ..." for word in also)]
    return ", ".join(parts)


def summary(function: Callable[..., Any]) -> str:
    """Return the first line of a docstring."""
    return (inspect.getdoc(function) or "").partition("\n")[0].replace("\\", "\\\\").replace('"', "'")


def definition(
    name: str, function: Callable[..., Any], also: Iterable[str] = (), method: bool = False, theirs: bool = False
) -> str:
    """Return one function, or method, of a stub: overloads, where arguments say how many tensors are returned."""
    indent, first = ("    ", ["self"]) if method else ("", [])
    doc = f'\n{indent}    """{summary(function)}"""\n'
    given, several = (THEIRS if theirs else SEVERAL).get(name, ((), ""))

    def line(rest: str, returned: str) -> str:
        return f"{indent}def {name}({', '.join(filter(None, [*first, rest]))}) -> {returned}:"

    full = listed(function, also, skip=len(first))
    if not several:
        return line(full, result(function)) + doc
    forms = [line(listed(function, also, len(first), given), "Tensor"), line(full, several)]
    if name in ("max", "min"):
        forms.append(line(f"{'' if method else 'input: TensorLike, '}other: TensorLike", "Tensor"))

    return "".join(f"{indent}@overload\n{form}{doc}" for form in forms)


def words_of(function: Callable[..., Any], method: bool = False) -> list[str]:
    """Return the words that a renamed function takes beyond its own: all of PyTorch's, and one for each parameter."""
    found: dict[str, list[str]] = {}
    for word, mine in understood(function).items():
        if keyword.iskeyword(word) or (method and word in ("input", "A")):
            continue
        if mine not in found or word not in STANDARD:
            found.setdefault(mine, []).append(word)
    return [word for words in found.values() for word in words]


CHANGING = {**IN_PLACE, **RESHAPED}
OPERATORS = "add sub mul truediv floordiv mod pow matmul and or xor lshift rshift lt le gt ge".split()
REFLECTED = "add sub mul truediv floordiv mod pow matmul and or xor lshift rshift".split()


TENSOR = '''\
class Tensor:
    """A tensor of either world, with PyTorch's methods."""

    shape: tuple[builtins.int, ...]
    dtype: np.dtype[Any]
    device: builtins.str
    @property
    def grad(self) -> Tensor: ...
    @grad.setter
    def grad(self, value: Tensor | None) -> None: ...
    requires_grad: builtins.bool
    is_leaf: builtins.bool
    name: builtins.str
    size: builtins.int
    ndim: builtins.int
    T: Tensor
    mT: Tensor
    H: Tensor
    mH: Tensor
    real: Tensor
    imag: Tensor
    data: Tensor
    grad_fn: Any
    def __divmod__(self, other: TensorLike, /) -> tuple[Tensor, Tensor]: ...
    def __eq__(self, other: object, /) -> Tensor: ...  # type: ignore[override]
    def __ne__(self, other: object, /) -> Tensor: ...  # type: ignore[override]
    def __hash__(self) -> builtins.int: ...
    def __getitem__(self, key: Any, /) -> Tensor: ...
    def __setitem__(self, key: Any, value: TensorLike, /) -> None: ...
    def __len__(self) -> builtins.int: ...
    def __iter__(self) -> Iterator[Tensor]: ...
    def __contains__(self, value: object, /) -> builtins.bool: ...
    def __bool__(self) -> builtins.bool: ...
    def __float__(self) -> builtins.float: ...
    def __int__(self) -> builtins.int: ...
    def __index__(self) -> builtins.int: ...
    def __complex__(self) -> builtins.complex: ...
    def __array__(self, dtype: Any = ..., copy: builtins.bool | None = ...) -> np.ndarray[Any, Any]: ...
    def __array_namespace__(self, *, api_version: builtins.str | None = ...) -> Any: ...
    def __dlpack__(self, **options: Any) -> Any: ...
    def __dlpack_device__(self) -> tuple[builtins.int, builtins.int]: ...
    def item(self) -> Any: ...
    def tolist(self) -> Any: ...
    def numpy(self) -> np.ndarray[Any, Any]: ...
    def backward(
        self,
        gradient: TensorLike | None = ...,
        retain_graph: builtins.bool | None = ...,
        create_graph: builtins.bool = ...,
    ) -> None: ...
    def register_hook(self, hook: Callable[[Tensor], Tensor | None]) -> Any: ...
'''
"""What is written by hand: attributes, and what is no op."""


def tensor_class() -> str:
    """Return the class ``Tensor`` as type checkers see it."""
    lines = [TENSOR.rstrip()]
    lines += [f"    def __{name}__(self, other: TensorLike, /) -> Tensor: ..." for name in OPERATORS]
    lines += [f"    def __r{name}__(self, other: TensorLike, /) -> Tensor: ..." for name in REFLECTED]
    lines += [f"    def __i{name}__(self, other: TensorLike, /) -> Self: ..." for name in REFLECTED]
    lines += [f"    def __{name}__(self) -> Tensor: ..." for name in ("neg", "pos", "abs", "invert")]
    said = "\n".join(lines)
    for name in sorted(n for n in dir(df.Tensor) if n[0] != "_"):
        value = inspect.getattr_static(df.Tensor, name)
        if isinstance(value, types.FunctionType) and not re.search(rf"^    (def )?{name}\b", said, re.M):
            plain = VOCABULARY[value.op.name].call if hasattr(value, "op") else CHANGING.get(name, value)
            if name in ("numel", "nelement", "dim", "element_size"):
                lines.append(f"    def {name}(self) -> builtins.int: ...")
            elif name.startswith("is_"):
                lines.append(f"    def {name}(self, *others: Any) -> builtins.bool: ...")
            elif name in ("stride", "data_ptr"):
                lines.append(f"    def {name}(self, dim: builtins.int | None = ...) -> Any: ...")
            else:
                lines.append(definition(name, plain, words_of(plain, True), True, True).rstrip())
    return "\n".join(lines) + "\n"


IMPORTS = """import builtins
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, NamedTuple, ParamSpec, Self, TypeAlias, TypeVar, overload

import numpy as np
from numpy.typing import ArrayLike

from dualflow.core.generator import Generator
"""


FUNCTION = """
_P = ParamSpec("_P")
_R = TypeVar("_R")
@overload
def function(python: Callable[_P, _R]) -> Traced[_P, _R]: ...
@overload
def function() -> Callable[[Callable[_P, _R]], Traced[_P, _R]]: ...
"""
TRACED = '''
_P = ParamSpec("_P")
_R = TypeVar("_R", covariant=True)

class Traced(Generic[_P, _R]):
    """A function that graph mode traces once for each signature; it is called as the function that it was made of."""

    python: Callable[_P, _R]
    log: builtins.list[builtins.str]
    traces: builtins.dict[Any, Any]
    @property
    def trace_count(self) -> builtins.int: ...
    def __call__(self, *args: _P.args, **kwargs: _P.kwargs) -> _R: ...
    def __get__(self, instance: Any, owner: Any = ...) -> Any: ...

'''


def state_classes() -> str:
    """Return ``Variable`` and ``Parameter``, which are tensors with a name."""
    lines = []
    for kind, base in ((df.Variable, "Tensor"), (df.Parameter, "Variable")):
        lines += [f"class {kind.__name__}({base}):", f'    """{summary(kind)}"""', "", "    trainable: builtins.bool"]
        rest = listed(kind.__new__, skip=1)
        lines.append(f"    def __init__(self, {rest}) -> None: ...")
        for name, value in vars(kind).items():
            if isinstance(value, types.FunctionType) and name[0] != "_":
                lines.append(definition(name, value, (), True).rstrip())
        lines.append("")
    return "\n".join(lines) + "\n"


def typing_stub() -> str:
    """Return ``tensors/typing.pyi``: the tensor, what functions take, and the named tuples that they return."""
    text = (
        HEAD + IMPORTS + "\nTensorLike: TypeAlias = Tensor | ArrayLike | Sequence[Any]\nDTypeLike: TypeAlias = Any\n\n"
    )
    text += tensor_class() + "\n" + state_classes() + TRACED
    for name, found in results().items():
        fields = "\n".join(f"    {field}: Tensor" for field in found._fields)  # type: ignore[attr-defined]
        text += f"class {name}(NamedTuple):\n{fields}\n\n"
    return text


def names_used(text: str) -> list[str]:
    """Return what a stub needs of ``tensors.typing``."""
    return [n for n in ("DTypeLike", "Tensor", "TensorLike", *results()) if re.search(rf"\b{n}\b", text)]


def space_stub(
    functions: dict[str, Callable[..., Any]], before: str = "", also: bool = False, theirs: bool = False
) -> str:
    """Return the stub of a namespace."""
    body = "".join(definition(n, f, words_of(f) if also else (), theirs=theirs) for n, f in sorted(functions.items()))
    head = """import builtins
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ParamSpec, TypeVar, overload

import numpy as np

"""
    used = "from dualflow.core.generator import Generator as Generator\n" if "Generator" not in before else ""
    types_ = f"from dualflow.tensors.typing import {', '.join(f'{n} as {n}' for n in names_used(body + before))}\n"
    return HEAD + head + used + types_ + before + "\n" + body


def imported(source: str, but: Iterable[str]) -> list[str]:
    """Return the imports of a module from dualflow, a name each, as a stub re-exports them."""
    lines = []
    for module, several, one in re.findall(r"^from (dualflow[\w.]*) import (?:\(([^)]*)\)|([^\n]*))", source, re.M):
        for name in filter(None, (n.strip() for n in (several or one).replace("\n", " ").split(","))):
            plain, _, alias = name.partition(" as ")
            if not alias.startswith("_") and plain not in but:
                lines.append(f"from {module} import {plain} as {plain}")
                lines += [f"{alias} = {plain}"] if alias and alias != plain else []
    return lines


def facade() -> str:
    """Return ``dualflow/__init__.pyi``: what the facade imports, as it does, and the vocabulary."""
    source = (ROOT / "__init__.py").read_text(encoding="utf-8")
    lines = imported(source, {"Tensor", "Variable", "Parameter", "function"})
    lines += [f"from dualflow.{module} import {name} as {name}" for name, module in df._LATE.items()]
    # fmt: off
    lines += ["from dualflow import torch as torch",
              *(f"from dualflow.tensors.typing import {n} as {n}" for n in ("Parameter", "Traced", "Variable"))]
    # fmt: on
    before = "\n".join(lines) + "\n\n__array_api_version__: str\n__all__: list[str]\n" + FUNCTION
    return space_stub(SPACES["df"], before)


def layers_stub() -> str:
    """Return the stub of ``nn``: its classes as it imports them; a layer that is one function, with its parameters."""
    source = (ROOT / "nn" / "__init__.py").read_text(encoding="utf-8")
    classes = {name: value for name, value in vars(df.nn).items() if name in df.nn.__all__ and isinstance(value, type)}
    applied = {name: layer for name, layer in sorted(classes.items()) if issubclass(layer, Applied)}
    lines = imported(source, applied) + ["from dualflow.tensors.typing import Parameter as Parameter"]
    lines += ["", "__all__: list[str]", ""]
    for name, layer in applied.items():
        rest, starred = ["self"], False
        for p in inspect.signature(layer).parameters.values():
            rest += ["*"] * (p.kind is p.KEYWORD_ONLY and not starred)
            starred = starred or p.kind is p.KEYWORD_ONLY
            rest.append(f"{p.name}: {kind_of(p, ())}{'' if p.default is p.empty else ' = ...'}")
        lines += [f"class {name}(Applied):", f'    """{summary(layer)}"""', ""]
        lines += [f"    def __init__({', '.join(rest)}) -> None: ...", ""]
    body = "\n".join(lines)
    types_ = f"from dualflow.tensors.typing import {', '.join(n for n in names_used(body) if n != 'Tensor')}\n"
    head = """import builtins
from collections.abc import Callable, Sequence
from typing import Any

from dualflow.nn.layers import Applied
"""
    return HEAD + head + types_ + body


def vars_of(module: types.ModuleType) -> dict[str, Callable[..., Any]]:
    """Return the public functions of a module by name."""
    public = {name: getattr(module, name) for name in module.__all__}
    return {name: value for name, value in public.items() if isinstance(value, types.FunctionType)}


def stubs() -> dict[Path, str]:
    """Return every stub by its path."""
    random = "".join(
        f"from dualflow.core.generator import {n} as {n}\n" for n in df.random.__all__ if n not in SPACES["random"]
    )
    layers = vars_of(df.nn.functional)
    theirs = {name: function for name, function in vars_of(torch).items() if name in FUNCTIONS}
    source = (ROOT / "torch" / "__init__.py").read_text(encoding="utf-8")
    plain = imported(source, {"functions", "bool_", "Tensor"})
    plain += ["from dualflow.core.dtypes import bool_ as bool_", "bool = bool_"]
    return {
        ROOT / "tensors" / "typing.pyi": typing_stub(),
        ROOT / "__init__.pyi": facade(),
        ROOT / "linalg.pyi": space_stub(SPACES["linalg"]),
        ROOT / "fft.pyi": space_stub(SPACES["fft"]),
        ROOT / "random.pyi": space_stub(SPACES["random"], random),
        ROOT / "torch" / "linalg.pyi": space_stub(vars_of(torch.linalg), "", True, True),
        ROOT / "torch" / "fft.pyi": space_stub(vars_of(torch.fft), "", True, True),
        ROOT / "nn" / "__init__.pyi": layers_stub(),
        ROOT / "nn" / "functional.pyi": space_stub(layers, "\n__all__: list[str]\n", True),
        ROOT / "torch" / "__init__.pyi": space_stub(theirs, "\n".join(plain) + "\n", True, True),
    }


def main() -> int:
    """Write the stubs, or check that they are what the cards say."""
    stale = [path for path, text in stubs().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path.relative_to(ROOT.parent)} is stale; run python docs/tools/make_stubs.py")
        return int(bool(stale))
    for path, text in stubs().items():
        path.write_text(text, encoding="utf-8")
    print(f"wrote {len(stale)} of {len(stubs())} stubs")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
