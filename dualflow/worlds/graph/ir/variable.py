"""The variable that belongs to a graph: its value lives in each Session."""

from __future__ import annotations

from typing import Any

from dualflow.core.op import VOCABULARY
from dualflow.worlds.graph.ir.cell import VariableCell
from dualflow.worlds.graph.ir.symbol import Symbol


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
