"""Who may import whom (ARCHITECTURE.md): read from the sources, and tried in fresh processes.

Every package is a row, from the bottom up, with the rows that it may import; a file beside packages is a row too.
So there is no circle of packages, and none of files: lazy and type-checking imports count like all others.
"""

import ast
import inspect
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import dualflow as df

PACKAGE = Path(__file__).resolve().parent.parent / "dualflow"

MAY_IMPORT = {
    "core": set(),
    "report": {"core"},
    "worlds": set(),
    "fft": {"core"},
    # the vocabulary is one room: its chapters use each other, file by file without a circle
    "ops": {"ops.array", "ops.linalg", "ops.math", "ops.network", "ops.random", "ops.reduce", "ops.reference"},
    "ops.array": {"core", "ops.composite", "ops.math", "ops.reduce"},
    "ops.composite": {"core", "ops.array"},
    "ops.linalg": {"core", "ops.array", "ops.composite", "ops.math", "ops.reduce"},
    "ops.math": {"core", "ops.array", "ops.reduce"},
    "ops.network": {"core", "ops.array", "ops.composite", "ops.linalg", "ops.math", "ops.random", "ops.reduce"},
    "ops.random": {"core", "ops.array", "ops.network"},
    "ops.reduce": {"core", "ops.array", "ops.composite", "ops.linalg", "ops.math"},
    "ops.reference": {"core"},
    "random": {"core"},
    "autodiff": {"core", "ops.math", "ops.reduce"},
    "data": {"core", "ops.array"},
    "linalg": {"core", "ops.linalg"},
    "optim": {"core", "ops.array", "ops.math"},
    "tensors": {
        "core",
        "ops.array",
        "ops.composite",
        "ops.linalg",
        "ops.math",
        "ops.network",
        "ops.random",
        "ops.reduce",
    },
    "nn": {"core", "ops.array", "ops.linalg", "ops.math", "ops.network", "ops.random", "ops.reduce", "tensors"},
    "worlds.eager": {"autodiff", "core", "ops.array", "ops.math", "tensors"},
    "worlds.graph.ir": {"autodiff", "core", "ops.array", "tensors"},
    "torch": {"core", "nn", "ops.array", "ops.linalg", "ops.random", "ops.reduce", "optim", "tensors", "worlds.eager"},
    "worlds.graph.build": {"core", "worlds.graph.ir"},
    "worlds.graph.passes": {"autodiff", "core", "worlds.graph.ir"},
    "worlds.graph.plan": {"core", "worlds.graph.ir", "worlds.graph.passes"},
    "worlds.graph.run": {"autodiff", "core", "worlds.graph.ir", "worlds.graph.passes", "worlds.graph.plan"},
    "worlds.graph.session": {
        "core",
        "tensors",
        "worlds.graph.build",
        "worlds.graph.ir",
        "worlds.graph.plan",
        "worlds.graph.run",
    },
    "worlds.graph.trace": {"autodiff", "core", "tensors", "worlds.graph.ir", "worlds.graph.plan", "worlds.graph.run"},
    "arms": {
        "autodiff",
        "core",
        "tensors",
        "worlds.eager",
        "worlds.graph.ir",
        "worlds.graph.passes",
        "worlds.graph.plan",
        "worlds.graph.run",
        "worlds.graph.trace",
    },
    "worlds.graph": {"worlds.graph.build", "worlds.graph.ir", "worlds.graph.session", "worlds.graph.trace"},
    "experiment.measure": {"arms", "core", "worlds.graph.ir", "worlds.graph.plan"},
    "inspect.lint": {
        "arms",
        "autodiff",
        "core",
        "tensors",
        "worlds.eager",
        "worlds.graph.ir",
        "worlds.graph.plan",
        "worlds.graph.run",
        "worlds.graph.session",
        "worlds.graph.trace",
    },
    "inspect.record": {
        "arms",
        "autodiff",
        "core",
        "tensors",
        "worlds.graph.ir",
        "worlds.graph.plan",
        "worlds.graph.run",
        "worlds.graph.trace",
    },
    "inspect.optimized": {"arms", "report"},
    "inspect.explain": {
        "arms",
        "core",
        "inspect.lint",
        "inspect.optimized",
        "report",
        "worlds.graph.ir",
        "worlds.graph.plan",
        "worlds.graph.session",
        "worlds.graph.trace",
    },
    "experiment.results": {"arms", "core", "experiment.measure", "inspect.record", "report"},
    "inspect": {"inspect.lint"},
    "experiment.comparison": {"arms", "core", "experiment.measure", "experiment.results"},
    "experiment.function": {"arms", "core", "experiment.comparison", "experiment.results", "worlds.graph.trace"},
    "experiment.selftest": {"arms", "experiment.comparison", "experiment.measure", "experiment.results"},
    "df": {
        "core",
        "data",
        "experiment.function",
        "fft",
        "inspect",
        "inspect.explain",
        "inspect.lint",
        "inspect.record",
        "linalg",
        "nn",
        "ops",
        "ops.array",
        "optim",
        "random",
        "torch",
        "worlds.eager",
        "worlds.graph",
    },
    "experiment.faults": {"data", "df"},
    "experiment.programs": {"arms", "core", "data", "df"},
    "experiment.debuggability": {
        "arms",
        "core",
        "experiment.faults",
        "experiment.measure",
        "inspect",
        "tensors",
        "worlds.graph.trace",
    },
    "experiment.peak": {"arms", "experiment.measure", "experiment.programs", "worlds.graph.ir", "worlds.graph.trace"},
    "experiment.sweep": {
        "arms",
        "core",
        "experiment.comparison",
        "experiment.measure",
        "experiment.results",
        "worlds.graph.trace",
    },
    "experiment.peers": {
        "arms",
        "core",
        "df",
        "experiment.debuggability",
        "experiment.faults",
        "experiment.measure",
        "experiment.programs",
    },
    "experiment.bundle": {
        "core",
        "experiment.debuggability",
        "experiment.measure",
        "experiment.peers",
        "experiment.results",
        "report",
    },
    "experiment.difference": {
        "arms",
        "core",
        "experiment.bundle",
        "experiment.debuggability",
        "experiment.measure",
        "experiment.results",
        "report",
    },
    "experiment.pages": {
        "arms",
        "core",
        "experiment.bundle",
        "experiment.debuggability",
        "experiment.difference",
        "experiment.faults",
        "experiment.measure",
        "experiment.peers",
        "experiment.results",
        "inspect.optimized",
        "report",
    },
    "cli": {
        "arms",
        "core",
        "experiment.bundle",
        "experiment.comparison",
        "experiment.debuggability",
        "experiment.difference",
        "experiment.faults",
        "experiment.function",
        "experiment.measure",
        "experiment.peers",
        "experiment.programs",
        "experiment.results",
        "experiment.selftest",
        "experiment.sweep",
        "inspect.explain",
        "inspect.record",
        "report",
    },
    "experiment": {"experiment.pages"},
    "__main__": {"cli"},
}
"""By row; ``df`` is the facade."""

HEAVY = {
    "jax": {"arms", "core", "experiment.comparison", "experiment.debuggability", "experiment.faults",
            "experiment.measure", "experiment.peak", "experiment.peers", "inspect.lint", "inspect.record",
            "worlds.graph.ir", "worlds.graph.run"},
    "rich": {"cli", "report"},
    "click": {"cli"},
    "torch": {"experiment.peers", "experiment.faults"},
    "tensorflow": {"experiment.peers", "experiment.faults"},
}  # fmt: skip
"""Third-party packages and the rows that may import them, where they first need them."""

LATE = {"cli", "df"}
"""Rows that import this package's own files when they first need them: a command, and the facade's tools."""
LATE_TARGETS = {"report", "inspect.lint"}
"""Rows imported so by others: ``report`` loads rich, the linter's twin the tolerances of parity."""

FILES = sorted(PACKAGE.rglob("*.py"))
NAMES = {
    path: ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__") for path in FILES
}
MODULES = set(NAMES.values())
FOLDERS = {path.parent for path in FILES if path.name == "__init__.py"}
PLANTED = PACKAGE / "experiment" / "faults"  # its programs are scripts, not a package beside it
WITH_PACKAGES = {folder.parent for folder in FOLDERS} & FOLDERS - {PLANTED}


def row(path):
    """Return the row of a file: its package, or itself where packages stand beside it."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    if PLANTED in path.parents:
        return "experiment.faults"
    if parts[-1] == "__init__":
        return ".".join(parts[:-1]) or "df"
    return ".".join(parts if path.parent in WITH_PACKAGES else parts[:-1])


ROW = {NAMES[path]: row(path) for path in FILES}


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
            found = list(dict.fromkeys(name if name in MODULES else node.module for name in names))
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            argument = node.args[0]
            if not isinstance(argument, ast.Constant):
                continue  # a kernel's own module, named on its card; a tool of the facade's table: see below
            found = [argument.value]
        else:
            continue
        for module in found:
            yield node.lineno, module, id(node) not in late
    if path == PACKAGE / "__init__.py":  # the tools that the facade loads when they are first named
        yield from ((1, f"dualflow.{module}", False) for module in df._LATE.values())


def own(path):
    """Yield the imports of this package's own files, as ``imports`` does."""
    for line, module, at_import in imports(path):
        if module.split(".")[0] == "dualflow":
            yield line, module, at_import


def test_every_package_has_a_row_and_none_may_import_everything():
    assert set(ROW.values()) == set(MAY_IMPORT)
    assert all(allowed <= set(MAY_IMPORT) - {name} for name, allowed in MAY_IMPORT.items())
    assert max(len(allowed) for allowed in MAY_IMPORT.values()) < len(MAY_IMPORT) / 2


def test_rows_make_no_circle():
    """The chapters of the vocabulary count as one here: among them only files are looked at."""

    def room(name):
        return "ops" if name.split(".")[0] == "ops" else name

    rooms = {}
    for name, allowed in MAY_IMPORT.items():
        rooms.setdefault(room(name), set()).update(room(other) for other in allowed if room(other) != room(name))
    assert list(TopologicalSorter(rooms).static_order())  # raises CycleError, which names the circle


def test_files_make_no_circle():
    graph = {NAMES[path]: {module for _, module, _ in own(path)} - {NAMES[path]} for path in FILES}
    assert len(list(TopologicalSorter(graph).static_order())) >= len(FILES)


def test_no_module_has_the_name_of_a_function():
    """``import dualflow.worlds.graph.plan`` finds a module, ``dualflow.graph`` is a function."""
    functions = {name for name in df.__all__ if inspect.isroutine(getattr(df, name))}
    top = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in FILES}
    assert not top & functions
    import dualflow.worlds.graph.plan as plan

    assert plan.Plan.__name__ == "Plan"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_follow_the_arrows(path):
    """Type-checking imports too: a file that names the other world's types knows the other world."""
    here = row(path)
    for line, module, at_import in imports(path):
        where = f"{path.relative_to(PACKAGE.parent)}:{line}"
        package = module.split(".")[0]
        if package == "dualflow":
            target = ROW[module]
            assert target == here or target in MAY_IMPORT[here], f"{where}: {here} may not import {module}"
            assert at_import or here in LATE or target in LATE_TARGETS, f"{where}: import it at the top"
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
    for world, other in (("worlds.eager", "worlds.graph"), ("worlds.graph", "worlds.eager")):
        code = f"""
import ast, sys, types, pathlib
package = types.ModuleType("dualflow")  # in place of the facade, which imports everything
package.__path__ = [{str(PACKAGE)!r}]
sys.modules["dualflow"] = package
import dualflow.{world}
print(*[m for m in sys.modules if m.startswith("dualflow.{other}")])
"""
        assert run(code) == []
