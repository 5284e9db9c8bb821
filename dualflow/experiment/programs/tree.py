"""A network with the shape of its input: it reads formulas, each a tree of NANDs, and says whether they are true."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

import dualflow as df
from dualflow.arms.program import Program, Published, Run

LEAVES, SHAPES, BATCH, WIDTH = 5, 4, 16, 16


def shapes(first: int, leaves: int) -> list[Any]:
    """List all binary trees over so many leaves, numbered from ``first``, as nested pairs."""
    if leaves == 1:
        return [first]
    return [
        (left, right)
        for cut in range(1, leaves)
        for left in shapes(first, cut)
        for right in shapes(first + cut, leaves - cut)
    ]


def truth(tree: Any, bits: Any) -> Any:
    """Return for each row of bits whether the formula is true."""
    return bits[:, tree] if isinstance(tree, int) else ~(truth(tree[0], bits) & truth(tree[1], bits))


def build(seed: int) -> Run:
    """Build the words for false and true, the cell that joins two parts, the read-out, and Adam.

    The four trees have five leaves each, so that every structure costs the same and only its order of work differs.
    """
    df.manual_seed(seed)
    words, join, read_out = df.nn.Embedding(2, WIDTH), df.nn.Linear(2 * WIDTH, WIDTH), df.nn.Linear(WIDTH, 2)
    trained = (*words.parameters(), *join.parameters(), *read_out.parameters())
    optimizer = df.optim.Adam(trained, lr=1e-2)
    every = shapes(0, LEAVES)
    trees = [every[i] for i in np.random.default_rng(seed).choice(len(every), SHAPES, replace=False)]

    def meaning(tree: Any, leaves: Any) -> Any:
        if isinstance(tree, int):
            return leaves[:, tree]
        return df.tanh(join(df.concat([meaning(tree[0], leaves), meaning(tree[1], leaves)], axis=1)))

    def logits(tree: Any, bits: Any) -> Any:
        return read_out(meaning(tree, words(bits)))

    @df.function
    def loss(tree: Any, bits: Any, true: Any) -> Any:
        return df.nn.functional.cross_entropy(logits(tree, bits), true)

    @df.function
    def step(tree: Any, bits: Any, true: Any) -> Any:
        value = loss(tree, bits, true)
        optimizer.minimize(value)
        return value

    @df.function
    def right(tree: Any, bits: Any, true: Any) -> Any:
        return (logits(tree, bits).argmax(axis=1) == true).astype(df.float32).mean()

    def formulas(tree: Any, bits: Any) -> tuple[Any, ...]:
        values = (df.from_numpy(part.astype(np.int64)) for part in (bits, truth(tree, bits)))
        return tree, *values

    def batch(i: int) -> tuple[Any, ...]:
        # Each tree twice: a step traced at every one of its first calls is what df.lint() takes for a mistake.
        return formulas(trees[i // 2 % SHAPES], np.random.default_rng([seed, i]).random((BATCH, LEAVES)) < 0.5)

    def evaluate() -> Mapping[str, float]:
        every_row = np.arange(2**LEAVES)[:, None] >> np.arange(LEAVES) & 1 == 1
        return {"formulas right": float(np.mean([float(right(*formulas(tree, every_row))) for tree in trees]))}

    return Run(step, batch, trained, loss, evaluate)


CARD = Program(
    name="tree",
    summary=f"recursive network over {SHAPES} trees of {LEAVES} leaves, one at a time: its structure follows the input",
    build=build,
    steps=300,
    published=Published(
        "2.4×",
        "Moldovan et al., AutoGraph, SysML 2019, arXiv:1810.08061: TreeLSTM, batch 1, 36.75 steps a second with "
        "AutoGraph and Lantern, 15.41 in PyTorch",
    ),
)
