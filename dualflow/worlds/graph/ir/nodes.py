"""What only a graph has: the cards of its structural nodes, and the variable that belongs to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dualflow.core.op import VOCABULARY
from dualflow.worlds.graph.ir.cell import VariableCell
from dualflow.worlds.graph.ir.symbol import Symbol


class Structural:
    """The card of a node that only a graph has: a placeholder, a read, an assignment."""

    broadcasts = view = host = variadic = False
    check = None
    tensors: tuple[str, ...] = ("x",)
    like: tuple[str, ...] = ()

    def __init__(self, name: str, rules: tuple[Any, ...] = (None,)) -> None:
        self.name = name
        self.rules = rules

    def __repr__(self) -> str:
        return f"<op {self.name}>"


PLACEHOLDER = Structural("placeholder")
CONSTANT = Structural("constant")
READ = Structural("read", (lambda g, y, x, cell: g,))
ASSIGN = Structural("assign")
GROUP = Structural("group")
SCALAR = Structural("host_scalar")


class GraphVariable(Symbol):
    """A variable of a graph: its value lives in each Session, once its initializer has run.

    Used in an op, it is read there; ``assign`` makes a node that writes it when it runs.
    """

    __slots__ = ("cell", "initial_value", "initializer", "trainable")
    is_variable = True
    cell: VariableCell
    initial_value: Symbol
    initializer: Symbol
    trainable: bool

    def assign(self, value: Any) -> Symbol:
        """Make a node that gives the variable a new value and returns it."""
        return self.graph.assign(self, value, "assign")

    def assign_add(self, value: Any) -> Symbol:
        """Make a node that adds ``value``."""
        return self.assign(self + value)

    def assign_sub(self, value: Any) -> Symbol:
        """Make a node that subtracts ``value``."""
        return self.assign(self - value)

    def read_value(self) -> Symbol:
        """Make a node that reads the value at this point."""
        return self.graph.read(self.cell)

    value = read_value

    @property
    def grad(self) -> Any:
        """The gradient symbol that ``backward`` gathered for the variable, or None."""
        return self.graph.get_grad(self)

    @grad.setter
    def grad(self, value: Any) -> None:
        self.graph.set_grad(self, value)


def _variable_in_place(title: str) -> Any:
    op = VOCABULARY[title]
    return lambda self, other: self.graph.assign(self, op.call(self, other), title)


for _title, _stem, _operator in (
    ("add", "add", "iadd"),
    ("subtract", "sub", "isub"),
    ("multiply", "mul", "imul"),
    ("divide", "div", "itruediv"),
):
    setattr(GraphVariable, f"{_stem}_", _variable_in_place(_title))


class Custom:
    """The card of a custom Function in a graph: passes its first operand on."""

    broadcasts = view = host = False
    variadic = True
    check = None
    like: tuple[str, ...] = ()
    tensors: tuple[str, ...] = ()

    def __init__(self, op: Any) -> None:
        self.name = op.name
        self.rules = (lambda position, g, y, inner, *values: op.rules[0](position - 1, g, y, *values),)

    @staticmethod
    def kernel(world: str) -> Callable[..., Any]:
        """Return the kernel: the first operand itself."""
        return lambda inner, *values: inner

    @staticmethod
    def infer(operands: Sequence[Any], params: dict[str, Any]) -> Any:
        """Return the first operand's shape."""
        return operands[0].shape

    def explain(self, error: BaseException, operands: Any, params: Any, site: Any = None) -> BaseException:
        """Return the error as it is."""
        return error
