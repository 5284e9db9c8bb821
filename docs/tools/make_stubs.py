"""Write the type stubs that editors read: ``python docs/tools/make_stubs.py``; ``--check`` finds stale ones.

Made from the cards. A card says its operands and static parameters, a composite what it returns; what a static
parameter takes is read off its name or its default.
"""

from __future__ import annotations

import enum
import inspect
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
from dualflow.core.words import parameters, synonyms
from dualflow.torch.table import FUNCTIONS

ROOT = Path(__file__).resolve().parents[2] / "dualflow"
HEAD = "# Made by docs/tools/make_stubs.py from the cards; do not edit.\n"

AXIS = "builtins.int | Sequence[builtins.int] | None"
BOOL = "builtins.bool"
TYPES = {
    **dict.fromkeys(("axis", "axes", "dim", "dims"), AXIS),
    **dict.fromkeys(("keepdims", "keepdim", "requires_grad", "descending", "stable"), BOOL),
    "copy": f"{BOOL} | None",
    "correction": "builtins.float",
    "device": "builtins.str | None",
    "dtype": "DTypeLike | None",
    "generator": "Generator | None",
    "reduction": "builtins.str",
    "shape": "builtins.int | Sequence[builtins.int]",
    "size": "Any",
}
"""What a static parameter takes, by its name; of others the default tells."""
ABSENT = {"running_mean", "running_var", "weight", "bias"}
"""Operands that may be None though they have no default."""
SCALARS = {kind: f"builtins.{kind.__name__}" for kind in (bool, int, float, str)}
EITHER = {"unique": "Tensor | tuple[Tensor, ...]", "unique_consecutive": "Tensor | tuple[Tensor, ...]"}
"""Results of functions whose arguments decide whether there are several."""
KEPT = {"np.dtype": "np.dtype[Any]", "FloatInfo": "Any", "IntInfo": "Any"}
PAIRS = {"max", "min", "sort", "median", "nanmedian", "unique", "unique_consecutive", "nonzero"}
"""Methods whose arguments decide whether they return one tensor or several."""


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


def result(function: Callable[..., Any], name: str) -> str:
    """Return the type of a function's result: a tensor, unless it says otherwise."""
    if name in EITHER:
        return EITHER[name]
    if hasattr(function, "op"):
        return "Tensor"
    text = hint(inspect.signature(function).return_annotation).replace("typing.", "")
    text = KEPT.get(text) or re.sub(r"\bAny\b", "Tensor", text)
    return re.sub(r"\b(?<!\.)(bool|int|float|str)\b", r"builtins.\1", text)


def typed(parameter: inspect.Parameter, tensors: Iterable[str]) -> str:
    """Return a parameter with its type."""
    default = parameter.default
    kind = TYPES.get(parameter.name)
    if parameter.name in tensors or (parameter.kind is parameter.VAR_POSITIONAL and kind is None):
        kind = "TensorLike" if default is parameter.empty and parameter.name not in ABSENT else "TensorLike | None"
    elif kind is None and isinstance(default, bool | int | float | str) and not isinstance(default, enum.Enum):
        kind = SCALARS.get(type(default), "Any")
        kind = (
            "builtins.float"
            if kind == "builtins.int" and parameter.name in ("min", "max", "value", "p", "alpha")
            else kind
        )
    kind = kind or "Any"
    if parameter.name == "out":
        kind = "Any"
    end = "" if default is parameter.empty or parameter.kind is parameter.VAR_POSITIONAL else " = ..."
    stars = {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "")
    return f"{stars}{parameter.name}: {kind}{end}"


def listed(function: Callable[..., Any], also: Iterable[str] = (), skip: int = 0) -> str:
    """Return a function's parameters with their types; ``also``: further words for some of them, by name only."""
    op = getattr(function, "op", None)
    own = list(inspect.signature(function).parameters.values())[skip:]
    if any(p.kind is p.VAR_KEYWORD for p in own):
        return "*args: Any, **params: Any"
    free = {p.name for p in own if p.default is p.empty and hint(p.annotation).split(".")[-1] == "Any"}
    tensors = set(op.tensors) if op is not None else free - set(TYPES)
    also = [word for word in also if word not in {p.name for p in own}]
    words = synonyms(parameters(function))
    spare = {words[word] for word in also}  # may be given by another word, and so be left out
    parts, starred, open_end = [], False, False
    for p in own:
        if p.kind is p.KEYWORD_ONLY and not starred:
            parts.append("*")
        starred = starred or p.kind in (p.KEYWORD_ONLY, p.VAR_POSITIONAL)
        text = typed(p, tensors)
        open_end = open_end or p.name in spare
        if open_end and not starred and not text.endswith("= ..."):
            text += " = ..."
        parts.append(text)
    if also:
        parts += [*([] if starred else ["*"]), *(f"{word}: {TYPES.get(word, 'Any')} = ..." for word in also)]
    return ", ".join(parts)


def summary(function: Callable[..., Any]) -> str:
    """Return the first line of a docstring."""
    return (inspect.getdoc(function) or "").partition("\n")[0].replace("\\", "\\\\").replace('"', "'")


def definition(
    name: str, function: Callable[..., Any], indent: str = "", also: Iterable[str] = (), method: bool = False
) -> str:
    """Return one function, or method, of a stub."""
    rest = listed(function, also, skip=1 if method else 0)
    mine = ", ".join(filter(None, ["self" if method else "", rest]))
    line = f"{indent}def {name}({mine}) -> {result(function, name)}:"
    return f'{line}\n{indent}    """{summary(function)}"""\n'


def words_of(function: Callable[..., Any], method: bool = False) -> list[str]:
    """Return PyTorch's words that a renamed function takes beyond its own: the first for each parameter."""
    found: dict[str, str] = {}
    for word, mine in synonyms(parameters(function)).items():
        if not (method and word in ("input", "A")):
            found.setdefault(mine, word)
    return list(found.values())


OPERATORS = "add sub mul truediv floordiv mod pow matmul and or xor lshift rshift lt le gt ge".split()
REFLECTED = "add sub mul truediv floordiv mod pow matmul and or xor lshift rshift".split()


TENSOR = '''\
class Tensor:
    """A tensor of either world, with PyTorch's methods."""

    shape: tuple[builtins.int, ...]
    dtype: np.dtype[Any]
    device: str
    @property
    def grad(self) -> Tensor: ...
    @grad.setter
    def grad(self, value: Tensor | None) -> None: ...
    requires_grad: bool
    is_leaf: bool
    name: str
    size: int
    ndim: int
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
    def __bool__(self) -> builtins.bool: ...
    def __float__(self) -> builtins.float: ...
    def __int__(self) -> builtins.int: ...
    def __index__(self) -> builtins.int: ...
    def __complex__(self) -> builtins.complex: ...
    def __array__(self, dtype: Any = ..., copy: builtins.bool | None = ...) -> np.ndarray[Any, Any]: ...
    def __array_namespace__(self, *, api_version: builtins.str | None = ...) -> Any: ...
    def __dlpack__(self, **options: Any) -> Any: ...
    def __dlpack_device__(self) -> tuple[builtins.int, int]: ...
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
            plain = VOCABULARY[value.op.name].call if hasattr(value, "op") else value
            if name in ("numel", "nelement", "dim", "element_size"):
                lines.append(f"    def {name}(self) -> builtins.int: ...")
            elif name.startswith("is_"):
                lines.append(f"    def {name}(self, *others: Any) -> builtins.bool: ...")
            elif name in ("stride", "data_ptr"):
                lines.append(f"    def {name}(self, dim: builtins.int | None = ...) -> Any: ...")
            elif name in PAIRS:
                lines.append(
                    definition(name, plain, "    ", words_of(plain, True), True)
                    .replace("-> Tensor:", "-> Any:")
                    .rstrip()
                )
            else:
                lines.append(definition(name, plain, "    ", words_of(plain, True), True).rstrip())
    return "\n".join(lines) + "\n"


IMPORTS = """import builtins
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, NamedTuple, ParamSpec, Self, TypeAlias, TypeVar

import numpy as np
from numpy.typing import ArrayLike
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
                lines.append(definition(name, value, "    ", (), True).rstrip())
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


def space_stub(functions: dict[str, Callable[..., Any]], before: str = "", also: bool = False) -> str:
    """Return the stub of a namespace."""
    body = "".join(definition(n, f, "", words_of(f) if also else ()) for n, f in sorted(functions.items()))
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
    before = "\n".join(lines) + "\n\n__version__: str\n__array_api_version__: str\n__all__: list[str]\n" + FUNCTION
    return space_stub(SPACES["df"], before)


def stubs() -> dict[Path, str]:
    """Return every stub by its path."""
    random = "".join(
        f"from dualflow.core.generator import {n} as {n}\n" for n in df.random.__all__ if n not in SPACES["random"]
    )
    layers = {name: getattr(df.nn.functional, name) for name in df.nn.functional.__all__}
    theirs = {n: getattr(torch, n) for n in torch.__all__ if isinstance(getattr(torch, n), types.FunctionType)}
    theirs = {n: f for n, f in theirs.items() if n in FUNCTIONS}
    source = (ROOT / "torch" / "__init__.py").read_text(encoding="utf-8")
    plain = imported(source, {"functions", "bool_", "Tensor"})
    plain += ["from dualflow.core.dtypes import bool_ as bool_", "bool = bool_"]
    return {
        ROOT / "tensors" / "typing.pyi": typing_stub(),
        ROOT / "__init__.pyi": facade(),
        ROOT / "linalg.pyi": space_stub(SPACES["linalg"]),
        ROOT / "fft.pyi": space_stub(SPACES["fft"]),
        ROOT / "random.pyi": space_stub(SPACES["random"], random),
        ROOT / "nn" / "functional.pyi": space_stub(layers, "\n__all__: list[str]\n", True),
        ROOT / "torch" / "__init__.pyi": space_stub(theirs, "\n".join(plain) + "\n", True),
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
