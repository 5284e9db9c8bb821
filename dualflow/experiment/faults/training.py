"""Class E: a program that runs well and learns badly; named after DeepCrime's mutation operators where it has one."""

from functools import partial

from dualflow.experiment.faults.card import Fault

DEEPCRIME = "Humbatova et al., ISSTA 2021, DeepCrime"
ISSTA = "Zhang et al., ISSTA 2018: incorrect model parameter or structure"
NOTES = "the lecture notes"

silent = partial(Fault, eager="silent: nothing is wrong but the learning")

FAULTS = {
    "loss-changed": silent(
        "custom",
        "the loss is a plain mean of the errors, whose signs cancel",
        find="(y_pred - y).pow(2).mean()",
        plant="(y_pred - y).mean()",
        source=f"{DEEPCRIME}: LCH",
        op="mean",
        names=("loss",),
    ),
    "activation-changed": silent(
        "convnet",
        "a convolution is squashed where it should be rectified",
        find="h = self.conv1(x).relu()",
        plant="h = self.conv1(x).sigmoid()",
        source=f"{DEEPCRIME}: ACH",
        op="sigmoid",
        names=("conv1",),
    ),
    "activation-removed": silent(
        "training",
        "nothing stands between two linear layers",
        find="    df.nn.ReLU(),\n",
        plant="",
        guilty=("df.nn.Linear(64, 32),",),
        source=f"{DEEPCRIME}: ARM",
        names=("ReLU",),
    ),
    "optimizer-changed": silent(
        "training",
        "plain gradient descent at Adam's learning rate",
        find="df.optim.Adam(model.parameters(), lr=3e-3)",
        plant="df.optim.SGD(model.parameters(), lr=3e-3)",
        source=f"{DEEPCRIME}: OCH",
        names=("optimizer",),
    ),
    "rate-too-high": silent(
        "recurrent",
        "a learning rate a hundred times too high",
        find="lr=0.01",
        plant="lr=1.0",
        source=f"{DEEPCRIME}: HLR",
        names=("lr",),
    ),
    "weights-all-zero": silent(
        "network",
        "the first layer starts at zero, so its units never differ",
        find="w1 = (0.1 * df.randn(64, 32))",
        plant="w1 = (0.0 * df.randn(64, 32))",
        source=f"{DEEPCRIME}: WCI",
        names=("w1",),
    ),
    "labels-not-shuffled": silent(
        "pipeline",
        "pictures are shuffled and their labels are not",
        find="features, labels = features[order], labels[order]",
        plant="features = features[order]",
        source=f"{DEEPCRIME}: TCL",
        names=("labels",),
    ),
    "rate-subtracted-twice": silent(
        "tape",
        "the learning rate itself is subtracted from the weights as well",
        find="w2.assign(w2 - learning_rate * grad_w2)",
        plant="w2.assign(w2 - learning_rate - learning_rate * grad_w2)",
        source=f"{NOTES}: w2.assign(w2-learning-learning_rate*grad_w2)",
        names=("w2",),
    ),
    "eval-forgotten": silent(
        "training",
        "dropout is still on when the model is tested",
        find="model.eval()\n",
        plant="",
        guilty=("score = float(accuracy(",),
        source="Humbatova et al., ICSE 2020: validation",
        names=("model",),
    ),
    "softmax-twice": silent(
        "convnet",
        "the loss takes a softmax of what is one already",
        find="return self.head(h)",
        plant="return self.head(h).softmax(dim=-1)",
        source=ISSTA,
        op="softmax",
        names=("head",),
    ),
    "softmax-over-batch": silent(
        "attention",
        "attention is normalised over queries instead of keys",
        find="weights = scores.softmax(dim=-1)",
        plant="weights = scores.softmax(dim=0)",
        source=ISSTA,
        op="softmax",
        names=("weights",),
    ),
    "residual-dropped": silent(
        "attention",
        "what attention finds replaces its input instead of adding to it",
        find="h = h + weights @ value",
        plant="h = weights @ value",
        source=f"{DEEPCRIME}; {ISSTA}",
        op="matmul",
        names=("h",),
    ),
    "reshape-mixes-axes": silent(
        "attention",
        "predictions are flattened time first, targets batch first",
        find="logits.reshape(-1, symbols)",
        plant="logits.transpose(0, 1).reshape(-1, symbols)",
        source=ISSTA,
        op="reshape",
        names=("logits",),
    ),
    "state-not-carried": silent(
        "recurrent",
        "the cell forgets: its state is computed from nothing at each row",
        find="c = f.sigmoid() * c + i.sigmoid() * g.tanh()",
        plant="c = i.sigmoid() * g.tanh()",
        source=ISSTA,
        op="multiply",
        names=("c",),
    ),
}
