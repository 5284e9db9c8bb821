"""Class G: an index out of range, or in range and wrong."""

from dualflow.compare.faults.card import Fault

RANGE = "jax#3493: nothing in eager, cryptic under jit; jax#9839: silent clamping"
OFF = "Tambon et al., EMSE 2023: wrong calculation (off by one)"

FAULTS = (
    Fault(
        "symbol-out-of-range", "G", "attention", "the text has a symbol more than the table of embeddings",
        find="text = np.array([3, 1, 4, 1, 5, 2, 6, 5] * 6)", plant="text = np.array([3, 1, 4, 1, 5, 2, 8, 5] * 6)",
        guilty=("h = embedding[x] + position",), source=RANGE, op="getitem", names=("embedding", "x"),
        eager="raises: at the look-up", graph="raises: when the step runs",
    ),
    Fault(
        "labels-from-one", "G", "pipeline", "labels are counted from one",
        find="target = class_names[y]", plant="target = class_names[y + 1]", source=RANGE, op="getitem",
        names=("class_names", "y"),
        eager="raises: as soon as there is a nine", graph="raises: when the step runs",
    ),
    Fault(
        "classes-out-of-range", "G", "convnet", "the network has nine outputs for ten classes",
        find="df.nn.Linear(16 * 2 * 2, 10)", plant="df.nn.Linear(16 * 2 * 2, 9)",
        guilty=("loss = df.nn.functional.cross_entropy(logits, y)",), source=RANGE, op="cross_entropy", names=("y",),
        eager="raises: in the loss", graph="raises: when the step runs",
    ),
    Fault(
        "row-too-far", "G", "recurrent", "the loop goes one row too far",
        find="for t in range(8):", plant="for t in range(9):", guilty=("gates = x[:, t] @ w_in + h @ w_hidden + bias",),
        source=RANGE, op="getitem", names=("x",),
        eager="raises: in the first step", graph="raises: while the step is traced",
    ),
    Fault(
        "row-too-few", "G", "recurrent", "the loop leaves the last row out",
        find="for t in range(8):", plant="for t in range(7):", source=OFF, names=("t",),
        eager="silent: the last row is not read", graph="silent: the last row is not read",
    ),
    Fault(
        "row-wraps-around", "G", "recurrent", "the index starts at -1, which is the last row",
        find="gates = x[:, t] @ w_in", plant="gates = x[:, t - 1] @ w_in", source=OFF, op="getitem", names=("x", "t"),
        eager="silent: the last row is read first", graph="silent: the last row is read first",
    ),
    Fault(
        "target-not-shifted", "G", "attention", "each symbol is to predict itself",
        find="text[s + 1 : s + 1 + context]", plant="text[s : s + context]", source=OFF, names=("y",),
        eager="silent: there is nothing to learn", graph="silent: there is nothing to learn",
    ),
    Fault(
        "argmax-over-batch", "G", "training", "the best picture is looked for, instead of the best class",
        find="predicted = model(batch).argmax(dim=1)", plant="predicted = model(batch).argmax(dim=0)",
        guilty=("return (predicted == targets).astype(df.float32).mean()",), source="Humbatova et al., ICSE 2020: wrong tensor shape",
        op="equal", names=("predicted", "targets"),
        eager="raises: 10 do not compare with 359", graph="raises: while the score is traced",
    ),
    Fault(
        "rows-for-columns", "G", "tutorial", "rows of the gradient are cleared where elements should be",
        find="grad_h[h < 0] = 0", plant="grad_h[h[:, 0] < 0] = 0", source=OFF, op="setitem", names=("grad_h",),
        eager="silent: the direction is wrong", graph="silent: the direction is wrong",
    ),
    Fault(
        "last-batch-left-out", "G", "pipeline", "the range ends a batch too early",
        find="for start in range(0, len(features), 48):", plant="for start in range(0, len(features) - 48, 48):",
        source=OFF, names=("start",),
        eager="silent: a quarter of the data is never seen", graph="silent: likewise",
    ),
)  # fmt: skip
