"""The peers: the protocol with a made-up framework, the adapters of those that are installed, what the command says."""

import importlib.util
import json
import lzma
import re
import textwrap
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import dualflow as df
from dualflow.arms.timing import measure
from dualflow.cli import main, tasks
from dualflow.experiment import peers
from dualflow.experiment.bundle import Bundle
from dualflow.experiment.debuggability import reading
from dualflow.experiment.debuggability.observation import Observation
from dualflow.experiment.debuggability.reading import named
from dualflow.experiment.debuggability.study import Study
from dualflow.experiment.faults.card import source
from dualflow.experiment.measure.machine import inspect
from dualflow.experiment.peers import OURS, PEERS, Peer, choose
from dualflow.experiment.peers import race as racing
from dualflow.experiment.peers.faults import PAIRS, fault, without
from dualflow.experiment.peers.race import Entry, Race, race
from dualflow.experiment.peers.remote import PeerError, Remote, installed
from dualflow.experiment.peers.study import SAMPLE, PeerStudy, peer_study
from dualflow.experiment.programs import PROGRAMS
from dualflow.report import Heading, document, to_text

FAKE = """
    import os
    import numpy as np
    from dualflow.experiment.peers import Run

    def build(program, mode, weights, batches, threads):
        print("a framework's banner, which is no answer")
        w = weights[0].copy()

        def step(i):
            if mode == "breaks":
                raise ValueError("no such step")
            if mode == "dies":
                os._exit(7)
            loss = (batches[i][0] * w).sum()
            w[:] -= 0.1 * batches[i][0]
            return [loss, np.array(threads), np.array(int(os.environ["OMP_NUM_THREADS"]))]

        return Run(step, lambda: [w.copy()])
"""


@pytest.fixture
def fake(tmp_path, monkeypatch):
    """Return a maker of peers whose framework and adapter are files of this test."""
    (tmp_path / "imaginary.py").write_text("__version__ = '1.2'\n")
    package = tmp_path / "adapters_of"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "imaginary.py").write_text(textwrap.dedent(FAKE))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    def make(mode, package="imaginary"):
        return Peer("imaginary", "adapters_of.imaginary", mode, "made up", package)

    return make


WEIGHTS = [np.array([1.0, 2.0])]
BATCHES = [(np.array([1.0, 1.0]),), (np.array([0.0, 2.0]),)]


def test_a_worker_builds_steps_and_takes_its_own_time(fake):
    with Remote(fake("plain"), threads=3) as worker:
        assert worker.ask("load")["version"] == "1.2"
        worker.ask("build", "any", "plain", WEIGHTS, BATCHES, 3)
        taken = worker.ask("steps", 3)
        # w: (1, 2) → (0.9, 1.9) → (0.9, 1.7); the third step is on the first batch again
        np.testing.assert_allclose([given[0] for given in taken["given"]], [3.0, 3.8, 2.6])
        assert taken["given"][0][1:] == [3, 3]
        np.testing.assert_allclose(taken["weights"][0], [0.8, 1.6])
        assert len(taken["seconds"]) == 3
        samples = measure({"imaginary": worker}, budget_s=0.02, block_s=1e-4, min_rounds=6, max_rounds=6)
    assert samples.rounds == 6
    assert len(samples.seconds["imaginary"]) == 6
    assert samples.calls["imaginary"] > 1


def test_a_worker_tells_what_went_wrong_and_goes_on(fake):
    with Remote(fake("breaks")) as worker:
        worker.ask("build", "any", "breaks", WEIGHTS, BATCHES, 1)
        with pytest.raises(PeerError, match=r"imaginary: steps failed(.|\n)*ValueError: no such step"):
            worker.ask("steps", 1)
        assert worker.ask("load")["version"] == "1.2"


def test_a_worker_that_dies_is_told_of(fake):
    with Remote(fake("dies")) as worker:
        worker.ask("build", "any", "dies", WEIGHTS, BATCHES, 1)
        with pytest.raises(PeerError, match="its process ended with exit code 7\n(.|\n)*banner"):
            worker.ask("steps", 1)


def test_what_is_installed_is_found_without_importing_it(fake, tmp_path, monkeypatch):
    (tmp_path / "explosive.py").write_text("raise RuntimeError('imported')")
    assert installed(fake("plain")) and installed(fake("plain", "explosive"))
    assert not installed(fake("plain", "no_such_framework"))
    monkeypatch.setenv("DUALFLOW_PYTHON_IMAGINARY", "/no/such/python")
    with pytest.raises(PeerError, match="DUALFLOW_PYTHON_IMAGINARY names '/no/such/python', which cannot be run"):
        installed(fake("plain"))


def test_peers_that_differ_fail_or_are_missing_are_named_and_not_timed(fake, monkeypatch):
    others = {
        "differs": fake("plain"), "breaks": fake("breaks"), "missing": fake("plain", "no_such_framework")
    }  # fmt: skip
    for name, peer in others.items():
        monkeypatch.setitem(PEERS, name, Peer(name, peer.adapter, peer.mode, "", peer.package, "imaginary"))
    monkeypatch.setattr(racing, "STEPS", 2)
    found = race(PROGRAMS["chain"], choose("differs,breaks,missing"), budget_s=0.05)
    by_name = {entry.name: entry for entry in found.entries}
    assert [name for name, entry in by_name.items() if entry.agrees] == ["eager", "compiled"]
    assert "only the second arm has it" in by_name["differs"].gaps["result"].reason
    assert "no such step" in by_name["breaks"].error
    assert by_name["missing"].version is None
    assert not found.passed
    assert found.samples.arms == ("eager", "compiled")
    text = to_text(document(found))
    assert "not installed, so not run: missing (`pip install dualflow[imaginary]`)." in " ".join(text.split())
    assert "differs from eager, and was not timed" in " ".join(text.split())
    assert max(len(line) for line in text.splitlines()) <= 80 or "Traceback" in text
    again = Race.from_json(json.loads(json.dumps(found.to_json(), allow_nan=False)))
    assert again.to_json() == found.to_json()


@pytest.mark.parametrize("program", racing.ADAPTED)
@pytest.mark.parametrize("package", sorted({peer.package for peer in PEERS.values()}))
def test_adapters_agree_with_eager(package, program):
    # torch.compile takes half a minute of a core a program, and is the same adapter
    chosen = [peer for peer in PEERS.values() if peer.package == package and peer.name != "torch.compile"]
    if not installed(chosen[0]):
        pytest.skip(f"{package} is not installed")
    found = race(PROGRAMS[program], chosen, only="parity")
    assert found.passed, to_text(document(found))
    assert found.samples is None


def test_choosing():
    assert choose("all") == choose("installed") == tuple(PEERS.values())
    assert choose("none") == ()
    with pytest.raises(ValueError, match="there is no peer 'caffe'; there are torch, torch.compile"):
        choose("jax,caffe")
    with pytest.raises(ValueError, match="'jax' was given twice"):
        choose("jax,jax")
    with pytest.raises(ValueError, match="no peer has the program 'tree'; they have notes, digits"):
        race(PROGRAMS["tree"])
    assert not set(OURS) & set(peers.PEERS)


@pytest.mark.parametrize(
    ("arguments", "raced", "planted", "left_out"),
    [
        ([], list(PEERS), [len(SAMPLE), True, 6], ["torch.compile"]),
        (["--full"], list(PEERS), [len(PAIRS), True, 7], []),
        (["--peers", "all"], list(PEERS), [len(SAMPLE), True, 7], []),
        (["--peers", "jax,torch.compile"], ["jax", "torch.compile"], [len(SAMPLE), True, 2], []),
        (["--quick", "--peers", "jax"], ["jax"], [len(SAMPLE), False, 1], []),
        (["--peers", "none"], [], None, []),
        (["--quick"], [], None, []),
        (["notes"], [], None, []),
        (["--only", "speed"], [], None, []),
        (["notes", "--peers", "jax"], ["jax"], None, []),
        (["--only", "debug", "--peers", "jax"], None, [len(PAIRS), True, 1], []),
        (["--only", "debug", "--peers", "installed", "--quick"], None, [len(SAMPLE), False, 7], []),
    ],
)
def test_which_peers_take_part(monkeypatch, arguments, raced, planted, left_out):
    called = {}

    def run(plan, show_traceback):
        called["plan"] = [stage.what for stage in plan]
        return Bundle(), True

    def race(each, peers, *rest):
        called["raced"] = [peer.name for peer in peers]
        return tasks.Task("a race", 1.0, None)

    def planting(peers, chosen, tools, left_out=()):
        called["planted"] = [len(chosen), tools, len(peers)]
        called["left_out"] = [peer.name for peer in left_out]
        return tasks.Task("faults beside", 1.0, None)

    for name, instead in (("run", run), ("race", race), ("peer_faults", planting)):
        monkeypatch.setattr(tasks, name, instead)
    result = CliRunner().invoke(main, ["compare", *arguments])
    assert result.exit_code == 0, result.output
    assert (called.get("raced") or []) == (raced or [])
    assert called.get("planted") == planted and called.get("left_out", []) == left_out
    assert called["plan"].count("the study of faults") == (not arguments[:1] == ["--only"] and "notes" not in arguments)


def test_the_command_refuses_what_no_peer_has():
    for arguments, said in (
        (["notes", "--peers", "caffe"], "there is no peer 'caffe'"),
        (["--only", "debug", "--peers", "jax", "--fault", "loss-changed"], "the peers do not have the fault"),
        (["examples/my_step.py:step", "--peers", "jax"], "no peer has the program"),
    ):
        result = CliRunner().invoke(main, ["compare", *arguments])
        assert result.exit_code == 2
        assert said in result.output


# --- debuggability --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("peer", PEERS.values(), ids=PEERS)
def test_faults_in_a_peers_idiom_plant_one_mistake_each(peer):
    cards = [card for card in (fault(name, peer) for name in PAIRS) if card is not None]
    assert len(cards) >= 12
    for card in cards:
        planted = card.planted()
        assert planted.text != source(card.program)
        plain = without(planted.text)
        assert not any(line.startswith("@") for line in plain.splitlines())
        assert plain.count("\n") == planted.text.count("\n")
        assert all(planted.text.split("\n")[line - 1].strip() for line in planted.guilty)
        compile(plain, card.program, "exec")


def test_missing_peers_are_named_beside_the_faults(fake, monkeypatch):
    monkeypatch.setitem(PEERS, "imaginary", fake("plain", "no_such_framework"))
    found = peer_study(choose("imaginary"), faults=(), left_out=[fake("plain")])
    assert (found.missing, found.left_out) == (("imaginary",), ("imaginary",))
    assert set(found.observations) == set(OURS)
    text = " ".join(to_text(document(found)).split())
    assert "not installed, so not run: imaginary (`pip install dualflow[peers]`)" in text
    assert "imaginary takes no part here" in text


def made_up(tools=True):
    """Return what every column said, as if it had been run: the guilty line of all but a D, which needs the tools."""
    faults = ("weights-transposed", "value-inside-the-step", "where-hides-nan")
    empty = PeerStudy(faults, {}, {}, ("tf1",), inspect(quick=True), ("torch.compile",))
    records = {}
    for column in (*OURS, *(name for name in PEERS if name not in ("tf1", "torch.compile"))):
        runs = [Observation("", "network", column, on, "silent") for on in {False, tools}]
        for name, card in empty.cards(column).items():
            for on in {False, tools}:
                told = card.kind != "D" or on
                lines, trace = (card.planted().guilty[:1], f"<b>{name}</b>") if told else ((), "")
                outcome = "raised" if told else "silent"
                runs.append(
                    Observation(name, card.program, column, on, outcome, error="ValueError", trace=trace, pointed=lines)
                )
        records[column] = tuple(runs)
    return replace(empty, observations=records, versions=dict.fromkeys(records, "1.0"))


@pytest.fixture(scope="module")
def whole():
    """Return a whole run: a report, a race of its program, a study, and faults beside the peers."""
    x = df.ones(3)
    report = replace(df.compare(lambda x: (x * 2.0).sum(), x, arms="eager,compiled", budget_s=0.05), name="chain")
    timed = report.speed.samples
    seconds = {arm: timed.seconds[arm] for arm in OURS} | {"jax": tuple(3 * s for s in timed.seconds["compiled"])}
    same = {"calls": dict.fromkeys(seconds, 1), "warmup": dict.fromkeys(seconds, timed.warmup["eager"])}
    samples = replace(timed, seconds=seconds, order=(), **same)
    entries = (Entry("eager", "1"), Entry("compiled", "1"), Entry("jax", "1"), Entry("torch"))
    entries = tuple(replace(each, steps_s=(0.1,), gaps={}) if each.version else each for each in entries)
    found = Race("chain", "a chain", 0, 1, entries, samples, inspect(quick=True))
    return Bundle((report,), Study((), ("eager",), (), inspect(quick=True)), (found,), (), made_up())


def test_all_of_it_is_one_report(whole):
    headings = [block.text for block in document(whole).blocks if isinstance(block, Heading) and block.level == 2]
    places = [headings.index(text) for text in (
        "How fast are they?", "How fast are they beside the peers?", "How debuggable are they?",
        "How debuggable are they beside the peers?", "Machine",
    )]  # fmt: skip
    assert places == sorted(places) and headings.count("Machine") == 1
    first = " ".join(to_text(document(whole)).split("\n\n")[1].split())
    assert "Beside the peers: the fastest on chain, jax, takes 3.00 times as long as the compiled graph; " in first
    assert "reported at their own line, without tools, in eager 1 of 2, compiled 2 of 3, torch 1 of 2" in first
    several = replace(whole, reports=(*whole.reports, replace(whole.reports[0], name="notes")))
    headings = [block.text for block in document(several).blocks if isinstance(block, Heading)]
    assert headings.count("Machine") == 1 and headings[-1] == "Machine"
    assert headings.index("How fast are they beside the peers?") < headings.index("notes")


def test_it_survives_json_and_has_the_published_form(whole):
    data = json.loads(whole.dumps())
    again = Bundle.from_json(data)
    assert again.dumps() == whole.dumps() and document(again) == document(whole)
    assert document(PeerStudy.from_json(data["debug_peers"])) == document(whole.peer_study)
    jsonschema = pytest.importorskip("jsonschema", reason="the test extra installs jsonschema")
    schema = json.loads((Path(__file__).parents[2] / "docs" / "reference" / "report.schema.json").read_text("utf-8"))
    valid = jsonschema.Draft202012Validator(schema)
    valid.validate(data)
    for change in (
        lambda found: found["debug_peers"].update(more=1),
        lambda found: found["debug_peers"]["columns"]["jax"]["records"][0].update(outcome="exploded"),
        lambda found: found["peers"][0]["columns"][0].pop("steps_s"),
    ):
        data = json.loads(whole.dumps())
        change(data)
        assert not valid.is_valid(data)
    with pytest.raises(ValueError, match="not a peer study of this version: format None"):
        PeerStudy.from_json({})


def test_each_cell_opens_what_was_said(whole):
    page = whole.html()
    links = re.findall(r'href="#(beside-[^"]+)"', page)
    assert links and all(page.count(f'id="{anchor}"') == 1 for anchor in links)
    assert {"beside-where-hides-nan-tf-function-tools", "beside-weights-transposed-jax"} <= set(links)
    assert "beside-value-inside-the-step-torch" not in page  # not expressible there
    assert "&lt;b&gt;weights-transposed" in page and "<b>weights" not in page
    assert page.count("The same text as without tools.") == 7 + 3  # no NaN: what a column said without tools
    blocks = json.dumps(document(whole).to_json())
    assert blocks.count("PyTorch: network.py, the guilty line") == 2  # one a fault, not one a column


def test_the_page_in_docs_is_written_from_runs(whole, tmp_path, monkeypatch):
    path = Path(__file__).parents[2] / "docs" / "tools" / "make_peers.py"
    spec = importlib.util.spec_from_file_location("make_peers", path)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    files = [tmp_path / "races.json", tmp_path / "faults.json.xz"]
    files[0].write_text(replace(whole, peer_study=None).dumps(), "utf-8")
    files[1].write_bytes(lzma.compress(Bundle(peer_study=whole.peer_study).dumps().encode()))
    monkeypatch.setattr(script, "PAGE", tmp_path / "peers.md")
    monkeypatch.setattr("sys.argv", ["make_peers.py", *map(str, files)])
    script.main()
    text = (tmp_path / "peers.md").read_text("utf-8")
    assert text.startswith("# Beside the peers\n\n<!-- Made by `python docs/tools/make_peers.py RUN.json RACES.json`")
    assert text.index("## chain") < text.index("## Planted mistakes") < text.index("## Machine")
    assert "| weights-transposed | line | line |" in text
    files[0].write_text(Bundle(whole.reports).dumps(), "utf-8")
    monkeypatch.setattr("sys.argv", ["make_peers.py", str(files[0])])
    with pytest.raises(SystemExit, match="nothing in there was run beside the peers"):
        script.main()


@pytest.mark.parametrize("width", [80, 120])
def test_nine_columns_fit_the_terminal(whole, width):
    everyone = replace(whole.peer_study, left_out=(), missing=(), observations=dict(whole.peer_study.observations))
    for name in ("torch.compile", "tf1"):
        everyone.observations[name] = everyone.observations["torch" if name == "torch.compile" else "tensorflow"]
        everyone.versions[name] = "2.13.0+cpu"
    longest = max(PAIRS, key=len)
    for name, runs in everyone.observations.items():
        copies = [replace(run, fault=longest) for run in runs if run.fault == "weights-transposed"]
        everyone.observations[name] = (*runs, *copies)
    text = to_text(document(replace(everyone, faults=(*everyone.faults, longest))), width)
    assert max(map(len, text.splitlines())) <= width
    assert re.search(rf"{longest}( +\S+){{9}}\n", text)
    assert re.search(r"torch\.compile +2\.13\.0\+cpu +\d/\d", text)


@pytest.mark.parametrize(
    ("names", "outcomes"),
    [
        ("jax,jax.jit", {"jax": ["raised", "silent"], "jax.jit": ["raised", "silent"]}),
        ("torch", {"torch": ["raised", "raised"]}),
        ("tensorflow,tf.function,tf1", dict.fromkeys(("tensorflow", "tf.function", "tf1"), ["raised", "raised"])),
    ],
)
def test_planted_faults_run_in_the_peers(names, outcomes):
    chosen = choose(names)
    if not installed(chosen[0]):
        pytest.skip(f"{chosen[0].package} is not installed")
    found = peer_study(chosen, ["weights-transposed", "labels-from-one"], tools=False)
    for name, expected in outcomes.items():
        controls, planted = ([r for r in found.of(name, False) if bool(r.fault) is there] for there in (False, True))
        assert [record.outcome for record in controls] == ["silent", "silent"], [r.trace for r in controls]
        assert all(np.isfinite(record.result).all() for record in controls)
        # An index out of range is an error in PyTorch and TensorFlow; JAX takes the nearest and says nothing.
        assert [record.outcome for record in planted] == expected
        assert planted[0].pointed[0] in found.cards(name)["weights-transposed"].planted().guilty
        assert planted[0].names_operands
    text = to_text(document(found))
    assert max(map(len, text.splitlines())) <= 80
    assert "weights-transposed" in text


def test_a_traceback_inside_a_text_is_read_from_its_end():
    text = 'in user code:\n File "p.py", line 30, in step\n File "p.py", line 12, in loss'
    assert named(text, "/somewhere/p.py") == [12, 30]
    assert named("p.py:7 and p.py:3", "/somewhere/p.py") == [7, 3]
    assert named("The error occurred while tracing the function step at p.py:29 for jit.", "/somewhere/p.py") == []


ANOMALY = """Error detected in LogBackward0. Traceback of forward call that caused the error:
  File "{witness}", line 44, in main
    record = observe(**job)
  File "p.py", line 33, in step
    loss = loss_of(x, y)
  File "p.py", line 28, in loss_of
    log_p = raised.log()
"""
CREATED = """  Stack trace of op's creation ("->": inferred user code):
    + <frozen runpy> (L88) _run_code
 -> |@
    + {witness} (L44) main
 -> |@
    + p.py (L26) <module>
 -> |@
"""


def test_the_frames_of_who_ran_the_program_are_in_no_text():
    texts = (text.format(witness=reading.OBSERVERS[1]).replace("@", "   ") for text in (ANOMALY, CREATED))
    anomaly, created = (reading.bare(text, "/x/p.py") for text in texts)
    assert named(anomaly, "/x/p.py") == [28, 33]
    assert "witness" not in anomaly and "observe" not in anomaly and anomaly.count("\n") == 5
    assert created.splitlines()[1:] == ["    + p.py (L26) <module>", " -> |   "]


def test_a_quoted_line_of_the_program_names_nothing(tmp_path):
    (tmp_path / "p.py").write_text("loss = scores.matmul(labels)\n")
    said = reading.mentions("a size: 10\n  loss = scores.matmul(labels)", str(tmp_path / "p.py"), "matmul", ["scores"])
    assert said == {"names_op": False, "names_operands": True, "names_tensor": False}
    said = reading.mentions("matmul of scores", str(tmp_path / "p.py"), "dot|matmul", ["scores"])
    assert said == {"names_op": True, "names_operands": False, "names_tensor": True}
