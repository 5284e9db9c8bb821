"""A custom Function's gradient against the slope of its forward, along random directions, at its first use."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from dualflow.autodiff.several import all_of
from dualflow.core import dtypes
from dualflow.core.errors import DualflowError
from dualflow.core.mode import Scope, no_grad
from dualflow.core.site import Site, user_site
from dualflow.inspect.lint.findings import Finding
from dualflow.worlds.eager.function import Context, Function
from dualflow.worlds.eager.tensor import Tensor, wrap

STEP = 1e-3
"""Of the central difference; the error of its formula is a millionth, that of float32 constants a ten-thousandth."""
TRIES = 3
APART = 0.05
"""A rule is wrong if it is off by more than this share in most tries: one may meet a kink, or agree by chance."""


def wrong_rule(function: type[Function], args: Sequence[Any]) -> Finding | None:
    """Return a finding if ``function.backward`` does not give the slope of ``function.forward`` at ``args``.

    ``args``: arrays, tensors and Python values; the floating arrays are moved. What cannot be decided there (the
    forward fails, or is not finite) is no finding.
    """
    draw = np.random.default_rng(0)
    values = [np.asarray(x, np.float64) if _moves(x) else x for x in args]
    places = [i for i, x in enumerate(args) if _moves(x)]
    site: Site | None = None
    gives, off = "", 0
    with Scope(mode="eager", graph=None, lint=None, watch=None, numerics=False, grad=True, tapes=()):
        for _ in range(TRIES):
            directions = {i: draw.normal(size=values[i].shape) for i in places}
            try:
                numeric, ruled, noise, site = _slopes(function, values, directions, draw)
            except (DualflowError, ArithmeticError, TypeError, ValueError):
                return None  # its own run is going to say what is wrong
            scale = max(abs(numeric), abs(ruled))
            if not np.isfinite(scale):
                return None
            if abs(numeric - ruled) <= APART * scale + noise:
                continue
            off += 1
            gives = f"{ruled:.4g} along a random direction, where its forward has the slope {numeric:.4g}"
    if 2 * off <= TRIES:
        return None
    if site is None:
        site = (function.backward.__code__, 0)
    return Finding.at(
        site, "slope", f"{function.__name__}.backward gives {gives}",
        "mend the rule; if it is meant to differ (straight-through, reversal), ignore the code 'slope'",
    )  # fmt: skip


def _moves(x: Any) -> bool:
    return isinstance(x, np.ndarray | Tensor) and x.dtype.kind == "f"


def _slopes(
    function: type[Function], values: list[Any], directions: dict[int, np.ndarray], draw: np.random.Generator
) -> tuple[float, float, float, Site | None]:
    """Return forward's slope by a central difference, backward's, the former's rounding, and backward's own line."""

    def forward(shift: float) -> tuple[Any, Any]:
        context = Context()
        context.needs_input_grad = tuple(i in directions for i in range(len(values)))
        moved = [wrap(np.asarray(x + shift * directions[i])) if i in directions else x for i, x in enumerate(values)]
        with no_grad(), np.errstate(all="ignore"):
            return context, all_of(function.carried(context, moved))

    context, results = forward(0.0)
    counted = [dtypes.is_floating(y.dtype) and not any(y is x for x in context.fixed) for y in results]
    weights = [draw.normal(size=y.shape) * yes for y, yes in zip(results, counted, strict=True)]
    up, down = (
        sum(float(np.sum(w * y.numpy())) for w, y in zip(weights, forward(shift)[1], strict=True))
        for shift in (STEP, -STEP)
    )
    gs = [wrap(np.asarray(w)) for w in weights]
    made_at: dict[int, tuple[Any, Site | None]] = {}  # the tensors too, so that an id stays its tensor's

    def note(op: Any, args: Any, params: Any, made: Any) -> None:
        made_at[id(made)] = made, user_site()

    with Scope(watch=SimpleNamespace(op=note)):
        answer = function.backward(context, *gs)
    answers = answer if isinstance(answer, tuple | list) else (answer,)
    ruled, site = 0.0, None
    for i, part in enumerate(answers):
        if part is not None and i in directions:
            ruled += float(np.sum(part.detach().numpy() * directions[i]))
            site = site or made_at.get(id(part), (None, None))[1]
    size = sum(float(np.sum(np.abs(w * y.numpy()))) for w, y in zip(weights, results, strict=True))
    noise = max(np.finfo(y.dtype).eps for y, yes in zip(results, counted, strict=True) if yes)
    return (up - down) / (2 * STEP), ruled, float(10 * noise * size / STEP), site
