# %% [markdown]
# # One op, two lives
#
# `tanh` is one line of mathematics. In dualflow it can be carried out in two ways:
#
# * **eager**: the line runs, and the number is there. A *tape* remembers what was done, for the
#   gradient.
# * **graph**: the line runs, and a *node* is there. It says what to do later. A *session* does it,
#   as often as you like.
#
# This notebook follows `tanh` through both lives. Each part has three beats:
#
# 1. **Predict.** Read the question, and say your answer aloud before you look at the cell below.
# 2. **Look.** Run the cell. The `assert` lines check what it shows.
# 3. **Why.** Two or three sentences on what you saw.
#
# You need some Python, and you should know what a derivative is. Nothing else.

# %%
import numpy as np

import dualflow as df

# %% [markdown]
# ## 1. The card
#
# Everything that dualflow knows about an op stands on one card: its name, its shape rule, its
# gradient rule, and two *kernels*. A kernel is the code that does the arithmetic. One is for NumPy
# and one is for JAX.

# %% [markdown]
# > **Predict.** `tanh` works on each element by itself. It gets a table of 3 rows and 4 columns.
# > What shape comes out?

# %%
card = df.tanh.op
print("name:        ", card.name)
print("operands:    ", card.tensors)
print("shape rule:  ", (3, 4), "→", card.infer([df.zeros(3, 4)], {}))

assert card.infer([df.zeros(3, 4)], {}) == (3, 4)

# %% [markdown]
# **Why.** The shape rule computes the shape of the result from the shape of the operand. It never
# computes an element. Remember this: in its second life `tanh` will have shapes long before it has
# numbers.

# %% [markdown]
# > **Predict.** The derivative of `y = tanh x` is `1 − y²`. Suppose `y` is 0.5, and the gradient
# > that arrives from further on is `g` = 1. What does the gradient rule answer?

# %%
import inspect

rule = card.rules[0]
print(inspect.getsource(rule))
print("g = 1, y = 0.5:", rule(1.0, 0.5, None))

assert rule(1.0, 0.5, None) == 0.75

# %% [markdown]
# **Why.** 1 − 0.5² = 0.75. Look at the source of the rule: `g` is the gradient that arrives, `y`
# the result, `x` the operand. It is plain arithmetic, so it works on anything that can be
# multiplied and subtracted: on floats, as here, on arrays, and on the nodes of a graph. There is
# only this one rule, for both lives.

# %% [markdown]
# > **Predict.** Two kernels, written by different people in different languages. Will they agree to
# > the last digit?

# %%
numbers = np.linspace(-3, 3, 10_001, dtype=np.float32)
by_numpy = card.kernel("numpy")(numbers)
by_jax = np.asarray(card.kernel("jax")(numbers))
off = np.abs(by_numpy - by_jax)
print(f"equal in {np.mean(off == 0):.0%} of {numbers.size:,} numbers")
print(f"the largest difference is {off.max():.0e}")

assert off.max() < 1e-6

# %% [markdown]
# **Why.** A float32 holds about seven digits, and the seventh may be rounded either way. So "the
# same" between the two lives must mean: *the same up to rounding*. Where both lives use the same
# kernel, we may demand equality to the last bit. Watch for it below.

# %% [markdown]
# ## 2. The first life: eager

# %% [markdown]
# > **Predict.** After the next two lines, is `y` a number or a plan?

# %%
x = df.tensor([0.5, -1.0], requires_grad=True)
y = df.tanh(x)
y

# %%
assert np.allclose(y.detach().numpy(), [0.46211717, -0.7615942])
assert y.grad_fn == "tanh"

# %% [markdown]
# **Why.** It is numbers: NumPy computed them while the line ran. But `y` has a memory too:
# `grad_fn=<tanh>`. We said `requires_grad=True`, so dualflow keeps a **record** of each op. All
# records together are the **tape**.

# %% [markdown]
# > **Predict.** We go on to `loss`, the sum of the squares. How many records does the tape of
# > `loss` have?

# %%
from dualflow.autodiff.record import OP, SERIAL, site_of
from dualflow.autodiff.reverse import edges_of
from dualflow.core.site import describe


def tape(tensor):
    """List the ops that a tensor was computed by, newest first, each with the line that called it."""
    todo, seen = [tensor.record], {}
    while todo:
        record = todo.pop()
        if record[SERIAL] not in seen and record[OP] is not None:
            seen[record[SERIAL]] = record
            todo.extend(edges_of(record))
    return [(record[OP].name, describe(site_of(record))) for record in seen.values()]


# %%
loss = df.sum(y * y)

for name, line in tape(loss):
    print(f"{name:10}{line}")

assert [name for name, line in tape(loss)] == ["sum", "multiply", "tanh"]

# %% [markdown]
# **Why.** Three: one for each op, in any cell, as long as it leads to `loss`. A record holds the
# card, the operands, and the place in your source. It knows nothing of derivatives. Those are on
# the card.

# %% [markdown]
# > **Predict.** `loss.backward()` walks the tape from the newest record to the oldest. At each one
# > it calls the card's gradient rule. What must come out for the sum of `tanh² x`? (Chain rule:
# > outer derivative times inner derivative.)

# %%
loss.backward()
t = np.tanh([0.5, -1.0])
print("backward:  ", x.grad)
print("by formula:", 2 * t * (1 - t**2))

assert np.allclose(x.grad.numpy(), 2 * t * (1 - t**2))

# %% [markdown]
# **Why.** `2 tanh x · (1 − tanh² x)`. The first factor is the rule of `multiply`, the second the
# rule of `tanh`.

# %% [markdown]
# > **Predict.** What happens if we call `loss.backward()` once more?

# %%
try:
    loss.backward()
except df.DualflowError as error:
    print(error)
    used_up = error

assert "second time" in str(used_up)

# %% [markdown]
# **Why.** The pass frees each record as it goes by, so that memory is given back as early as
# possible. A tape is for one use. The error says how to ask for another.

# %% [markdown]
# > **Predict.** We compute the loss again and call `backward()` again. `x.grad` holds the gradient
# > of the first time. What does it hold afterwards?

# %%
first = x.grad.numpy().copy()
df.sum(df.tanh(x) ** 2).backward()
print("before:", first)
print("after: ", x.grad.numpy())

assert np.allclose(x.grad.numpy(), 2 * first)

# %% [markdown]
# **Why.** Twice as much: `backward` *adds* to `.grad`. That is useful when a loss comes in parts,
# and a famous trap when it does not. Training loops call `zero_grad()` for this reason.

# %% [markdown]
# ## 3. The second life: a graph
#
# The same line, inside `with df.graph()`. A **placeholder** is a value that we promise to give
# later. Its size here is `None`: any length will do.

# %% [markdown]
# > **Predict.** What is `y` this time?

# %%
with df.graph() as g:
    x = df.placeholder(df.float32, (None,), name="x")
    y = df.tanh(x)
    loss = df.sum(y * y)

y

# %%
assert y.name == "tanh" and y.shape == (None,) and y.dtype == df.float32
assert isinstance(y, df.Symbol)

# %% [markdown]
# **Why.** It is a **symbol**: the name of a value that does not exist yet. It has a name, a dtype,
# a shape as far as that is known, and the line in your source that made it. No number has been
# computed. NumPy has not even been asked.

# %% [markdown]
# > **Predict.** We wrote three lines. How many nodes does the graph have?

# %%
for node in g.nodes:
    print(node)

assert [node.name for node in g.nodes] == ["x", "tanh", "multiply", "sum"]

# %% [markdown]
# **Why.** The placeholder, and one node for each op: `y * y` is an op without a name of its own.
# The same ops stand on the tape of part 2. A tape is a graph that was written down *while* it ran.
# A graph is a tape that is written down *before*.
#
# Now a **session** runs it. We ask for `y`, and feed `x`.

# %% [markdown]
# > **Predict.** The graph has three ops. How many of them must run to get `y`?

# %%
data = np.array([0.5, -1.0], np.float32)
session = df.Session(g)
print(session.run(y, feed_dict={x: data}))


def ran(session):
    """Name the ops of the newest plan of a session."""
    return [step.node.name for step in list(session.plans.values())[-1].steps]


print("ran:", ran(session))

assert ran(session) == ["tanh"]

# %% [markdown]
# **Why.** One. The session walks back from what you fetch and drops all else. That is called
# **pruning**. In the first life nothing can be pruned: when a line has run, it has run.

# %% [markdown]
# > **Predict.** Now we fetch `loss`, but we feed `y`, from the middle of the graph. Which ops run?
# > Do we need `x`?

# %%
print(session.run(loss, feed_dict={y: np.array([3.0, 4.0], np.float32)}))
print("ran:", ran(session))

assert ran(session) == ["multiply", "sum"]

# %% [markdown]
# **Why.** 3² + 4² = 25. What is fed need not be computed, so `tanh` was dropped, and `x` with it.
# Any symbol can be fed.
#
# For every new combination of fetches, feeds and sizes the session makes a **plan**: it prunes,
# works out the sizes, and compiles. After that the plan is kept.

# %% [markdown]
# > **Predict.** We run `loss` three times: with 2 numbers, with 2 other numbers, with 3 numbers.
# > How many plans?

# %%
with df.Session(g) as session:
    for numbers in ([0.5, -1.0], [2.0, 0.0], [1.0, 2.0, 3.0]):
        session.run(loss, {x: numbers})
        print(len(numbers), "numbers:", len(session.plans), "plan(s)")
    plans = list(session.plans.values())

assert len(plans) == 2
assert {"build", "trace", "lower", "compile"} <= plans[0].times.keys()

# %% [markdown]
# **Why.** Two, one for each size. Compiled code is made for exact sizes. This is why programs in
# graph mode love batches of one size. What did a plan cost to make?

# %%
for stage, seconds in plans[0].times.items():
    print(f"{stage:8} {1000 * seconds:7.1f} ms")

# %% [markdown]
# *build* is dualflow pruning the graph. *trace* and *lower* hand it to XLA, the compiler inside
# JAX, and *compile* makes machine code. You pay this once for each plan. Whether it pays back is
# the question of notebook 02.

# %% [markdown]
# ## 4. Two ways to run one graph
#
# A session can also do without the compiler: with `compile=False` it walks through the plan node by
# node and calls the NumPy kernels. That is called **interpreting**.

# %% [markdown]
# > **Predict.** Three results for the same numbers: eager, interpreted, compiled. Which two are
# > equal to the last bit?

# %%
data = np.linspace(-3, 3, 1001, dtype=np.float32)
eager = df.tanh(df.tensor(data)).numpy()
with df.Session(g, compile=False) as session:
    interpreted = session.run(y, {x: data})
with df.Session(g) as session:
    compiled = session.run(y, {x: data})

print("eager = interpreted, to the bit:", np.array_equal(eager, interpreted))
print("eager against compiled, largest difference:", f"{np.abs(eager - compiled).max():.0e}")

assert np.array_equal(eager, interpreted)
assert np.allclose(eager, compiled, rtol=1e-5)

# %% [markdown]
# **Why.** Eager and interpreted call the *same kernel* from the card: same bits. Compiled code
# comes from another kernel, and the compiler may merge steps. It agrees up to rounding. The middle
# way is worth having: it tells us whether a difference comes from *define, then run*, or from *the
# compiler*.

# %% [markdown]
# ## 5. Gradients are more nodes

# %% [markdown]
# > **Predict.** In a graph there is no tape to walk back. `df.gradients(loss, [x])` must do
# > something else. What could it return, if nothing has a value?

# %%
before = len(g.nodes)
(dx,) = df.gradients(loss, [x])
new = g.nodes[before:]
print(dx)
print(len(new), "new nodes:", ", ".join(node.name for node in new))

assert isinstance(dx, df.Symbol) and new[-1] is dx
assert {node.op.name for node in new} >= {"multiply", "subtract"}

# %% [markdown]
# **Why.** More symbols. dualflow calls the same gradient rules as in part 2, this time on symbols.
# The rule of `tanh` says "multiply, multiply, subtract", so these three ops appear, as nodes. You
# can fetch them, feed them, or look at them like any others.

# %% [markdown]
# > **Predict.** Is the gradient of the second life the gradient of the first?

# %%
with df.Session(g) as session:
    loss_value, dx_value = session.run([loss, dx], {x: [0.5, -1.0]})
print("graph:", dx_value)
print("eager:", first)

assert np.allclose(dx_value, first, rtol=1e-5)

# %% [markdown]
# **Why.** One derivative, written once on the card. The two lives cannot disagree, except in
# rounding.

# %% [markdown]
# > **Predict.** A gradient is made of nodes, and nodes can be differentiated. What does
# > `df.gradients(dx, [x])` give?

# %%
(ddx,) = df.gradients(dx, [x])
with df.Session(g) as session:
    second = session.run(ddx, {x: [0.5, -1.0]})
t = np.tanh([0.5, -1.0])
print("graph:     ", second)
print("by formula:", 2 * (1 - t**2) * (1 - 3 * t**2))

assert np.allclose(second, 2 * (1 - t**2) * (1 - 3 * t**2), rtol=1e-4)

# %% [markdown]
# **Why.** The second derivative. Nobody wrote a rule for it. (In eager, `df.grad(…,
# create_graph=True)` does the same.)

# %% [markdown]
# ## 6. The same mistake, twice
#
# Two tables of 2 rows and 3 columns cannot be multiplied as matrices. Here is one function with
# this mistake.

# %% [markdown]
# > **Predict.** We call it in both lives. Where does each of them notice? Will the messages be
# > alike?


# %%
def mistake(a, b):
    product = a @ b
    return df.tanh(product)


def message_of(action):
    """Call a function and return the text of the error that it raises."""
    try:
        action()
    except df.DualflowError as error:
        return str(error)
    raise AssertionError("no error was raised")


# %%
in_eager = message_of(lambda: mistake(df.ones(2, 3), df.ones(2, 3)))
print(in_eager)

# %%
with df.graph():
    a = df.placeholder(df.float32, (2, 3), name="a")
    b = df.placeholder(df.float32, (2, 3), name="b")
    in_graph = message_of(lambda: mistake(a, b))
print(in_graph)

# %%
assert in_eager.splitlines()[0] == in_graph.splitlines()[0]
assert in_eager.splitlines()[3] == in_graph.splitlines()[3]
assert "product = a @ b" in in_eager

# %% [markdown]
# **Why.** The same first line, and the same line of *your* source. The eager life noticed when the
# numbers met. The graph noticed while it was being built, before there were any numbers: the shape
# rule of part 1 was enough.

# %% [markdown]
# > **Predict.** And if the graph does not know the sizes? Below, the second size of `a` is `None`.
# > When is the mistake found?

# %%
with df.graph() as open_sizes:
    a = df.placeholder(df.float32, (2, None), name="a")
    b = df.placeholder(df.float32, (2, 3), name="b")
    result = mistake(a, b)
print("Building it raised no error. Running it:\n")

ones = np.ones((2, 3))
with df.Session(open_sizes) as session:
    at_run = message_of(lambda: session.run(result, {a: ones, b: ones}))
print(at_run)

assert at_run.splitlines()[0] == in_eager.splitlines()[0]
assert "named 'a'" in at_run and "product = a @ b" in at_run

# %% [markdown]
# **Why.** At the run, when the sizes are known at last. By then Python has left the function
# `mistake` long ago. The error still names the line, because every node carries the line that made
# it.

# %% [markdown]
# ## 7. A symbol is not a value

# %% [markdown]
# > **Predict.** `if y > 0:` is fine with a number. What can Python do with a symbol there?

# %%
with df.graph():
    x = df.placeholder(df.float32, (), name="x")
    y = df.tanh(x)

    def decide():
        if y > 0:
            return "positive"
        return "not positive"

    asked_for_truth = message_of(decide)
print(asked_for_truth)

assert asked_for_truth.startswith("if: the symbol 'greater'")

# %% [markdown]
# **Why.** Python wants *yes* or *no* now, and there is no number to decide by. dualflow refuses,
# where a silent guess would be the worst of bugs. The last line of the message is the way out: let
# the graph choose.

# %%
with df.graph() as g:
    x = df.placeholder(df.float32, (), name="x")
    y = df.where(df.tanh(x) > 0, 1.0, -1.0)
with df.Session(g) as session:
    answers = [float(session.run(y, {x: number})) for number in (0.3, -0.3)]
print(answers)

assert answers == [1.0, -1.0]

# %% [markdown]
# ## 8. One seed, the same numbers

# %% [markdown]
# > **Predict.** Both lives draw three random numbers after the same seed. NumPy draws in one life.
# > Who draws in the other?

# %%
df.manual_seed(0)
eager_numbers = df.randn(3).numpy()

with df.graph() as g:
    drawn = df.randn(3)
df.manual_seed(0)
with df.Session(g) as session:
    graph_numbers, again = session.run(drawn), session.run(drawn)

print("eager:      ", eager_numbers)
print("graph:      ", graph_numbers)
print("graph again:", again)

assert np.array_equal(eager_numbers, graph_numbers)
assert not np.array_equal(graph_numbers, again)

# %% [markdown]
# **Why.** NumPy draws in both, and what it draws is handed to the compiled code. So the numbers are
# equal to the last bit. A node that draws is a *recipe*: each run draws anew.

# %% [markdown]
# ## 9. One state
#
# A `Variable` is a tensor that lives on and changes: a weight. Which life does it belong to?
#
# `df.function` marks a step that may live either life. In eager mode it is a plain call. In graph
# mode it is *traced* once (run with symbols, to write the graph down) and compiled, and after that
# the graph runs.


# %%
def make():
    """Make a weight, and a step that moves it to where tanh of it is 0.5."""
    w = df.Variable([2.0, -1.0, 0.0])
    optimizer = df.optim.Adam([w], lr=0.1)

    @df.function
    def step():
        loss = df.sum((df.tanh(w) - 0.5) ** 2)
        optimizer.minimize(loss)
        return loss

    return w, step


def train(step, mode, steps):
    """Take steps in one mode and return the losses."""
    with df.mode(mode):
        return [float(step()) for _ in range(steps)]


# %% [markdown]
# > **Predict.** One weight takes 30 steps in eager. Another takes 10 in eager, 10 in graph, 10 in
# > eager. Will we see the seams? (Adam keeps two running averages for each weight. They must change
# > over, too.)

# %%
w, step = make()
all_eager = train(step, "eager", 30)

v, step = make()
mixed = train(step, "eager", 10) + train(step, "graph", 10) + train(step, "eager", 10)

for i in (0, 9, 10, 19, 20, 29):
    print(f"step {i:2}: all eager {all_eager[i]:.6f}   mixed {mixed[i]:.6f}")
print("weights:", w.numpy(), v.numpy())
print("traced:", step.trace_count, "time, because:", step.log)

assert np.allclose(all_eager, mixed, rtol=1e-4)
assert np.allclose(w.numpy(), v.numpy(), rtol=1e-4)
assert all_eager[-1] < all_eager[0] and step.trace_count == 1

# %% [markdown]
# **Why.** No seam. The variable, and the averages that Adam keeps, are one object each. Both lives
# read and write them. The step was traced once, in step 10, and the graph served for all ten.
#
# ## What to take away
#
# | | eager | graph |
# |---|---|---|
# | when the line runs | NumPy computes the number | a node is added |
# | what you hold | a tensor with a value | a symbol with a name, a shape, a line |
# | gradients | walk the tape back | add nodes |
# | a mistake in shapes | when the numbers meet | when the node is built, or at the run |
# | Python's `if`, `print`, `for` | see the value | see the symbol, once, while tracing |
# | what is not needed | has run already | is pruned |
#
# One card serves both. So the question "which is better?" can be asked fairly: same ops, same
# rules, same numbers. Notebook 02 asks it.
