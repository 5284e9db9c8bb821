"""The card: one declaration from which everything about an op is derived.

A card holds name, signature, docstring, shape rule, dtype policy, gradient rules and a kernel for each
world. This file knows what a card is and keeps ``VOCABULARY``; it does not know how a world carries an
op out: a world installs its own closure behind the card's public function.
"""

from __future__ import annotations

import copy
import functools
import importlib
import inspect
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ParamSpec, Protocol

import numpy as np

from dualflow.core import dtypes
from dualflow.core.array_rules import Rule, on_arrays, on_constants
from dualflow.core.errors import DualflowError, OutOfRangeError
from dualflow.core.explain import explain
from dualflow.core.names import place
from dualflow.core.policy import POLICIES, Policy
from dualflow.core.words import unknown
from dualflow.core.world import WORLDS

P = ParamSpec("P")


class Vocable(Protocol[P]):
    """The public function of a card, as type checkers see it."""

    op: Op
    __name__: str

    def __call__(self, *args: Any, **params: Any) -> Any: ...
    def vjp(
        self, *, reads: str | Mapping[str, str] | None = None, together: Rule | None = None, **rules: Rule
    ) -> None: ...
    def kernel(self, world: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]: ...
    def guard(self, check: Callable[..., Any], complaint: Any = None) -> Callable[..., Any]: ...


VOCABULARY: dict[str, Op] = {}


class Op:
    """One card. Made by ``primitive``; ``dualflow.ops`` is where they are written.

    ``tensors`` names the differentiable operands, ``defaults`` the static parameters with their
    defaults; ``rules`` holds one gradient rule, or None, for each tensor, and ``joint`` the one that gives them all.

    ``results`` is None where there is one. Else the kernel, the shape rule and ``each`` give one for each; ``results``
    is the class of named tuple that they make, or ``tuple`` for any number of pieces, and rules are given ``g`` and
    ``y`` as such, with None for a result that no gradient came back for. The ``view`` of such a card is a function of a
    result's place and the static parameters, which returns the index that the result is of the first operand.
    """

    __slots__ = (
        "array_joint",
        "array_rules",
        "body",
        "broadcasts",
        "call",
        "carry",
        "check",
        "complaint",
        "declared",
        "defaults",
        "differentiable",
        "doc",
        "dtypes",
        "domain",
        "dtype",
        "host",
        "joint",
        "kernels",
        "name",
        "optional",
        "promotes",
        "required",
        "results",
        "rules",
        "shape",
        "signature",
        "tensors",
        "twin",
        "widens",
        "variadic",
        "view",
    )

    def __init__(
        self,
        body: Callable[..., Any],
        *,
        name: str,
        shape: Callable[..., Any],
        dtype: str | Policy | Sequence[str],
        results: Any,
        numpy: Callable[..., Any] | None,
        jax: str | Callable[..., Any] | None,
        promotes: Sequence[int] | None,
        broadcasts: bool,
        domain: str | Sequence[str],
        view: Any,
        host: bool,
        widens: bool,
    ) -> None:
        code = body.__code__
        names = code.co_varnames
        self.name = name
        self.tensors = names[1 : code.co_argcount]  # the first is `xp`
        self.variadic = bool(code.co_flags & inspect.CO_VARARGS)
        static = names[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
        self.defaults = dict(body.__kwdefaults__ or {})
        self.required = tuple(s for s in static if s not in self.defaults)
        self.optional = len(body.__defaults__ or ())
        self.defaults = {s: self.defaults.get(s) for s in static}
        given = [dtype] if isinstance(dtype, str | Policy) else dtype
        each = [POLICIES[d] if isinstance(d, str) else d for d in given]
        self.shape, self.dtype, self.domain, self.results, self.dtypes = shape, each[0], domain, results, each
        self.promotes = promotes
        self.broadcasts, self.view, self.host = broadcasts, view, host
        self.widens = widens and not view
        self.twin: Op | None = None
        self.rules: tuple[Rule | None, ...] = (None,) * max(1, len(self.tensors))
        self.array_rules: tuple[Rule | None, ...] | None = None
        self.joint: Rule | None = None
        self.array_joint: Rule | None = None
        self.differentiable = False
        self.declared: tuple[frozenset[str] | None, ...] = (None,) * len(self.rules)
        self.check: Callable[..., Any] | None = None
        self.complaint: tuple[type[DualflowError], str] = (OutOfRangeError, "an index is out of range")
        self.doc = inspect.cleandoc(body.__doc__ or "")
        self.body = body
        self.kernels: dict[str, Callable[..., Any]] = {}
        if numpy is not None:
            self.kernels["numpy"] = numpy
        if jax is not None:
            self.kernels["jax"] = late(jax) if isinstance(jax, str) else jax
        self.carry: Callable[..., Any] = self._unready
        self.call = _door(self)

    def __repr__(self) -> str:
        return f"<op {self.name}>"

    def _unready(self, *args: Any, **params: Any) -> Any:
        raise RuntimeError(f"{self.name} was called before a world was loaded; import dualflow, not its parts")

    def kernel(self, world: str) -> Callable[..., Any]:
        """Return the kernel for ``"numpy"`` or ``"jax"``: bare arrays in, bare arrays out."""
        found = self.kernels.get(world)
        if found is None:
            found = self.kernels[world] = functools.partial(self.body, namespace(world))
        return found

    def suited(self, operands: Iterable[Any]) -> Op:
        """Return the card that carries these operands out: this one or, if one is of a half type, its twin."""
        return self.half() if any(getattr(x, "dtype", None) in dtypes.HALF for x in operands) else self

    def half(self) -> Op:
        """Return the twin for bfloat16 and float16, which computes in float32 and rounds once, in both worlds.

        Added up in bfloat16, a thousand ones are 256; and NumPy's libraries (BLAS, FFT) have no half types.
        """
        if self.twin is None:
            self.twin = copy.copy(self)
            self.twin.twin = self.twin
            self.twin.array_rules = self.twin.array_joint = None
            if self.widens:
                self.twin.kernels = {w: _widened(self, self.kernel(w)) for w in ("numpy", "jax")}
        return self.twin

    def bind(self, args: tuple[Any, ...], params: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Sort a call's arguments into tensors and a full set of static parameters.

        Static parameters may be given by position after the tensors, and tensors by name. Raises TypeError when a name
        is unknown (if it is another library's, saying what it is here), double or missing.
        """
        names = self.tensors
        if not params and not self.required and len(args) == len(names) and not self.variadic:
            return args, self.defaults.copy()
        if self.variadic:
            extra: tuple[Any, ...] = ()
        else:
            args, extra = args[: len(names)], args[len(names) :]
            if len(args) < len(names) or not params.keys() <= self.defaults.keys():
                params = dict(params)
                given = list(args)
                for name in names[len(args) :]:
                    if name in params:
                        given.append(params.pop(name))
                    elif len(given) >= len(names) - self.optional:
                        given.append(None)
                    elif not params.keys() <= {*names, *self.defaults}:
                        raise self._unknown(params)
                    else:
                        raise TypeError(f"{self.name}() is missing the argument {name!r}; it takes {self._usage()}")
                args = tuple(given)
        if extra:
            if len(extra) > len(self.defaults):
                raise TypeError(f"{self.name}() was given {len(args) + len(extra)} arguments; it takes {self._usage()}")
            params = dict(params)
            for name, value in zip(self.defaults, extra, strict=False):
                if name in params:
                    raise TypeError(f"{self.name}() got two values for {name!r}; it takes {self._usage()}")
                params[name] = value
        full = {**self.defaults, **params} if params or self.defaults else params
        if len(full) > len(self.defaults):
            raise self._unknown(full)
        for name in self.required:
            if name not in params:
                raise TypeError(f"{self.name}() is missing the argument {name!r}; it takes {self._usage()}")
        return args, full

    def _unknown(self, params: Iterable[str]) -> TypeError:
        known = (*self.tensors, *self.defaults)
        word = next((name for name in params if name not in known), None)
        if word is None:
            double = next(name for name in params if name not in self.defaults)
            return TypeError(f"{self.name}() got two values for {double!r}; it takes {self._usage()}")
        error = unknown(self.name, params, known)
        return error or TypeError(f"{self.name}() has no argument {word!r}; it takes {self._usage()}")

    def _usage(self) -> str:
        return str(inspect.signature(self.call))

    def infer(self, operands: Sequence[Any], params: dict[str, Any]) -> Any:
        """Apply the shape rule; the rank is unknown (None) when an operand's is. Raises Misfit."""
        if any(getattr(operand, "shape", ()) is None for operand in operands):
            return None
        return self.shape(*operands, **params)

    def _kinds(self, operands: Sequence[Any]) -> tuple[Sequence[Any], list[Any]]:
        """Return the operands that decide dtypes, and what the policy reads of them."""
        chosen = operands if self.promotes is None else [operands[i] for i in self.promotes]
        return chosen, [type(x) if x.__class__ in dtypes.WEAK else x.dtype for x in chosen if x is not None]

    def meet(self, operands: Sequence[Any], params: dict[str, Any]) -> tuple[np.dtype | None, np.dtype]:
        """Apply the dtype policy: the dtype that operands are cast to, and the result's. Raises Misfit.

        An integer that the common dtype cannot hold is a misfit too, except in comparisons.
        """
        chosen, kinds = self._kinds(operands)
        common, result = self.dtype(kinds, params)
        target = result if common is None else common
        if int in kinds and target.kind in "iu" and result.kind != "b":
            for x in chosen:  # NumPy refuses what does not fit; XLA would wrap it silently
                if x.__class__ is int:
                    dtypes.hold(x, target)
        return common, result

    def each(self, operands: Sequence[Any], params: dict[str, Any], count: int) -> list[np.dtype]:
        """Return the dtype of each of ``count`` results, as ``meet`` says that of one."""
        _, kinds = self._kinds(operands)
        found = [policy(kinds, params)[1] for policy in self.dtypes]
        return found * count if len(found) == 1 else found

    explain = explain

    def pack(self, results: Iterable[Any]) -> Any:
        """Return results as the card's tuple, which may have names."""
        return tuple(results) if self.results is tuple else self.results(*results)

    def on_arrays(self) -> tuple[Rule | None, ...]:
        """Return the gradient rules bound to NumPy kernels: the same code, for bare arrays.

        Where a rule names another op, the twin calls that op's kernel, so first-order gradients make no
        tensors and look nothing up. Made at the first backward pass, when all names are defined.
        """
        if self.array_rules is None:
            memo: dict[int, Any] = {}
            bind = on_constants if self.twin is self else functools.partial(on_arrays, memo=memo)
            self.array_rules = tuple(bind(rule) for rule in self.rules)
            self.array_joint = None if self.joint is None or self.twin is self else bind(self.joint)
        return self.array_rules

    def needs(self, position: int, place: int) -> bool:
        """Return whether the gradient rule of tensor ``position`` reads a value: -1 for ``y``, i for tensor i.

        What a rule reads must not be written to before the backward pass; a tensor that is only imitated may be.
        """
        declared = self.declared[0 if self.variadic else position]
        name = "y" if place < 0 else (*self.tensors, "rest")[min(place, len(self.tensors))]
        return declared is None or name in declared


def _widened(op: Op, kernel: Callable[..., Any]) -> Callable[..., Any]:
    """Make a kernel that computes half types in float32, and rounds the result to what the card says."""

    def widened(*operands: Any, **params: Any) -> Any:
        wide = [x.astype(np.float32) if getattr(x, "dtype", None) in dtypes.HALF else x for x in operands]
        y = kernel(*wide, **params)
        if op.results is not None:
            each = op.each(operands, params, len(y))
            return tuple(part.astype(d, copy=False) for part, d in zip(y, each, strict=True))
        dtype = op.meet(operands, params)[1]
        return y if y.dtype == dtype else y.astype(dtype)

    return widened


def namespace(world: str) -> Any:
    """Return the module that the kernels of ``"numpy"`` or ``"jax"`` compute with, imported when first asked for."""
    return np if world == "numpy" else importlib.import_module("jax.numpy")


def late(name: str) -> Callable[..., Any]:
    """Return ``module.function`` of jax, looked up at the first call so that import stays light."""
    found: Callable[..., Any] | None = None

    def kernel(*args: Any, **params: Any) -> Any:
        nonlocal found
        if found is None:
            module, _, attribute = name.rpartition(".")
            found = getattr(importlib.import_module(module), attribute)
        return found(*args, **params)

    kernel.__name__, kernel.__module__ = name, name.partition(".")[0]
    return kernel


def _door(op: Op) -> Any:
    """Make the card's public function: a real function with the card's name, signature and docstring.

    One and two operands without static parameters get a frame of their own arity: ``*args`` costs 60 ns, and ``**more``
    to say what another library's word is called here 30 ns of 1,200, so there the refusal is Python's own.
    """
    fixed = not op.variadic and not op.defaults and not op.optional
    call: Any
    if fixed and len(op.tensors) == 1:

        def call(x: Any) -> Any:
            return op.carry(x)

        call.__code__ = call.__code__.replace(co_varnames=op.tensors)  # the card's own word, at no cost

    elif fixed and len(op.tensors) == 2:

        def call(a: Any, b: Any) -> Any:
            return op.carry(a, b)

        call.__code__ = call.__code__.replace(co_varnames=op.tensors)

    else:

        def call(*args: Any, **params: Any) -> Any:
            return op.carry(*args, **params)

    call.__name__ = op.name
    call.__qualname__ = op.name
    call.__module__ = op.body.__module__
    call.__doc__ = op.doc
    call.__signature__ = _signature(op)
    call.op = op
    call.vjp = functools.partial(_vjp, op)
    call.kernel = functools.partial(_kernel, op)
    call.guard = functools.partial(_guard, op)
    return call


def _signature(op: Op) -> inspect.Signature:
    """Return the signature of a card's function: its body's, without `xp` and hints; statics by position too.

    Made from the code object: to ask ``inspect.signature`` of 224 bodies took 6 of the 80 ms of ``import dualflow``.
    """
    code, kinds, empty = op.body.__code__, inspect.Parameter, inspect.Parameter.empty
    defaults = (empty,) * (len(op.tensors) - op.optional) + (op.body.__defaults__ or ())
    given = {**dict(zip(op.tensors, defaults, strict=True)), **op.defaults, **dict.fromkeys(op.required, empty)}
    last = [value is not empty for value in given.values()]
    by_name = op.variadic or last != sorted(last)
    found = []
    for name, default in given.items():
        kind = kinds.KEYWORD_ONLY if by_name and name in op.defaults else kinds.POSITIONAL_OR_KEYWORD
        found.append(kinds(name, kind, default=default))
    if op.variadic:
        rest = code.co_varnames[code.co_argcount + code.co_kwonlyargcount]
        found.insert(len(op.tensors), kinds(rest, kinds.VAR_POSITIONAL))
    return inspect.Signature(found)


def _vjp(op: Op, *, reads: str | Mapping[str, str] | None = None, together: Rule | None = None, **rules: Rule) -> None:
    """Give the gradient rules, one per tensor, by name; or, of an op with several results, one ``together``.

    That one returns a gradient, or None, for each tensor: what they have in common is computed once.

    ``reads``: the names of the values that the rules read, ``y`` for the result, with a space between them; or those of
    each rule, by its tensor's name. What is only imitated in shape is not read. Default: everything, which is safe.
    """
    names = ("rest",) if op.variadic else op.tensors
    for name in rules:
        if name not in names:
            raise TypeError(f"{op.name} has no tensor {name!r} to give a gradient rule for; it has {', '.join(names)}")
    op.joint = together
    op.rules = tuple(rules.get(name) if together is None else _part(together, i) for i, name in enumerate(names))
    each = reads if isinstance(reads, Mapping) else dict.fromkeys(names, reads)
    declared = [None if each.get(name) is None else frozenset(each[name].split()) for name in names]  # type: ignore[union-attr]
    for name in {*each, *frozenset().union(*filter(None, declared))} - {"y", *op.tensors, *names}:
        raise TypeError(f"{op.name} has no value {name!r} that a rule could read; it has y, {', '.join(names)}")
    op.declared = tuple(declared)
    op.differentiable = True
    op.array_rules = op.array_joint = op.twin = None
    for world in WORLDS.values():
        world.install(op)


def _part(together: Rule, i: int) -> Rule:
    """Return one of the gradients that a rule gives together."""

    def rule(*given: Any, **params: Any) -> Any:
        return together(*given, **params)[i]

    return rule


def _kernel(op: Op, world: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    if world not in ("numpy", "jax"):
        raise TypeError(f"a kernel is for 'numpy' or 'jax', not {world!r}")

    def keep(body: Callable[..., Any]) -> Callable[..., Any]:
        op.kernels[world] = body
        return body

    return keep


def _guard(
    op: Op, check: Callable[..., Any], complaint: tuple[type[DualflowError], str] | None = None
) -> Callable[..., Any]:
    """Give the test that compiled code needs: ``check(xp, *operands, **params)`` is True where the kernel
    would have raised under NumPy: IndexError, or ValueError with a ``complaint`` (kind, text) for both worlds."""
    op.check = check
    op.complaint = complaint or op.complaint
    return check


def primitive(
    *,
    shape: Callable[..., Any],
    dtype: str | Policy | Sequence[str] = "promote",
    results: Any = None,
    name: str | None = None,
    numpy: Callable[..., Any] | None = None,
    jax: str | Callable[..., Any] | None = None,
    promotes: Sequence[int] | None = None,
    broadcasts: bool = False,
    domain: str | Sequence[str] = "real",
    view: bool | Callable[..., Any] = False,
    host: bool = False,
    widens: bool = True,
    public: str = "",
) -> Callable[[Callable[P, Any]], Vocable[P]]:
    """Declare an op from its body ``(xp, *tensors, *, statics)`` and add it to the vocabulary.

    ``shape``: the shape rule. ``dtype``: a policy or the name of one of ``policy.POLICIES``, applied to the operands at
    ``promotes`` (default all). ``results``: for several, a class of named tuple, or ``tuple`` for any number of pieces;
    then body and shape rule give one for each, and ``dtype`` may list a policy for each. ``numpy``/``jax``: a kernel
    that replaces the body in that world. ``broadcasts``: operands broadcast, so the engine sums gradients back.
    ``domain``: what test inputs are drawn from. ``view``: the NumPy result shares memory. ``host``: drawn with NumPy in
    both worlds.
    ``public``: where users find it (``core.names``); nowhere, if only rules and composites use it.
    ``widens``: False where the kernel looks at its operands' dtype, and so must see bfloat16 and float16 itself.
    Raises ValueError when the name is taken.
    """

    def declare(body: Callable[P, Any]) -> Vocable[P]:
        assert isinstance(body, types.FunctionType)
        title = name or body.__name__
        if title in VOCABULARY:
            raise ValueError(f"an op named {title!r} is already in the vocabulary")
        op = VOCABULARY[title] = Op(
            body,
            name=title,
            shape=shape,
            dtype=dtype,
            results=results,
            numpy=numpy,
            jax=jax,
            promotes=promotes,
            broadcasts=broadcasts,
            domain=domain,
            view=view,
            host=host,
            widens=widens,
        )
        for world in WORLDS.values():
            world.install(op)
        place(op.call, public)
        return op.call

    return declare
