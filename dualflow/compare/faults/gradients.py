"""Class F: gradients that are wrong, forgotten, or of something else."""

from dualflow.compare.faults.card import Fault

SILENT = "Tambon et al., EMSE 2023: wrong calculation"
TRAINING = "Humbatova et al., ICSE 2020: training process"
NOTES = "the lecture notes"

FAULTS = (
    Fault(
        "zero-grad-forgotten", "F", "network", "gradients of all steps so far are added up",
        find="            w.grad.zero_()\n", plant="", guilty=("w -= learning_rate * w.grad",),
        source=f"{NOTES}: FORGET this is a common bug", names=("grad", "w"),
        eager="silent: steps grow too long", graph="silent: steps grow too long",
    ),
    Fault(
        "zero-grad-misindented", "F", "network", "only the last weight's gradient is cleared",
        find="            w.grad.zero_()", plant="        w.grad.zero_()", source=f"{NOTES}: the update loop's indentation",
        guilty=("w -= learning_rate * w.grad",), names=("grad", "w"),
        eager="silent: two of three weights take longer steps", graph="silent: likewise",
    ),
    Fault(
        "zero-grad-in-the-wrong-place", "F", "training", "gradients are cleared between backward and step",
        find="    optimizer.zero_grad()\n    loss.backward()\n", plant="    loss.backward()\n    optimizer.zero_grad()\n",
        guilty=("optimizer.step()",), source=TRAINING, names=("optimizer", "grad"),
        eager="silent: nothing is learnt", graph="silent: nothing is learnt",
    ),
    Fault(
        "wrong-custom-rule", "F", "custom", "the op's own gradient has a sign wrong",
        find="grad_x = grad_y * y * (1.0 - y)", plant="grad_x = grad_y * y * (1.0 + y)", source=SILENT, op="Sigmoid",
        names=("grad_x", "Sigmoid"),
        eager="silent: the direction is wrong", graph="silent: the direction is wrong",
    ),
    Fault(
        "custom-rule-drops-factor", "F", "custom", "the op's own gradient forgets what came from above",
        find="grad_x = grad_y * y * (1.0 - y)", plant="grad_x = y * (1.0 - y)", source=SILENT, op="Sigmoid",
        names=("grad_x", "Sigmoid"),
        eager="silent: the gradient is not the loss's", graph="silent: the gradient is not the loss's",
    ),
    Fault(
        "stray-detach", "F", "attention", "one path is detached, so its weights get no gradient",
        find="h = h + weights @ value", plant="h = h + weights @ value.detach()", source=TRAINING, op="detach",
        names=("w_value", "value"),
        eager="silent: w_value never learns", graph="silent: w_value never learns",
    ),
    Fault(
        "loss-detached", "F", "network", "the loss is cut off from the weights before it is differentiated",
        find="loss = error.pow(2).sum() / 64", plant="loss = error.detach().pow(2).sum() / 64",
        guilty=("loss.backward()",), source=TRAINING, op="detach", names=("loss",),
        eager="raises: the loss has no gradient", graph="raises: while the step is traced",
    ),
    Fault(
        "update-recorded", "F", "network", "the weights are updated outside `no_grad`",
        find="    with df.no_grad():\n        for w in weights:", plant="    if True:\n        for w in weights:",
        guilty=("w -= learning_rate * w.grad",), source=f"{NOTES}: with torch.no_grad()", names=("w",),
        eager="raises: a leaf is changed in place", graph="not expressible: an assignment is no part of what is differentiated",
    ),
    Fault(
        "mask-of-relu-forgotten", "F", "tutorial", "the gradient passes the rectifier as if it were open",
        find="    grad_h[h < 0] = 0\n", plant="", guilty=("grad_w1 = x.t().mm(grad_h)",), source=f"{NOTES}; {SILENT}",
        names=("grad_h",),
        eager="silent: the direction is wrong", graph="silent: the direction is wrong",
    ),
    Fault(
        "gradient-of-the-wrong-weight", "F", "tutorial", "the first weights are moved along the second's gradient",
        find="w1.assign(w1 - learning_rate * grad_w1)", plant="w1.assign(w1 - learning_rate * grad_w2)",
        source=f"{NOTES}: grad_w1, grad_e2", op="subtract", names=("w1", "grad_w2"),
        eager="raises: their shapes differ", graph="raises: while the step is traced",
    ),
    Fault(
        "outside-the-tape", "F", "tape", "the weights are watched too late: the network stands before the tape",
        find="    with df.GradientTape() as tape:\n        h = df.maximum(df.matmul(x, w1), 0)",
        plant="    h = df.maximum(df.matmul(x, w1), 0)\n    with df.GradientTape() as tape:",
        guilty=("w1.assign(w1 - learning_rate * grad_w1)",), source=TRAINING, names=("grad_w1", "w1"),
        eager="raises: the gradient is None", graph="raises: while the step is traced",
    ),
    Fault(
        "backward-twice", "F", "custom", "the loss is differentiated twice, and its record is gone",
        find="    loss.backward()", plant="    loss.backward()\n    loss.backward()", source=TRAINING, names=("backward",),
        eager="raises: the record has been freed", graph="raises: while the step is traced",
    ),
    Fault(
        "changed-before-backward", "F", "network", "a value that the gradient needs is changed in place",
        find="    y_pred = h_relu.mm(w2)", plant="    y_pred = h_relu.mm(w2)\n    h_relu.mul_(0.5)",
        source="Chen et al., torch.compile study: in-place; PyTorch's version counter", op="mm", names=("h_relu",),
        eager="raises: at backward, naming both lines", graph="not expressible: symbols are values, nothing is overwritten",
    ),
)  # fmt: skip
