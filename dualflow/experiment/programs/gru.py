"""A language model: gated recurrent units that guess the next letter of the Zen of Python."""

from __future__ import annotations

import codecs
import contextlib
import io
from collections.abc import Mapping
from typing import Any

import numpy as np

import dualflow as df
from dualflow.arms.program import Program, Published, Run

TIME, BATCH, HIDDEN = 12, 16, 64


def text() -> str:
    """Return the Zen of Python (Tim Peters, PEP 20), 856 characters that every Python carries."""
    with contextlib.redirect_stdout(io.StringIO()):  # importing it prints it, once
        import this
    return codecs.decode(this.s, "rot13")


def build(seed: int) -> Run:
    """Build embedding, recurrence and read-out; a batch is 16 stretches of 12 letters, each with the letter after."""
    df.manual_seed(seed)
    letters, places = np.unique(list(text()), return_inverse=True)
    embed, read_out = df.nn.Embedding(len(letters), HIDDEN), df.nn.Linear(HIDDEN, len(letters))
    recurrence = df.nn.GRU(HIDDEN, HIDDEN, batch_first=True)
    trained = (*embed.parameters(), *recurrence.parameters(), *read_out.parameters())
    optimizer = df.optim.Adam(trained, lr=5e-3)

    def logits(x: Any) -> Any:
        h, _ = recurrence(embed(x))
        return read_out(h)

    @df.function
    def loss(x: Any, y: Any) -> Any:
        return df.nn.functional.cross_entropy(logits(x).reshape(-1, len(letters)), y.reshape(-1))

    @df.function
    def step(x: Any, y: Any) -> Any:
        value = loss(x, y)
        optimizer.minimize(value)
        return value

    @df.function
    def right(x: Any, y: Any) -> Any:
        return (logits(x).argmax(axis=-1) == y).astype(df.float32).mean()

    def stretches(starts: Any) -> tuple[Any, ...]:
        rows = places[starts[:, None] + np.arange(TIME + 1)]
        return df.from_numpy(rows[:, :-1].copy()), df.from_numpy(rows[:, 1:].copy())

    def batch(i: int) -> tuple[Any, ...]:
        return stretches(np.random.default_rng([seed, i]).integers(len(places) - TIME, size=BATCH))

    def evaluate() -> Mapping[str, float]:
        return {"letters right": float(right(*stretches(np.arange(0, len(places) - TIME, TIME))))}

    return Run(step, batch, trained, loss, evaluate)


CARD = Program(
    name="gru",
    summary=f"language model by letters: GRU over {TIME} steps, batch {BATCH}, hidden {HIDDEN}, on the Zen of Python",
    build=build,
    steps=200,
    published=Published(
        "2.1×",
        "Jeong et al., JANUS, NSDI 2019, figure 8, read off: a language model of one billion words on one GPU, "
        "40,000 words a second as a TensorFlow graph, 19,000 in TensorFlow Eager",
    ),
)
