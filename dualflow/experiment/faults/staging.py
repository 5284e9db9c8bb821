"""Class C: confusion about when Python runs and when the graph does."""

from functools import partial

from dualflow.experiment.faults.card import Fault

ISSTA = "Zhang et al., ISSTA 2018: confusion with computation model"
MSR = "Castro Vélez et al., MSR 2022: incompatibility with eager execution"
NOTES = "the lecture notes: static and dynamic graphs"

traced = partial(Fault, eager="not expressible: each line runs at each step, so nothing is wrong")
built = partial(Fault, "session", eager="not expressible: there is no graph to build")

FAULTS = {
    "branch-on-a-tensor": traced(
        "dynamic",
        "a Python `if` asks a tensor that has no value while the graph is made",
        find="w2 = df.where(previous < 1.0, w2a, w2b)",
        plant="w2 = w2a if previous < 1.0 else w2b",
        source=f"{NOTES}: w2 = w2a if prev_loss < 5.0 else w2b",
        op="less",
        names=("previous",),
        graph="raises: while the step is traced",
    ),
    "value-inside-the-step": traced(
        "network",
        "the loss is read as a Python number inside the step",
        find="    loss.backward()\n    with df.no_grad():",
        plant="    seen = float(loss)\n    loss.backward()\n    with df.no_grad():",
        source="jax#3086; Zhang et al., ISSTA 2018",
        names=("loss",),
        graph="raises: while the step is traced",
    ),
    "branch-on-a-number": traced(
        "dynamic",
        "a Python `if` asks the last entry of a history, once, while tracing",
        find="w2 = df.where(previous < 1.0, w2a, w2b)",
        plant="w2 = w2a if last[0] < 1.0 else w2b",
        also=(
            ("import dualflow as df\n", "from collections import deque\n\nimport dualflow as df\n"),
            ("previous = df.tensor(2.0)", "previous = df.tensor(2.0)\nlast = deque([2.0], maxlen=1)"),
            ("    losses.append(float(previous))", "    losses.append(float(previous))\n    last.append(losses[-1])"),
        ),
        source=f"{NOTES}: w2 = w2a if prev_loss < 5.0 else w2b",
        names=("last",),
        graph="silent: the branch of the first step is taken for ever",
    ),
    "rate-baked-in": traced(
        "tutorial",
        "a learning rate that falls is taken from an iterator, once, while tracing",
        find="    w1.assign(w1 - learning_rate * grad_w1)",
        plant="    learning_rate = next(rates)\n    w1.assign(w1 - learning_rate * grad_w1)",
        also=(
            ("import dualflow as df\n", "import itertools\n\nimport dualflow as df\n"),
            ("learning_rate = 1e-3", "rates = (1e-3 * 0.5**i for i in itertools.count())"),
        ),
        source=MSR,
        names=("learning_rate", "rates"),
        graph="silent: the rate stays what it was",
    ),
    "branch-on-the-epoch": traced(
        "training",
        "a warm-up asks which step it is, once, while tracing",
        find="    loss = loss_function(logits, targets)\n    optimizer.zero_grad()",
        plant=(
            "    scale = 0.1 if next(numbers) < 3 else 1.0\n    loss = scale * loss_function(logits, targets)\n"
            "    optimizer.zero_grad()"
        ),
        also=(
            ("import dualflow as df\n", "import itertools\n\nimport dualflow as df\n\nnumbers = itertools.count()\n"),
        ),
        source=MSR,
        names=("numbers", "scale"),
        graph="silent: the warm-up never ends",
    ),
    "print-inside-the-step": traced(
        "custom",
        "the loss is printed inside the step, to follow the training",
        find="    loss.backward()",
        plant='    print("loss", loss)\n    loss.backward()',
        source="tensorflow#34025; Castro Vélez et al., MSR 2022: debuggability",
        names=("print", "loss"),
        graph="silent: a symbol is printed, once",
    ),
    "append-inside-the-step": traced(
        "network",
        "losses are collected in a list inside the step",
        find="    loss.backward()",
        plant="    seen.append(loss.detach())\n    loss.backward()",
        also=(
            ("learning_rate = 0.01", "learning_rate = 0.01\nseen = []"),
            ("result = [losses", "result = [len(seen), losses"),
        ),
        source="jax#3086: a leaked tracer",
        names=("seen",),
        graph="silent: one symbol is appended, once",
    ),
    "counter-inside-the-step": traced(
        "tape",
        "a warm-up counts its steps in Python, inside the step",
        find="    w1.assign(w1 - learning_rate * grad_w1)",
        plant='    counts["steps"] += 1\n    w1.assign(w1 - learning_rate * min(counts["steps"], 3) * grad_w1)',
        also=(("learning_rate = 1e-2", 'learning_rate = 1e-3\ncounts = {"steps": 0}'),),
        source=MSR,
        names=("counts",),
        graph="silent: it counts traces, not steps",
    ),
    "noise-frozen": traced(
        "pipeline",
        "the noise comes from NumPy, which runs while the step is traced",
        find="noisy = x + 0.1 * df.randn_like(x)",
        plant="noisy = x + 0.1 * np.random.normal(size=x.shape).astype(np.float32)",
        source=ISSTA,
        names=("np.random", "random"),
        graph="silent: every step gets the noise of the first",
    ),
    "coin-frozen": traced(
        "convnet",
        "a coin tossed in Python decides once for all whether pictures are mirrored",
        find="    logits = model(x)",
        plant="    mirrored = random.random() < 0.5\n    logits = model(df.flip(x, (3,)) if mirrored else x)",
        also=(
            ("import dualflow as df\n", "import random\n\nimport dualflow as df\n"),
            ("df.manual_seed(0)", "df.manual_seed(0)\nrandom.seed(3)"),
        ),
        source=ISSTA,
        names=("random",),
        graph="silent: one side of the coin for ever",
    ),
    "mask-rebound": traced(
        "attention",
        "each step takes the next mask; the graph has the first",
        find='scores = scores.masked_fill(mask, float("-inf"))',
        plant='scores = scores.masked_fill(next(masks), float("-inf"))',
        also=(
            ("import numpy as np\n", "import itertools\n\nimport numpy as np\n"),
            ("losses = []\n", "masks = itertools.chain([mask], itertools.repeat(mask & False))\nlosses = []\n"),
        ),
        source=MSR,
        names=("masks", "mask"),
        graph="silent: the first mask is used for ever",
    ),
    "graph-grows": built(
        "a node is added to the graph at every turn of the loop",
        find="        loss_value, _ = sess.run([loss, train], feed_dict=values)",
        plant="        loss_value, _, _ = sess.run([loss, train, df.log(loss)], feed_dict=values)",
        source="tensorflow#1439, #7127",
        names=("log", "graph"),
        graph="silent: every run makes a new plan (after five such runs dualflow warns without being asked)",
    ),
    "train-never-fetched": built(
        "the op that trains is built and never run",
        find="loss_value, _ = sess.run([loss, train], feed_dict=values)",
        plant="loss_value = sess.run(loss, feed_dict=values)",
        guilty=("train = df.group([",),
        source=ISSTA,
        names=("train", "w1", "w2"),
        graph="silent: nothing is learnt",
    ),
    "placeholder-unused": built(
        "the loss compares the prediction with the input instead of the target",
        find="diff = y_pred - y",
        plant="diff = y_pred - x",
        guilty=('y = df.placeholder(df.float32, (n, d), name="y")',),
        source=ISSTA,
        names=("y",),
        graph="silent: what is fed to y goes nowhere",
    ),
    "symbol-of-another-graph": built(
        "part of the program is built in a graph of its own",
        find="losses = []\nwith df.Session(g) as sess:",
        plant="losses = []\nwith df.graph():\n    shown = loss * df.zeros(())\nwith df.Session(g) as sess:",
        guilty=("shown = loss * df.zeros(())",),
        source=ISSTA,
        names=("graph",),
        graph="raises: where the two graphs meet",
    ),
    "retrace-storm": traced(
        "tape",
        "the number of the step is passed as a Python number, so every step is traced",
        find="    losses.append(float(step(x, y)))",
        plant="    losses.append(float(step(x, y, i)))",
        also=(("def step(x, y):", "def step(x, y, i):"), ("for _ in range(4):", "for i in range(8):")),
        guilty=("def step(x, y, i):",),
        source="jax#4274; tensorflow#34025, #44033",
        names=("i",),
        graph="warns: after five traces in a row",
    ),
}
