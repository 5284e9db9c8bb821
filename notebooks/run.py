"""Execute the notebooks: turn each py:percent source into cells and run them in a fresh kernel of this interpreter.

    python notebooks/run.py                  # all of them; the first cell that fails ends the run with exit status 1
    python notebooks/run.py 01 --write       # one, by the start of its name, and keep the result as .ipynb beside it

The sources are what is edited and reviewed; the .ipynb are made from them, with outputs, for reading. The kernel is
described in a temporary folder, with ``sys.executable``: no kernel that happens to be registered on this machine is
used, and none is left behind.
"""

import argparse
import os
import re
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
LONGEST_CELL_S = 120


def sources(wanted):
    """Return the notebooks' sources, all of them or those whose names start as asked. Exit for a name of none."""
    found = sorted(HERE.glob("[0-9]*.py"))
    for start in wanted:
        if not any(path.name.startswith(start) for path in found):
            names = ", ".join(path.stem for path in found)
            raise SystemExit(f"there is no notebook {start!r}; there are {names}")
    return [path for path in found if not wanted or path.name.startswith(tuple(wanted))]


def execute(source, folder):
    """Run the cells of a py:percent file in a kernel kept in ``folder``; return the notebook with its outputs."""
    try:
        import jupytext
        from ipykernel.kernelspec import write_kernel_spec
        from jupyter_client.kernelspec import KernelSpecManager
        from jupyter_client.manager import AsyncKernelManager
        from nbclient import NotebookClient
    except ImportError as missing:
        raise SystemExit(f'running notebooks needs {missing.name}: pip install "dualflow[notebooks]"') from None

    notebook = jupytext.read(source, fmt="py:percent")
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"  # nbformat draws them at random, which would make every run a change
    write_kernel_spec(os.path.join(folder, "kernels", "python3"), extra_arguments=["--log-level=ERROR"])
    specs = KernelSpecManager(kernel_dirs=[os.path.join(folder, "kernels")], ensure_native_kernel=False)
    client = NotebookClient(
        notebook,
        km=AsyncKernelManager(kernel_name="python3", kernel_spec_manager=specs),
        timeout=LONGEST_CELL_S,
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(source.parent)}},
    )
    client.execute()
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return notebook


def quiet_environment(folder):
    """Keep the kernel's own files in ``folder``: no history, profile or start-up file of the user's takes part."""
    os.environ["IPYTHONDIR"] = os.environ["JUPYTER_RUNTIME_DIR"] = os.environ["JUPYTER_CONFIG_DIR"] = folder
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # or the kernel warns about frozen modules on every start


def machine_paths(notebook):
    """Return the lines of output that name a folder of this machine: they say nothing to another reader."""
    folders = {str(HERE.parent), sys.prefix, tempfile.gettempdir() + os.sep, str(Path.home()) + os.sep}
    return [
        line
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        for line in str(output).replace("\\n", "\n").splitlines()
        if any(folder in line for folder in folders)
    ]


def main(arguments=None):
    """Run the notebooks; return the exit status."""
    parser = argparse.ArgumentParser(description="Execute the notebooks of dualflow.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="run only notebooks whose names start like this")
    parser.add_argument("--write", action="store_true", help="write the executed .ipynb beside the source")
    options = parser.parse_args(arguments)
    for source in sources(options.names):
        start = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            quiet_environment(folder)
            try:
                notebook = execute(source, folder)
            except Exception as error:
                if type(error).__name__ not in ("CellExecutionError", "CellTimeoutError", "DeadKernelError"):
                    raise
                text = str(error) if sys.stderr.isatty() else re.sub(r"\x1b\[[0-9;]*m", "", str(error))
                print(f"{source.name}: FAILED\n{text}", file=sys.stderr)
                return 1
        named = machine_paths(notebook)
        if named:
            print(f"{source.name}: FAILED: an output names a folder of this machine", *named, sep="\n", file=sys.stderr)
            return 1
        if options.write:
            import nbformat

            nbformat.write(notebook, source.with_suffix(".ipynb"))
        print(f"{source.name}: {time.perf_counter() - start:.1f} s", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
