"""Class A: tensors whose shapes or dtypes do not go together, or go together in a way nobody meant."""

from dualflow.compare.faults.card import Fault

ISSTA = "Zhang et al., ISSTA 2018: unaligned tensor"
TAXONOMY = "Humbatova et al., ICSE 2020: wrong tensor shape"
BROADCAST = "Zhang et al., ISSTA 2018: unaligned tensor, low effectiveness (a silent broadcast)"
NOTES = "the lecture notes"

FAULTS = (
    Fault(
        "weights-transposed", "A", "network", "the second layer's weights are made the wrong way round",
        find="w2 = (0.1 * df.randn(32, 10))", plant="w2 = (0.1 * df.randn(10, 32))",
        guilty=("y_pred = h_relu.mm(w2)",), source=ISSTA, op="matmul", names=("w2", "h_relu"),
        eager="raises: in the first step", graph="raises: while the step is traced",
    ),
    Fault(
        "transpose-forgotten", "A", "tutorial", "the gradient of the second layer lacks its transpose",
        find="grad_w2 = h_relu.t().mm(grad_y_pred)", plant="grad_w2 = h_relu.mm(grad_y_pred)",
        source=ISSTA, op="matmul", names=("h_relu", "grad_y_pred"),
        eager="raises: in the first step", graph="raises: while the step is traced",
    ),
    Fault(
        "head-too-wide", "A", "convnet", "the last layer is sized for pictures that were pooled once less",
        find="df.nn.Linear(16 * 2 * 2, 10)", plant="df.nn.Linear(16 * 4 * 4, 10)", guilty=("return self.head(h)",),
        source=TAXONOMY, op="linear", names=("head", "weight"),
        eager="raises: in the first step, where the layer is called", graph="raises: while the step is traced",
    ),
    Fault(
        "channel-axis-missing", "A", "convnet", "the pictures have no axis of channels",
        find="df.from_numpy(images[:32]).unsqueeze(1)", plant="df.from_numpy(images[:32])",
        guilty=("h = self.conv1(x).relu()",), source=TAXONOMY, op="conv2d", names=("x",),
        eager="raises: in the first convolution", graph="raises: while the step is traced",
    ),
    Fault(
        "gates-too-few", "A", "recurrent", "the recurrent weights are sized for three gates, not four",
        find="w_hidden = df.Variable(0.2 * df.randn(units, 4 * units)",
        plant="w_hidden = df.Variable(0.2 * df.randn(units, 3 * units)",
        guilty=("gates = x[:, t] @ w_in + h @ w_hidden + bias",), source=ISSTA, op="add", names=("w_hidden",),
        eager="raises: where the gates are added", graph="raises: while the step is traced",
    ),
    Fault(
        "key-not-transposed", "A", "attention", "queries meet keys that are not transposed",
        find="query @ key.transpose(-2, -1)", plant="query @ key", source=ISSTA, op="matmul", names=("query", "key"),
        eager="raises: in the first step", graph="raises: while the step is traced",
    ),
    Fault(
        "mask-too-large", "A", "attention", "the causal mask is made for a longer context",
        find="df.triu(df.ones(context, context), 1)", plant="df.triu(df.ones(context + 1, context + 1), 1)",
        guilty=('scores = scores.masked_fill(mask, float("-inf"))',), source=TAXONOMY, op="masked_fill",
        names=("mask", "scores"),
        eager="raises: where the mask is used", graph="raises: while the step is traced",
    ),
    Fault(
        "keepdims-forgotten", "A", "pipeline", "a sum over classes loses its axis before it is subtracted",
        find="df.logsumexp(scores, axis=1, keepdims=True)", plant="df.logsumexp(scores, axis=1)",
        source=ISSTA, op="subtract", names=("scores",),
        eager="raises: 48 rows do not fit 10 columns", graph="raises: while the step is traced",
    ),
    Fault(
        "batch-one-short", "A", "pipeline", "a batch has one label less than it has pictures",
        find="labels[start : start + 48]", plant="labels[start : start + 47]",
        guilty=("loss = -(target * log_p).sum(dim=1).mean()",), source=TAXONOMY, op="multiply",
        names=("target", "log_p"),
        eager="raises: where target and prediction meet", graph="raises: while the step is traced",
    ),
    Fault(
        "labels-as-floats", "A", "pipeline", "labels that pick rows of a table are floating point numbers",
        find="y = df.from_numpy(labels[start : start + 48])",
        plant="y = df.from_numpy(labels[start : start + 48].astype(np.float32))", guilty=("target = class_names[y]",),
        source="Zhang et al., ISSTA 2018: unaligned tensor (element type)", op="getitem", names=("y", "class_names"),
        eager="raises: an index must be an integer", graph="raises: while the step is traced",
    ),
    Fault(
        "labels-flat", "A", "network", "labels of shape (64,) are compared with predictions of shape (64, 1)",
        find="error = y_pred - y", plant="error = y_pred.sum(dim=1, keepdim=True) - y.sum(dim=1)",
        source=BROADCAST, op="subtract", names=("y_pred", "y"),
        eager="silent: 64×64 errors instead of 64", graph="silent: likewise",
    ),
    Fault(
        "target-one-column", "A", "tape", "the targets are one column, which every output is compared with",
        find="y = df.random.normal((n, d_out))", plant="y = df.random.normal((n, 1))", guilty=("diff = y_pred - y",),
        source=BROADCAST, op="subtract", names=("y", "y_pred"),
        eager="silent: the column is broadcast", graph="silent: likewise",
    ),
    Fault(
        "sum-over-everything", "A", "autoencoder", "one term of the loss is summed over the batch as well",
        find="- log_variance).sum(dim=1)", plant="- log_variance).sum()",
        source=BROADCAST, op="sum", names=("divergence",),
        eager="silent: a number is added to every picture's loss", graph="silent: likewise",
    ),
)  # fmt: skip
