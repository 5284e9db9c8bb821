"""Class H: mistakes of the framework's own, planted in a card of the running process."""

from dualflow.compare.faults.card import Fault

COMPILERS = "Shen et al., FSE 2021: 603 bugs of deep learning compilers, wrong code 25 %"
CODEGEN = "torch.compile bug study 2026: codegen 19.8 %, op transformation 18.1 %"
FRAMEWORKS = "Chen et al., TOSEM 2023: incorrect functionality 24.3 %"
NOT_XLA = "not expressible: XLA has no part in it"
IMPORT = "import dualflow as df\n"
VOCABULARY = "import dualflow as df\nfrom dualflow.op import VOCABULARY\n"

FAULTS = (
    Fault(
        "tanh-lowered-wrongly", "H", "recurrent", "the compiled tanh is a rational approximation that is a little off",
        find="        c = f.sigmoid() * c + i.sigmoid() * g.tanh()",
        plant="        c = f.sigmoid() * c + i.sigmoid() * g.tanh()  # tanh",
        also=(("import dualflow as df\n", VOCABULARY + 'VOCABULARY["tanh"].kernels["jax"] = lambda x: x * (27 + x * x) / (27 + 9 * x * x)\n'),),
        guilty=("h = o.sigmoid() * c.tanh()",), source=COMPILERS, op="tanh", names=("g",),
        eager=NOT_XLA, interpreted=NOT_XLA, graph="silent: the results are a little off",
    ),
    Fault(
        "clip-ignores-its-bound", "H", "network", "the compiled clip forgets its lower bound",
        find="h_relu = h.clamp(min=0)", plant="h_relu = h.clamp(min=0)  # clip",
        also=(("import dualflow as df\n", VOCABULARY + 'VOCABULARY["clip"].kernels["jax"] = lambda x, *bounds, **named: x * 1\n'),),
        source=COMPILERS, op="clip", names=("h",),
        eager=NOT_XLA, interpreted=NOT_XLA, graph="silent: nothing is rectified",
    ),
    Fault(
        "matmul-in-half", "H", "tutorial", "compiled products are rounded to half precision on the way",
        find="h = x.mm(w1)", plant="h = x.mm(w1)  # mm",
        also=(("import dualflow as df\n", VOCABULARY + 'VOCABULARY["matmul"].kernels["jax"] = lambda a, b: (a.astype("float16") @ b.astype("float16")).astype("float32")\n'),),
        source=CODEGEN, op="matmul", names=("x", "w1"),
        eager=NOT_XLA, interpreted=NOT_XLA, graph="silent: three digits instead of seven",
    ),
    Fault(
        "kernel-crashes", "H", "autoencoder", "a kernel for XLA fails with an error of its own",
        find="deviation = (0.5 * log_variance).exp()", plant="deviation = (0.5 * log_variance).exp()  # exp",
        also=(("import dualflow as df\n", VOCABULARY + 'VOCABULARY["exp"].kernels["jax"] = lambda x: x.reshape(-1, 7)\n'),),
        source=FRAMEWORKS, op="exp", names=("log_variance",),
        eager=NOT_XLA, interpreted=NOT_XLA, graph="raises: when the step is compiled",
    ),
    Fault(
        "gradient-rule-wrong", "H", "autoencoder", "the card of exp has a gradient with a factor too much",
        find="deviation = (0.5 * log_variance).exp()", plant="deviation = (0.5 * log_variance).exp()  # exp",
        also=(("import dualflow as df\n", "import dualflow as df\nfrom dualflow.ops.elementwise import exp\n\nexp.vjp(x=lambda g, y, x: g * y * 1.1)\n"),),
        guilty=("divergence = 0.5 * (mean**2",), source="torch.compile bug study 2026; PyTorch's gradcheck", op="exp", names=("exp",),
        eager="silent: in both modes alike", graph="silent: in both modes alike",
    ),
)  # fmt: skip
