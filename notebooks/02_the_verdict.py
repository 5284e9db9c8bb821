# %% [markdown]
# # The verdict: eager or graph?
#
# You wrote a training step. Should you compile it?
#
# "Compiled code is faster" is not an answer. Faster than what, by how much, after how long, and
# does it still compute the same? This notebook finds the answer for one real job, step by step. It
# is the job that `dualflow compare` does on the command line:
#
# 1. take a program and write it **once**;
# 2. run it in three ways and show that the **numbers agree**;
# 3. only then look at the **clock**: what starting costs, and what a step costs after that;
# 4. say in plain words what it means, and how sure we are.
#
# At the end you do it with a function of your own.
#
# As in notebook 01: read the question after **Predict**, and say your answer aloud before you look
# at the cell below. The `assert` lines check what must hold everywhere. No `assert` looks at a
# clock: how fast things are depends on your machine.

# %%
import os

if hasattr(os, "sched_setaffinity"):  # on Linux
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

import time

import numpy as np

import dualflow as df

# %% [markdown]
# The first lines put this notebook on one processor core. NumPy and the compiler would both like to
# use all cores, each in its own way, and the race would be between their ways. On one core it is
# fair.

# %% [markdown]
# ## 1. The work
#
# 1,797 digits, written by hand by real people, scanned as pictures of 8×8 grey squares. They come
# with dualflow. (UCI optical digits, by Alpaydin and Kaynak, CC BY 4.0.)

# %%
images, labels = df.data.load_digits(split="train")
test_images, test_labels = df.data.load_digits(split="test")

for row in images[3].reshape(8, 8):
    print("".join(" .:-=+*#%@"[round(9 * float(grey))] * 2 for grey in row))
print("this is a", labels[3])

assert images.shape == (1438, 64) and test_images.shape == (359, 64)

# %% [markdown]
# ## 2. One step, written once
#
# A network of two layers: 64 grey values in, 128 numbers in the middle, 10 scores out, one for each
# digit. The loss is the **cross entropy**: small when the right digit has the best score. **Adam**
# is the rule that changes the weights.
#
# `make` builds it all from a seed. `df.function` marks the step as one that may run in either mode.


# %%
def make(seed=0):
    """Build the network and its training step."""
    df.manual_seed(seed)
    network = df.nn.Sequential(df.nn.Linear(64, 128), df.nn.ReLU(), df.nn.Linear(128, 10))
    optimizer = df.optim.Adam(network.parameters(), lr=3e-3)

    @df.function
    def step(x, y):
        loss = df.nn.functional.cross_entropy(network(x), y)
        optimizer.minimize(loss)
        return loss

    return network, step


def batch(i):
    """Return batch number i: 64 images and their labels. Each epoch has an order of its own."""
    epoch, place = divmod(i, len(images) // 64)
    order = np.random.default_rng(epoch).permutation(len(images))
    rows = order[64 * place : 64 * (place + 1)]
    return df.from_numpy(images[rows]), df.from_numpy(labels[rows])


# %% [markdown]
# > **Predict.** A network that has learned nothing gives each of the ten digits about the same
# > chance. Its cross entropy is then the logarithm of 10. About how much is that?

# %%
network, step = make()
first_loss = float(step(*batch(0)))
print(f"first loss {first_loss:.3f}; log 10 = {np.log(10):.3f}")

assert abs(first_loss - np.log(10)) < 0.3

# %% [markdown]
# ## 3. Three ways to run it
#
# We call them **arms**, as in a medical trial.
#
# | arm | what happens |
# |---|---|
# | eager | NumPy computes each op as its line runs |
# | interpreted | the step is written down as a graph once; then NumPy computes node by node |
# | compiled | the same graph, turned into machine code once; then run as one call |
#
# Why three? *Interpreted* is a graph, but not compiled. If it is as fast as eager and compiled is
# faster, the compiler made the difference. If not, the graph did.

# %%
ARMS = {
    "eager": lambda: df.mode("eager"),
    "interpreted": lambda: df.mode("graph", compile=False),
    "compiled": lambda: df.mode("graph"),
}

# %% [markdown]
# > **Predict.** We build the network three times, once in each arm, from the same seed. Will the
# > first weights be equal?

# %%
built = {}
for arm, mode in ARMS.items():
    with mode():
        built[arm] = make(seed=0)

first_weights = {arm: network[0].weight.detach().numpy().copy() for arm, (network, step) in built.items()}
for arm, weights in first_weights.items():
    print(f"{arm:12}{weights[0, :4]} …")

assert np.array_equal(first_weights["eager"], first_weights["interpreted"])
assert np.array_equal(first_weights["eager"], first_weights["compiled"])

# %% [markdown]
# **Why.** One seed, the same numbers, to the last bit. It is the first condition of a fair trial.

# %% [markdown]
# ## 4. Do they agree?
#
# The second condition: the arms must compute the same. That is called **parity**. A fast wrong
# answer is worth nothing, so this question comes before any clock.

# %% [markdown]
# > **Predict.** Each arm takes ten steps on the same ten batches. Which two columns will be equal
# > to the last digit? How far will the third be off?


# %%
def train(arm, steps, start=0):
    """Take steps in one arm and return the losses."""
    network, step = built[arm]
    with ARMS[arm]():
        return [float(step(*batch(i))) for i in range(start, start + steps)]


losses = {arm: train(arm, 10) for arm in ARMS}

print("step  eager      interpreted  compiled   largest difference")
for i, (a, b, c) in enumerate(zip(*losses.values(), strict=True)):
    print(f"{i:4}  {a:.7f}  {b:.7f}    {c:.7f}  {max(abs(a - b), abs(a - c)):.1g}")

assert losses["eager"] == losses["interpreted"]
assert np.allclose(losses["eager"], losses["compiled"], rtol=1e-3)

# %% [markdown]
# **Why.** Eager and interpreted use the same NumPy code for each op, in the same order. So they
# agree to the last bit. The compiler merges ops and adds numbers in another order, so the seventh
# digit may differ. That is rounding, not a mistake.

# %% [markdown]
# > **Predict.** A loss is one number. It could agree by luck. The **gradients** are 9,610 numbers,
# > and they steer the training. How well do they agree?

# %%
gradients = {}
for arm, mode in ARMS.items():
    network, _ = make(seed=0)
    loss_of = df.function(lambda x, y, network=network: df.nn.functional.cross_entropy(network(x), y))
    with mode():
        found = df.grad(loss_of(*batch(0)), list(network.parameters()))
    gradients[arm] = np.concatenate([g.numpy().ravel() for g in found])

largest = np.abs(gradients["eager"]).max()
for arm in ("interpreted", "compiled"):
    off = np.abs(gradients[arm] - gradients["eager"]).max()
    print(f"{arm:12} off by at most {off / largest:.1g} of the largest gradient")

assert gradients["eager"].shape == (9610,)
assert np.allclose(gradients["eager"], gradients["interpreted"], rtol=1e-6)
assert np.allclose(gradients["eager"], gradients["compiled"], rtol=1e-3, atol=1e-5 * largest)

# %% [markdown]
# ## 5. Does it learn, in every arm?

# %% [markdown]
# > **Predict.** After 20 rounds through the training pictures, how many of the 359 *test* pictures
# > does the network read correctly? It has never seen them.

# %%
EPOCH = len(images) // 64
for arm in ARMS:
    train(arm, 20 * EPOCH - 10, start=10)

x, y = df.from_numpy(test_images), df.from_numpy(test_labels)
accuracy = {}
for arm, (network, _) in built.items():
    with df.no_grad():
        accuracy[arm] = float((network(x).argmax(axis=1) == y).astype(df.float32).mean())
    print(f"{arm:12}{accuracy[arm]:.1%} of the test pictures read correctly")

assert all(share >= 0.95 for share in accuracy.values())
assert max(accuracy.values()) - min(accuracy.values()) <= 0.02

# %% [markdown]
# **Why.** All three learn, and equally well. If they differ by a picture or two, it is rounding
# again: over 440 steps the seventh digits add up. Now, and only now, the clock.

# %% [markdown]
# ## 6. What starting costs

# %% [markdown]
# > **Predict.** We build the step anew and call it three times in each arm. In which arm is the
# > *first* call much slower than the third? Why?

# %%
print("             first call  second call  third call")
steps = {}
for arm, mode in ARMS.items():
    _, steps[arm] = make()
    taken = []
    with mode():
        for i in range(3):
            x, y = batch(i)
            start = time.perf_counter()
            float(steps[arm](x, y))
            taken.append(1000 * (time.perf_counter() - start))
    print(f"{arm:12}" + "".join(f"{ms:9.2f} ms" for ms in taken))

assert steps["eager"].trace_count == 0
assert steps["interpreted"].trace_count == steps["compiled"].trace_count == 1

# %% [markdown]
# **Why.** Eager starts at once. The other two must write the graph down first: dualflow calls your
# function once, with symbols in place of numbers. That is called **tracing**. Then the compiler
# turns the graph into machine code. dualflow keeps the book:

# %%
(trace,) = next(iter(steps["compiled"].traces.values()))
for stage, seconds in trace.plan.times.items():
    print(f"{stage:8}{1000 * seconds:8.1f} ms")

# %% [markdown]
# *build* is dualflow writing the graph down. *trace* and *lower* translate it for the compiler, and
# *compile* makes machine code. You pay once. So the question becomes: how much does each step save
# afterwards?

# %% [markdown]
# ## 7. What a step costs after that

# %% [markdown]
# > **Predict.** We time *one* eager step, eight times. Will the stopwatch show the same number each
# > time?

# %%
x, y = batch(0)
readings = []
for _ in range(8):
    start = time.perf_counter()
    float(steps["eager"](x, y))
    readings.append(1000 * (time.perf_counter() - start))
print("ms:", *[f"{ms:.3f}" for ms in readings])

# %% [markdown]
# **Why.** Hardly. Other programs run, the processor changes its speed, caches are warm or cold. So
# one reading is no measurement, and "A was faster than B" from one reading each is a coin toss.
#
# `measure` does it with care. It times the arms **in turns**: A, B, C, then again in another order,
# and so on. If the machine gets slow for a second, all arms suffer alike. It waits until each arm
# has warmed up, and it times *blocks* of steps that are long enough for the clock.


# %%
from dualflow.arms.timing import measure
from dualflow.experiment.measure.statistics import break_even, compare, summarize


def ready(arm):
    """Return the step of an arm as the clock wants it: no arguments, and done when it returns."""
    step = steps[arm]

    @ARMS[arm]()
    def run():
        float(step(x, y))

    return run


samples = measure({arm: ready(arm) for arm in ARMS}, budget_s=3.0)

for arm, seconds in samples.seconds.items():
    s = summarize(seconds)
    print(f"{arm:12} median {1e6 * s.median:6.0f} µs, middle half {1e6 * s.q1:.0f} to {1e6 * s.q3:.0f} µs")

assert samples.rounds >= 6
assert all(len(seconds) == samples.rounds for seconds in samples.seconds.values())

# %% [markdown]
# We take the **median**, the middle reading: one very slow round cannot spoil it, as it would spoil
# an average.

# %% [markdown]
# > **Predict.** Look at the medians. About how many times as fast is a compiled step as an eager
# > one? And how sure can we be?

# %%
eager, compiled = samples.seconds["eager"], samples.seconds["compiled"]
result = compare(eager, compiled, ("eager", "compiled"))
r = result.ratio
print(f"time of eager / time of compiled = {r.value:.2f}")
print(f"with 95 % confidence between {r.low:.2f} and {r.high:.2f}")
print("verdict:", result.verdict)

assert r.low <= r.value <= r.high

# %% [markdown]
# **Why an interval?** If we measured again, the ratio would come out a little different. The
# interval says by how much. Above 1, compiled is faster. Below 1, eager is. If the interval holds
# 1, nobody knows, and the honest verdict is *no demonstrable difference*.

# %% [markdown]
# > **Predict.** A test of the test: we measure eager against *itself*. What should the verdict be?

# %%
twice = measure({"one": ready("eager"), "other": ready("eager")}, budget_s=1.5)
itself = compare(twice.seconds["one"], twice.seconds["other"], ("one", "other"))
print(f"ratio {itself.ratio.value:.3f}, between {itself.ratio.low:.3f} and {itself.ratio.high:.3f}")
print("verdict:", itself.verdict)

# %% [markdown]
# **Why.** An arm cannot be faster than itself. A measurement that finds a winner here would find
# winners anywhere. (At 95 % confidence it may happen to you once in twenty times. dualflow asks a
# little more than that, so it is rarer.)

# %% [markdown]
# ## 8. When does compiling pay back?
#
# Compiling costs something once. Each step then saves a little. Think of a yearly ticket.

# %% [markdown]
# > **Predict.** With the numbers of parts 6 and 7: after how many steps has compiling paid back?

# %%
once = sum(trace.plan.times.values())
saved = summarize(eager).median - summarize(compiled).median
print(f"once: {1000 * once:.0f} ms; saved by each step: {1e6 * saved:.0f} µs")
if saved > 0:
    print(f"by hand: {1000 * once:.0f} ms / {1e6 * saved:.0f} µs = {once / saved:.0f} steps")

answer = break_even(0.0, eager, once, compiled, ("eager", "compiled"))
print(f"{answer.arm} pays back {answer.verdict}; 95 % interval: {answer.interval}")

assert answer.steps is None or answer.steps >= 0

# %% [markdown]
# **Why.** One-time cost divided by the saving per step. Our training took 440 steps. If the number
# above is larger, compiling was a loss for this job, however fast each step is. For a job of a
# million steps it hardly matters.

# %% [markdown]
# ## 9. All of it in one call
#
# `df.compare(step, x, y)` does everything we did, and a few things more: it puts your weights back
# afterwards, so you may call it in the middle of a training run. On the command line the same thing
# is `dualflow compare FILE.py:FUNCTION`, and `dualflow compare` alone does the digits.

# %% [markdown]
# > **Predict.** Before you look: what will the report say first, parity or speed?

# %%
network, step = built["eager"]
before = network[0].weight.detach().numpy().copy()

report = df.compare(step, x, y, budget_s=3.0)
report

# %%
assert report.passed and report.speed is not None
assert report.arms == ("eager", "interpreted", "compiled")
assert np.array_equal(before, network[0].weight.numpy())

# %% [markdown]
# The report is data, too. You can ask it for any number in it:

# %%
ratio = report.speed.ratio("eager", "compiled")
back = report.speed.pays_back("eager", "compiled")
print(f"ratio {ratio.ratio.value:.2f}, {ratio.verdict}")
print(f"{back.arm} pays back {back.verdict} ({back.interval})")

assert set(report.speed.arms) == set(report.arms)

# %% [markdown]
# ## 10. It depends on the work
#
# Here are three other jobs, very unlike each other:
#
# * `one_small` is a single op on five numbers;
# * `many_small` trains an 8×8 matrix: a hundred small ops, and more for the gradient;
# * `one_large` is a single op again, the product of two 500×500 matrices.

# %% [markdown]
# > **Predict.** For which of them is compiling worth it? Think of what eager does *between* two
# > ops: it goes back to Python. And think of what a call of compiled code needs, however little it
# > computes.


# %%
def one_small(a):
    """Take the tanh of a few numbers."""
    return df.tanh(a)


matrix = df.Variable(df.eye(8) * 0.5)
descent = df.optim.SGD([matrix], lr=0.01)


def many_small(a):
    """Do 25 times multiply, add, tanh and matrix product; then change the matrix along the gradient."""
    h = a
    for _ in range(25):
        h = df.tanh(h * matrix + a)
        h = h @ matrix
    loss = df.mean(h**2)
    descent.minimize(loss)
    return loss


def one_large(a):
    """Multiply a large matrix by itself."""
    return a @ a


df.manual_seed(0)
jobs = {one_small: df.randn(5), many_small: df.randn(8, 8), one_large: df.randn(500, 500) * 0.05}
for job, a in jobs.items():
    found = df.compare(job, a, steps=3, budget_s=1.5)
    assert found.passed
    c = found.speed.ratio("eager", "compiled")
    print(f"{job.__name__:11} eager / compiled = {c.ratio.value:.2f}, {c.verdict}")
    print(f"{'':11} 95 % interval {c.ratio.low:.2f} to {c.ratio.high:.2f}")

# %% [markdown]
# **Why.** What you usually see:
#
# * `one_small`: eager wins, far below 1. Handing numbers to compiled code and taking them back
#   costs more than the op itself.
# * `many_small`: compiled wins. Between two ops eager pays for Python: it looks at the operands,
#   makes a tensor, writes a record. With many small ops that is most of the time. The compiled
#   graph pays for its one call and then stays in machine code.
# * `one_large`: close to 1. Nearly all the time is arithmetic, and both hand that to a library that
#   multiplies matrices as fast as the processor can. Python does not matter here.

# %% [markdown]
# ## 11. When the arms disagree

# %% [markdown]
# > **Predict.** This function draws its random number with NumPy, not with dualflow. In a graph the
# > Python code runs only once, while it is traced. What will parity say? And what will the clock
# > say?


# %%
def careless(a):
    """Scale by a random number that dualflow knows nothing of."""
    return (a * float(np.random.default_rng().random())).sum()


verdict = df.compare(careless, df.ones(4, 4), steps=3)
print("passed:", verdict.passed)
print("timed: ", verdict.speed is not None)
print("first difference at step", verdict.parity.failure.step, "in arm", verdict.parity.failure.arm)

assert not verdict.passed and verdict.speed is None

# %% [markdown]
# **Why.** The number was drawn while tracing, and then it was *baked into* the graph as a constant.
# No error was raised anywhere: this is the most treacherous kind of mistake in graph mode. Parity
# finds it, and no clock runs. The cure is to draw with `df.rand`, which becomes a node that draws
# anew at each run.

# %% [markdown]
# ## 12. Your turn
#
# Put your own function here. It may be anything written with dualflow: with or without gradients,
# with or without an optimizer. Before you run it, say three things aloud: *will the arms agree?
# which is faster? after how many steps does compiling pay back?*


# %%
def my_step(x, y):
    """Replace me."""
    return df.mean(df.tanh(x @ y) ** 2)


mine = df.compare(my_step, df.randn(32, 64), df.randn(64, 16), budget_s=2.0)
mine.show()

assert mine.passed, "the arms disagree: read the report above before you trust any of them"

# %% [markdown]
# ## What to take away
#
# * **Agreement first.** No clock runs before the numbers agree.
# * **Three costs, not one.** What starting costs, what a step costs, and after how many steps one
#   has paid for the other.
# * **An interval, not a number.** And "no demonstrable difference" is a result.
# * **It depends on the work.** Many small ops: compile. One large op: it hardly matters. A tiny
#   call, or a short job: stay eager. So measure *your* step. It takes one line.
