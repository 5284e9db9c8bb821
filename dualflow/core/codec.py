"""Dataclasses as JSON and back, by their fields and annotations: the one place that knows how.

A class inherits from ``Serializable`` and, where its JSON is not just its fields, declares the difference:

* ``FORMAT`` says what kind of file it is, ``KIND`` which of the classes of a union;
* ``KEYS`` are other names that fields have there;
* ``DERIVED`` properties are written for the reader, and worked out again instead of being read;
* ``SPARSE`` fields are left out where they are empty.

Whatever else differs is an override that calls ``super()``.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import re
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Self, Union

import numpy as np


class Serializable:
    """A dataclass that turns into plain dictionaries and lists, as JSON has them, and back.

    >>> import dataclasses
    >>> @dataclasses.dataclass(frozen=True)
    ... class Point(Serializable):
    ...     DERIVED = ("norm",)
    ...     at: tuple[float, ...]
    ...     norm = property(lambda self: sum(x * x for x in self.at) ** 0.5)
    >>> Point((3.0, 4.0)).to_json()
    {'at': [3.0, 4.0], 'norm': 5.0}
    >>> Point.from_json({"at": [3.0, 4.0], "norm": 5.0})
    Point(at=(3.0, 4.0))
    """

    FORMAT: ClassVar[str] = ""
    KIND: ClassVar[str] = ""
    KEYS: ClassVar[Mapping[str, str]] = {}
    DERIVED: ClassVar[tuple[str, ...]] = ()
    SPARSE: ClassVar[tuple[str, ...]] = ()

    def to_json(self) -> dict[str, Any]:
        """Return plain dictionaries and lists: the fields, and what is derived from them."""
        marks = {"format": self.FORMAT, "kind": self.KIND}
        values = {name: getattr(self, name) for name in (*_fields(type(self)), *self.DERIVED)}
        return {key: mark for key, mark in marks.items() if mark} | {
            self.KEYS.get(name, name): encode(value)
            for name, value in values.items()
            if value or name not in self.SPARSE
        }

    def dumps(self, indent: int | None = None) -> str:
        """Return it as JSON text. Raises ValueError for a number that JSON cannot spell."""
        return json.dumps(self.to_json(), ensure_ascii=False, allow_nan=False, indent=indent) + "\n"

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Rebuild it from what ``to_json`` returned. Raises ValueError for another format, KeyError for a lack."""
        if cls.FORMAT and data.get("format") != cls.FORMAT:
            what = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", cls.__name__).lower()
            raise ValueError(f"not a {what} of this version: format {data.get('format')!r}, expected {cls.FORMAT!r}")
        keys = {name: cls.KEYS.get(name, name) for name in _fields(cls)}
        return _read(cls, {name: data[key] for name, key in keys.items() if key in data or name not in cls.SPARSE})


def encode(value: Any) -> Any:
    """Return a value as JSON has it: tuples become lists, dataclasses and named tuples dictionaries."""
    if isinstance(value, Serializable):
        return value.to_json()
    if _fields(type(value)):
        return {name: encode(getattr(value, name)) for name in _fields(type(value))}
    if isinstance(value, Mapping):
        return {key: encode(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [encode(part) for part in value]
    return value.item() if isinstance(value, np.generic) else value


def decode(kind: Any, data: Any) -> Any:
    """Return the value of an annotation that ``encode`` made into ``data``; of several classes ``kind`` names one.

    >>> decode(dict[str, tuple[int, ...] | None], {"a": [1, 2], "b": None})
    {'a': (1, 2), 'b': None}
    """
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin in (Union, types.UnionType):
        return None if data is None else decode(_chosen(args, data), data)
    if origin is tuple:
        kinds = [args[0]] * len(data) if args[-1] is Ellipsis else args
        return tuple(decode(each, part) for each, part in zip(kinds, data, strict=True))
    if origin is dict:
        return {key: decode(args[1], part) for key, part in data.items()}
    if isinstance(kind, type) and issubclass(kind, Serializable):
        return kind.from_json(data)
    return _read(kind, data) if _fields(kind) else data


def _chosen(kinds: tuple[Any, ...], data: Any) -> Any:
    """Return the class that data is of, among those of a union. Raises ValueError if there is none of its kind."""
    kinds = tuple(kind for kind in kinds if kind is not types.NoneType)
    named = {kind.KIND: kind for kind in kinds} if len(kinds) > 1 else {None: kinds[0]}
    kind = data["kind"] if len(kinds) > 1 else None
    if kind not in named:
        raise ValueError(f"there is nothing of kind {kind!r}; there are {', '.join(map(str, named))}")
    return named[kind]


def _read(cls: Any, data: Mapping[str, Any]) -> Any:
    hints = _hints(cls)
    return cls(**{name: decode(hints[name], part) for name, part in data.items()})


def _names(cls: Any) -> tuple[str, ...]:
    """Return the names of a dataclass's or a named tuple's fields, () for any other class."""
    if dataclasses.is_dataclass(cls):
        return tuple(field.name for field in dataclasses.fields(cls) if field.init)
    return getattr(cls, "_fields", ())


_fields: Callable[[Any], tuple[str, ...]] = functools.cache(_names)
_hints: Callable[[Any], dict[str, Any]] = functools.cache(typing.get_type_hints)
