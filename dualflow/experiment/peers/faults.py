"""Faults of dualflow's cards in the peers' idioms: the same mistake in the same place of the same program.

The programs stand in ``faults/programs``, one folder an idiom. They are written for the compiled peer; its eager
neighbour runs them without the line that compiles (``DECORATORS``). Where an idiom cannot make a mistake, because
there the same line is right or cannot be written, it has no pair here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dualflow.experiment.faults import FAULTS
from dualflow.experiment.faults.card import Fault
from dualflow.experiment.peers import Peer

DECORATORS = ("@torch.compile\n", "@jax.jit\n", "@tf.function\n")

IDIOMS = "torch jax tensorflow tf1"

Pair = tuple[str, str]

PAIRS: dict[str, dict[str, Pair]] = {
    "weights-transposed": {
        "torch": ("w2 = (0.1 * torch.randn(32, 10))", "w2 = (0.1 * torch.randn(10, 32))"),
        "jax": ("jax.random.normal(key2, (32, 10))", "jax.random.normal(key2, (10, 32))"),
        "tensorflow tf1": ("tf.random.normal((32, 10))", "tf.random.normal((10, 32))"),
    },
    "labels-flat": {
        "torch": ("error = y_pred - y", "error = y_pred.sum(dim=1, keepdim=True) - y.sum(dim=1)"),
        "jax": ("error = y_pred - y", "error = y_pred.sum(axis=1, keepdims=True) - y.sum(axis=1)"),
        "tensorflow tf1": (
            "error = y_pred - y", "error = tf.reduce_sum(y_pred, 1, keepdims=True) - tf.reduce_sum(y, 1)",
        ),
    },
    "where-hides-nan": {
        "torch": ("h_relu = h.clamp(min=0)", "h_relu = torch.where(h > 0, h.sqrt(), 0.0)"),
        "jax": ("h_relu = jnp.maximum(h, 0)", "h_relu = jnp.where(h > 0, jnp.sqrt(h), 0.0)"),
        "tensorflow tf1": ("h_relu = tf.maximum(h, 0.0)", "h_relu = tf.where(h > 0, tf.sqrt(h), tf.zeros_like(h))"),
    },
    "value-inside-the-step": {
        "jax": ("    weights = [w - learning_rate", "    seen = float(loss)\n    weights = [w - learning_rate"),
        "tensorflow": ("    for w, gradient in", "    seen = loss.numpy()\n    for w, gradient in"),
        "tf1": ("train = tf.train", "seen = float(loss)\ntrain = tf.train"),
    },
    "zero-grad-forgotten": {"torch": ("            w.grad.zero_()\n", "")},
    "weights-all-zero": {
        "torch": ("w1 = (0.1 *", "w1 = (0.0 *"),
        "jax": ("w1 = 0.1 *", "w1 = 0.0 *"),
        "tensorflow tf1": ("w1 = tf.Variable(0.1 *", "w1 = tf.Variable(0.0 *"),
    },
    "name-misspelt": {
        "torch": ("w2 = (0.1 * torch.randn(", "w2 = (0.1 * torch.rnadn("),
        "jax": ("jax.random.normal(key2", "jax.random.noraml(key2"),
        "tensorflow tf1": ("w2 = tf.Variable(0.1 * tf.random.normal(", "w2 = tf.Variable(0.1 * tf.random.noraml("),
    },
    "keepdims-forgotten": {
        "torch": ("torch.logsumexp(scores, dim=1, keepdim=True)", "torch.logsumexp(scores, dim=1)"),
        "jax": ("logsumexp(scores, axis=1, keepdims=True)", "logsumexp(scores, axis=1)"),
        "tensorflow tf1": ("(scores, axis=1, keepdims=True)", "(scores, axis=1)"),
    },
    "batch-one-short": {IDIOMS: ("labels[start : start + 48]", "labels[start : start + 47]")},
    "labels-as-floats": {
        "torch jax tensorflow": ("labels[start : start + 48]", "labels[start : start + 48].astype(np.float32)"),
        "tf1": ("y = tf.placeholder(tf.int32,", "y = tf.placeholder(tf.float32,"),
    },
    "softmax-by-hand": {
        "torch": ("    log_p = scores - torch.logsumexp(scores, dim=1, keepdim=True)",
                  "    raised = (scores * 1e3).exp()\n    log_p = (raised / raised.sum(dim=1, keepdim=True)).log()"),
        "jax": ("    log_p = scores - jax.nn.logsumexp(scores, axis=1, keepdims=True)",
                "    raised = jnp.exp(scores * 1e3)\n    log_p = jnp.log(raised / raised.sum(axis=1, keepdims=True))"),
        "tensorflow": ("        log_p = scores - tf.reduce_logsumexp(scores, axis=1, keepdims=True)",
                       "        raised = tf.exp(scores * 1e3)\n"
                       "        log_p = tf.math.log(raised / tf.reduce_sum(raised, axis=1, keepdims=True))"),
        "tf1": ("log_p = scores - tf.reduce_logsumexp(scores, axis=1, keepdims=True)",
                "raised = tf.exp(scores * 1e3)\n"
                "log_p = tf.math.log(raised / tf.reduce_sum(raised, axis=1, keepdims=True))"),
    },
    "labels-from-one": {
        "torch jax": ("target = class_names[y]", "target = class_names[y + 1]"),
        "tensorflow tf1": ("tf.gather(class_names, y)", "tf.gather(class_names, y + 1)"),
    },
    "noise-frozen": {
        "jax": ("jax.random.normal(key, x.shape)", "np.random.normal(size=x.shape).astype(np.float32)"),
        "tensorflow": ("tf.random.normal(x.shape)", "np.random.normal(size=x.shape).astype(np.float32)"),
        "tf1": ("tf.random.normal(tf.shape(x))", "np.random.normal(size=(48, 64)).astype(np.float32)"),
    },
    "gates-too-few": {
        "torch": ("torch.randn(units, 4 * units)", "torch.randn(units, 3 * units)"),
        "jax tensorflow tf1": ("(units, 4 * units))", "(units, 3 * units))"),
    },
    "zero-over-zero-in-a-loop": {IDIOMS: ("gates = x[:, t] @ w_in", "gates = (x[:, t] / x[:, t, :1]) @ w_in")},
    "row-too-far": {IDIOMS: ("for t in range(8):", "for t in range(9):")},
}  # fmt: skip
"""By fault and the idioms that write it alike: what stands in the program, and what is planted for it."""

GUILTY: dict[str, dict[str, tuple[str, ...]]] = {
    "weights-transposed": {
        "torch": ("y_pred = h_relu.mm(w2)",), "jax tensorflow tf1": ("y_pred = h_relu @ w2",),
    },
    "zero-grad-forgotten": {"torch": ("w -= learning_rate * w.grad",)},
    "batch-one-short": {
        "torch": ("return -(target * log_p).sum(dim=1).mean()",),
        "jax": ("return -(target * log_p).sum(axis=1).mean()",),
        "tensorflow tf1": ("loss = tf.reduce_mean(-tf.reduce_sum(target * log_p",),
    },
    "softmax-by-hand": {
        "torch": ("log_p = (raised",), "jax": ("log_p = jnp.log(raised",),
        "tensorflow tf1": ("log_p = tf.math.log(raised",),
    },
    "labels-as-floats": {
        "torch jax": ("target = class_names[y]",),
        "tensorflow tf1": ("target = tf.gather(class_names, y)",),
    },
    "gates-too-few": {IDIOMS: ("gates = x[:, t] @ w_in + h @ w_hidden + bias",)},
    "row-too-far": {IDIOMS: ("gates = x[:, t] @ w_in + h @ w_hidden + bias",)},
}  # fmt: skip
"""Further lines where the mistake could as well be mended, as the cards have them."""

CALLED = {
    "matmul": "matmul|mm|dot_general|dot|MatMul|matmul_v2|multiplied",
    "subtract": "subtract|sub|Sub|SubV2",
    "multiply": "multiply|mul|Mul",
    "add": "add|Add|AddV2",
    "divide": "divide|div|RealDiv|truediv",
    "getitem": "getitem|index|indexing|gather|GatherV2|slice|strided_slice|StridedSlice|indices|Indexer",
    "sqrt": "sqrt|SqrtBackward0|Sqrt",
    "exp": "exp|ExpBackward0|Exp",
}
"""What the peers call an op: any of the names will do."""

CHANGED = {"name-misspelt": ("network", "", ("noraml", "rnadn"))}
"""Cards whose program the peers do not have: the program, op and names here."""


def compiles(peer: Peer) -> bool:
    """Return whether the peer runs the program as written, with the line that compiles it."""
    return peer.mode != "eager"


def fault(name: str, peer: Peer) -> Fault | None:
    """Return the card in the peer's idiom, or None if it cannot be expressed there."""
    pair = _of_idiom(PAIRS[name], peer)
    if pair is None or (name in TRACED and not compiles(peer)):
        return None
    card = FAULTS[name]
    program, op, names = CHANGED.get(name, (card.program, card.op, card.names))
    return replace(
        card, program=f"{peer.scripts}/{program}", find=pair[0], plant=pair[1], also=(), op=CALLED.get(op, op),
        names=names, guilty=_of_idiom(GUILTY.get(name, {}), peer) or (),
    )  # fmt: skip


def _of_idiom(written: Mapping[str, tuple[str, ...]], peer: Peer) -> tuple[str, ...] | None:
    """Return what is written for the peer's idiom, if anything is."""
    return next((found for idioms, found in written.items() if peer.scripts in idioms.split()), None)


TRACED = ("value-inside-the-step", "noise-frozen")
"""Mistakes about tracing: where each line runs at each step, nothing is wrong."""


def without(text: str) -> str:
    """Return a program without the line that compiles; the others keep their numbers."""
    for line in DECORATORS:
        text = text.replace(line, "\n")
    return text
