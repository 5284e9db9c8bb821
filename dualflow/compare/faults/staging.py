"""Class C: confusion about when Python runs and when the graph does."""

from dualflow.compare.faults.card import Fault

ISSTA = "Zhang et al., ISSTA 2018: confusion with computation model"
MSR = "Castro Vélez et al., MSR 2022: incompatibility with eager execution"
NOTES = "the lecture notes: static and dynamic graphs"
FINE = "not expressible: each line runs at each step, so nothing is wrong"
SESSION_ONLY = "not expressible: there is no graph to build"

FAULTS = (
    Fault(
        "branch-on-a-tensor", "C", "dynamic", "a Python `if` asks a tensor that has no value while the graph is made",
        find="w2 = df.where(previous < 1.0, w2a, w2b)", plant="w2 = w2a if previous < 1.0 else w2b",
        source=f"{NOTES}: w2 = w2a if prev_loss < 5.0 else w2b", op="less", names=("previous",),
        eager=FINE, graph="raises: while the step is traced",
    ),
    Fault(
        "value-inside-the-step", "C", "network", "the loss is read as a Python number inside the step",
        find="    loss.backward()\n    with df.no_grad():", plant="    seen = float(loss)\n    loss.backward()\n    with df.no_grad():",
        source="jax#3086; Zhang et al., ISSTA 2018", names=("loss",),
        eager=FINE, graph="raises: while the step is traced",
    ),
    Fault(
        "branch-on-a-number", "C", "dynamic", "a Python `if` asks a number of the program's, once, while tracing",
        find="w2 = df.where(previous < 1.0, w2a, w2b)", plant="w2 = w2a if last < 1.0 else w2b",
        also=(("previous = df.tensor(2.0)", "previous = df.tensor(2.0)\nlast = 2.0"),
              ("    losses.append(float(previous))", "    losses.append(float(previous))\n    last = losses[-1]")),
        source=f"{NOTES}: w2 = w2a if prev_loss < 5.0 else w2b", names=("last",),
        eager=FINE, graph="silent: the branch of the first step is taken for ever",
    ),
    Fault(
        "rate-baked-in", "C", "tutorial", "a learning rate that falls is a Python number that was read while tracing",
        find="    losses.append(float(step(x, y)))", plant="    losses.append(float(step(x, y)))\n    learning_rate = learning_rate * 0.5",
        guilty=("w1.assign(w1 - learning_rate * grad_w1)", "w2.assign(w2 - learning_rate * grad_w2)"),
        source=MSR, names=("learning_rate",),
        eager=FINE, graph="silent: the rate stays what it was",
    ),
    Fault(
        "branch-on-the-epoch", "C", "training", "a warm-up asks which epoch it is, once, while tracing",
        find="    loss = loss_function(logits, targets)\n    optimizer.zero_grad()",
        plant="    scale = 0.1 if epoch == 0 else 1.0\n    loss = scale * loss_function(logits, targets)\n    optimizer.zero_grad()",
        source=MSR, names=("epoch",),
        eager=FINE, graph="silent: the warm-up never ends",
    ),
    Fault(
        "print-inside-the-step", "C", "custom", "the loss is printed inside the step, to follow the training",
        find="    loss.backward()", plant='    print("loss", loss)\n    loss.backward()',
        source="tensorflow#34025; Castro Vélez et al., MSR 2022: debuggability", names=("print", "loss"),
        eager=FINE, graph="silent: a symbol is printed, once",
    ),
    Fault(
        "append-inside-the-step", "C", "network", "losses are collected in a list inside the step",
        find="    loss.backward()", plant="    seen.append(loss.detach())\n    loss.backward()",
        also=(("learning_rate = 0.01", "learning_rate = 0.01\nseen = []"),
              ("result = [losses", "result = [len(seen), losses")),
        source="jax#3086: a leaked tracer", names=("seen",),
        eager=FINE, graph="silent: one symbol is appended, once",
    ),
    Fault(
        "counter-inside-the-step", "C", "tape", "a warm-up counts its steps in Python, inside the step",
        find="    w1.assign(w1 - learning_rate * grad_w1)",
        plant='    counts["steps"] += 1\n    w1.assign(w1 - learning_rate * min(counts["steps"], 3) * grad_w1)',
        also=(("learning_rate = 1e-2", 'learning_rate = 1e-3\ncounts = {"steps": 0}'),),
        source=MSR, names=("counts",),
        eager=FINE, graph="silent: it counts traces, not steps",
    ),
    Fault(
        "noise-frozen", "C", "pipeline", "the noise comes from NumPy, which runs while the step is traced",
        find="noisy = x + 0.1 * df.randn_like(x)", plant="noisy = x + 0.1 * np.random.normal(size=x.shape).astype(np.float32)",
        source=ISSTA, names=("np.random", "random"),
        eager=FINE, graph="silent: every step gets the noise of the first",
    ),
    Fault(
        "coin-frozen", "C", "convnet", "a coin tossed in Python decides once for all whether pictures are mirrored",
        find="    logits = model(x)", plant="    mirrored = __import__(\"random\").random() < 0.5\n    logits = model(df.flip(x, (3,)) if mirrored else x)",
        source=ISSTA, names=("random",),
        eager=FINE, graph="silent: one side of the coin for ever",
    ),
    Fault(
        "mask-rebound", "C", "attention", "the mask is replaced after the first step; the graph holds the old one",
        find="for _ in range(4):\n    losses.append(float(step(x, y)))",
        plant="for _ in range(4):\n    losses.append(float(step(x, y)))\n    mask = df.zeros(context, context).astype(df.bool)",
        guilty=('scores = scores.masked_fill(mask, float("-inf"))',), source=MSR, names=("mask",),
        eager=FINE, graph="silent: the first mask is used for ever",
    ),
    Fault(
        "graph-grows", "C", "session", "a node is added to the graph at every turn of the loop",
        find="        loss_value, _ = sess.run([loss, train], feed_dict=values)",
        plant="        loss_value, _, _ = sess.run([loss, train, df.log(loss)], feed_dict=values)",
        source="tensorflow#1439, #7127", names=("log", "graph"),
        eager=SESSION_ONLY, graph="silent: every run makes a new plan",
    ),
    Fault(
        "train-never-fetched", "C", "session", "the op that trains is built and never run",
        find="loss_value, _ = sess.run([loss, train], feed_dict=values)", plant="loss_value = sess.run(loss, feed_dict=values)",
        guilty=("train = df.group([",), source=ISSTA, names=("train", "w1", "w2"),
        eager=SESSION_ONLY, graph="silent: nothing is learnt",
    ),
    Fault(
        "placeholder-unused", "C", "session", "the loss compares the prediction with the input instead of the target",
        find="diff = y_pred - y", plant="diff = y_pred - x", guilty=('y = df.placeholder(df.float32, (n, d), name="y")',),
        source=ISSTA, names=("y",),
        eager=SESSION_ONLY, graph="silent: what is fed to y goes nowhere",
    ),
    Fault(
        "symbol-of-another-graph", "C", "session", "part of the program is built in a graph of its own",
        find="losses = []\nwith df.Session(g) as sess:", plant="losses = []\nwith df.graph():\n    shown = loss * df.placeholder(df.float32, (), name=\"scale\")\nwith df.Session(g) as sess:",
        source=ISSTA, names=("graph",),
        eager=SESSION_ONLY, graph="raises: where the two graphs meet",
    ),
    Fault(
        "retrace-storm", "C", "tape", "the number of the step is passed as a Python number, so every step is traced",
        find="    losses.append(float(step(x, y)))", plant="    losses.append(float(step(x, y, i)))",
        also=(("def step(x, y):", "def step(x, y, i):"), ("for _ in range(4):", "for i in range(8):")),
        guilty=("def step(x, y, i):",), source="jax#4274; tensorflow#34025, #44033", names=("i",),
        eager=FINE, graph="silent: as many traces as steps",
    ),
)  # fmt: skip
