"""The kinds of node that a graph has: cards of the vocabulary, and what only a graph knows.

A kind is an object that is asked: what the node's size is in a plan, how it is carried out, how its line reads in the
straight-line script, which state it reads and writes, which plans stand inside it. The walk, the script, the passes and
the debugger ask, and name no kind. A new kind is one class here and a method of ``Graph`` that adds its nodes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from dualflow.core.errors import DualflowError, Misfit
from dualflow.core.op import Op
from dualflow.core.world import is_tensor


class Backend(Protocol):
    """What carries nodes out (``run/backends.py``): its array library, and the kernels of cards."""

    xp: Any

    def compute(self, node: Any, args: list[Any]) -> Any:
        """Compute the value of a card's node from those of its operands."""


class Writer(Protocol):
    """What a line of a script may refer to (``run/script.py``)."""

    def hold(self, value: Any) -> str:
        """Keep an object for the script and return its name there."""

    def cell(self, cell: Any) -> str:
        """Return the name of a state in the script."""


class Kind:
    """A kind of node, and the card of those that stand for nothing in the vocabulary.

    ``fed``: every run must feed it. ``valueless``: it is fetched as None. ``structural``: it computes nothing of the
    user's. ``custom``: its gradient is the user's own. ``role``: what its value is in a recording, "op", "read",
    "write", "given", "constant" or "name"; what is an "op" is computed from its operands alone. The rest is what the
    engine asks of any card.
    """

    broadcasts = view = host = variadic = fed = custom = valueless = False
    structural = True
    check = promotes = None
    tensors: tuple[str, ...] = ("x",)
    rules: tuple[Any, ...] = (None,)
    name = ""
    role = "op"

    def __repr__(self) -> str:
        return f"<op {self.name}>"

    def infer(self, node: Any, operands: Sequence[Any]) -> Any:
        """Return the node's shape in a plan, from operands whose sizes are known: that of the first one."""
        return operands[0].shape if operands and operands[0] is not None else node.shape

    def drawn(self, node: Any) -> bool:
        """Return whether the value is made on the host before the run, and fed."""
        return False

    def draw(self, node: Any, shape: Any) -> Any:
        """Make the value of a drawn node."""
        raise TypeError(f"{self.name} is not drawn on the host")

    def run(self, node: Any, args: list[Any], state: dict[int, Any], backend: Backend) -> Any:
        """Return the node's value; ``state`` maps the ids of cells to their values."""
        raise TypeError(f"{self.name} has no value of its own: it is fed")

    def line(self, node: Any, args: Sequence[str], writer: Writer) -> str:
        """Return the expression that the node is in a script, from those of its operands."""
        raise TypeError(f"{self.name} has no line of its own: it is fed")

    def constant(self, node: Any) -> Any:
        """Return the array that the node holds, or None."""

    def reads(self, node: Any) -> Any:
        """Return the cell whose value the node is, or None."""

    def writes(self, node: Any) -> Any:
        """Return the cell that gets the node's value, or None."""

    def cell(self, node: Any) -> Any:
        """Return the cell that the node reads or writes, or None."""
        read = self.reads(node)
        return self.writes(node) if read is None else read

    def initial(self, node: Any) -> bool:
        """Return whether a write gives a variable its first value."""
        return False

    def bodies(self, node: Any) -> tuple[Any, ...]:
        """Return the plans inside the node: the branches and bodies of control flow."""
        return ()


class Placeholder(Kind):
    """A value that a run feeds."""

    name = "placeholder"
    role = "given"
    fed = True


class Constant(Kind):
    """An array that the graph holds."""

    name = role = "constant"

    def run(self, node: Any, args: list[Any], state: dict[int, Any], backend: Backend) -> Any:
        """Return the array in the backend's library."""
        return backend.xp.asarray(node.params["value"])

    def line(self, node: Any, args: Sequence[str], writer: Writer) -> str:
        """Return the array's name."""
        return writer.hold(np.asarray(node.params["value"]))

    def constant(self, node: Any) -> Any:
        """Return the array."""
        return node.params["value"]


class Read(Kind):
    """The value that a cell of state has at this point of the program."""

    name = role = "read"
    rules = (lambda g, y, x, cell: g,)

    def run(self, node: Any, args: list[Any], state: dict[int, Any], backend: Backend) -> Any:
        """Return the cell's value."""
        return state[id(node.params["cell"])]

    def line(self, node: Any, args: Sequence[str], writer: Writer) -> str:
        """Return the state's name."""
        return writer.cell(node.params["cell"])

    def reads(self, node: Any) -> Any:
        """Return the cell."""
        return node.params["cell"]


class Bind(Kind):
    """A value under a new name: what gradients of it go to is said by its ``edge``, not by what computed it."""

    name = "bind"
    role = "name"

    def run(self, node: Any, args: list[Any], state: dict[int, Any], backend: Backend) -> Any:
        """Return the value."""
        return args[0]

    def line(self, node: Any, args: Sequence[str], writer: Writer) -> str:
        """Return the value's name."""
        return args[0]


class Assign(Kind):
    """A copy of its operand, which becomes the value of a cell."""

    name = "assign"
    role = "write"

    def run(self, node: Any, args: list[Any], state: dict[int, Any], backend: Backend) -> Any:
        """Return a copy."""
        return backend.xp.array(args[0], copy=True)

    def line(self, node: Any, args: Sequence[str], writer: Writer) -> str:
        """Return the copying call."""
        return f"{writer.hold(np.array)}({args[0]}, copy=True)"

    def writes(self, node: Any) -> Any:
        """Return the cell."""
        return node.params["cell"]

    def initial(self, node: Any) -> bool:
        """Return whether this is a variable's initializer."""
        return bool(node.params["initial"])


class Group(Kind):
    """Several nodes as one: to run it runs them all, and its value is None."""

    name = "group"
    valueless = True

    def run(self, node: Any, args: list[Any], state: dict[int, Any], backend: Backend) -> Any:
        """Return None."""

    def line(self, node: Any, args: Sequence[str], writer: Writer) -> str:
        """Return None's name."""
        return "None"


class HostScalar(Kind):
    """A number that Python is asked for at every run, such as a learning rate."""

    name = "host_scalar"
    role = "given"

    def drawn(self, node: Any) -> bool:
        """Return True: it is fed."""
        return True

    def draw(self, node: Any, shape: Any) -> Any:
        """Ask for the number."""
        return np.asarray(node.params["read"](), node.dtype)


class Card(Kind):
    """A node that carries out a card of the vocabulary. One object serves all: the card is the node's ``op``."""

    structural = False

    def infer(self, node: Any, operands: Sequence[Any]) -> Any:
        """Apply the card's shape rule; a misfit names the node's own line."""
        try:
            found = node.op.infer(operands, node.params)
        except Misfit as misfit:
            raise node.op.explain(misfit, operands, node.params, node.site) from None
        return found if node.place is None else found[node.place]

    def drawn(self, node: Any) -> bool:
        """Return whether the card draws random numbers."""
        return bool(node.op.host)

    def draw(self, node: Any, shape: Any) -> Any:
        """Draw with NumPy, for operands of the same shape as the result."""
        like = [np.broadcast_to(_NOTHING, shape) if is_tensor(x) else x for x in node.inputs]
        return node.op.kernel("numpy")(*like, **node.params)

    def run(self, node: Any, args: list[Any], state: dict[int, Any], backend: Backend) -> Any:
        """Compute with the backend's kernel, all results at once; what it cannot do is explained at the node's line."""
        try:
            return backend.compute(node, args)
        except DualflowError:
            raise
        except Exception as error:
            raise node.op.explain(error, named(node, args), node.params, node.site) from None

    def line(self, node: Any, args: Sequence[str], writer: Writer) -> str:
        """Return the call of NumPy's kernel."""
        params = (f"{name}={writer.hold(value)}" for name, value in node.params.items())
        return f"{writer.hold(node.op.kernel('numpy'))}({', '.join([*args, *params])})"


class Custom(Kind):
    """A custom Function: its first operands are what ``forward`` gave, the others its inputs, to which gradients go."""

    variadic = custom = True
    structural = False
    tensors = ()

    pack = tuple

    def __init__(self, op: Any, count: int) -> None:
        self.name, self._count = op.name, count
        self.rules = (lambda position, g, y, *all: op.rules[0](position - count, g, y, *all[count:]),)

    def infer(self, node: Any, operands: Sequence[Any]) -> Any:
        """Return the shape of what ``forward`` gave."""
        return operands[node.place or 0].shape

    def run(self, node: Any, args: list[Any], state: dict[int, Any], backend: Backend) -> Any:
        """Pass on what ``forward`` gave."""
        return args[0] if node.place is None else args[: self._count]

    def line(self, node: Any, args: Sequence[str], writer: Writer) -> str:
        """Return what ``forward`` gave."""
        return args[0] if node.place is None else f"[{', '.join(args[: self._count])}]"


PLACEHOLDER, CONSTANT, READ, BIND, ASSIGN = Placeholder(), Constant(), Read(), Bind(), Assign()
GROUP, SCALAR = Group(), HostScalar()
CARD = Card()
_NOTHING = np.empty((), np.bool_)


def kind_of(op: Any) -> Kind:
    """Return the kind of the nodes that carry ``op`` out."""
    return CARD if isinstance(op, Op) else op


class Sized:
    """The shape and dtype that a node has in a plan."""

    __slots__ = ("dtype", "name", "shape")

    def __init__(self, shape: Any, dtype: Any, name: str) -> None:
        self.shape, self.dtype, self.name = shape, dtype, name

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)


def nbytes(spec: Any) -> int:
    """Return the bytes of a value whose size is known."""
    return math.prod(spec.shape) * int(spec.dtype.itemsize)


class Operand(Sized):
    """An array by the name that its symbol has, for messages."""

    __slots__ = ("array",)

    def __init__(self, array: Any, name: str) -> None:
        super().__init__(array.shape, array.dtype, name)
        self.array = array

    def __array__(self, *args: Any, **options: Any) -> Any:
        return np.asarray(self.array, *args, **options)


def named(node: Any, args: Sequence[Any]) -> list[Any]:
    """Give the operands of a node the names of its inputs."""
    return [
        Operand(value, called(x)) if is_tensor(x) and value is not None else value
        for x, value in zip(node.inputs, args, strict=True)
    ]


def called(symbol: Any) -> str:
    """Return the name that a symbol has in messages: where a variable is read, the variable's."""
    cell = symbol.kind.reads(symbol)
    return cell.name or symbol.name if cell is not None else symbol.name
