"""Random programs with effects, as text: views, writes, aliases, detach, no_grad, hooks, optimizers, changed modules.

``program(seed)`` writes one; ``outcome`` runs it in an arm, or in PyTorch, and returns everything a user could see of
it. ``difference`` says where two outcomes part. The same seed gives the same text for ever. As a command,
``python tests/effects.py --programs 20000`` runs many and counts: what agrees, what is refused, what differs.
"""

import argparse
import collections
import linecache
import multiprocessing
import random
import sys
import warnings

import numpy as np

import dualflow as df
from dualflow.core.errors import DualflowError

ARMS = ("eager", "interpreted", "compiled")
SHAPES = {"M": (2, 3), "V": (3,), "S": (), "F": (6,), "T": (3, 2)}
SETUP = """
class Net(F.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = F.nn.Parameter(F.tensor(W))
        self.scale = 1.0
        self.flip = False
        self.register_buffer("seen", F.zeros(3, dtype=F.float64))
    def forward(self, x):
        with F.no_grad():
            self.seen.mul_(0.5).add_(0.5 * x.detach()[0])
        y = x * self.weight * self.scale
        return -y if self.flip else y

net = Net()
w, u = F.nn.Parameter(F.tensor(W * 0.5)), F.nn.Parameter(F.tensor(V))
held = F.tensor(V * 2)
optimizer = F.optim.SGD([w, u, net.weight], lr=0.1, momentum=MOMENTUM)

def changed(h, b):
    h += b
    return h

@function
def inner(h):
    h.mul_(0.5)
    return h * 2
"""


class Writer:
    """Writes the lines of one step; ``names`` has the local tensors by shape."""

    def __init__(self, seed):
        self.dice = random.Random(seed)
        self.lines = []
        self.names = {"M": ["x", "w", "net.weight"], "V": ["v", "u", "held", "net.seen"], "S": [], "F": [], "T": []}
        self.made = 0
        self.depth = 1
        self.lossy = False

    def say(self, line):
        self.lines.append("    " * self.depth + line)

    def fresh(self, shape):
        self.made += 1
        name = f"t{self.made}"
        self.names[shape].append(name)
        return name

    def pick(self, shape, local=False):
        names = [n for n in self.names[shape] if not local or n.startswith("t")]
        return self.dice.choice(names) if names else None

    def other(self, shape):
        """Return something that fits to a tensor of the shape: another one, or a number."""
        return (
            self.pick(shape)
            if self.names[shape] and self.dice.random() < 0.7
            else f"{self.dice.choice([0.5, 2.0, -1.0])}"
        )

    def some(self):
        shape = self.dice.choice([s for s in "MMMVVVSFT" if self.names[s]])
        return shape, self.pick(shape)

    def compute(self):
        shape, a = self.some()
        text = self.dice.choice([
            f"{a} {self.dice.choice('+-*')} {self.other(shape)}", f"F.tanh({a})", f"{a} * 1",
            f"F.sin({a}) * {self.other(shape)}",
        ])  # fmt: skip
        self.say(f"{self.fresh(shape)} = {text}")

    def reduce(self):
        shape, a = self.some()
        self.say(f"{self.fresh('S')} = ({a} * {a}).sum()")

    def view(self):
        shape, a = self.some()
        choices = [(shape, f"{a}.detach()"), (shape, f"{a}.data"), (shape, a)]
        choices += {
            "M": [("V", f"{a}[{self.dice.randrange(2)}]"), ("F", f"{a}.reshape(-1)"), ("F", f"{a}.view(6)"),
                  ("T", f"{a}.T"),
                  ("S", f"{a}[1, 2]"), ("F", f"{a}.flatten()"), ("T", f"{a}.transpose(0, 1)")],
            "V": [("S", f"{a}[{self.dice.randrange(3)}]"), ("V", f"{a}[:]"), ("V", f"{a}.unsqueeze(0).squeeze(0)")],
            "F": [("M", f"{a}.view(2, 3)"), ("V", f"{a}[::2]"), ("V", f"{a}[3:]")],
            "T": [("M", f"{a}.T"), ("V", f"{a}[:, 0]"), ("F", f"{a}.reshape(6)")],
            "S": [("S", f"{a}.clone()")],
        }[shape]  # fmt: skip
        shape, text = self.dice.choice(choices)
        self.say(f"{self.fresh(shape)} = {text}")

    def cut(self):
        shape, a = self.some()
        if shape == "S":
            return
        pieces, text = {
            "M": ("VV", f"{a}.unbind()"), "V": ("SSS", f"{a}.unbind()"), "F": ("VV", f"{a}.split(3)"),
            "T": ("SSS", f"[part.sum() for part in {a}.split(1)]"),
        }[shape]  # fmt: skip
        self.say(f"{', '.join(self.fresh(piece) for piece in pieces)} = {text}")

    def write(self):
        shape, a = self.some()
        if not a.startswith("t") and self.dice.random() < 0.8:
            return
        kind = self.dice.choice(["method", "item", "augmented", "whole"])
        if kind == "method":
            self.say(f"{a}." + self.dice.choice(["add_({})", "mul_({})", "sub_({})"]).format(self.other(shape)))
        elif kind == "augmented" and "." not in a:
            self.say(
                f"{a} {self.dice.choice(['+=', '*=', '-='])} {self.other(shape)}"
                if a.startswith("t")
                else f"{a}.neg_()"
            )
        elif kind == "item" and shape in "MVF":
            key = {"M": ["0", "1, 2", ":, 1"], "V": ["0", "1:"], "F": ["2", "::2"]}[shape]
            self.say(f"{a}[{self.dice.choice(key)}] = {self.dice.choice(['0.5', '-1.0'])}")
        else:
            self.say(f"{a}." + self.dice.choice(["tanh_()", "zero_()", "fill_(0.25)", "sin_()", "mul_(0.5)"]))

    def quiet(self):
        if self.depth > 1:
            return self.compute()
        self.say(self.dice.choice(["with F.no_grad():", "with F.no_grad():", "with F.enable_grad():"]))
        self.depth += 1
        self.say("pass")
        for _ in range(self.dice.randint(1, 3)):
            self.dice.choice([self.compute, self.view, self.write, self.write])()
        self.depth -= 1
        return None

    def call(self):
        kind = self.dice.choice(["net", "changed", "inner", "net"])
        if kind == "net":
            text = f"net({self.pick('M')})"
            self.say(f"{self.fresh('M')} = {text}")
        else:
            shape, a = self.some()
            if a.startswith("t"):
                text = f"changed({a}, {self.other(shape)})" if kind == "changed" else f"inner({a})"
                self.say(f"{self.fresh(shape)} = {text}")

    def hook(self):
        shape, a = self.some()
        if "." not in a:
            what = self.dice.choice(["register_hook(lambda g: g * 2)", "retain_grad()"])
            if a.startswith("t"):
                self.say(f"if {a}.requires_grad: {a}.{what}")

    def train(self):
        if self.lossy or self.depth > 1:
            return
        self.lossy = self.dice.random() < 0.5
        shape, a = self.some()
        self.say(self.dice.choice(["optimizer.zero_grad()", "pass"]))
        self.say(f"loss = ({a} * w).sum() + (net(x) * {self.dice.choice(['w', 'x'])}).sum()" if shape == "M"
                 else "loss = (w * x).sum() + (u * v).sum()")  # fmt: skip
        self.say("loss.backward()")
        self.say(self.dice.choice([
            "optimizer.step()", "optimizer.step()", "w.data.sub_(0.1 * w.grad)", "w.grad.mul_(0.5)",
            "w.grad.detach().zero_()",
            "w.grad = None", "with F.no_grad(): w.sub_(0.1 * w.grad)",
        ]))  # fmt: skip

    def step(self):
        moves = (
            [self.compute] * 4
            + [self.view] * 4
            + [self.cut]
            + [self.write] * 4
            + [self.quiet, self.call, self.reduce, self.hook, self.train]
        )
        for _ in range(self.dice.randint(3, 9)):
            self.dice.choice(moves)()
        local = [n for names in self.names.values() for n in names if n.startswith("t")]
        if not local:
            self.compute()
            local = [n for names in self.names.values() for n in names if n.startswith("t")]
        chosen = self.dice.sample(local, min(len(local), self.dice.randint(1, 3)))
        self.say(f"return {', '.join(chosen)},")
        return "\n".join(["@function", "def step(x, v):", *self.lines, ""])

    def between(self):
        """Return what is done after a call: to modules, flags and arguments."""
        return self.dice.choice([
            "pass", "pass", "pass", "net.scale = net.scale * 2", "net.flip = not net.flip",
            "w.requires_grad_(not w.requires_grad)", "net.weight.requires_grad_(False)", "optimizer.zero_grad()",
            "outside = True", "net.weight = F.nn.Parameter(F.tensor(W + 1))",
            "held.mul_(2.0)", "with F.no_grad(): u.add_(1.0)", "x = F.tensor(W + 3)", "eager(step, x, v)",
        ])  # fmt: skip


def program(seed):
    """Return the text of a program: its set-up, its step, and what is done between calls of it."""
    writer = Writer(seed)
    step = writer.step()
    momentum = writer.dice.choice([0.0, 0.9])
    lines = [f"MOMENTUM = {momentum}", SETUP, step, "x, v, outside = F.tensor(W + 1), F.tensor(V - 1), False"]
    alike = writer.dice.random() < 0.1
    if alike:
        lines.append("v = x[0]")
    for _ in range(3):
        lines += ["show(step(x, v))", "if outside: backward()", writer.between()]
    return "\n".join(lines)


def outcome(text, arm):
    """Run a program in an arm, or in "torch"; return what can be seen of it, and the error that ended it, if any."""
    if arm == "torch":
        import torch as F

        function, scope = (lambda f: f), None
    else:
        F, function = df, df.function
        scope = df.mode("eager") if arm == "eager" else df.mode("graph", compile=arm == "compiled")
    seen, last = [], []
    space = {"__name__": "__main__"}

    def array(x):
        return None if x is None else np.array(x.detach().numpy())

    def look():
        for name in ("w", "u", "held", "x", "v"):
            seen.append((name, array(space[name])))
        net = space["net"]
        seen.append(("net.weight", array(net.weight)))
        seen.append(("net.seen", array(net.seen)))
        for name, x in (("w", space["w"]), ("u", space["u"]), ("net.weight", net.weight)):
            seen.append((f"{name}.grad", array(x.grad)))

    def show(results):
        last[:] = results
        for i, r in enumerate(results):
            seen.append((f"result {i}", array(r)))
            seen.append((f"result {i} requires_grad", np.array(bool(r.requires_grad))))
        look()

    def backward():
        wanted = [r for r in last if r.requires_grad]
        if wanted:
            sum((r * r).sum() for r in wanted).backward()
            look()

    def eager(step, x, v):
        if F is df:
            with df.mode("eager"):
                show(step(x, v))
        else:
            show(step(x, v))

    space |= {
        "F": F, "function": function, "show": show, "backward": backward, "eager": eager,
        "W": np.array([[0.5, -0.25, 1.0], [2.0, -1.5, 0.75]]), "V": np.array([0.3, -0.6, 0.9]),
    }  # fmt: skip
    code = compile(text, f"<effects {hash(text)}>", "exec")
    linecache.cache[code.co_filename] = (len(text), None, text.splitlines(True), code.co_filename)
    try:
        if scope is None:
            exec(code, space)
        else:
            with scope, np.errstate(all="ignore"):
                exec(code, space)
    except Exception as error:
        return seen, error
    finally:
        linecache.cache.pop(code.co_filename, None)
    return seen, None


def difference(right, found):
    """Say where an outcome differs from the right one; "" where it does not, None where it was refused."""
    (wanted, failed), (seen, error) = right, found
    for (name, a), (_, b) in zip(wanted, seen, strict=False):
        if (a is None) != (b is None) or (
            a is not None and (a.shape != b.shape or not np.allclose(a, b, 1e-6, 1e-9, equal_nan=True))
        ):
            return f"{name}: {None if b is None else b.tolist()}, not {None if a is None else a.tolist()}"
    if error is not None and failed is None:
        return None if isinstance(error, DualflowError | RuntimeError) else f"{type(error).__name__}: {error}"
    if failed is None and len(seen) != len(wanted):
        return f"{len(seen)} things seen, not {len(wanted)}"
    return ""


def report(task):
    """Run one program; return how each arm fared, and the differences with the text."""
    seed, arms = task
    warnings.simplefilter("ignore")
    text, found = program(seed), []
    right = outcome(text, "eager")
    if right[1] is not None:
        return [(f"eager raises {type(right[1]).__name__}", "")]
    for arm in arms:
        told = outcome(text, arm)
        differs = difference(right, told)
        if differs:
            found.append((f"{arm} DIFFERS", f"program {seed}, {arm}: {differs}\n{text}"))
        elif differs is None:
            found.append((f"{arm} refuses: {str(told[1]).splitlines()[0]}", ""))
        else:
            found.append((f"{arm} agrees", ""))
    return found


def main():
    """Run programs in all processors and print the counts; exit with 1 when any differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--programs", type=int, default=1000, help="how many (default 1000)")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--every", type=int, default=10, help="compile every so many (default 10; it takes longest)")
    parser.add_argument("--torch", action="store_true", help="run eager PyTorch beside it")
    chosen = parser.parse_args()
    tasks = []
    for seed in range(chosen.first, chosen.first + chosen.programs):
        arms = ["interpreted", *["compiled"] * (seed % chosen.every == 0), *["torch"] * chosen.torch]
        tasks.append((seed, arms))
    counts, different = collections.Counter(), []
    context = multiprocessing.get_context("spawn")
    with context.Pool(maxtasksperchild=500) as pool:
        for i, found in enumerate(pool.imap_unordered(report, tasks, chunksize=20)):
            for kind, text in found:
                counts[kind] += 1
                if text:
                    different.append(text)
            if sys.stderr.isatty() and i % 100 == 0:
                print(f"\r{i} of {len(tasks)} programs", end="", file=sys.stderr)
    for kind, count in counts.most_common():
        print(f"{count:>8}  {kind}"[:200])
    for text in different[:5]:
        print("\n" + text)
    sys.exit(bool(different))


if __name__ == "__main__":
    main()
