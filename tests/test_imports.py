"""Who may import whom (ARCHITECTURE.md): read from the sources, and tried in fresh processes."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "dualflow"
CONTRACT = {"site", "errors", "dtypes", "shapes", "mode", "op", "dialect", "numerics"}

MAY_IMPORT = {
    # the contract, from the bottom up
    "site": set(),
    "mode": {"eager", "debugger"},  # by name at first use: the world that carries ops out until another is entered
    "errors": {"site"},
    "dtypes": {"site", "errors"},
    "shapes": {"errors"},
    "dialect": set(),
    "rules": {"mode"},
    "op": {"site", "errors", "dtypes", "mode", "dialect", "rules"},
    "numerics": {"site", "errors", "op"},
    # the vocabulary and what both worlds share
    "generator": {"errors", "mode", "site"},
    "ops": CONTRACT | {"generator"},
    "methods": {"ops", "dtypes", "shapes"},
    "interop": {"errors", "mode", "site"},
    "tensor": CONTRACT | {"ops", "methods", "interop"},
    "autodiff": CONTRACT | {"ops"},
    "random": {"ops", "generator"},
    "linalg": {"ops"},
    "fft": {"ops"},
    # the two worlds
    "eager": CONTRACT | {"ops", "methods", "tensor", "autodiff"},
    "graph": CONTRACT | {"ops", "methods", "tensor", "autodiff", "generator"},
    # mode-blind
    "nn": CONTRACT | {"ops"},
    "optim": CONTRACT | {"ops"},
    "data": CONTRACT | {"ops", "generator"},
    # the tools that both worlds tell what happens, through mode; the experiment and the facade
    "compare": None,
    "debugger": None,
    "cli": None,
    "console": {"errors", "site", "compare"},
    "__main__": None,
    "__init__": None,
}
"""By part of the package (a file or a folder directly under it); None: everything."""

HEAVY = {
    "jax": {"graph", "compare", "op"},  # op: jax.numpy as a card's xp, at the first call
    "jaxlib": set(),
    "rich": {"compare", "console"},
    "click": {"cli", "console"},
    "torch": {"compare"},
    "tensorflow": {"compare"},
}
"""Third-party packages and the parts that may import them. Whatever is not here but NumPy is no dependency."""

FILES = sorted(PACKAGE.rglob("*.py"))
MODULES = {".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts) for path in FILES}
MODULES |= {name.removesuffix(".__init__") for name in MODULES}


def part(module):
    """Return the first-level part: "ops" for dualflow.ops.array.shape, "__init__" for dualflow itself."""
    return (module.split(".") + ["__init__"])[1]


def imports(path):
    """Yield (line, module, whether it runs when the file is imported) for each import of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    late = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        or (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            found = [name if name in MODULES else node.module for name in names]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            argument = node.args[0]
            if not isinstance(argument, ast.Constant):
                continue  # a kernel's own module, named on its card
            found = [argument.value]
        else:
            continue
        for module in found:
            yield node.lineno, module, id(node) not in late


def test_every_part_has_a_rule():
    parts = {part(".".join(("dualflow", *path.relative_to(PACKAGE).with_suffix("").parts))) for path in FILES}
    assert parts == set(MAY_IMPORT)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_follow_the_arrows(path):
    """Type-checking imports too: a file that names the other world's types knows the other world."""
    here = path.relative_to(PACKAGE).with_suffix("").parts[0]
    allowed = MAY_IMPORT[here]
    for line, module, at_import in imports(path):
        where = f"{path.relative_to(PACKAGE.parent)}:{line}"
        package = module.split(".")[0]
        if package == "dualflow":
            target = part(module)
            if allowed is not None and target != here:
                assert target in allowed, f"{where}: {here} may not import {module}"
        elif package in HEAVY:
            assert here in HEAVY[package], f"{where}: {here} may not import {package}"
            # Adapters of peers, and their planted programs, are imported in processes of their own.
            if package != "click" and not {"report", "peers", "faults"} & set(path.parts):
                assert not at_import, f"{where}: import {package} where it is first needed"


def run(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()


LOADED = "\nimport sys\nprint(*sorted({m.split('.')[0] for m in sys.modules} & {'jax', 'jaxlib', 'rich', 'click'}))"


def test_import_loads_neither_jax_nor_rich():
    assert run("import dualflow" + LOADED) == []


def test_eager_training_loads_neither_jax_nor_rich():
    """Modules, optimizer, random numbers, data, a function and a printed tensor."""
    program = """
import dualflow as df
model = df.nn.Sequential(df.nn.Linear(64, 16), df.nn.ReLU(), df.nn.Dropout(0.1), df.nn.Linear(16, 10))
optimizer = df.optim.Adam(model.parameters())
data = df.data.TensorDataset(*df.data.load_digits())
@df.function
def step(x, y):
    loss = df.nn.functional.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss
for x, y in df.data.DataLoader(data, batch_size=300, shuffle=True):
    loss = step(x, y)
assert "Tensor" in repr(loss) or "tensor" in repr(loss)
with df.GradientTape() as tape:
    loss = df.nn.functional.cross_entropy(model(x), y)
tape.gradient(loss, list(model.parameters()))
"""
    assert run(program + LOADED) == []


def test_each_world_imports_without_the_other():
    for world, other in (("eager", "graph"), ("graph", "eager")):
        code = f"""
import ast, sys, types, pathlib
package = types.ModuleType("dualflow")  # in place of the facade, which imports everything
package.__path__ = [{str(PACKAGE)!r}]
sys.modules["dualflow"] = package
import dualflow.{world}
print(*[m for m in sys.modules if m.startswith("dualflow.{other}")])
"""
        assert run(code) == []
