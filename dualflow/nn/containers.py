"""Modules made of modules."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dualflow.core.mode import eager
from dualflow.nn.module import Module, bracket, is_parameter, parameter_class


class _Numbered(Module):
    """What the containers share that are read like a list: parts under the names "0", "1", …."""

    def _list(self) -> list[Any]:
        return [child for _, child in self._children()]

    def __len__(self) -> int:
        return len(self._list())

    def __iter__(self) -> Iterator[Any]:
        return iter(self._list())

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return self._cut(index)
        return self._list()[operator.index(index)]

    def extend(self, parts: Iterable[Any]) -> Any:
        """Add several at the end and return the container."""
        for part in list(parts):
            self.append(part)
        return self


class _Modules(_Numbered):
    """What ``Sequential`` and ``ModuleList`` share: their parts are modules."""

    def __setitem__(self, index: int, module: Module) -> None:
        name = self._children()[operator.index(index)][0]
        self.register_module(name, _checked(type(self).__name__, module))

    def append(self, module: Module) -> Any:
        """Add a module at the end and return the container."""
        self.register_module(str(len(self)), _checked(type(self).__name__, module))
        return self

    def insert(self, index: int, module: Module) -> Any:
        """Put a module before place ``index`` and return the container; later ones move up by one name."""
        held = self._list()
        held.insert(index, _checked(type(self).__name__, module))
        for name, _ in self._children():
            delattr(self, name)
        return self.extend(held)


class Sequential(_Modules):
    """Modules one after the other; each is given what the one before it returns.

    Takes modules, or one dict of names and modules.

    >>> net = df.nn.Sequential(df.nn.Linear(3, 2), df.nn.ReLU())
    >>> net
    Sequential(
      (0): Linear(in_features=3, out_features=2, bias=True)
      (1): ReLU()
    )
    >>> net(df.zeros(5, 3)).shape
    (5, 2)
    """

    def __init__(self, *modules: Any) -> None:
        super().__init__()
        if len(modules) == 1 and isinstance(modules[0], Mapping):
            for name, module in modules[0].items():
                self.register_module(name, _checked("Sequential", module))
        else:
            self.extend(modules)

    def _cut(self, index: slice) -> Sequential:
        return Sequential(dict(self._children()[index]))

    def forward(self, x: Any) -> Any:
        """Pass ``x`` through the modules in order."""
        for _, module in self._children():
            x = module(x)
        return x


class ModuleList(_Modules):
    """A list of modules whose parameters are found; it has no ``forward`` of its own.

    >>> layers = df.nn.ModuleList(df.nn.Linear(2, 2) for _ in range(3))
    >>> len(layers), len(list(layers.parameters()))
    (3, 6)
    """

    def __init__(self, modules: Iterable[Module] = ()) -> None:
        super().__init__()
        self.extend(modules)

    def _cut(self, index: slice) -> ModuleList:
        return ModuleList(self._list()[index])

    def __repr__(self) -> str:
        texts, lines = [repr(module) for module in self], []
        for text, run in itertools.groupby(range(len(texts)), texts.__getitem__):  # alike: counted, as PyTorch does
            first, *more = run
            lines.append(f"({first}-{more[-1]}): {len(more) + 1} x {text}" if more else f"({first}): {text}")
        return bracket(type(self).__name__, "", lines)


class ModuleDict(Module):
    """A dict of modules whose parameters are found; it has no ``forward`` of its own.

    >>> heads = df.nn.ModuleDict({"a": df.nn.Linear(2, 1), "b": df.nn.ReLU()})
    >>> list(heads), "a" in heads, len(list(heads.parameters()))
    (['a', 'b'], True, 2)
    """

    def __init__(self, modules: Mapping[str, Module] | None = None) -> None:
        super().__init__()
        self.update(modules or {})

    def __getitem__(self, name: str) -> Module:
        return dict(self._children())[name]

    def __setitem__(self, name: str, module: Module) -> None:
        if not isinstance(name, str) or (hasattr(self, name) and name not in self):
            raise KeyError(f"ModuleDict: {name!r} cannot be a key; a ModuleDict has an attribute of that name")
        self.register_module(name, _checked("ModuleDict", module))

    def __delitem__(self, name: str) -> None:
        if name not in self:
            raise KeyError(name)
        delattr(self, name)

    def __len__(self) -> int:
        return len(self._children())

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._children())

    def __contains__(self, name: object) -> bool:
        return name in dict(self._children())

    def keys(self) -> Iterable[str]:
        """Return the names."""
        return dict(self._children()).keys()

    def values(self) -> Iterable[Module]:
        """Return the modules."""
        return dict(self._children()).values()

    def items(self) -> Iterable[tuple[str, Module]]:
        """Return (name, module) pairs."""
        return dict(self._children()).items()

    def update(self, modules: Mapping[str, Module]) -> None:
        """Add modules, or replace those of the same name."""
        for name, module in modules.items():
            self[name] = module

    def pop(self, name: str) -> Module:
        """Remove a module and return it."""
        module = self[name]
        del self[name]
        return module


class ParameterList(_Numbered):
    """A list of parameters, which a plain list would hide.

    >>> weights = df.nn.ParameterList(df.ones(2) for _ in range(3))
    >>> len(weights), [name for name, _ in weights.named_parameters()]
    (3, ['0', '1', '2'])
    """

    def __init__(self, values: Iterable[Any] = ()) -> None:
        super().__init__()
        self.extend(values)

    def _list(self) -> list[Any]:
        return [value for name, value in self.__dict__.items() if name.isdigit()]

    def _cut(self, index: slice) -> ParameterList:
        return ParameterList(self._list()[index])

    def __setitem__(self, index: int, value: Any) -> None:
        name = str(range(len(self))[operator.index(index)])
        with eager():  # in the place of the old one: the order of registration is that of the dict
            self.__dict__[name] = value if is_parameter(value) else parameter_class()(value, name=name)

    def append(self, value: Any) -> ParameterList:
        """Add a parameter, made of ``value`` if it is none, and return the list."""
        with eager():
            setattr(self, str(len(self)), value if is_parameter(value) else parameter_class()(value))
        return self


def _checked(container: str, module: Any) -> Module:
    if not isinstance(module, Module):
        hint = f"; did you mean {module.__name__}(...)?" if isinstance(module, type) else ""
        what = module.__name__ if isinstance(module, type) else type(module).__name__
        raise TypeError(f"{container} is made of modules, not of {what}{hint}")
    return module
