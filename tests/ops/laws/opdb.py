"""PyTorch's own op database as an oracle: ``python tests/opdb.py [--op NAME] [--failures] [--json FILE]``.

For every op that both have, PyTorch's ``sample_inputs`` go through PyTorch and through both worlds: values, shapes
and dtypes, first gradients (PyTorch's against ours), the graph interpreted, and the graph compiled for a few samples
an op; its ``error_inputs`` must be refused here too. What differs on purpose is listed, with the reason, in
opdb_names.py. Needs the extra ``peers`` (torch and expecttest).
"""

from __future__ import annotations

import argparse
import collections
import dataclasses
import functools
import itertools
import json
import random
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from opdb_names import ADAPT, CANON, ELSEWHERE, ERRORS_KNOWN, FIRST, KNOWN, LOOSE, SHAPES_ONLY

import dualflow as df
from dualflow.core.errors import DTypeError, DualflowError

DTYPES = ("float32", "float64", "complex64", "int64")
NEAR = {"float32": 2e-4, "complex64": 2e-4, "float64": 1e-7, "complex128": 1e-7, "float16": 1e-2}
REFUSALS = (DualflowError, TypeError, ValueError)


@dataclasses.dataclass
class Tally:
    """What became of one op's samples."""

    name: str
    agree: int = 0
    gradients: int = 0
    interpreted: int = 0
    compiled: int = 0
    known: int = 0
    failures: list[str] = dataclasses.field(default_factory=list)
    unsupported: list[str] = dataclasses.field(default_factory=list)
    refused: int = 0
    accepted: list[str] = dataclasses.field(default_factory=list)

    @property
    def total(self) -> int:
        """How many samples there were, known differences aside."""
        return self.agree + len(self.failures)


def database() -> list[Any]:
    """Return PyTorch's list of ops, each with its samples."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from torch.testing._internal.common_methods_invocations import op_db

        return list(op_db)


def title(op: Any) -> str:
    """Return the op's name with its variant: ``max.binary``."""
    return op.name + (f".{op.variant_test_name}" if op.variant_test_name else "")


def ours(op: Any) -> Callable[..., Any] | None:
    """Return what dualflow calls the op, as a callable of PyTorch's arguments, or None when it has none."""
    space = op.name.partition(".")[0]
    if space != op.name and not hasattr(df, space):
        return None
    for name in (title(op), op.name):
        if name in ELSEWHERE:
            return None
        if name in ADAPT:
            return ADAPT[name]
    for name in (op.name, *(alias.name for alias in op.aliases)):
        space, _, last = name.rpartition(".")
        if not space and callable(getattr(df.Tensor, last, None)):
            return lambda x, *args, _name=last, **params: getattr(x, _name)(*args, **params)
        for place in [space] if space else ["", "linalg", "nn.functional", "special"]:
            module: Any = df.torch
            for part in place.split(".") if place else ():
                module = getattr(module, part, None)
            found = getattr(module, last, None)
            if callable(found):
                return found
    return None


# ------------------------------------------------------------------------------------------------------- from torch


def dtype_of(dtype: Any) -> Any:
    """Return our dtype for PyTorch's; raises NotImplementedError for one that dualflow does not have."""
    name = str(dtype).removeprefix("torch.")
    if name not in df.dtypes.DTYPES:
        raise NotImplementedError(name)
    return df.dtypes.DTYPES[name]


def array_of(x: Any) -> np.ndarray:
    """Return the numbers of a PyTorch tensor."""
    dtype_of(x.dtype)
    return x.detach().resolve_conj().resolve_neg().numpy(force=True)


def translate(value: Any, tensor: Callable[[Any], Any]) -> Any:
    """Rebuild a structure of arguments with each PyTorch tensor and dtype replaced by ours."""
    import torch

    if isinstance(value, torch.Tensor):
        return tensor(value)
    if isinstance(value, torch.dtype):
        return dtype_of(value)
    if isinstance(value, torch.device):
        return "cpu"
    if isinstance(value, list | tuple) and not isinstance(value, torch.Size):
        return type(value)(translate(v, tensor) for v in value)
    return tuple(value) if isinstance(value, torch.Size) else value


def arguments(sample: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return a sample's arguments; layouts and memory formats have no counterpart and are dropped."""
    drop = {"layout", "memory_format", "pin_memory"}
    return (sample.input, *sample.args), {k: v for k, v in sample.kwargs.items() if k not in drop}


def flat(value: Any) -> list[Any]:
    """Return the leaves of a result: tensors and Python values, in order."""
    if isinstance(value, list | tuple):
        return [leaf for item in value for leaf in flat(item)]
    return [value]


def numbers(leaf: Any) -> np.ndarray:
    """Return a leaf of either library's result as an array."""
    if hasattr(leaf, "resolve_conj"):
        return array_of(leaf)
    if isinstance(leaf, np.ndarray):
        return leaf
    return np.asarray(leaf.detach().numpy() if hasattr(leaf, "record") else leaf)


def differ(found: list[Any], expected: list[Any], near: float = 1.0, shape_only: bool = False) -> str | None:
    """Say how two lists of leaves differ, or return None."""
    if len(found) != len(expected):
        return f"{len(found)} results, PyTorch has {len(expected)}"
    for i, (one, other) in enumerate(zip(found, expected, strict=True)):
        a, b = numbers(one), numbers(other)
        if a.shape != b.shape:
            return f"result {i}: shape {a.shape}, PyTorch {b.shape}"
        if a.dtype != b.dtype and hasattr(other, "dtype"):
            return f"result {i}: dtype {a.dtype}, PyTorch {b.dtype}"
        limit = near * NEAR.get(str(b.dtype), 0)
        if not shape_only and not np.allclose(a, b, rtol=limit, atol=limit, equal_nan=True):
            with np.errstate(all="ignore"):
                return (
                    f"result {i}: values differ by up to {np.nanmax(np.abs(a.astype(complex) - b.astype(complex))):.3g}"
                )
    return None


# ---------------------------------------------------------------------------------------------------------- a sample


class Trial:
    """One sample of one op, carried through PyTorch and both worlds."""

    def __init__(self, op: Any, sample: Any) -> None:
        self.sample = sample
        self.args, self.params = arguments(sample)
        first = FIRST.get(title(op))
        self.function, theirs = ours(op), op.op
        if first:
            self.function, theirs = functools.partial(first, self.function), functools.partial(first, theirs)
        self.near = LOOSE.get(op.name, 1.0)
        self.shape_only = op.name in SHAPES_ONLY
        self.leaves: list[tuple[Any, Any]] = []
        self.operands: list[np.ndarray] = []
        self.canon = CANON.get(title(op), CANON.get(op.name))
        self.expected = self.canonical(flat(theirs(*self.args, **sample.kwargs)))

    def canonical(self, leaves: list[Any]) -> list[Any]:
        """Return what is compared of a result."""
        return self.canon([numbers(leaf) for leaf in leaves]) if self.canon else leaves

    def tensor(self, x: Any) -> Any:
        """Return an eager tensor of PyTorch's, a leaf where it is one."""
        made = df.from_numpy(np.array(array_of(x), order="K"))
        if x.requires_grad:
            made.requires_grad_()
            self.leaves.append((x, made))
        return made

    def run(self, tensor: Callable[[Any], Any]) -> list[Any]:
        """Call our op with each tensor made by ``tensor``."""
        assert self.function is not None
        args, params = translate(self.args, tensor), {k: translate(v, tensor) for k, v in self.params.items()}
        return flat(self.function(*args, **params))

    def eager(self) -> str | None:
        """Compare values, then gradients."""
        import torch

        self.leaves.clear()
        found = self.canonical(self.run(self.tensor))
        wrong = differ(found, self.expected, self.near, self.shape_only)
        if wrong or not self.leaves or self.shape_only or self.canon:
            return wrong
        pairs = [(a, b) for a, b in zip(found, self.expected, strict=True) if getattr(b, "requires_grad", False)]
        if not pairs:
            return None
        silent = [i for i, (a, _) in enumerate(pairs) if not getattr(a, "requires_grad", False)]
        if silent:
            return f"gradient: result {silent[0]} does not require one; PyTorch's does"
        draw = np.random.default_rng(0)
        seeds = [np.asarray(draw.normal(size=b.shape)).astype(array_of(b).dtype) for _, b in pairs]
        theirs = torch.autograd.grad(
            [b for _, b in pairs], [x for x, _ in self.leaves], [torch.from_numpy(s) for s in seeds], allow_unused=True
        )
        mine = df.grad(
            [a for a, _ in pairs], [x for _, x in self.leaves], [df.from_numpy(s) for s in seeds], allow_unused=True
        )
        filled = [
            (np.zeros(x.shape, x.dtype) if g is None else g, np.zeros(x.shape, x.dtype) if t is None else t)
            for (_, x), g, t in zip(self.leaves, mine, theirs, strict=True)
        ]
        wrong = differ([a for a, _ in filled], [b for _, b in filled], 5 * self.near)
        return wrong and f"gradient of leaf {wrong.removeprefix('result ')}"

    def build(self, graph: Any) -> tuple[list[Any], dict[Any, Any]]:
        """Put the sample into a graph; return its results and what to feed."""
        feeds: dict[Any, Any] = {}

        def placeholder(x: Any) -> Any:
            array = array_of(x)
            node = df.placeholder(array.dtype, array.shape)
            feeds[node] = array
            return node

        with df.graph(graph):
            return self.run(placeholder), feeds


def in_graph(trials: list[Trial], compiled: bool) -> list[str | None]:
    """Run trials in one graph, and say for each how it differs from PyTorch."""
    graph = df.Graph()
    built = [trial.build(graph) for trial in trials]
    feeds = {node: value for _, fed in built for node, value in fed.items()}
    fetches = [[leaf for leaf in leaves if hasattr(leaf, "record")] for leaves, _ in built]
    found = df.Session(graph, compile=compiled).run(fetches, feeds)
    verdicts = []
    for trial, (leaves, _), values in zip(trials, built, found, strict=True):
        rest = iter(values)
        whole = [np.asarray(next(rest)) if hasattr(leaf, "record") else leaf for leaf in leaves]
        verdicts.append(differ(trial.canonical(whole), trial.expected, 5 * trial.near, trial.shape_only))
    return verdicts


# ------------------------------------------------------------------------------------------------------------- an op


def samples_of(op: Any, dtype: Any, cap: int) -> list[Any]:
    """Return at most ``cap`` samples, spread over all that PyTorch has."""
    import torch

    torch.manual_seed(0)
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 - PyTorch draws some samples from it
    gradient = op.supports_autograd and (dtype.is_floating_point or dtype.is_complex)
    everything = list(itertools.islice(op.sample_inputs("cpu", dtype, requires_grad=gradient), 400))
    step = max(1.0, len(everything) / cap)
    return [everything[int(i * step)] for i in range(min(cap, len(everything)))]


def shown(sample: Any) -> str:
    """Write a sample in short."""

    def short(value: Any) -> str:
        if hasattr(value, "resolve_conj"):
            return f"{str(value.dtype)[6:]}{list(value.shape)}"
        if isinstance(value, list | tuple):
            return "(" + ", ".join(map(short, value)) + ")"
        return repr(value)[:40]

    args, params = arguments(sample)
    return ", ".join([*map(short, args), *(f"{k}={short(v)}" for k, v in params.items())])


def rank_of(sample: Any) -> int:
    """Return the rank of a sample's first operand."""
    first = sample.input[0] if isinstance(sample.input, list | tuple) and sample.input else sample.input
    return getattr(first, "ndim", -1)


def first_line(error: BaseException) -> str:
    """Return an error's class and the first line of its text."""
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0][:150]}"


def dualflow_lacks_dtype(error: BaseException, dtype: str) -> bool:
    """Tell whether an op refuses a whole kind of dtypes that PyTorch takes: listed, not counted."""
    return isinstance(error, DTypeError) and dtype in ("complex64", "int64")


def try_op(op: Any, cap: int = 12, compiled: int = 1, graph: int = 999, errors: bool = True) -> Tally:
    """Run an op's samples and its errors."""
    import torch

    tally = Tally(title(op))
    supported = op.supported_dtypes("cpu")
    excuse, reason = KNOWN.get(title(op), KNOWN.get(op.name, (lambda sample: False, "")))
    for name in DTYPES:
        dtype = getattr(torch, name)
        if dtype not in supported:
            continue
        good: list[Trial] = []
        for sample in samples_of(op, dtype, cap):
            try:
                trial = Trial(op, sample)
                for leaf in trial.expected:
                    if hasattr(leaf, "resolve_conj"):
                        dtype_of(leaf.dtype)
            except Exception:
                continue
            try:
                if excuse(sample):
                    tally.known += 1
                    continue
                wrong = trial.eager()
                if wrong is None and len(good) < graph:
                    (wrong,) = in_graph([trial], compiled=False)
                    wrong = wrong and f"interpreted graph: {wrong}"
            except NotImplementedError:  # a dtype or layout of PyTorch's alone
                continue
            except df.errors.OutOfRangeError as error:
                if "no axes" in str(error) and rank_of(sample) == 0:  # PyTorch counts an axis of a 0-d tensor
                    tally.known += 1
                    continue
                wrong = first_line(error)
            except (df.errors.SymbolicValueError, df.errors.GraphError) as error:
                if "depend" in str(error) or "is no state" in str(error):
                    wrong = None  # the shape depends on values, or an operand is written to: eager only, by design
                else:
                    wrong = first_line(error)
            except Exception as error:
                if dualflow_lacks_dtype(error, name) and not good:
                    tally.unsupported.append(f"{name}: {first_line(error)}")
                    break
                wrong = first_line(error)
            else:
                if wrong is None:
                    good.append(trial)
                    tally.interpreted += len(good) <= graph
                    tally.gradients += bool(trial.leaves)
            if wrong:
                tally.failures.append(f"({shown(sample)}): {wrong}")
            else:
                tally.agree += 1
        if graph and compiled and good:
            tally.compiled += compare_compiled(good[:: max(1, len(good) // compiled)][:compiled], tally)
    if errors and op.error_inputs_func is not None:
        refuse(op, tally)
    return tally


def compare_compiled(chosen: list[Trial], tally: Tally) -> int:
    """Run a few of the samples that agreed as one compiled program; those that differ no longer agree."""
    try:
        verdicts = in_graph(chosen, compiled=True)
    except Exception as error:
        verdicts = [first_line(error)] * len(chosen)
    for trial, wrong in zip(chosen, verdicts, strict=True):
        if wrong:
            tally.agree -= 1
            tally.failures.append(f"({shown(trial.sample)}): compiled: {wrong}")
    return verdicts.count(None)


def refuse(op: Any, tally: Tally) -> None:
    """Call our op with what PyTorch refuses."""
    for bad in op.error_inputs("cpu"):
        sample = bad.sample_input
        args, params = arguments(sample)
        function = ours(op)
        try:
            if "out" in params:
                continue
            args = translate(args, lambda x: df.from_numpy(np.array(array_of(x))))
            params = {k: translate(v, lambda x: df.from_numpy(np.array(array_of(x)))) for k, v in params.items()}
        except (NotImplementedError, TypeError, RuntimeError, ValueError):  # a dtype, device, rank of PyTorch's alone
            continue
        if not str(bad.error_regex) and not all(hasattr(x, "resolve_conj") for x in arguments(sample)[0]):
            continue  # PyTorch's functions refuse Python numbers in place of tensors; the standard and we take them
        try:
            assert function is not None
            function(*args, **params)
        except (*REFUSALS, IndexError):
            tally.refused += 1
        except Exception as error:
            tally.accepted.append(f"({shown(sample)}): not our error: {first_line(error)}")
        else:
            if title(op) in ERRORS_KNOWN or op.name in ERRORS_KNOWN:
                tally.known += 1
            else:
                tally.accepted.append(f"({shown(sample)}): accepted; PyTorch: {str(bad.error_regex)[:80]}")


class _Slow(Exception):
    pass


def run(wanted: Callable[[Any], bool], seconds: int = 60, **options: Any) -> Iterator[Tally]:
    """Yield a tally for each op of the database that dualflow also has and that is wanted."""

    def late(*_: Any) -> None:
        raise _Slow

    signal.signal(signal.SIGALRM, late)
    for op in database():
        if not wanted(op) or ours(op) is None:
            continue
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            signal.alarm(seconds)
            try:
                tally = try_op(op, **options)
            except _Slow:
                tally = Tally(title(op), failures=[f"took more than {seconds} s"])
            finally:
                signal.alarm(0)
        yield tally


def main() -> int:
    """Print how many samples agree, by op and in all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--op", help="one op by PyTorch's name, with or without its variant")
    parser.add_argument(
        "--failures", action="store_true", help="say what differs, and what is accepted, sample by sample"
    )
    parser.add_argument("--json", help="write all of it to a file")
    parser.add_argument("--samples", type=int, default=12, help="at most so many of an op and a dtype")
    parser.add_argument("--compiled", type=int, default=1, help="so many of an op and a dtype are compiled, too")
    parser.add_argument("--eager", action="store_true", help="leave the graph out")
    parser.add_argument("--missing", action="store_true", help="list the ops that dualflow does not have, and stop")
    options = parser.parse_args()
    if options.missing:
        absent = [title(op) for op in database() if ours(op) is None]
        print("\n".join(f"{name:45} {ELSEWHERE.get(name, '')}" for name in absent))
        return 0
    start, tallies = time.perf_counter(), []
    print(f"{'op':44} {'agree':>9}  {'grads':>5} {'graph':>5} {'jit':>4}  {'errors refused':>14}  known")
    for tally in run(
        lambda op: not options.op or options.op in (op.name, title(op)),
        cap=options.samples,
        compiled=options.compiled,
        graph=0 if options.eager else 999,
    ):
        tallies.append(tally)
        errors = f"{tally.refused}/{tally.refused + len(tally.accepted)}"
        print(
            f"{tally.name:44} {tally.agree:>4}/{tally.total:<4}  {tally.gradients:>5} {tally.interpreted:>5} "
            f"{tally.compiled:>4}  {errors:>14}  {tally.known or ''}",
            flush=True,
        )
        if options.failures:
            for line in [*tally.failures, *tally.accepted, *(f"no {u}" for u in tally.unsupported)]:
                print(f"    {line}", flush=True)
    total = collections.Counter()
    for tally in tallies:
        total.update(agree=tally.agree, all=tally.total, refused=tally.refused, errors=len(tally.accepted))
        total.update(gradients=tally.gradients, compiled=tally.compiled, whole=not tally.failures, known=tally.known)
    share = 100 * total["agree"] / max(1, total["all"])
    found, errors = f"{total['agree']:,} of {total['all']:,}", total["refused"] + total["errors"]
    print(
        f"\n{len(tallies)} ops, {total['whole']} without a failure; {found} samples agree ({share:.2f} %), "
        f"{total['gradients']:,} with gradients, {total['compiled']:,} compiled, too; {total['known']} known; "
        f"{total['refused']} of {errors} errors refused; {time.perf_counter() - start:.0f} s"
    )
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump([dataclasses.asdict(t) for t in tallies], file, indent=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
