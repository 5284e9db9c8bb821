"""The module: a plain tree of attributes, walked to find parameters, buffers and submodules.

What an attribute is follows from its value alone: a Module is a child, a Parameter (or a trainable Variable) a
parameter, any other Variable a buffer, and everything else just an attribute. There is no registry beside
``__dict__``, whose order is the order of registration. This file does not know what any layer computes.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

import numpy as np

from dualflow.core import dtypes
from dualflow.core.errors import DTypeError, DualflowError, format_shape
from dualflow.core.hooks import Handle
from dualflow.core.mode import eager, no_grad, variable, watch
from dualflow.nn.hooks import ModuleHooks
from dualflow.ops.array.create import as_array
from dualflow.tensors.typing import Tensor

M = TypeVar("M", bound="Module")


class StateDictError(DualflowError, RuntimeError):
    """A state dict that does not fit the module it was to be loaded into."""


class Matched(NamedTuple):
    """What ``load_state_dict`` left out: keys the module has and the dict lacks, and the other way round."""

    missing_keys: list[str]
    unexpected_keys: list[str]

    def __repr__(self) -> str:
        if not self.missing_keys and not self.unexpected_keys:
            return "<All keys matched successfully>"
        return f"Matched(missing_keys={self.missing_keys}, unexpected_keys={self.unexpected_keys})"


@functools.cache
def parameter_class() -> Any:
    """Return the class ``Parameter``, asked of the mode: nn does not import the world that makes it."""
    with eager():
        return type(variable(0.0, parameter=True))


def is_state(value: Any) -> bool:
    """Return whether ``value`` is a Variable of either world."""
    return hasattr(type(value), "assign") and hasattr(value, "trainable")


def is_parameter(value: Any) -> bool:
    """Return whether ``value`` is state that is trained; a frozen Parameter still is one."""
    return is_state(value) and (value.trainable or isinstance(value, parameter_class()))


class Module:
    """The base class of everything with parameters: set attributes in ``__init__``, compute in ``forward``.

    Parameters, buffers and submodules are found by walking the attributes; a list of modules must be a
    ``ModuleList`` to be found. Calling the module calls ``forward``.

    >>> class Scale(df.nn.Module):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.factor = df.nn.Parameter([2.0])
    ...     def forward(self, x):
    ...         return x * self.factor
    >>> Scale()(df.tensor([3.0])).tolist(), [name for name, _ in Scale().named_parameters()]
    ([6.0], ['factor'])
    """

    training: bool
    _transient: frozenset[str] = frozenset()  # names of buffers that state_dict leaves out
    _hooks: ModuleHooks | None = None

    def __init__(self) -> None:
        self.training = True

    def __call__(self, *args: Any, **kwargs: Any) -> Tensor:
        if watch(self):
            for module in self.modules():
                watch(module)
                if module._hooks is not None:
                    watch(module._hooks)
        if self._hooks is not None:
            return self._hooks.call(self, self.forward, args, kwargs)
        return self.forward(*args, **kwargs)

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Compute the module's result; every subclass defines it."""
        raise TypeError(f"{type(self).__name__} has no forward: define `def forward(self, x):` in the class")

    # -- hooks
    def _hooked(self) -> ModuleHooks:
        if self._hooks is None:
            self._hooks = ModuleHooks()
        return self._hooks

    def register_forward_pre_hook(self, hook: Callable[[Any, Any], Any]) -> Handle:
        """Call ``hook(module, args)`` before each forward; what it returns replaces the arguments.

        >>> net = df.nn.Identity()
        >>> handle = net.register_forward_pre_hook(lambda module, args: (args[0] + 1,))
        >>> net(df.zeros(2)).tolist()
        [1.0, 1.0]
        >>> handle.remove()
        >>> net(df.zeros(2)).tolist()
        [0.0, 0.0]
        """
        return Handle.add(self._hooked().before, hook)

    def register_forward_hook(self, hook: Callable[[Any, Any, Any], Any]) -> Handle:
        """Call ``hook(module, args, result)`` after each forward; what it returns replaces the result.

        >>> net = df.nn.Identity()
        >>> handle = net.register_forward_hook(lambda module, args, result: result * 2)
        >>> net(df.ones(2)).tolist()
        [2.0, 2.0]
        """
        return Handle.add(self._hooked().after, hook)

    def register_full_backward_hook(self, hook: Callable[[Any, Any, Any], Any]) -> Handle:
        """Call ``hook(module, grad_input, grad_output)`` as gradients pass; what it returns replaces ``grad_input``.

        Both are tuples. Raises GradientError at a call with more than one argument that requires a gradient, or with
        another result than one tensor.

        >>> net = df.nn.Identity()
        >>> handle = net.register_full_backward_hook(lambda module, grad_input, grad_output: (grad_input[0] * 10,))
        >>> x = df.ones(2, requires_grad=True)
        >>> net(x).sum().backward()
        >>> x.grad
        tensor([10., 10.])
        """
        return Handle.add(self._hooked().backward, hook)

    # -- attributes
    def __setattr__(self, name: str, value: Any) -> None:
        held: Any = self.__dict__.get(name)
        if isinstance(value, Module) or is_state(value):
            if "training" not in self.__dict__:
                raise AttributeError(
                    f"{type(self).__name__}: call super().__init__() in __init__ before assigning {name!r}"
                )
            _name(value, name)
        elif value is not None and is_state(held):
            if is_parameter(held):
                raise TypeError(
                    f"{type(self).__name__}.{name} is a parameter; a {type(value).__name__} in its place would not be "
                    f"trained. Assign a Parameter or None, or change its value with {name}.assign(...)"
                )
            held.assign(value)  # the buffer stays the same object, so that both worlds go on seeing it
            return
        object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:
        text = f"{type(self).__name__!r} object has no attribute {name!r}"
        if name == "training":
            text += f": {type(self).__name__}.__init__ must call super().__init__() first"
        raise AttributeError(text, name=name, obj=self)

    def register_parameter(self, name: str, parameter: Any) -> None:
        """Set a parameter, or None for one that this module does without."""
        if parameter is not None and not is_parameter(parameter):
            raise TypeError(f"register_parameter: {name!r} must be a Parameter or None, not {type(parameter).__name__}")
        setattr(self, name, parameter)

    def register_buffer(self, name: str, value: Any, persistent: bool = True) -> None:
        """Set state that is saved but not trained: a Variable made of ``value``, or None.

        Assigning to the attribute afterwards changes the Variable's value. ``persistent=False`` keeps it
        out of ``state_dict``.

        >>> m = df.nn.Module()
        >>> m.register_buffer("count", df.zeros(()))
        >>> m.count = m.count + 1
        >>> m.count.item(), list(m.state_dict())
        (1.0, ['count'])
        """
        if value is not None and not is_state(value):
            with eager():
                value = variable(value, trainable=False, name=name)
        setattr(self, name, value)
        self._transient = self._transient - {name} if persistent else self._transient | {name}

    def register_module(self, name: str, module: Module | None) -> None:
        """Set a submodule under any name, also one that is no identifier."""
        setattr(self, name, module)

    add_module = register_module

    # -- the tree
    def _children(self) -> list[tuple[str, Module]]:
        return [(name, value) for name, value in self.__dict__.items() if isinstance(value, Module)]

    def _own(self, wanted: Callable[[Any], bool]) -> list[tuple[str, Any]]:
        return [(name, value) for name, value in self.__dict__.items() if wanted(value)]

    def named_modules(self, prefix: str = "") -> Iterator[tuple[str, Module]]:
        """Yield (path, module) for this module and all below, each module once."""
        seen: set[int] = set()

        def walk(path: str, module: Module) -> Iterator[tuple[str, Module]]:
            if id(module) in seen:
                return
            seen.add(id(module))
            yield path, module
            for name, child in module._children():
                yield from walk(_join(path, name), child)

        yield from walk(prefix, self)

    def modules(self) -> Iterator[Module]:
        """Yield this module and all below, each once."""
        return (module for _, module in self.named_modules())

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """Yield (name, module) for the direct submodules, each once."""
        return _once(self._children())

    def children(self) -> Iterator[Module]:
        """Yield the direct submodules, each once."""
        return (child for _, child in self.named_children())

    def _named(self, wanted: Callable[[Any], bool], prefix: str, recurse: bool) -> Iterator[tuple[str, Any]]:
        modules = self.named_modules(prefix) if recurse else [(prefix, self)]
        return _once((_join(path, name), value) for path, module in modules for name, value in module._own(wanted))

    def named_parameters(self, prefix: str = "", recurse: bool = True) -> Iterator[tuple[str, Any]]:
        """Yield (path, parameter) in the order of registration; a shared parameter comes once."""
        return self._named(is_parameter, prefix, recurse)

    def parameters(self, recurse: bool = True) -> Iterator[Any]:
        """Yield the parameters in the order of registration; a shared one comes once.

        >>> net = df.nn.Sequential(df.nn.Linear(3, 2), df.nn.ReLU(), df.nn.Linear(2, 1))
        >>> [p.shape for p in net.parameters()]
        [(2, 3), (2,), (1, 2), (1,)]
        """
        return (parameter for _, parameter in self.named_parameters(recurse=recurse))

    def named_buffers(self, prefix: str = "", recurse: bool = True) -> Iterator[tuple[str, Any]]:
        """Yield (path, buffer) in the order of registration; a shared buffer comes once."""
        return self._named(_is_buffer, prefix, recurse)

    def buffers(self, recurse: bool = True) -> Iterator[Any]:
        """Yield the buffers in the order of registration; a shared one comes once."""
        return (buffer for _, buffer in self.named_buffers(recurse=recurse))

    # -- acting on the whole tree; each method returns the module
    def train(self: M, mode: bool = True) -> M:
        """Put this module and all below into training mode, or into evaluation mode."""
        for module in self.modules():
            module.training = bool(mode)
        return self

    def eval(self: M) -> M:
        """Put this module and all below into evaluation mode: dropout passes everything on."""
        return self.train(False)

    def requires_grad_(self: M, requires_grad: bool = True) -> M:
        """Start or stop recording gradients for every parameter."""
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def apply(self: M, function: Callable[[Module], Any]) -> M:
        """Call ``function`` on every module below, then on this one."""
        for child in self.children():
            child.apply(function)
        function(self)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters, or set those there are to zero."""
        with no_grad():
            for parameter in self.parameters():
                if set_to_none:
                    parameter.grad = None
                elif parameter.grad is not None:
                    parameter.grad.zero_()

    def to(self: M, dtype_or_device: Any) -> M:
        """Cast floating parameters and buffers to a floating dtype; the device "cpu" changes nothing.

        >>> df.nn.Linear(2, 1).to(df.float64).weight.dtype
        dtype('float64')
        """
        if not isinstance(dtype_or_device, str) or dtype_or_device in dtypes.DTYPES:
            wanted = dtypes.asdtype(dtype_or_device)
            if not dtypes.is_floating(wanted):
                raise DTypeError(f"{type(self).__name__}.to: parameters are floating; {wanted} is not")
        with eager(), no_grad():
            for state in (*self.parameters(), *self.buffers()):
                moved = state.detach().to(dtype_or_device)
                if moved.dtype != state.dtype and dtypes.is_floating(state.dtype):
                    gradient, state.data = state.grad, moved
                    if gradient is not None:
                        state.grad = gradient.to(dtype_or_device)
        return self

    def float(self: M) -> M:
        """Cast floating parameters and buffers to float32."""
        return self.to(dtypes.float32)

    def double(self: M) -> M:
        """Cast floating parameters and buffers to float64."""
        return self.to(dtypes.float64)

    # -- saving and loading
    def _entries(self, prefix: str = "") -> Iterator[tuple[str, Any]]:
        """Yield (path, state) as ``state_dict`` lists it: a shared parameter under each of its names."""
        for name, value in (*self._own(is_parameter), *self._own(_is_buffer)):
            if name not in self._transient:
                yield prefix + name, value
        for name, child in self._children():
            yield from child._entries(f"{prefix}{name}.")

    def state_dict(self) -> dict[str, Any]:
        """Return {path: tensor} of all parameters and persistent buffers.

        The tensors are detached and share memory with the module until its next step in a compiled graph;
        ``copy.deepcopy`` the dict to keep a checkpoint.

        >>> {name: t.shape for name, t in df.nn.Linear(3, 2).state_dict().items()}
        {'weight': (2, 3), 'bias': (2,)}
        """
        with eager():
            return {path: value.detach() for path, value in self._entries()}

    def load_state_dict(self, state_dict: Mapping[str, Any], strict: bool = True) -> Matched:
        """Copy values (tensors, arrays, lists) by path into the parameters and persistent buffers.

        Raises StateDictError, and loads nothing, when shapes differ or, if ``strict``, when keys are
        missing or unexpected; it lists them all. Returns the missing and the unexpected keys.

        >>> df.nn.Linear(1, 1).load_state_dict({"weight": [[2.0]], "bias": [0.5]})
        <All keys matched successfully>
        """
        entries = dict(self._entries())
        missing = [path for path in entries if path not in state_dict]
        unexpected = [path for path in state_dict if path not in entries]
        arrays = {path: as_array(state_dict[path]) for path in entries if path in state_dict}
        problems = []
        if strict and missing:
            problems.append("Missing key(s): " + ", ".join(map(repr, missing)))
        if strict and unexpected:
            problems.append("Unexpected key(s): " + ", ".join(map(repr, unexpected)))
        for path, array in arrays.items():
            target = entries[path]
            if array.shape != tuple(target.shape):
                problems.append(
                    f"size mismatch for {path}: the state dict has shape {format_shape(array.shape)}, "
                    f"the module {format_shape(target.shape)}"
                )
            elif not np.can_cast(array.dtype, target.dtype, "same_kind"):
                problems.append(f"dtype mismatch for {path}: {array.dtype} does not fit into {target.dtype}")
        if problems:
            headline = f"load_state_dict: error(s) in loading {type(self).__name__}:"
            raise StateDictError("\n  ".join([headline, *problems]))
        with eager(), no_grad():
            for path, array in arrays.items():
                entries[path].assign(array)
        return Matched(missing, unexpected)

    # -- repr
    def extra_repr(self) -> str:
        """Return what stands between the brackets of the module's own line."""
        return ""

    def __repr__(self) -> str:
        own = self.extra_repr()
        return bracket(type(self).__name__, own, [f"({name}): {child!r}" for name, child in self._children()])


def bracket(title: str, own: str, children: list[str]) -> str:
    """Lay out ``Title(own)``, or one line for each part when there are children."""
    lines = own.split("\n") if own else []
    if not children and len(lines) <= 1:
        return f"{title}({own})"
    listed = [*lines, *(child.replace("\n", "\n  ") for child in children)]
    return "\n  ".join([f"{title}(", *listed]) + "\n)"


def _is_buffer(value: Any) -> bool:
    return is_state(value) and not is_parameter(value)


def _once(named: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    seen: set[int] = set()
    for name, value in named:
        if id(value) not in seen:
            seen.add(id(value))
            yield name, value


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _name(value: Any, name: str) -> None:
    """Name new state after the attribute it becomes, and state below a new child after its path from here.

    So an error can say ``'0.weight'``. A name that was given stays, and so does that of shared state.
    """
    if isinstance(value, Module):
        for path, state in (*value.named_parameters(), *value.named_buffers()):
            if isinstance(state.name, str) and state.name == path and not hasattr(state, "graph"):
                state.name = f"{name}.{path}"
    elif value.name == "":
        value.name = name
