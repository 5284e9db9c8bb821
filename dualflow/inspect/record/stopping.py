"""Stopping inside a graph's run: pdb at the user's line, with real values in the user's variables.

A graph is run node by node under an observer, which may stop at a node after it has been computed. pdb then stands in a
frame made for the purpose: the user's file, function and line, and as its locals the variables that the user's lines
assign, bound to the NumPy values of this run. This file knows pdb and nodes; how a run is made is the worlds' matter.
"""

from __future__ import annotations

import bdb
import builtins
import pdb
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

import numpy as np

from dualflow.core.errors import DualflowError, format_shape
from dualflow.core.mode import Scope
from dualflow.core.site import is_library
from dualflow.inspect.record.entry import Entry, meant, summary
from dualflow.inspect.record.source import Line, line_of, made_at, variables
from dualflow.worlds.graph.ir.symbol import Symbol
from dualflow.worlds.graph.ir.variable import GraphVariable

Breakpoint = str | int | Callable[[Any, Any], bool]


def stopping(debug: Any) -> Scope:
    """Enter a block whose graph runs stop: at all nodes (True), at breakpoints, or in a function called at each."""
    if callable(debug):
        return Scope(watch=Stopper([], debug))
    return Scope(watch=Stopper([] if debug is True else listed(debug)))


def through(entries: Iterable[Entry], breakpoints: Any = ()) -> None:
    """Step through recorded values in pdb; ``q`` ends it."""
    stopper = Stopper(listed(breakpoints))
    try:
        for entry in entries:
            stopper.look(
                Stop(entry, entry.op, entry.name, entry.symbol, entry.at, entry.forward, entry.operands, entry.value)
            )
    except bdb.BdbQuit:
        return


def listed(breakpoints: Any) -> list[Breakpoint]:
    return list(breakpoints) if isinstance(breakpoints, list | tuple) else [breakpoints]


@dataclass
class Stop:
    """A node that has just been computed: its op, the variable it was assigned to, the user's line, and the values.

    ``node`` is the symbol (of a recording, the entry), ``inputs`` the operands, ``locals`` the variables known in the
    line's function. What ``value`` is set to is what later nodes get.
    """

    node: Any
    op: str
    name: str
    symbol: str
    at: Line
    forward: Line | None
    inputs: Sequence[Any]
    value: Any
    locals: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        back = f", back from {self.forward}: {self.forward.text}" if self.forward else ""
        value = np.asarray(self.value)
        name = self.name or self.symbol
        return f"-- {self.op} {name!r}{back}: {value.dtype} {format_shape(value.shape)}, {summary(value)}"


class Stopper:
    """An observer of graph runs that stops at nodes. Without breakpoints, or after ``n``, it stops at every one."""

    def __init__(
        self,
        breakpoints: list[Breakpoint],
        callback: Callable[[Stop], None] | None = None,
        names: dict[int, str] | None = None,
        python: Any = None,
    ) -> None:
        self.breakpoints, self.callback, self._names = breakpoints, callback, names or {}
        self._code, self._space = getattr(python, "__code__", None), getattr(python, "__globals__", {})
        self.stepping = not breakpoints
        self._past: list[Stop] = []
        self._scopes: dict[tuple[str, str], dict[str, Any]] = {}
        self._variables: dict[int, str] = {}
        self._pdb: _Pdb | None = None

    def node(self, node: Symbol, args: Sequence[Any], value: Any) -> Any:
        """Stop at a node if it is to be stopped at, and return what its value shall be."""
        if value is None:
            return None
        at, cell = line_of(node.site), node.kind.cell(node)
        back = made_at(node.forward)
        forward = line_of(back) if back else None
        name = "" if forward else self._variable(node)
        if node.kind.fed:
            name = name or node.name
            if self._code is not None:
                at = line_of((self._code, 0))  # an argument: it belongs to the function that it is given to
        elif cell is not None:
            owner = cell.owner
            name = self._names.get(id(owner), "") or cell.name
            if isinstance(owner, GraphVariable):
                name = variables([(owner.site, owner.op.name)])[0] or name
        return self.look(Stop(node, node.op.name, name, node.name, at, forward, args, value))

    def _variable(self, node: Symbol) -> str:
        """Return the variable that a node's line assigns it to; all of a graph's are read off at once."""
        if id(node) not in self._variables:
            nodes = node.graph.symbols
            found = variables([(n.site, n.op.name) for n in nodes])
            self._variables = dict(zip(map(id, nodes), found, strict=True))
        return self._variables.get(id(node), "")

    def look(self, stop: Stop) -> Any:
        """Bind the value to its variable, ask where a stop is due, and return the value, which may be another."""
        scope = self._scopes.setdefault((stop.at.file, stop.at.function), {})
        if stop.name.isidentifier():
            scope[stop.name] = stop.value
        stop.locals = dict(scope)
        if self.callback is None:
            self._past.append(stop)
        if self.stepping or any(b(stop.node, stop.value) if callable(b) else meant(b, stop) for b in self.breakpoints):
            before = stop.value
            with Scope(mode="eager", graph=None, watch=None):  # what is computed at a stop is no part of the run
                (self.callback or self._ask)(stop)
            if stop.value is not before:
                stop.value = self._fit(stop, before)
                if stop.name.isidentifier():
                    scope[stop.name] = stop.value
        return stop.value

    def _fit(self, stop: Stop, before: Any) -> Any:
        """Read a value put in a node's place. Raises DualflowError when its shape is another."""
        old = np.asarray(before)
        new = np.asarray(stop.value.numpy() if hasattr(stop.value, "numpy") else stop.value)
        if new.shape != old.shape or not np.can_cast(new.dtype, old.dtype, "same_kind"):
            raise DualflowError(
                f"replay: a value of {new.dtype} {format_shape(new.shape)} cannot stand for "
                f"{stop.name or stop.symbol!r}, which is {old.dtype} {format_shape(old.shape)}\n"
                f"  at {stop.at}: {stop.at.text}"
            )
        return new.astype(old.dtype)

    # -- pdb
    def _ask(self, stop: Stop) -> None:
        """Stand in pdb at the stop, or at earlier ones, until the run is to go on."""
        self._pdb = self._pdb or _Pdb(self)
        last = place = len(self._past) - 1
        while True:
            self._pdb.choice = "quit"
            self._stand(self._past[place], place == last)
            choice = self._pdb.choice
            if choice == "quit":
                raise bdb.BdbQuit
            if choice == "back":
                place = max(place - 1, 0)
            elif choice == "next" and place < last:
                place += 1
            else:
                self.stepping = choice == "next"
                return

    def _stand(self, stop: Stop, live: bool) -> None:
        assert self._pdb is not None
        # copies: what is written into an array at a stop must be noticed, and must not reach the user's variables
        shown: dict[str, Any] = {name: np.array(value) for name, value in stop.locals.items()}
        value = np.array(stop.value)
        shown |= {
            "node": stop.node,
            "inputs": [np.array(x) if isinstance(x, np.ndarray) else x for x in stop.inputs],
            "value": value,
        }
        names = ["value", stop.name] if stop.name.isidentifier() else ["value"]
        shown |= dict.fromkeys(names, value)
        print(stop, file=self._pdb.stdout)
        ask = self._pdb
        stand = {"__stop__": lambda: ask.interaction(sys._getframe(1), None)}
        exec(_code(stop.at), {**self._globals(stop.at.file), **stand}, shown)
        changed = [shown[name] for name in names if name in shown and shown[name] is not value]
        if changed or not np.array_equal(value, stop.value, equal_nan=value.dtype.kind in "fc"):
            if live:
                stop.value = changed[-1] if changed else value
            else:
                print("-- what has happened cannot be changed", file=ask.stdout)

    def _globals(self, file: str) -> dict[str, Any]:
        """Return the globals of the user's file."""
        if self._code is not None and self._code.co_filename == file:
            return self._space
        modules = list(sys.modules.values())
        return next((vars(m) for m in modules if getattr(m, "__file__", None) == file), {"__builtins__": builtins})


def _code(at: Line) -> CodeType:
    """Compile a call that stands at the user's line, in a function of the user's name."""
    code = compile("\n" * (at.number - 1) + "__stop__()", at.file, "exec")
    return code.replace(co_name=at.function.rpartition(".")[2] or "<module>", co_qualname=at.function or "<module>")


class _Pdb(pdb.Pdb):
    """pdb that stands at nodes: the commands that run Python line by line choose the next stop instead."""

    def __init__(self, stopper: Stopper) -> None:
        super().__init__(nosigint=True)
        self.stopper, self.choice = stopper, "quit"

    def get_stack(self, f: Any, t: Any) -> Any:
        """Return the user's frames only, the made one last."""
        frames = [f]
        while frames[0].f_back is not None:
            frames.insert(0, frames[0].f_back)
        stack = [(frame, frame.f_lineno) for frame in frames if not is_library(frame.f_code.co_filename)]
        return stack, len(stack) - 1

    def _go(self, choice: str) -> bool:
        self.choice = choice
        return True

    def do_next(self, arg: str) -> bool:
        """n(ext), s(tep): go to the next node."""
        return self._go("next")

    def do_continue(self, arg: str) -> bool:
        """c(ontinue): go to the next breakpoint, or to the end."""
        return self._go("continue")

    def do_back(self, arg: str) -> bool:
        """back: go to the node before, to look."""
        return self._go("back")

    def do_quit(self, arg: str) -> bool:
        """q(uit): end the run; variables stay as they were."""
        return self._go("quit")

    def do_break(self, arg: str, temporary: Any = 0) -> None:
        """b(reak) WHERE: stop at a line (12, file.py:12), a variable, a symbol or an op; without WHERE, list them."""
        if arg:
            self.stopper.breakpoints.append(int(arg) if arg.isdigit() else arg)
        self.message("breakpoints: " + (", ".join(map(str, self.stopper.breakpoints)) or "none"))

    def do_clear(self, arg: str) -> None:
        """cl(ear) [WHERE]: forget a breakpoint, or all."""
        kept = [b for b in self.stopper.breakpoints if arg and str(b) != arg]
        self.stopper.breakpoints[:] = kept
        self.do_break("")

    def do_until(self, arg: str) -> None:
        """Describe what there is instead: Python's lines have run long ago, when the graph was built."""
        self.error("a graph's run goes from node to node: n, c, back, b WHERE, q")

    do_n = do_s = do_step = do_next
    do_c = do_cont = do_continue
    do_q = do_exit = do_EOF = do_quit
    do_b = do_break
    do_cl = do_clear
    do_unt = do_return = do_r = do_jump = do_j = do_run = do_restart = do_debug = do_tbreak = do_until
