"""The command line, as it is typed: what it prints where, and with which exit code it ends."""

import json
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from click.testing import CliRunner

from dualflow.cli import main
from dualflow.experiment.programs import PROGRAMS
from dualflow.experiment.results.report import Report

EXAMPLE = Path(__file__).parents[2] / "examples" / "my_step.py"
QUICK = ("--quick", "--steps", "2")

FILE = """\
import dualflow as df

df.manual_seed(3)
x = df.ones(3, 4)
y = df.ones(5, 2)
zero = 0
w = df.Variable(df.ones(4, 2))
CONSTANT = 3
sys_path_entry = __file__


class Net:
    pass


def step(x):
    print("user code prints")
    return (x @ w).sum()


def shapes(x, y):
    return x @ y


def divides(x):
    return x.sum() / (1 // zero)


def branches(x):
    if x.sum() > 2:
        return x
    return -x


def eager_only(x):
    if df.current_mode() == "eager":
        raise KeyError("nothing here")
    return x


def needs(x, rate, size):
    return x


def has_default(x, rate=2.0, *, y):
    return (x * rate).sum() + y.sum()


def differs(x):
    return x.sum() * (1 if df.current_mode() == "eager" else 2)
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A directory of the user's, which is the working directory, with one file in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delenv("DUALFLOW_TRACEBACK", raising=False)
    (tmp_path / "mine.py").write_text(FILE, encoding="utf-8")
    (tmp_path / "broken.py").write_text("def step(x:\n    return x\n", encoding="utf-8")
    (tmp_path / "imports.py").write_text("import a_module_that_is_not_there\n", encoding="utf-8")
    (tmp_path / "exits.py").write_text("raise SystemExit(3)\n", encoding="utf-8")
    (tmp_path / "empty.py").write_text("", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("hello", encoding="utf-8")
    return tmp_path


def run(*args, env=None):
    """Run the command in this process."""
    return CliRunner().invoke(main, [str(a) for a in args], env=env, prog_name="dualflow")


def shell(*args, cwd=None, env=None):
    """Run the command in a process of its own, its output piped."""
    return subprocess.run(
        [sys.executable, "-m", "dualflow", *map(str, args)], capture_output=True, text=True, encoding="utf-8", cwd=cwd,
        env={**os.environ, "COLUMNS": "80", "PYTHONIOENCODING": "utf-8", **(env or {})}, check=False,
    )  # fmt: skip


# --- the main job -------------------------------------------------------------------------------------------------


def test_without_arguments_it_compares_the_digits_and_fits_80_columns():
    done = shell("compare", "--quick", "--steps", 5)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""  # no progress bar where there is no terminal
    assert "\x1b" not in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert done.stdout.startswith("dualflow compare: digits\n")
    for section in ("In short", "Do the arms agree?", "Where does training end?", "How fast are they?",
                    "How debuggable are they?", "The tape and the graph", "Machine"):  # fmt: skip
        assert f"\n{section}\n" in done.stdout
    assert re.search(r"^Passed: every result, gradient and state agrees", done.stdout, re.MULTILINE)
    assert re.search(r"^eager / compiled +[\d.,]+× ", done.stdout, re.MULTILINE)
    rows = re.findall(r"^(\w+) +\d\.\d+ +\d\.\d+ +\d+\.\d %$", done.stdout, re.MULTILINE)
    assert rows == ["eager", "interpreted", "compiled"]  # test accuracy


def test_the_example_is_compared_and_runs_by_itself():
    done = run("compare", f"{EXAMPLE}:step", *QUICK)
    assert done.exit_code == 0, done.output
    assert "Fit a small network to a sum of sines." in done.stdout
    assert "All 3 arms compute the same: at each of 2 steps" in " ".join(done.stdout.split())


def test_the_same_seed_prints_the_same_losses():
    def losses(seed):
        done = run(
            "compare", "digits", f"{EXAMPLE}:step", "--only", "parity", "--steps", 2, "--seed", seed, "--json", "-"
        )
        return [report["training"]["losses"] for report in json.loads(done.stdout)["reports"]]

    first = losses(1)
    assert losses(1) == first
    assert losses(2)[0] != first[0]
    assert losses(2)[1] == first[1]  # the example sets a seed of its own


def test_a_files_own_random_numbers_follow_the_seed(folder):
    (folder / "random_file.py").write_text(
        "import dualflow as df\nx = df.randn(4)\ndef step(x):\n    return x.sum()\n", encoding="utf-8"
    )

    def loss(seed):
        done = run("compare", "random_file.py:step", "--only", "parity", "--seed", seed, "--json", "-")
        return json.loads(done.stdout)["reports"][0]["training"]["losses"]["eager"][0]

    assert loss(1) == loss(1) != loss(2)


def test_inputs_are_found_by_name_and_defaults_are_left_alone(folder):
    done = run("compare", "mine.py:has_default", "--only", "parity", "--steps", 1, "--json", "-")
    assert json.loads(done.stdout)["reports"][0]["training"]["losses"]["eager"] == [3 * 4 * 2.0 + 5 * 2]


def test_a_file_may_import_its_neighbour_and_nothing_is_written_beside_it(folder):
    (folder / "neighbour.py").write_text("import dualflow as df\nx = df.ones(2)\n", encoding="utf-8")
    (folder / "importer.py").write_text("from neighbour import x\ndef step(x):\n    return x * 2\n", encoding="utf-8")
    before = {path.name for path in folder.iterdir()}
    done = run("compare", "importer.py:step", "--only", "parity", "--steps", 1)
    assert done.exit_code == 0, done.output
    assert {path.name for path in folder.iterdir()} - before <= {"__pycache__"}  # Python's own, for the neighbour
    assert not list(folder.glob("__pycache__/importer*"))


@pytest.mark.parametrize(("only", "there", "absent"), [("parity", "agree?", "fast"), ("speed", "How fast", "agree?")])
def test_one_part_alone(only, there, absent):
    done = run("compare", "chain", "--only", only, *QUICK)
    assert done.exit_code == 0
    assert there in done.stdout and absent not in done.stdout.split("In short")[1].split("Build:")[0].split(".", 1)[1]


def test_arms_can_be_chosen_and_the_first_is_the_reference():
    done = run("compare", "chain", "--arms", "compiled,eager", "--only", "parity", *QUICK)
    assert "agrees with compiled at every step" in done.stdout and "interpreted" not in done.stdout


# --- JSON ---------------------------------------------------------------------------------------------------------


def test_json_on_stdout_is_json_and_nothing_else(folder):
    done = shell("compare", "mine.py:step", "chain", *QUICK, "--json", "-", cwd=folder)
    assert done.returncode == 0, done.stderr
    reports = json.loads(done.stdout)["reports"]
    assert [report["name"] for report in reports] == ["mine.py:step", "chain"]
    assert "user code prints" in done.stderr
    for report in reports:
        assert Report.from_json(report).to_json() == report
        assert report["speed"]["samples"]["seconds"]["eager"]


def test_json_in_a_file_comes_beside_the_report(folder):
    done = run("compare", "chain", "--only", "parity", *QUICK, "--json", "out.json")
    assert done.exit_code == 0 and done.stdout.startswith("dualflow compare: chain")
    assert json.loads((folder / "out.json").read_text("utf-8"))["reports"][0]["parity"]["passed"] is True


def test_the_list_of_programs():
    table, data = run("programs"), json.loads(run("programs", "--json").stdout)
    assert [entry["name"] for entry in data] == list(PROGRAMS)
    assert {e["name"]: e["published"]["ratio"] for e in data if e["published"]}["sgd"] == "1.75×"
    assert max(map(len, table.stdout.splitlines())) <= 80
    assert all(name in table.stdout for name in PROGRAMS)


def test_the_doctor_describes_the_machine_and_measures_it():
    done = run("doctor", "--json")
    assert done.exit_code == 0
    data = json.loads(done.stdout)
    assert data["environment"]["versions"]["jax"] and data["environment"]["jax_devices"]
    what = {(rate["what"], rate["library"].split()[0]) for rate in data["limits"]["rates"]}
    assert what == {(w, by) for w in ("matrix product", "memory bandwidth") for by in ("NumPy", "jax.jit")}
    table = run("doctor")
    assert table.exit_code == 0 and max(map(len, table.stdout.splitlines())) <= 80
    assert "GFLOP/s" in table.stdout and "BLAS" in table.stdout


# --- mistakes -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["compare", "digts"], "no program 'digts'. Did you mean 'digits'?"),
        (["compare", "mine:step"], "FILE.py:FUNCTION"),
        (["compare", "chain", "absent.py:step"], "no file 'absent.py'"),
        (["compare", "mine.py"], "say which function of mine.py to compare, as mine.py:step"),
        (["compare", "broken.py"], "as broken.py:FUNCTION"),
        (["compare", "mine.py:"], "as mine.py:step"),
        (["compare", "./notes.txt"], "'./notes.txt' is not a Python file"),
        (["compare", "mine.py:stp"], "no function 'stp'. Did you mean 'step'?"),
        (["compare", "empty.py:step"], "defines no function"),
        (["compare", "mine.py:CONSTANT"], "is of type int, not a function"),
        (["compare", "mine.py:Net"], "is a class, not a function"),
        (["compare", "mine.py:needs"], "needs rate and size, and mine.py has no top-level variable of that name"),
        (["compare", "--arms", "eager,xla"], "no arm 'xla'; there are eager, interpreted, compiled"),
        (["compare", "--arms", "eager,eager"], "given twice"),
        (["compare", "--only", "bugs"], "'bugs' is not one of 'parity', 'speed', 'debug'"),
        (["compare", "chain", "--only", "debug"], "has programs of its own"),
        (["compare", "--only", "debug", "--fault", "transpose-forgoten"], "the nearest are transpose-forgotten"),
        (["compare", "chain", "--fault", "loss-changed"], "--fault goes with --only debug"),
        (["report", "nowhere.json", "nowhere.json"], "'nowhere.json' does not exist"),
        (["compare", "--steps", "0"], "0 is not in the range"),
        (["compare", "--steps", "many"], "not a valid integer"),
        (["compare", "--seed", "-1"], "-1 is not in the range"),
        (["compare", "--json", "nowhere/out.json"], "cannot write to the directory of 'nowhere/out.json'"),
        (["compare", "--json", "."], "is a directory"),
        (["compare", "--fast"], "No such option"),
        (["compre"], "No such command"),
    ],
)
def test_a_command_that_cannot_be_understood_ends_with_2(folder, args, says):
    done = run(*args)
    assert done.exit_code == 2
    assert says in " ".join(done.stderr.split())
    assert "Traceback" not in done.output and done.stdout == ""


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("broken.py:step", ["SyntaxError: '(' was never closed", "at broken.py:1", "def step(x:"]),
        ("imports.py:step", ["ModuleNotFoundError", "at imports.py:1, in <module>: import a_module"]),
        ("exits.py:step", ["called exit(3)", "at exits.py:1"]),
        ("mine.py:shapes", ["matmul", "(3, 4)", "(5, 2)", "at mine.py:{}, in shapes: return x @ y"]),
        ("mine.py:divides", ["ZeroDivisionError", "at mine.py:{}, in divides: return x.sum() / (1 // zero)"]),
        ("mine.py:branches", ["if: the symbol", "at mine.py:{}, in branches: if x.sum() > 2:", "df.where"]),
        (
            "mine.py:eager_only",
            [
                "KeyError: 'nothing here'",
                "at mine.py:{}, in eager_only: raise KeyError",
                "in the arm 'eager': eager, at step 1",
            ],
        ),
    ],
)
def test_a_mistake_in_the_users_code_ends_with_1_and_names_the_line(folder, target, says):
    done = run("compare", target, *QUICK)
    assert done.exit_code == 1
    for words in says:
        code = words.partition(": ")[2]
        line = next((n for n, text in enumerate(FILE.splitlines(), 1) if code and code in text), None)
        assert words.format(line) in done.stderr
    assert "Traceback (most" not in done.output and done.stdout == ""
    assert len(done.stderr.splitlines()) <= 12


def test_a_mistake_leaves_no_traceback_in_a_real_process_either(folder):
    for target, code in (("mine.py:shapes", 1), ("broken.py:step", 1), ("nothing", 2)):
        done = shell("compare", target, cwd=folder)
        assert (done.returncode, done.stdout) == (code, "")
        assert "Error: " in done.stderr and "Traceback" not in done.stderr


def test_a_traceback_is_shown_to_who_asks_for_it(folder):
    for args, env in ((["--traceback"], None), ([], {"DUALFLOW_TRACEBACK": "1"})):
        done = shell("compare", "mine.py:divides", *args, cwd=folder, env=env)
        assert done.returncode == 1
        assert "Traceback (most recent call last)" in done.stderr and "1 // zero" in done.stderr


def test_one_failure_does_not_stop_the_others(folder):
    done = run("compare", "mine.py:divides", "chain", "--only", "parity", *QUICK)
    assert done.exit_code == 1
    assert "ZeroDivisionError" in done.stderr and "dualflow compare: chain" in done.stdout


def test_arms_that_differ_end_with_1_and_both_values(folder):
    done = run("compare", "mine.py:differs", *QUICK)
    assert done.exit_code == 1
    text = " ".join(done.stdout.split())
    assert (
        "They differ first at step 1, in the result: result is 12.0 in eager and 24.0 in the interpreted graph" in text
    )
    assert "Failed: the arms differ" in text and "How fast" not in text


# --- around it ----------------------------------------------------------------------------------------------------


def test_help_says_how_to_compare_a_function_of_ones_own():
    done = run("compare", "--help")
    assert done.exit_code == 0
    for words in ("FILE.py:FUNCTION", "x = df.randn(32, 10)", "examples/my_step.py", "Exit codes"):
        assert words in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_html_holds_every_report(folder):
    done = run("compare", "mine.py:step", "chain", "--only", "parity", "--html", "both.html", *QUICK)
    assert done.exit_code == 0, done.output
    text = (folder / "both.html").read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>") and ">chain</h2>" in text and "mine.py:step" in text


def test_the_program_in_the_help_can_be_run(folder):
    text = run("compare", "--help").stdout
    program = re.search(r"\n\n( +import dualflow as df\n.*?)\n\n", text, re.DOTALL).group(1)
    (folder / "helped.py").write_text(textwrap.dedent(program), encoding="utf-8")
    done = run("compare", "helped.py:step", "--only", "parity", *QUICK)
    assert done.exit_code == 0, done.output


def test_help_loads_neither_jax_nor_rich_nor_the_experiment():
    code = (
        "import sys\nfrom dualflow.cli import main\n"
        "try:\n    main(['compare', '--help'])\nexcept SystemExit:\n    pass\n"
        "loaded = [m for m in ('jax', 'rich', 'dualflow.experiment.comparison') if m in sys.modules]\n"
        "print(loaded, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_version_names_the_package():
    done = shell("--version")
    assert re.fullmatch(r"dualflow, version \d+\.\d+\.\d+\n", done.stdout), done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are Unix's")
def test_a_terminal_sees_progress_on_stderr_and_a_pipe_a_clean_report():
    import pty

    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "dualflow", "compare", "chain", *QUICK],
        stdout=subprocess.PIPE, stderr=theirs, text=True,
        encoding="utf-8", env={**os.environ, "COLUMNS": "80", "TERM": "xterm", "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:  # Linux's way of saying that the other end is closed
            break
        if not part:
            break
        shown += part
    stdout, _ = child.communicate()
    os.close(ours)
    assert child.returncode == 0
    assert b"checking that the arms agree" in shown and b"timing" in shown
    assert "\x1b" not in stdout and stdout.startswith("dualflow compare: chain")
