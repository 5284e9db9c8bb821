"""Class E: a program that runs well and learns badly; named after DeepCrime's mutation operators where it has one."""

from dualflow.compare.faults.card import Fault

DEEPCRIME = "Humbatova et al., ISSTA 2021, DeepCrime"
ISSTA = "Zhang et al., ISSTA 2018: incorrect model parameter or structure"
NOTES = "the lecture notes"
NEVER = "silent: nothing is wrong but the learning"

FAULTS = (
    Fault(
        "loss-changed", "E", "custom", "the loss is a plain mean of the errors, whose signs cancel",
        find="(y_pred - y).pow(2).mean()", plant="(y_pred - y).mean()", source=f"{DEEPCRIME}: LCH", op="mean",
        names=("loss",), eager=NEVER, graph=NEVER,
    ),
    Fault(
        "activation-changed", "E", "convnet", "a convolution is squashed where it should be rectified",
        find="h = self.conv1(x).relu()", plant="h = self.conv1(x).sigmoid()", source=f"{DEEPCRIME}: ACH", op="sigmoid",
        names=("conv1",), eager=NEVER, graph=NEVER,
    ),
    Fault(
        "activation-removed", "E", "training", "nothing stands between two linear layers",
        find="    df.nn.ReLU(),\n", plant="", guilty=("df.nn.Linear(64, 32),",), source=f"{DEEPCRIME}: ARM",
        names=("ReLU",), eager=NEVER, graph=NEVER,
    ),
    Fault(
        "optimizer-changed", "E", "training", "plain gradient descent at Adam's learning rate",
        find="df.optim.Adam(model.parameters(), lr=3e-3)", plant="df.optim.SGD(model.parameters(), lr=3e-3)",
        source=f"{DEEPCRIME}: OCH", names=("optimizer",), eager=NEVER, graph=NEVER,
    ),
    Fault(
        "rate-too-high", "E", "recurrent", "a learning rate a hundred times too high",
        find="lr=0.01", plant="lr=1.0", source=f"{DEEPCRIME}: HLR", names=("lr",), eager=NEVER, graph=NEVER,
    ),
    Fault(
        "weights-all-zero", "E", "network", "the first layer starts at zero, so its units never differ",
        find="w1 = (0.1 * df.randn(64, 32))", plant="w1 = (0.0 * df.randn(64, 32))", source=f"{DEEPCRIME}: WCI",
        names=("w1",), eager=NEVER, graph=NEVER,
    ),
    Fault(
        "labels-not-shuffled", "E", "pipeline", "pictures are shuffled and their labels are not",
        find="features, labels = features[order], labels[order]", plant="features = features[order]",
        source=f"{DEEPCRIME}: TCL", names=("labels",), eager=NEVER, graph=NEVER,
    ),
    Fault(
        "rate-subtracted-twice", "E", "tape", "the learning rate itself is subtracted from the weights as well",
        find="w2.assign(w2 - learning_rate * grad_w2)", plant="w2.assign(w2 - learning_rate - learning_rate * grad_w2)",
        source=f"{NOTES}: w2.assign(w2-learning-learning_rate*grad_w2)", names=("w2",), eager=NEVER, graph=NEVER,
    ),
    Fault(
        "eval-forgotten", "E", "training", "dropout is still on when the model is tested",
        find="model.eval()\n", plant="", guilty=("score = float(accuracy(",), source="Humbatova et al., ICSE 2020: validation",
        names=("model",), eager=NEVER, graph=NEVER,
    ),
    Fault(
        "softmax-twice", "E", "convnet", "the loss takes a softmax of what is one already",
        find="return self.head(h)", plant="return self.head(h).softmax(dim=-1)", source=ISSTA, op="softmax",
        names=("head",), eager=NEVER, graph=NEVER,
    ),
    Fault(
        "softmax-over-batch", "E", "attention", "attention is normalised over queries instead of keys",
        find="weights = scores.softmax(dim=-1)", plant="weights = scores.softmax(dim=0)", source=ISSTA, op="softmax",
        names=("weights",), eager=NEVER, graph=NEVER,
    ),
    Fault(
        "residual-dropped", "E", "attention", "what attention finds replaces its input instead of adding to it",
        find="h = h + weights @ value", plant="h = weights @ value", source=f"{DEEPCRIME}; {ISSTA}", op="matmul",
        names=("h",), eager=NEVER, graph=NEVER,
    ),
    Fault(
        "reshape-mixes-axes", "E", "attention", "predictions are flattened time first, targets batch first",
        find="logits.reshape(-1, symbols)", plant="logits.transpose(0, 1).reshape(-1, symbols)", source=ISSTA,
        op="reshape", names=("logits",), eager=NEVER, graph=NEVER,
    ),
    Fault(
        "state-not-carried", "E", "recurrent", "the cell forgets: its state is computed from nothing at each row",
        find="c = f.sigmoid() * c + i.sigmoid() * g.tanh()", plant="c = i.sigmoid() * g.tanh()", source=ISSTA,
        op="multiply", names=("c",), eager=NEVER, graph=NEVER,
    ),
)  # fmt: skip
