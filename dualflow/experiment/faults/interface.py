"""Class B: a function, a module or a session is not used as it is meant to be."""

from functools import partial

from dualflow.experiment.faults.card import Fault

ISSTA = "Zhang et al., ISSTA 2018: API misuse"
TAXONOMY = "Humbatova et al., ICSE 2020: API"
NOTES = "the lecture notes"
RUN = "loss_value, _ = sess.run([loss, train], feed_dict=values)"

fed = partial(Fault, "session", eager="not expressible: there is neither feed nor session")

FAULTS = {
    "normal-of-two-numbers": Fault(
        "tape",
        "the sizes are given to `normal` one by one, as mean and deviation",
        find='w1 = df.Variable(df.random.normal((d_in, hidden)), name="w1")',
        plant='w1 = df.Variable(df.random.normal(d_in, hidden), name="w1")',
        source=f"{NOTES}: tf.Variable(tf.random.normal(Din, H))",
        op="normal",
        names=("normal",),
        eager="not expressible: dualflow reads plain numbers as sizes, as randn does",
    ),
    "name-misspelt": Fault(
        "tape",
        "a function's name is misspelt",
        find="y = df.random.normal((n, d_out))",
        plant="y = df.random.noraml((n, d_out))",
        source=f"{NOTES}: tf.random.noraml",
        names=("noraml",),
        eager="raises: at once, outside the step",
        graph="raises: at once, outside the step",
    ),
    "sum-not-called": Fault(
        "custom",
        "the mean is named and not called",
        find="loss = (y_pred - y).pow(2).mean()",
        plant="loss = (y_pred - y).pow(2).mean",
        guilty=("loss.backward()",),
        source=f"{NOTES}: loss = (y_pred-y).pow(2).sum",
        op="mean",
        names=("loss",),
        eager="raises: a method has no gradient",
    ),
    "parameters-not-called": Fault(
        "training",
        "the optimizer is given the method instead of the parameters",
        find="df.optim.Adam(model.parameters(), lr=3e-3)",
        plant="df.optim.Adam(model.parameters, lr=3e-3)",
        source=TAXONOMY,
        names=("params", "parameters"),
        eager="raises: when the optimizer is made",
        graph="raises: when the optimizer is made",
    ),
    "arguments-swapped": Fault(
        "training",
        "the loss is given targets and logits in the wrong order",
        find="loss_function(logits, targets)",
        plant="loss_function(targets, logits)",
        source=ISSTA,
        op="cross_entropy",
        names=("targets", "logits"),
        eager="raises: in the first step",
    ),
    "init-misspelt": Fault(
        "convnet",
        "the module's own initializer is never called",
        find="        super().__init__()\n        self.conv1",
        plant="        super()\n        self.conv1",
        guilty=("self.conv1 = df.nn.Conv2d(1, 8, 3, padding=1)",),
        source=f"{NOTES}: super(...)._init__()",
        names=("Net", "conv1"),
        eager="raises: at the first layer",
        graph="raises: at the first layer",
    ),
    "keyword-misspelt": Fault(
        "convnet",
        "an option of a layer is misspelt",
        find="df.nn.Conv2d(8, 16, 3, padding=1)",
        plant="df.nn.Conv2d(8, 16, 3, pading=1)",
        source=ISSTA,
        names=("pading",),
        eager="raises: when the layer is made",
        graph="raises: when the layer is made",
    ),
    "gradient-misspelt": Fault(
        "tutorial",
        "a gradient is given a name with a slip in it",
        find="grad_w1 = x.t().mm(grad_h)",
        plant="grad_21 = x.t().mm(grad_h)",
        guilty=("w1.assign(w1 - learning_rate * grad_w1)",),
        source=f"{NOTES}: grad_21 = x.t()mm(grad_h)",
        names=("grad_w1",),
        eager="raises: where the right name is used",
    ),
    "feed-missing": fed(
        "a placeholder that the loss needs is not fed",
        find="            y: draw.normal(size=(n, d)),\n",
        plant="",
        guilty=(RUN, 'y = df.placeholder(df.float32, (n, d), name="y")'),
        source="tensorflow#41111: must feed a value for placeholder",
        names=("y",),
        graph="raises: when the session runs",
    ),
    "feed-transposed": fed(
        "a placeholder is fed an array the wrong way round",
        find="x: draw.normal(size=(n, d))",
        plant="x: draw.normal(size=(d, n))",
        guilty=(RUN, 'x = df.placeholder(df.float32, (n, d), name="x")'),
        source=ISSTA,
        names=("x",),
        graph="raises: when the session runs",
    ),
    "never-initialized": fed(
        "the variables' initializer is never run",
        find="    sess.run(initialize)\n",
        plant="",
        guilty=(
            RUN,
            "with df.Session(g) as sess:",
            "w1 = df.Variable(draw.normal",
        ),
        source=ISSTA,
        names=("w1",),
        graph="raises: at the first run, for the first variable",
    ),
    "fetch-misspelt": fed(
        "a fetch names a symbol that is not there",
        find="loss_value, _ = sess.run([loss, train]",
        plant='loss_value, _ = sess.run(["lossvalue", train]',
        source=ISSTA,
        names=("lossvalue",),
        graph="raises: when the session runs",
    ),
    "shape-as-list": fed(
        "a placeholder's size is a floating point number",
        find='x = df.placeholder(df.float32, (n, d), name="x")',
        plant='x = df.placeholder(df.float32, (n, d / 1), name="x")',
        source=TAXONOMY,
        op="placeholder",
        names=("placeholder",),
        graph="raises: where the placeholder is made",
    ),
}
