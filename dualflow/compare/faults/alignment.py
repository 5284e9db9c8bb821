"""Class A: tensors whose shapes or dtypes do not go together, or go together in a way nobody meant."""

from dualflow.compare.faults.card import Fault

ISSTA = "Zhang et al., ISSTA 2018: unaligned tensor"

FAULTS = (
    Fault(
        "weights-transposed", "A", "network", "the second layer's weights are made the wrong way round",
        find="w2 = (0.1 * df.randn(32, 10))", plant="w2 = (0.1 * df.randn(10, 32))", guilty="y_pred = h_relu.mm(w2)",
        source=ISSTA, op="mm", names=("w2", "h_relu"),
        eager="raises: in the first step", graph="raises: while the step is traced",
    ),
    Fault(
        "labels-flat", "A", "network", "labels of shape (64,) are compared with predictions of shape (64, 1)",
        find="error = y_pred - y", plant="error = y_pred.sum(dim=1, keepdim=True) - y.sum(dim=1)",
        source=f"{ISSTA}; silent broadcast", op="subtract", names=("y_pred", "y"),
        eager="silent: 64×64 errors instead of 64", graph="silent: likewise",
    ),
)  # fmt: skip
