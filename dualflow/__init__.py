"""dualflow: one vocabulary of tensor operations, carried out eagerly or as a graph, and compared.

``df`` speaks the Python array API standard (2024.12) and its own words: the standard's functions, the vocabulary's
further ops under one name each, making tensors, gradients, modes, graphs and tools. A function has one meaning, and one
word for each argument. Layers' functions are in ``df.nn.functional``; PyTorch's functions, words and defaults are in
``dualflow.torch``; a tensor's methods are PyTorch's.
"""

import importlib
from typing import Any

from dualflow import data, fft, linalg, nn, ops, optim, random
from dualflow.core import dtypes, errors
from dualflow.core import mode as _mode
from dualflow.core.dtypes import (
    bfloat16,
    complex64,
    complex128,
    float16,
    float32,
    float64,
    int8,
    int16,
    int32,
    int64,
    uint8,
    uint16,
    uint32,
    uint64,
)
from dualflow.core.dtypes import bool_ as bool
from dualflow.core.errors import DualflowError
from dualflow.core.generator import Generator, get_rng_state, manual_seed, set_rng_state
from dualflow.core.mode import (
    check_numerics,
    current_mode,
    eager,
    enable_grad,
    is_grad_enabled,
    mode,
    no_grad,
    set_grad_enabled,
)
from dualflow.core.names import SPACES as _SPACES
from dualflow.core.version import __version__
from dualflow.ops.array.inspection import __array_namespace_info__, e, inf, nan, newaxis, pi
from dualflow.worlds.eager import Function, GradientTape, Parameter, Tensor, Variable, grad, once_differentiable
from dualflow.worlds.graph import (
    Graph,
    Session,
    Symbol,
    control_dependencies,
    function,
    global_variables_initializer,
    gradients,
    graph,
    group,
    name_scope,
    placeholder,
)

__array_api_version__ = "2024.12"

_LATE = {
    "Recording": "inspect.record.recording",
    "bisect": "inspect.record.bisect",
    "compare": "experiment.function",
    "debug": "inspect.lint.linter",
    "explain": "inspect.explain",
    "lint": "inspect.lint.linter",
    "record": "inspect.record.recorder",
    "replay": "inspect.record.replay",
}
"""Tools that are loaded when they are first named: together they take more than a tenth of what dualflow does."""

globals().update(_SPACES["df"])
_INNER = {"Any", "autodiff", "core", "importlib", "inspect", "tensors", "worlds"}
"""What is imported here and is no public name: what this file uses, and packages that importing others loads."""
__all__ = sorted({name for name in globals() if name[0] != "_"} - _INNER | {*_LATE})
__all__ += ["__array_api_version__", "__array_namespace_info__", "__version__"]


def __getattr__(name: str) -> Any:
    """Load a tool, or a dialect; say of another library's name what it is called here."""
    if name in _LATE:
        found = globals()[name] = getattr(importlib.import_module(f"dualflow.{_LATE[name]}"), name)
        return found
    if name == "torch":
        return importlib.import_module("dualflow.torch")
    layers = nn.functional.__all__
    raise AttributeError(importlib.import_module("dualflow.torch.table").unknown(name, __all__, layers))


def __dir__() -> list[str]:
    return __all__


_mode.TOOLS["lint"] = lambda: importlib.import_module("dualflow.inspect.lint.linter").CERTAIN
_mode.TOOLS["replay"] = lambda: importlib.import_module("dualflow.inspect.record.stopping")
