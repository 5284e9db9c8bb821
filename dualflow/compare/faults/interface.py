"""Class B: a function, a module or a session is not used as it is meant to be."""

from dualflow.compare.faults.card import Fault

ISSTA = "Zhang et al., ISSTA 2018: API misuse"
TAXONOMY = "Humbatova et al., ICSE 2020: API"
NOTES = "the lecture notes"
SESSION_ONLY = "not expressible: there is neither feed nor session"

FAULTS = (
    Fault(
        "normal-of-two-numbers", "B", "tape", "the sizes are given to `normal` one by one, as mean and deviation",
        find='w1 = df.Variable(df.random.normal((d_in, hidden)), name="w1")',
        plant='w1 = df.Variable(df.random.normal(d_in, hidden), name="w1")',
        source=f"{NOTES}: tf.Variable(tf.random.normal(Din, H))", op="normal", names=("normal",),
        eager="not expressible: dualflow reads plain numbers as sizes, as randn does", graph="not expressible: likewise",
    ),
    Fault(
        "name-misspelt", "B", "tape", "a function's name is misspelt",
        find="y = df.random.normal((n, d_out))", plant="y = df.random.noraml((n, d_out))",
        source=f"{NOTES}: tf.random.noraml", names=("noraml",),
        eager="raises: at once, outside the step", graph="raises: at once, outside the step",
    ),
    Fault(
        "sum-not-called", "B", "custom", "`mean` is named and not called",
        find="loss = (y_pred - y).pow(2).mean()", plant="loss = (y_pred - y).pow(2).mean",
        guilty=("loss.backward()",), source=f"{NOTES}: loss = (y_pred-y).pow(2).sum", op="mean", names=("loss",),
        eager="raises: a method has no gradient", graph="raises: while the step is traced",
    ),
    Fault(
        "parameters-not-called", "B", "training", "the optimizer is given the method instead of the parameters",
        find="df.optim.Adam(model.parameters(), lr=3e-3)", plant="df.optim.Adam(model.parameters, lr=3e-3)",
        source=TAXONOMY, names=("params", "parameters"),
        eager="raises: when the optimizer is made", graph="raises: when the optimizer is made",
    ),
    Fault(
        "arguments-swapped", "B", "training", "the loss is given targets and logits in the wrong order",
        find="loss_function(logits, targets)", plant="loss_function(targets, logits)",
        source=ISSTA, op="cross_entropy", names=("targets", "logits"),
        eager="raises: in the first step", graph="raises: while the step is traced",
    ),
    Fault(
        "init-misspelt", "B", "convnet", "the module's own initializer is never called",
        find="        super().__init__()\n        self.conv1", plant="        super()\n        self.conv1",
        guilty=("self.conv1 = df.nn.Conv2d(1, 8, 3, padding=1)",), source=f"{NOTES}: super(...)._init__()",
        names=("Net", "conv1"),
        eager="raises: at the first layer", graph="raises: at the first layer",
    ),
    Fault(
        "keyword-misspelt", "B", "convnet", "an option of a layer is misspelt",
        find="df.nn.Conv2d(8, 16, 3, padding=1)", plant="df.nn.Conv2d(8, 16, 3, pading=1)",
        source=ISSTA, names=("pading",),
        eager="raises: when the layer is made", graph="raises: when the layer is made",
    ),
    Fault(
        "gradient-misspelt", "B", "tutorial", "a gradient is given a name with a slip in it",
        find="grad_w1 = x.t().mm(grad_h)", plant="grad_21 = x.t().mm(grad_h)",
        guilty=("w1.assign(w1 - learning_rate * grad_w1)",), source=f"{NOTES}: grad_21 = x.t()mm(grad_h)",
        names=("grad_w1",),
        eager="raises: where the right name is used", graph="raises: while the step is traced",
    ),
    Fault(
        "feed-missing", "B", "session", "a placeholder that the loss needs is not fed",
        find="            y: draw.normal(size=(n, d)),\n", plant="",
        guilty=("loss_value, _ = sess.run([loss, train], feed_dict=values)", 'y = df.placeholder(df.float32, (n, d), name="y")'),
        source="tensorflow#41111: must feed a value for placeholder", names=("y",),
        eager=SESSION_ONLY, graph="raises: when the session runs",
    ),
    Fault(
        "feed-transposed", "B", "session", "a placeholder is fed an array the wrong way round",
        find="x: draw.normal(size=(n, d))", plant="x: draw.normal(size=(d, n))",
        guilty=("loss_value, _ = sess.run([loss, train], feed_dict=values)", 'x = df.placeholder(df.float32, (n, d), name="x")'),
        source=ISSTA, names=("x",),
        eager=SESSION_ONLY, graph="raises: when the session runs",
    ),
    Fault(
        "never-initialized", "B", "session", "the variables' initializer is never run",
        find="    sess.run(initialize)\n", plant="",
        guilty=("loss_value, _ = sess.run([loss, train], feed_dict=values)", "with df.Session(g) as sess:",
                "w1 = df.Variable(draw.normal"),
        source=ISSTA, names=("w1",),
        eager=SESSION_ONLY, graph="raises: at the first run, for the first variable",
    ),
    Fault(
        "fetch-misspelt", "B", "session", "a fetch names a symbol that is not there",
        find="loss_value, _ = sess.run([loss, train]", plant='loss_value, _ = sess.run(["lossvalue", train]',
        source=ISSTA, names=("lossvalue",),
        eager=SESSION_ONLY, graph="raises: when the session runs",
    ),
    Fault(
        "shape-as-list", "B", "session", "a placeholder's size is a floating point number",
        find='x = df.placeholder(df.float32, (n, d), name="x")', plant='x = df.placeholder(df.float32, (n, d / 1), name="x")',
        source=TAXONOMY, op="placeholder", names=("placeholder",),
        eager=SESSION_ONLY, graph="raises: where the placeholder is made",
    ),
)  # fmt: skip
