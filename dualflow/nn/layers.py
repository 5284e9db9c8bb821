"""Layers. Each is its equation; the parameters have PyTorch's names, shapes and initial values."""

from __future__ import annotations

import inspect
import math
from collections.abc import Mapping
from typing import Any

from dualflow.core.mode import eager, guard, variable
from dualflow.nn import functional, init
from dualflow.nn.module import Module, is_state
from dualflow.ops.array import create, shape


def parameter(*sizes: int) -> Any:
    """Make a Parameter of zeros: eager state, which both worlds read and write, in whatever mode."""
    with eager():
        return variable(create.zeros(*sizes), parameter=True)


class Family(Module):
    """Layers that differ in settings of their class, which its first line says: ``class Conv2d(_Conv, rank=2)``.

    ``reads_as`` lists what stands between the brackets of the layer's line: ``eps=`` with its name, ``eps`` without.
    ``unlike`` are what else is shown, where it is not this, nor this along each axis. A ``bias`` reads as whether
    there is one.
    """

    reads_as = ""
    unlike: Mapping[str, Any] = {}

    def __init_subclass__(cls, **settings: Any) -> None:
        super().__init_subclass__()
        for name, value in settings.items():
            setattr(cls, name, value)

    def _setting(self, name: str) -> Any:
        value = getattr(self, name)
        return value is not None and value is not False if name == "bias" else value

    def extra_repr(self) -> str:
        """Return the settings, or what of them is not the default."""
        parts = []
        for word in self.reads_as.split():
            name = word.removesuffix("=")
            parts.append(f"{word if word != name else ''}{self._setting(name)}")
        for name, default in self.unlike.items():
            value = self._setting(name)
            if value not in (default, (default,) * getattr(self, "rank", 1)):
                parts.append(f"{name}={value!r}")
        return ", ".join(parts)


class Affine(Family):
    """Layers that multiply by ``weight`` (out, in, …) and add ``bias`` (out,), if there is one."""

    def reset_parameters(self) -> None:
        """Draw the parameters anew, uniformly in ±1/√(inputs of a unit)."""
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            bound = 1 / math.sqrt(init.fans(self.weight)[0] or math.inf)
            init.uniform_(self.bias, -bound, bound)


class Linear(Affine, reads_as="in_features= out_features= bias="):
    """``y = x @ weight.T + bias``. ``x``: (…, in_features). ``y``: (…, out_features).

    ``weight`` (out, in) and ``bias`` (out,) start uniform in ±1/√in, which for the weight is PyTorch's
    ``kaiming_uniform_`` with a = √5. Raises ValueError for negative sizes.

    >>> df.nn.Linear(3, 2)(df.zeros(5, 3)).shape
    (5, 2)
    """

    def __init__(self, in_features: int, out_features: int, bias: bool = True) -> None:
        super().__init__()
        if in_features < 0 or out_features < 0:
            raise ValueError(f"Linear: a size is at least 0; in_features={in_features}, out_features={out_features}")
        self.in_features, self.out_features = in_features, out_features
        self.weight = parameter(out_features, in_features)
        self.bias = parameter(out_features) if bias else None
        self.reset_parameters()

    def forward(self, x: Any) -> Any:
        """Apply the layer."""
        return functional.linear(x, self.weight, self.bias)


class Applied(Family):
    """A layer that is one function of ``functional``, with the arguments it was made with.

    A subclass says the ``function``, and of how many ``tensors``; ``names`` lists the other arguments in the layer's
    order where that is not the function's. What a layer is made with is read, and may be changed, as attributes.
    """

    function: str
    tensors = 1
    names: tuple[str, ...] = ()

    def __init_subclass__(cls, **settings: Any) -> None:
        super().__init_subclass__(**settings)
        if "function" in settings:
            function = getattr(functional, cls.function)
            given = list(inspect.signature(function).parameters.values())[cls.tensors :]
            if cls.names or hasattr(inspect.unwrap(function), "op"):  # a card takes all its parameters by position too
                given = [p.replace(kind=p.POSITIONAL_OR_KEYWORD) for p in given]
            known = {p.name: p for p in given if p.name != "generator"}
            cls.names = cls.names or tuple(known)
            cls.__signature__ = inspect.Signature([known[name] for name in cls.names])  # type: ignore[attr-defined]

    def __init__(self, *args: Any, **params: Any) -> None:
        super().__init__()
        try:
            bound = inspect.signature(type(self)).bind(*args, **params)
        except TypeError as error:
            raise TypeError(f"{type(self).__name__}: {error}") from None
        bound.apply_defaults()
        for name, value in bound.arguments.items():
            if hasattr(value, "dtype") and not is_state(value):  # such as the classes' weights of a loss
                self.register_buffer(name, value)
            else:
                setattr(self, name, value)

    def forward(self, *tensors: Any) -> Any:
        """Apply the layer."""
        given = {name: getattr(self, name) for name in self.names}
        for name, value in given.items():
            if not hasattr(value, "dtype"):
                guard(self, name)
        return getattr(functional, self.function)(*tensors, **given)

    def extra_repr(self) -> str:
        """Return the arguments; a layer does not overwrite its input unless it says so."""
        shown = [(name, getattr(self, name)) for name in self.names]
        return ", ".join(f"{name}={value!r}" for name, value in shown if name != "inplace" or value)


class ReLU(Applied, function="relu"):
    """``max(x, 0)``, elementwise."""


class Tanh(Module):
    """The hyperbolic tangent, elementwise."""

    def forward(self, x: Any) -> Any:
        """Apply the layer."""
        return functional.tanh(x)


class Sigmoid(Module):
    """``1 / (1 + exp(-x))``, elementwise."""

    def forward(self, x: Any) -> Any:
        """Apply the layer."""
        return functional.sigmoid(x)


class Uniform(Family):
    """Layers whose parameters all start uniform in ±1/√fan, where ``fan`` names one of their sizes."""

    fan: str

    def reset_parameters(self) -> None:
        """Draw the parameters anew."""
        bound = 1 / math.sqrt(getattr(self, self.fan))
        for each in self.parameters():
            init.uniform_(each, -bound, bound)


class Dropout(Family, reads_as="p=", unlike={"inplace": False}):
    """In training, zero each element with probability ``p`` and divide the others by ``1 - p``; else do nothing.

    Raises ValueError unless ``0 <= p <= 1``.

    >>> df.nn.Dropout(0.5).eval()(df.ones(2))
    tensor([1., 1.])
    """

    function = "dropout"

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError(f"Dropout: the probability p must lie between 0 and 1, not at {p}")
        self.p, self.inplace = p, inplace

    def forward(self, x: Any) -> Any:
        """Apply the layer."""
        guard(self, "p")
        return getattr(functional, self.function)(x, self.p, self.training, self.inplace)


class Dropout1d(Dropout, function="dropout1d"):
    """Dropout of whole channels of (batch, channels, length): ``dropout1d``.

    >>> df.nn.Dropout1d().eval()(df.ones(1, 2, 3)).shape
    (1, 2, 3)
    """


class Dropout2d(Dropout, function="dropout2d"):
    """Dropout of whole channels of (batch, channels, height, width): ``dropout2d``.

    >>> df.nn.Dropout2d().eval()(df.ones(1, 2, 3, 3)).shape
    (1, 2, 3, 3)
    """


class Dropout3d(Dropout, function="dropout3d"):
    """Dropout of whole channels of (batch, channels, depth, height, width): ``dropout3d``.

    >>> df.nn.Dropout3d().eval()(df.ones(1, 2, 3, 3, 3)).shape
    (1, 2, 3, 3, 3)
    """


class AlphaDropout(Dropout, function="alpha_dropout"):
    """Dropout that keeps the mean and variance of selu's results: ``alpha_dropout``.

    >>> df.nn.AlphaDropout().eval()(df.ones(3)).shape
    (3,)
    """


class Identity(Module):
    """Nothing: the argument is the result; whatever it is made with is ignored.

    >>> df.nn.Identity(54)(7)
    7
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()

    def forward(self, x: Any) -> Any:
        """Return ``x``."""
        return x


class Embedding(Family, reads_as="num_embeddings embedding_dim", unlike={"padding_idx": None}):
    """A table of vectors, picked by index: ``embedding``. ``weight`` (num_embeddings, embedding_dim) starts normal.

    The row ``padding_idx`` starts as zeros and gets no gradient.

    >>> df.nn.Embedding(10, 3)(df.tensor([[1, 2], [4, 9]])).shape
    (2, 2, 3)
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        sparse: bool = False,
    ) -> None:
        super().__init__()
        self.max_norm, self.norm_type, self.scale_grad_by_freq = max_norm, norm_type, scale_grad_by_freq
        self.sparse = sparse
        if padding_idx is not None and not -num_embeddings <= padding_idx < num_embeddings:
            raise ValueError(f"Embedding: padding_idx={padding_idx} is not one of {num_embeddings} rows")
        self.num_embeddings, self.embedding_dim = num_embeddings, embedding_dim
        self.padding_idx = None if padding_idx is None else padding_idx % num_embeddings
        self.weight = parameter(num_embeddings, embedding_dim)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the table anew."""
        init.normal_(self.weight)
        if self.padding_idx is not None:
            init.zeros_(self.weight.detach()[self.padding_idx])

    @classmethod
    def from_pretrained(cls, embeddings: Any, freeze: bool = True, padding_idx: int | None = None) -> Embedding:
        """Make a layer of a table that there is; ``freeze`` keeps it from being trained."""
        rows, width = embeddings.shape
        made = cls(rows, width, padding_idx=padding_idx)
        made.load_state_dict({"weight": embeddings})
        made.weight.requires_grad_(not freeze)
        return made

    def forward(self, indices: Any) -> Any:
        """Pick rows."""
        return functional.embedding(
            indices, self.weight, self.padding_idx, self.max_norm, self.norm_type, self.scale_grad_by_freq, self.sparse
        )


class EmbeddingBag(Embedding):
    """A table of vectors, picked by index and reduced bag by bag: ``embedding_bag``.

    >>> df.nn.EmbeddingBag(10, 3, mode="sum")(df.tensor([1, 2, 4]), df.tensor([0, 2])).shape
    (2, 3)
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        mode: str = "mean",
        sparse: bool = False,
        include_last_offset: bool = False,
        padding_idx: int | None = None,
    ) -> None:
        super().__init__(num_embeddings, embedding_dim, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse)
        self.mode, self.include_last_offset = mode, include_last_offset

    def forward(self, indices: Any, offsets: Any = None, per_sample_weights: Any = None) -> Any:
        """Pick rows and reduce them."""
        limits = (self.max_norm, self.norm_type, self.scale_grad_by_freq, self.mode, self.sparse)
        rest = (per_sample_weights, self.include_last_offset, self.padding_idx)
        return functional.embedding_bag(indices, self.weight, offsets, *limits, *rest)

    def extra_repr(self) -> str:
        """Return the sizes and the mode."""
        return f"{super().extra_repr()}, mode={self.mode!r}"


class Bilinear(Uniform, fan="in1_features", reads_as="in1_features= in2_features= out_features= bias="):
    """``y = x1 @ weight[k] @ x2 + bias[k]`` for each k: (…, in1) and (…, in2) give (…, out); see ``bilinear``.

    The parameters start uniform in ±1/√in1.

    >>> df.nn.Bilinear(3, 4, 5)(df.zeros(2, 3), df.zeros(2, 4)).shape
    (2, 5)
    """

    def __init__(self, in1_features: int, in2_features: int, out_features: int, bias: bool = True) -> None:
        super().__init__()
        if in1_features < 1:
            raise ValueError(f"Bilinear: in1_features must be positive, not {in1_features}")
        self.in1_features, self.in2_features, self.out_features = in1_features, in2_features, out_features
        self.weight = parameter(out_features, in1_features, in2_features)
        self.bias = parameter(out_features) if bias else None
        self.reset_parameters()

    def forward(self, x1: Any, x2: Any) -> Any:
        """Apply the layer."""
        return functional.bilinear(x1, x2, self.weight, self.bias)


class CosineSimilarity(Applied, function="cosine_similarity", tensors=2):
    """The cosine of the angle between vectors: ``cosine_similarity``.

    >>> df.nn.CosineSimilarity()(df.ones(1, 2), df.ones(1, 2)).shape
    (1,)
    """


class PairwiseDistance(Applied, function="pairwise_distance", tensors=2):
    """The distance between rows: ``pairwise_distance``.

    >>> df.nn.PairwiseDistance()(df.ones(1, 2), df.ones(1, 2)).shape
    (1,)
    """


class Flatten(Family, reads_as="start_dim= end_dim="):
    """Merge the axes from ``start_dim`` to ``end_dim``: by default all but the first.

    >>> df.nn.Flatten()(df.zeros(4, 3, 2)).shape
    (4, 6)
    """

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        super().__init__()
        self.start_dim, self.end_dim = start_dim, end_dim

    def forward(self, x: Any) -> Any:
        """Apply the layer."""
        return shape.flatten(x, self.start_dim, self.end_dim)
