"""Class D: numbers that overflow, vanish or are not defined."""

from dualflow.experiment.faults.card import Fault

LOG = "jax#475: which op makes the NaN"
BACKWARD = "jax#25701: where in the backward pass is the NaN"
LOOP = "jax#5696: a NaN in a loop is reported as the loop"
EXP = "Humbatova et al., ICSE 2020: loss; papers' class D: exp overflows"

FAULTS = {
    "log-of-zero": Fault(
        "autoencoder",
        "the logarithm is taken of the picture, whose background is 0",
        find="picture = -(x * p.log()",
        plant="picture = -(p * x.log()",
        source=LOG,
        op="log",
        names=("x",),
        eager="silent: the loss is infinite",
    ),
    "variance-overflows": Fault(
        "autoencoder",
        "the deviation is the exponential of a thousand times too much",
        find="deviation = (0.5 * log_variance).exp()",
        plant="deviation = (500 * log_variance).exp()",
        source=EXP,
        op="exp",
        names=("log_variance", "deviation"),
        eager="silent: infinite, then NaN",
    ),
    "softmax-by-hand": Fault(
        "pipeline",
        "a softmax without the maximum taken off, of large scores",
        find="    log_p = scores - df.logsumexp(scores, axis=1, keepdims=True)",
        plant="    raised = (scores * 1e3).exp()\n    log_p = (raised / raised.sum(dim=1, keepdim=True)).log()",
        guilty=("log_p = (raised",),
        source=EXP,
        op="exp",
        names=("scores", "raised"),
        eager="silent: NaN from the second step on",
    ),
    "root-at-zero": Fault(
        "network",
        "the rectifier is written as a square root, whose slope at 0 is infinite",
        find="h_relu = h.clamp(min=0)",
        plant="h_relu = (h * h.clamp(min=0)).sqrt()",
        source=BACKWARD,
        op="sqrt",
        names=("h",),
        eager="silent: the loss is finite at first, the gradient is NaN",
    ),
    "where-hides-nan": Fault(
        "network",
        "`where` picks the finite branch; the gradient sees both",
        find="h_relu = h.clamp(min=0)",
        plant="h_relu = df.where(h > 0, h.sqrt(), 0.0)",
        source=BACKWARD,
        op="sqrt",
        names=("h",),
        eager="silent: the gradient is NaN",
    ),
    "norm-at-zero": Fault(
        "attention",
        "vectors are divided by their length, and padding has none",
        find="    h = embedding[x] + position",
        plant=(
            "    h = embedding[x] * (x != 5).unsqueeze(-1)\n"
            "    h = h / h.pow(2).sum(dim=-1, keepdim=True).sqrt() + position"
        ),
        source="Humbatova et al., ICSE 2020: layer properties; 0/0",
        op="divide",
        guilty=("h = h / h.pow(2)",),
        names=("h",),
        eager="silent: NaN",
    ),
    "zero-over-zero-in-a-loop": Fault(
        "recurrent",
        "rows are scaled by their first pixel, which is 0",
        find="gates = x[:, t] @ w_in",
        plant="gates = (x[:, t] / x[:, t, :1]) @ w_in",
        source=LOOP,
        op="divide",
        names=("x",),
        eager="silent: NaN from that row on",
    ),
    "mask-too-much": Fault(
        "attention",
        "the mask hides a symbol from itself, so the first sees nothing",
        find="df.triu(df.ones(context, context), 1)",
        plant="df.triu(df.ones(context, context), 0)",
        guilty=("weights = scores.softmax(dim=-1)",),
        source="papers' class D: a softmax of nothing but -inf",
        op="softmax",
        names=("scores", "mask"),
        eager="silent: NaN",
    ),
    "half-overflows": Fault(
        "tutorial",
        "the loss is summed in half precision, which ends at 65,504",
        find="loss = (y_pred - y).pow(2).sum()",
        plant="loss = (3 * (y_pred - y)).astype(df.float16).pow(2).sum()",
        source="Micikevicius et al., ICLR 2018: loss scaling",
        op="sum",
        names=("loss",),
        eager="silent: the loss is infinite",
    ),
    "mean-of-nothing": Fault(
        "custom",
        "the batch is cut from beyond the end of the data and is empty",
        find="x = df.randn(n, d_in)",
        plant="x = df.randn(n, d_in)[n:]",
        guilty=("y_pred = h.mm(w2)", "loss = (y_pred - y).pow(2).mean()"),
        also=(("y = df.randn(n, d_out)", "y = df.randn(n, d_out)[n:]"),),
        source="Humbatova et al., ICSE 2020: wrong input",
        op="mean",
        names=("y_pred",),
        eager="silent: the mean of nothing is NaN",
    ),
    "deviation-of-constant": Fault(
        "pipeline",
        "pixels that are always white are divided by their deviation, 0",
        find="features = (counts - mean) / (deviation + 1e-3)",
        plant="features = (counts - mean) / deviation",
        source="Humbatova et al., ICSE 2020: preprocessing",
        names=("features",),
        eager="warns: NumPy does, outside the step",
    ),
}
