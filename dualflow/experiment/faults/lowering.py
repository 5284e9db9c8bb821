"""Class H: mistakes of the framework's own. The program itself replaces a kernel or a rule by one that is wrong."""

from functools import partial

from dualflow.experiment.faults.card import Fault

COMPILERS = "Shen et al., FSE 2021: 603 bugs of deep learning compilers, wrong code 25 %"
NOT_XLA = "not expressible: XLA has no part in it"
IMPORT = "import dualflow as df\n"

lowered = partial(Fault, find=IMPORT, eager=NOT_XLA, interpreted=NOT_XLA)


def kernel(op: str, body: str) -> str:
    """Return the import with lines after it that give the op another kernel for XLA."""
    return f'{IMPORT}from dualflow.core.op import VOCABULARY\n\nVOCABULARY["{op}"].kernels["jax"] = {body}\n'


FAULTS = {
    "tanh-lowered-wrongly": lowered(
        "recurrent",
        "the compiled tanh is a rational approximation that is a little off",
        plant=kernel("tanh", "lambda x: x * (27 + x * x) / (27 + 9 * x * x)"),
        guilty=("c = f.sigmoid() * c + i.sigmoid() * g.tanh()", "h = o.sigmoid() * c.tanh()"),
        source=COMPILERS,
        op="tanh",
        names=("g",),
        graph="silent: the results are a little off",
    ),
    "clip-ignores-its-bound": lowered(
        "network",
        "the compiled clip forgets its lower bound",
        plant=kernel("clip", "lambda x, *bounds, **named: x * 1"),
        guilty=("h_relu = h.clamp(min=0)",),
        source=COMPILERS,
        op="clip",
        names=("h",),
        graph="silent: nothing is rectified",
    ),
    "matmul-in-half": lowered(
        "tutorial",
        "compiled products round one operand to half precision on the way",
        plant=kernel("matmul", 'lambda a, b: (a.astype("float16") @ b).astype("float32")'),
        guilty=("h = x.mm(w1)",),
        source="torch.compile bug study 2026: codegen 19.8 %, op transformation 18.1 %",
        op="matmul",
        names=("x", "w1"),
        graph="silent: three digits instead of seven",
    ),
    "kernel-crashes": lowered(
        "autoencoder",
        "a kernel for XLA fails with an error of its own",
        plant=kernel("exp", "lambda x: x.reshape(-1, 7)"),
        guilty=("deviation = (0.5 * log_variance).exp()",),
        source="Chen et al., TOSEM 2023: incorrect functionality 24.3 %",
        op="exp",
        names=("log_variance",),
        graph="raises: when the step is compiled",
    ),
    "gradient-rule-wrong": Fault(
        "autoencoder",
        "the card of exp has a gradient with a factor too much",
        find=IMPORT,
        plant=f"{IMPORT}from dualflow.ops.math.elementwise import exp\n\nexp.vjp(x=lambda g, y, x: g * y * 1.1)\n",
        guilty=("deviation = (0.5 * log_variance).exp()", "divergence = 0.5 * (mean**2"),
        source="torch.compile bug study 2026; PyTorch's gradcheck",
        op="exp",
        names=("exp",),
        eager="silent: in both modes alike",
    ),
}
