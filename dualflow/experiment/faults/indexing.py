"""Class G: an index out of range, or in range and wrong."""

from functools import partial

from dualflow.experiment.faults.card import Fault

beyond = partial(
    Fault,
    source="jax#3493: nothing in eager, cryptic under jit; jax#9839: silent clamping",
    graph="raises: when the step runs",
)
off = partial(Fault, source="Tambon et al., EMSE 2023: wrong calculation (off by one)")

FAULTS = {
    "symbol-out-of-range": beyond(
        "attention",
        "the text has a symbol more than the table of embeddings",
        find="text = np.array([3, 1, 4, 1, 5, 2, 6, 5] * 6)",
        plant="text = np.array([3, 1, 4, 1, 5, 2, 8, 5] * 6)",
        guilty=("h = embedding[x] + position",),
        op="getitem",
        names=("embedding", "x"),
        eager="raises: at the look-up",
    ),
    "labels-from-one": beyond(
        "pipeline",
        "labels are counted from one",
        find="target = class_names[y]",
        plant="target = class_names[y + 1]",
        op="getitem",
        names=("class_names", "y"),
        eager="raises: as soon as there is a nine",
    ),
    "classes-out-of-range": beyond(
        "convnet",
        "the network has nine outputs for ten classes",
        find="df.nn.Linear(16 * 2 * 2, 10)",
        plant="df.nn.Linear(16 * 2 * 2, 9)",
        guilty=("loss = df.nn.functional.cross_entropy(logits, y)",),
        op="cross_entropy",
        names=("y",),
        eager="raises: in the loss",
    ),
    "row-too-far": beyond(
        "recurrent",
        "the loop goes one row too far",
        find="for t in range(8):",
        plant="for t in range(9):",
        guilty=("gates = x[:, t] @ w_in + h @ w_hidden + bias",),
        op="getitem",
        names=("x",),
        eager="raises: in the first step",
        graph="raises: while the step is traced",
    ),
    "row-too-few": off(
        "recurrent",
        "the loop leaves the last row out",
        find="for t in range(8):",
        plant="for t in range(7):",
        names=("t",),
        eager="silent: the last row is not read",
    ),
    "row-wraps-around": off(
        "recurrent",
        "the index starts at -1, which is the last row",
        find="gates = x[:, t] @ w_in",
        plant="gates = x[:, t - 1] @ w_in",
        op="getitem",
        names=("x", "t"),
        eager="silent: the last row is read first",
    ),
    "target-not-shifted": off(
        "attention",
        "each symbol is to predict itself",
        find="text[s + 1 : s + 1 + context]",
        plant="text[s : s + context]",
        names=("y",),
        eager="silent: there is nothing to learn",
    ),
    "argmax-over-batch": Fault(
        "training",
        "the best picture is looked for, instead of the best class",
        find="predicted = model(batch).argmax(dim=1)",
        plant="predicted = model(batch).argmax(dim=0)",
        guilty=("return (predicted == targets).astype(df.float32).mean()",),
        source="Humbatova et al., ICSE 2020: wrong tensor shape",
        op="equal",
        names=("predicted", "targets"),
        eager="raises: 10 do not compare with 359",
        graph="raises: while the score is traced",
    ),
    "rows-for-columns": off(
        "tutorial",
        "rows of the gradient are cleared where elements should be",
        find="grad_h[h < 0] = 0",
        plant="grad_h[h[:, 0] < 0] = 0",
        op="setitem",
        names=("grad_h",),
        eager="silent: the direction is wrong",
    ),
    "last-batch-left-out": off(
        "pipeline",
        "the range ends a batch too early",
        find="for start in range(0, len(features), 48):",
        plant="for start in range(0, len(features) - 48, 48):",
        names=("start",),
        eager="silent: a quarter of the data is never seen",
    ),
}
