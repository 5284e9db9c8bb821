"""Why a kernel failed, in the one form of all errors: the shape and dtype rules are asked only now.

Eager ops pay for an explanation after the fact; a graph explains when a node is built, with the same words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from dualflow.core.errors import DTypeError, DualflowError, Misfit, OutOfRangeError, ShapeError
from dualflow.core.site import Site, user_site

KINDS = {IndexError: OutOfRangeError, TypeError: DTypeError, ValueError: ShapeError}
"""Python's errors, as kernels raise them, and ours."""


def explain(
    op: Any, error: BaseException, operands: Sequence[Any], params: dict[str, Any], site: Site | None = None
) -> BaseException:
    """Turn a kernel's failure into the error that names the op, its operands and the user's line."""
    if isinstance(error, DualflowError):
        return error
    kind: type[DualflowError] | None = None
    reason = str(error)
    if isinstance(error, Misfit):
        reason, kind = error.reason, error.kind
    else:
        try:
            op.meet(operands, params)
            op.infer(operands, params)
        except Misfit as misfit:
            reason, kind = misfit.reason, misfit.kind
        except (TypeError, ValueError, AttributeError, IndexError) as odd:  # operands no rule can read
            reason = f"{reason} ({odd})" if str(odd) != reason else reason
    if kind is None and isinstance(error, ValueError) and op.complaint[0] is not OutOfRangeError:
        kind, reason = op.complaint
    if kind is None:
        kind = next((ours for theirs, ours in KINDS.items() if isinstance(error, theirs)), DualflowError)
    listed = [(operand_name(op, i), x) for i, x in enumerate(operands) if x is not None]
    hint = _culprit(str(error), listed) if isinstance(error, IndexError) else ""
    return kind(f"{op.name}: {reason}", operands=listed, site=site or user_site(), hint=hint)


def operand_name(op: Any, i: int) -> str:
    """Return what messages call operand ``i`` of a card: its name, or its place among any number of them."""
    return op.tensors[i] if i < len(op.tensors) else f"#{i}"


def _culprit(reason: str, operands: Sequence[tuple[str, Any]]) -> str:
    """Return where the index that NumPy refuses stands, if an operand of integers holds it."""
    index = re.search(r"index (-?\d+) is out of bounds", reason)
    for name, x in operands:
        if index is None or getattr(getattr(x, "dtype", None), "kind", "") not in ("i", "u") or not x.shape:
            continue
        places = np.argwhere(np.asarray(x) == int(index[1]))
        if len(places):
            return f"{name}{places[0].tolist()} is {index[1]}"
    return ""
