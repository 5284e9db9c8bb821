"""PyTorch's functions, words and defaults over dualflow's vocabulary: ``import dualflow.torch as torch``.

>>> import dualflow.torch as torch
>>> x = torch.tensor([[1.0, 3.0], [2.0, 2.0]])
>>> torch.cat([x, x], dim=1).shape, torch.max(x, dim=1).indices, torch.var(x, dim=1)
((2, 4), tensor([1, 0]), tensor([2., 0.]))
"""

from typing import Any

from dualflow import nn, optim
from dualflow.core.dtypes import (
    bfloat16,
    bool_,
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
from dualflow.core.dtypes import complex64 as cfloat
from dualflow.core.dtypes import complex128 as cdouble
from dualflow.core.dtypes import float16 as half
from dualflow.core.dtypes import float32 as float
from dualflow.core.dtypes import float64 as double
from dualflow.core.dtypes import int16 as short
from dualflow.core.dtypes import int32 as int
from dualflow.core.dtypes import int64 as long
from dualflow.core.generator import Generator, get_rng_state, manual_seed, set_rng_state
from dualflow.core.mode import enable_grad, is_grad_enabled, no_grad, set_grad_enabled
from dualflow.ops.array.inspection import e, inf, nan, pi
from dualflow.torch import fft, linalg
from dualflow.torch.table import functions
from dualflow.worlds.eager import Tensor

bool = bool_
globals().update(functions())
__all__ = sorted({name for name in globals() if name[0] != "_"} - {"Any", "bool_", "functions", "table"})


def __getattr__(name: str) -> Any:
    raise AttributeError(f"dualflow.torch has no {name!r} yet; what there is, dir(dualflow.torch) tells")


def __dir__() -> list[str]:
    return __all__
