"""The peers: the protocol with a made-up framework, the adapters of those that are installed, what the command says."""

import importlib.util
import json
import textwrap

import numpy as np
import pytest
from click.testing import CliRunner

from dualflow.cli import main
from dualflow.compare import peers
from dualflow.compare.debug.reading import named
from dualflow.compare.faults.card import source
from dualflow.compare.peers import OURS, PEERS, Peer, choose
from dualflow.compare.peers import race as racing
from dualflow.compare.peers.debug import beside
from dualflow.compare.peers.faults import PAIRS, fault, without
from dualflow.compare.peers.race import Race, race
from dualflow.compare.peers.remote import PeerError, Remote
from dualflow.compare.report import to_text
from dualflow.compare.speed import measure

FAKE = """
    import os
    import numpy as np
    from dualflow.compare.peers import Run

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


def test_a_framework_that_is_not_there_has_no_version(fake):
    with Remote(fake("plain", "no_such_framework")) as worker:
        assert worker.ask("load")["version"] is None


def test_peers_that_differ_fail_or_are_missing_are_named_and_not_timed(fake, monkeypatch):
    others = {
        "differs": fake("plain"), "breaks": fake("breaks"), "missing": fake("plain", "no_such_framework")
    }  # fmt: skip
    for name, peer in others.items():
        monkeypatch.setitem(PEERS, name, Peer(name, peer.adapter, peer.mode, "", peer.package, "imaginary"))
    monkeypatch.setattr(racing, "STEPS", 2)
    found = race("chain", choose("differs,breaks,missing"), budget_s=0.05)
    by_name = {entry.name: entry for entry in found.entries}
    assert [name for name, entry in by_name.items() if entry.agrees] == ["eager", "compiled"]
    assert "only the second arm has it" in by_name["differs"].gaps["result"].reason
    assert "no such step" in by_name["breaks"].error
    assert by_name["missing"].version is None
    assert not found.passed
    assert found.samples.arms == ("eager", "compiled")
    text = to_text(found.document())
    assert "not installed, so not run: missing. `pip install dualflow[imaginary]`" in " ".join(text.split())
    assert "differs from eager, and was not timed" in " ".join(text.split())
    assert max(len(line) for line in text.splitlines()) <= 80 or "Traceback" in text
    again = Race.from_json(json.loads(json.dumps(found.to_json(), allow_nan=False)))
    assert again.to_json() == found.to_json()


@pytest.mark.parametrize("program", racing.ADAPTED)
@pytest.mark.parametrize("package", sorted({peer.package for peer in PEERS.values()}))
def test_adapters_agree_with_eager(package, program):
    if importlib.util.find_spec(package) is None:
        pytest.skip(f"{package} is not installed")
    # torch.compile takes half a minute of a core a program, and is the same adapter
    chosen = [peer for peer in PEERS.values() if peer.package == package and peer.name != "torch.compile"]
    found = race(program, chosen, only="parity")
    assert found.passed, to_text(found.document())
    assert found.samples is None


def test_choosing():
    assert choose("all") == tuple(PEERS.values())
    with pytest.raises(ValueError, match="there is no peer 'caffe'; there are torch, torch.compile"):
        choose("jax,caffe")
    with pytest.raises(ValueError, match="'jax' was given twice"):
        choose("jax,jax")
    with pytest.raises(ValueError, match="no peer has the program 'x'; they have notes, digits"):
        race("x")
    assert not set(OURS) & set(peers.PEERS)


def test_the_command_refuses_what_no_peer_has():
    for arguments, said in (
        (["notes", "--peers", "caffe"], "there is no peer 'caffe'"),
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


def test_missing_peers_are_named_beside_the_faults(fake):
    found = beside([fake("plain", "no_such_framework")], faults=())
    assert found.missing == ("imaginary",)
    assert set(found.records) == set(OURS)
    assert json.loads(json.dumps(found.to_json()))["missing"] == ["imaginary"]


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
    if importlib.util.find_spec(chosen[0].package) is None:
        pytest.skip(f"{chosen[0].package} is not installed")
    found = beside(chosen, ["weights-transposed", "labels-from-one"], tools=False)
    for name, expected in outcomes.items():
        controls, planted = ([r for r in found.of(name, False) if bool(r.fault) is there] for there in (False, True))
        assert [record.outcome for record in controls] == ["silent", "silent"], [r.trace for r in controls]
        assert all(np.isfinite(record.result).all() for record in controls)
        # An index out of range is an error in PyTorch and TensorFlow; JAX takes the nearest and says nothing.
        assert [record.outcome for record in planted] == expected
        assert planted[0].pointed[0] in found.cards(name)["weights-transposed"].planted().guilty
        assert planted[0].names_operands
    text = to_text(found.document())
    assert max(map(len, text.splitlines())) <= 80
    assert "weights-transposed" in text


def test_a_traceback_inside_a_text_is_read_from_its_end():
    text = 'in user code:\n File "p.py", line 30, in step\n File "p.py", line 12, in loss'
    assert named(text, "/somewhere/p.py") == [12, 30]
    assert named("p.py:7 and p.py:3", "/somewhere/p.py") == [7, 3]
