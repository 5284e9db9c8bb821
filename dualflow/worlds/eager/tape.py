"""``GradientTape``: a stretch of eager computation, recorded to be differentiated, as in TensorFlow 2."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dualflow.autodiff.record import LEAF, next_serial
from dualflow.core import mode
from dualflow.core.errors import GradientError
from dualflow.core.world import is_tensor
from dualflow.ops.array.create import zeros_like
from dualflow.ops.array.shape import concat
from dualflow.tensors import typing
from dualflow.worlds.eager.backward import gradients
from dualflow.worlds.eager.tensor import Tensor, wrap


class GradientTape:
    """Record a stretch of eager computation for differentiation, as in TensorFlow 2.

    Variables and tensors that require gradients are watched by themselves; ``watch`` adds others. Only ops
    inside the ``with`` block count. One ``gradient`` call uses the tape up unless ``persistent``.

    >>> x = df.tensor(3.0)
    >>> with df.GradientTape() as tape:
    ...     tape.watch(x)
    ...     y = x * x
    >>> tape.gradient(y, x).item()
    6.0
    """

    def __init__(self, persistent: bool = False, watch_accessed_variables: bool = True) -> None:
        self._persistent = persistent
        self._automatic = watch_accessed_variables
        self._used = False
        self._spans: list[list[int | None]] = []  # serials count down: [from, to) of the recorded stretches
        self._watched: list[Any] = []
        self._mine: list[Tensor] = []
        self._scopes: list[mode.Scope] = []

    def __enter__(self) -> GradientTape:
        if self._recording:
            raise GradientError("GradientTape: this tape is recording already")
        scope = mode.Scope(unusual=False, tapes=(*mode.current().tapes, self))
        scope.__enter__()
        self._scopes.append(scope)
        self._spans.append([next_serial(), None])
        return self

    def __exit__(self, *exception: object) -> None:
        self._close()
        self._scopes.pop().__exit__()
        for x in self._mine:
            if x.record is not None and len(x.record) == LEAF:
                self._leaves[id(x)] = x.record
                x.record = None
        self._mine.clear()

    _leaves: dict[int, Any]

    @property
    def _recording(self) -> bool:
        return bool(self._spans) and self._spans[-1][1] is None

    def _close(self) -> None:
        if self._recording:
            self._spans[-1][1] = next_serial()

    def watch(self, tensors: Any) -> None:
        """Record what is done with these tensors from here on, though they do not require gradients."""
        if not hasattr(self, "_leaves"):
            self._leaves = {}
        for x in tensors if isinstance(tensors, Sequence) else [tensors]:
            if not is_tensor(x):
                raise GradientError(f"watch: a tape watches tensors, not {type(x).__name__}")
            if x.record is None:
                x.requires_grad_()
                self._mine.append(x)
            self._watched.append(x)

    def stop_recording(self) -> Any:
        """Pause the tape for the length of a ``with`` block."""
        return _Pause(self)

    def reset(self) -> None:
        """Forget what has been recorded so far."""
        self._spans = [[next_serial(), None]] if self._recording else []

    def watched_variables(self) -> tuple[typing.Tensor, ...]:
        """Return the tensors given to ``watch``."""
        return tuple(self._watched)

    def _inside(self, serial: int) -> bool:
        return any(serial < start and (stop is None or serial > stop) for start, stop in self._spans)  # type: ignore[operator]

    def gradient(
        self, target: Any, sources: Any, output_gradients: Any = None, unconnected_gradients: str = "none"
    ) -> Any:
        """Return the gradient of ``target`` for each of ``sources``, in the same nested structure.

        A source that the target does not depend on gets None, or zeros with
        ``unconnected_gradients="zero"``. Raises GradientError when a tape that is not persistent has
        been used before.
        """
        if self._used and not self._persistent:
            raise GradientError(
                "tape.gradient: this tape has been used; a tape gives one gradient",
                hint="make it GradientTape(persistent=True) to ask it again",
            )
        graph = mode.current().graph
        outer = any(tape is not self for tape in mode.current().tapes)
        keep = self._persistent or outer
        flat = _flatten(sources)
        targets = _flatten(target)
        if graph is not None or any(not isinstance(x, Tensor) for x in (*flat, *targets)):
            owner = graph or next(x.graph for x in (*flat, *targets) if not isinstance(x, Tensor))
            seeds = None if output_gradients is None else _flatten(output_gradients)
            found = owner.gradients(targets, flat, seeds, within=self._inside, create=outer, keep=keep)
        else:
            seeds = [None] * len(targets) if output_gradients is None else _flatten(output_gradients)
            seeds = [wrap(np.ones(t.shape, t.dtype)) if s is None else s for t, s in zip(targets, seeds, strict=True)]
            proxies = [self._proxy(x) for x in flat]
            found = gradients(
                targets, proxies, seeds, keep=keep, create=outer, within=self._inside, what="tape.gradient"
            )
        self._used = True
        if not self._automatic:
            found = [g if any(x is w for w in self._watched) else None for g, x in zip(found, flat, strict=True)]
        if unconnected_gradients == "zero":
            found = [zeros_like(x) if g is None else g for g, x in zip(found, flat, strict=True)]
        elif unconnected_gradients != "none":
            raise ValueError(f"unconnected_gradients must be 'none' or 'zero', not {unconnected_gradients!r}")
        return _pack(sources, iter(found))

    def _proxy(self, x: Tensor) -> Tensor:
        """Stand in for a source that was only watched: its leaf record lives on in the tape."""
        known = getattr(self, "_leaves", {}).get(id(x))
        return x if known is None or x.record is not None else wrap(x.array, known)

    def jacobian(self, target: Any, source: Any) -> typing.Tensor:
        """Return d target / d source, of shape ``target.shape + source.shape``: one pass per element."""
        if not self._persistent:
            raise GradientError(
                "tape.jacobian: one pass per element needs a persistent tape",
                hint="make it GradientTape(persistent=True)",
            )
        rows = []
        for i in range(target.size):
            seed = np.zeros(target.shape, target.dtype)
            seed.flat[i] = 1
            row = self.gradient(target, source, wrap(seed), unconnected_gradients="zero")
            rows.append(row.reshape((1, *row.shape)))
        return concat(rows).reshape((*target.shape, *source.shape))


class _Pause:
    def __init__(self, tape: GradientTape) -> None:
        self._tape = tape
        self._resume: list[bool] = []

    def __enter__(self) -> None:
        self._resume.append(self._tape._recording)
        self._tape._close()

    def __exit__(self, *exception: object) -> None:
        if self._resume.pop():
            self._tape._spans.append([next_serial(), None])


def _flatten(structure: Any) -> list[Any]:
    if isinstance(structure, dict):
        return [leaf for value in structure.values() for leaf in _flatten(value)]
    if isinstance(structure, list | tuple):
        return [leaf for value in structure for leaf in _flatten(value)]
    return [structure]


def _pack(structure: Any, found: Any) -> Any:
    if isinstance(structure, dict):
        return {key: _pack(value, found) for key, value in structure.items()}
    if isinstance(structure, list | tuple):
        return type(structure)([_pack(value, found) for value in structure])
    return next(found)
