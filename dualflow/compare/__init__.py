"""The experiment: one program in every arm, first checked for parity, then measured, then reported.

``df.compare(step, *args)`` compares a function of your own, ``dualflow compare`` on the command line the programs that
come with the package. This file only opens the door: it imports none of the parts, so that ``import dualflow`` loads
neither rich nor the experiment.

>>> import dualflow as df
>>> w = df.Variable([1.0, 2.0])
>>> def step(x):
...     loss = ((w * x) ** 2).sum()
...     df.optim.SGD([w], lr=0.1).minimize(loss)
...     return loss
>>> report = df.compare(step, df.tensor([1.0, 1.0]), steps=3, only="parity")
>>> report.passed, w.tolist()
(True, [1.0, 2.0])
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any


class _Door(ModuleType):
    """The module itself, callable.

    Python sets the attribute ``dualflow.compare`` to this module whenever one of its parts is imported, so a function
    of that name would be gone after the first ``from dualflow.compare.speed import measure``.
    """

    def __call__(
        self,
        step: Callable[..., Any],
        *args: Any,
        arms: str | Sequence[str] = ("eager", "interpreted", "compiled"),
        steps: int = 10,
        seed: int = 0,
        budget_s: float = 4.0,
        only: str | None = None,
        progress: Callable[[str, float], None] | None = None,
    ) -> Any:
        """Compare ``step(*args)`` in every arm: see ``dualflow.compare.own.compare``."""
        from dualflow.compare.own import compare

        return compare(step, *args, arms=arms, steps=steps, seed=seed, budget_s=budget_s, only=only, progress=progress)


sys.modules[__name__].__class__ = _Door
