"""Everything on one page: parity, speed, faults, both graphs; its JSON and schema; two runs beside each other."""

import dataclasses
import json
import lzma
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import dualflow as df
from dualflow.arms.arms import choose
from dualflow.cli import main
from dualflow.experiment.bundle import Bundle
from dualflow.experiment.debuggability.observation import Observation
from dualflow.experiment.debuggability.study import QUICK, SAMPLE, Study
from dualflow.experiment.difference import Difference
from dualflow.experiment.faults import FAULTS
from dualflow.experiment.measure.machine import inspect
from dualflow.experiment.measure.statistics import ratio_across
from dualflow.experiment.pages.graphs import blocks
from dualflow.experiment.programs.sweeps import SWEEPS
from dualflow.experiment.results.graphs import Graphs, graphs
from dualflow.experiment.sweep import sweep
from dualflow.report import (
    Curves,
    Document,
    Fold,
    Heading,
    Paragraph,
    Series,
    Table,
    document,
    to_html,
    to_markdown,
    to_text,
)

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "reference" / "report.schema.json").read_text("utf-8"))
NAMES = ("transpose-forgotten", "rate-baked-in", "loss-changed")


def step(x):
    w = x * 2.0
    if df.current_mode() == "eager":
        w = df.tanh(w)
        w = df.atanh(w)
    return (w + 1.0).sum()


def study(outcome="raised"):
    """Return a study of three faults as if they had been run; one of them cannot be expressed in eager mode."""
    records = [
        Observation("", "tutorial", arm, tools, "silent") for arm in ("eager", "compiled") for tools in (False, True)
    ]
    for name in NAMES:
        card = FAULTS[name]
        for arm in ("eager", "compiled"):
            for tools in (False, True):
                if card.shows(arm) != "not expressible":
                    told = outcome if tools or card.kind == "A" else "silent"
                    lines = card.planted().guilty[:1] if told == "raised" else ()
                    records.append(
                        Observation(name, card.program, arm, tools, told, "definition", "ShapeError", f"<{name}>",
                               f"Traceback\n  <b>{name}</b>", lines, result=(1.0, float("nan")))
                    )  # fmt: skip
    return Study(tuple(FAULTS[name] for name in NAMES), ("eager", "compiled"), tuple(records), inspect(quick=True))


@pytest.fixture(scope="module")
def whole():
    report = df.compare(step, df.ones(3), arms="eager,compiled", steps=4, budget_s=0.05)
    return Bundle((dataclasses.replace(report, graphs=graphs(step, (df.ones(3),))),), study())


@pytest.fixture(scope="module")
def curves():
    return Bundle(sweeps=tuple(sweep(SWEEPS[name], choose("eager,compiled"), xs=SWEEPS[name].xs[:2], budget_s=0.01)
                              for name in ("size", "shapes")))  # fmt: skip


def slower(whole, factor):
    """Return the same run with every step of the compiled graph taking so many times as long."""
    report = whole.reports[0]
    samples = report.speed.samples
    seconds = {**samples.seconds, "compiled": tuple(factor * s for s in samples.seconds["compiled"])}
    speed = dataclasses.replace(report.speed, samples=dataclasses.replace(samples, seconds=seconds))
    return dataclasses.replace(whole, reports=(dataclasses.replace(report, speed=speed),))


# --- both graphs --------------------------------------------------------------------------------------------------


def test_the_tape_and_the_graph_are_paired_and_what_one_has_alone_is_marked():
    found = graphs(step, (df.ones(3),))
    told = [(a and a.op, b and b.op) for a, b in found.pairs]
    assert told == [("multiply",) * 2, ("tanh", None), ("atanh", None), ("add",) * 2, ("sum",) * 2]
    assert found.alone == 2
    first = found.pairs[0][0]
    assert (first.shape, first.dtype, first.file) == ((3,), "float32", "test_bundle.py")
    assert "w = x * 2.0" in found.sources[first.file].split("\n")[first.line - 1]
    assert Graphs.from_json(json.loads(json.dumps(found.to_json()))) == found
    page = to_html(Document("t", tuple(blocks(found, "mine"))))
    anchor = f"mine-test_bundle.py-{first.line}"
    assert f'href="#{anchor}"' in page and f'id="{anchor}"' in page and page.count("eager alone") == 2


def test_gradients_of_the_tape_are_paired_with_the_graphs():
    w = df.Variable([1.0, 2.0])

    def train(x):
        loss = ((w * x) ** 2).sum()
        df.optim.SGD([w], lr=0.1).minimize(loss)
        return loss

    found = graphs(train, (df.ones(2),))
    assert sum(a is not None and a.op == "gradient" for a, b in found.pairs if b is not None) >= 2
    assert found.rules > 0 and w.tolist() == [1.0, 2.0]


# --- JSON ---------------------------------------------------------------------------------------------------------


def valid(data):
    """Say whether data has the published form."""
    jsonschema = pytest.importorskip("jsonschema", reason="the test extra installs jsonschema")
    return jsonschema.Draft202012Validator(SCHEMA).is_valid(data)


def test_everything_survives_json_and_has_the_published_form(whole, curves, tmp_path):
    whole += curves
    data = json.loads(whole.dumps())
    assert Bundle.from_json(data).dumps() == whole.dumps()
    for part in (data, data["reports"][0], data["debug"], json.loads(Difference(("a", "b"), whole, whole).dumps())):
        assert valid(part), part["format"]
    packed = tmp_path / "report.json.xz"
    packed.write_bytes(lzma.compress(whole.dumps().encode()))
    assert document(Bundle.load(packed)) == document(whole)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.update(more=1),
        lambda data: data["reports"][0].pop("parity"),
        lambda data: data["reports"][0]["speed"]["samples"]["seconds"]["eager"].append("fast"),
        lambda data: data["debug"]["records"][0].update(outcome="exploded"),
        lambda data: data["reports"][0]["graphs"]["pairs"][0]["eager"].update(line=-1),
    ],
)
def test_the_schema_refuses_what_is_not_so(whole, change):
    data = json.loads(whole.dumps())
    change(data)
    assert not valid(data)


def test_a_file_that_is_no_report_is_refused(tmp_path):
    for text in ("[]", "{", '{"format": "else"}', '{"format": "dualflow/1"}'):
        (tmp_path / "x.json").write_text(text, "utf-8")
        with pytest.raises(ValueError, match=r"x\.json' is no report that `--json` wrote"):
            Bundle.load(tmp_path / "x.json")


# --- the page -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [60, 80, 120])
def test_it_fits_the_page_and_the_summary_comes_first(whole, width):
    text = to_text(document(whole), width)
    assert max(map(len, text.splitlines())) <= width
    first = " ".join(text.split("\n\n")[1].split())
    assert first.startswith("On step all arms compute the same")
    assert "their own line: 1 of 2 in eager (2 with the debug tools), 1 of 3 in the compiled graph (3 with" in first
    for part in ("How fast are they?", "How debuggable are they?", "The tape and the graph", "Retraces", "Machine"):
        assert f"\n{part}\n" in text
    assert "▸ The 3 faults" in text and "<b>" not in text


def test_curves_stand_after_speed_or_alone(whole, curves):
    text = to_text(document(whole + curves))
    assert (
        text.index("How fast") < text.index("How does it grow?") < text.index("By elements") < text.index("How debug")
    )
    alone = to_text(document(curves))
    assert alone.startswith("dualflow sweep: size, shapes") and alone.count("\nMachine\n") == 1


def test_several_programs_are_first_told_in_one_table(whole):
    report = whole.reports[0]
    cost = dataclasses.replace(report.speed.costs["compiled"][0], first_s=1e6)
    costs = {"eager": report.speed.costs["eager"], "compiled": (cost,)}
    dear = [
        dataclasses.replace(r, speed=dataclasses.replace(r.speed, costs=costs))
        for r in (report, slower(whole, 1e6).reports[0])
    ]
    several = Bundle((dear[0], dataclasses.replace(report, name="other", speed=None), dear[1]))
    overview, told, *rest = document(several).blocks
    assert [row[0] for row in overview.rows] == ["step", "other", "step"]
    assert overview.rows[1][1:] == (None,) * 5 and overview.rows[2][4] == "never" and "×" in overview.rows[0][3]
    assert [b.text for b in rest if isinstance(b, Heading) and b.level == 2] == [
        "step", "other", "step",
    ]  # fmt: skip


def test_a_cell_leads_to_its_faults_and_a_mark_to_its_traceback(whole):
    page = whole.html()
    for anchor in ("class-A", "fault-loss-changed", "run-transpose-forgotten-compiled-tools"):
        assert f'href="#{anchor}"' in page and page.count(f'id="{anchor}"') == 1
    assert "&lt;b&gt;loss-changed" in page and "<b>loss" not in page
    assert "run-rate-baked-in-eager" not in page  # not expressible there
    assert len(page.encode()) < 3_000_000


def test_samples_are_cards_and_span_the_classes():
    assert {FAULTS[name].kind for name in SAMPLE} == set("ABCDEFGH") and len({FAULTS[n].kind for n in QUICK}) == 5


# --- curves and folds -----------------------------------------------------------------------------------------------

LINES = Curves(
    (Series("eager", ((1.0, 1e-3), (100.0, 0.1))), Series("graph", ((1.0, 0.5, 0.4, 0.6), (100.0, 0.5, 0.4, 0.6)))),
    "steps", "time", y_unit="s", caption="All time",
)  # fmt: skip


def test_curves_are_a_line_of_heights_and_a_table_in_a_terminal():
    assert to_text(Document("T", (LINES,))).splitlines()[3:] == [
        "All time",
        "eager  ▁▆",
        "graph  ██",
        "",
        "steps    eager                graph",
        "─────  ───────  ───────────────────",
        "    1  1.00 ms  500 ms (400–600 ms)",
        "  100   100 ms  500 ms (400–600 ms)",
    ]


def test_in_a_narrow_terminal_curves_leave_out_intervals_and_gaps_stay_gaps():
    late = Curves((LINES.series[1], Series("late", ((100.0, 0.1, 0.1, 0.1),))), "steps", "time", y_unit="s")
    assert to_text(Document("T", (late,)), 30).splitlines()[3:] == [
        "graph  ██",
        "late    ▁",
        "",
        "steps   graph    late",
        "─────  ──────  ──────",
        "    1  500 ms       –",
        "  100  500 ms  100 ms",
    ]


def test_curves_have_words_for_those_who_do_not_see_them():
    page = to_html(Document("T", (LINES,)))
    label = "time over steps. eager: 1.00 ms at 1, 100 ms at 100; graph: 500 ms at 1, 500 ms at 100."
    assert f'role="img" aria-label="{label}"' in page and "500\xa0ms (400–600\xa0ms)" in page.split("</svg>")[2]
    wide, narrow = page.split('class="curves narrow"')  # one drawing for each width of screen
    assert [part.count("<polyline") for part in (wide, narrow)] == [2, 2] and wide.count('class="band"') == 2
    assert "| 100 | 100 ms | 500 ms (400–600 ms) |" in to_markdown(Document("T", (LINES,)))


def test_equal_steps_are_equal_lengths_on_a_logarithmic_axis():
    line = Curves((Series("a", ((1.0, 1.0), (10.0, 10.0), (100.0, 100.0))),), "x", "y")
    drawn = to_html(Document("T", (line,))).split('<polyline points="')[1].split('"')[0]
    (a, b, c), (d, e, f) = np.array([p.split(",") for p in drawn.split()], float).T
    assert b - a == pytest.approx(c - b, abs=0.2) and d - e == pytest.approx(e - f, abs=0.2) and d > f


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (lambda: Series("a", ((1.0, float("nan")),)), "2 or 4 finite numbers"),
        (lambda: Series("a", ((2.0, 1.0), (1.0, 1.0))), "in the order of x"),
        (lambda: Curves((Series("a", ((0.0, 1.0),)),), "x", "y"), "no logarithmic axis can show"),
        (lambda: Table.of(["a"], [["1"]], links=[["x", "y"]]), "one for each cell"),
    ],
)
def test_what_cannot_be_drawn_is_refused(build, says):
    with pytest.raises(ValueError, match=says):
        build()


def test_curves_and_folds_survive_json():
    inside = (LINES, Fold("inner", (Paragraph("p"),), "here", (("arm", "eager"),)))
    document = Document(
        "T", (Fold("outer", inside, filters=("arm",), opened=True), Table.of(["a"], [["1"]], links=[["x"]]))
    )
    assert Document.from_json(json.loads(json.dumps(document.to_json()))) == document
    assert "▸ outer" in to_text(document) and "> outer" in to_text(document, encoding="ascii")
    assert "▸ outer" in to_markdown(document) and "inner" not in to_markdown(document)


# --- two runs -----------------------------------------------------------------------------------------------------


def test_a_run_beside_itself_has_no_change(whole):
    found = Difference(("a", "b"), whole, whole)
    assert [off.faster for _, _, off in found.speed()] == [None, None]
    assert found.verdicts() == found.faults() == found.machine() == []


def test_what_is_slower_and_what_shows_otherwise_is_said(whole):
    after = dataclasses.replace(slower(whole, 1000.0), study=study("silent"))
    found = Difference(("monday", "tuesday"), slower(whole, 0.001), after)
    (_, arm, one), (_, other, two) = found.speed()
    assert (arm, one.faster) == ("eager", None)
    assert (other, two.faster) == ("compiled", "before") and two.ratio.value == pytest.approx(1e-6)
    assert any(c.what == "eager / compiled" and c.after == "eager faster" for c in found.verdicts())
    assert {c.of for c in found.faults()} == set(NAMES)
    assert {(c.before, c.after) for c in found.faults()} == {("line", "silent")}
    text = " ".join(to_text(document(found)).split())
    assert "0 became faster, 1 slower" in text and "Before: monday. After: tuesday." in text
    assert "runs of planted faults 7 showed otherwise" in text


def test_runs_with_nothing_in_common_say_so(whole):
    found = Difference(("a", "b"), Bundle(whole.reports), Bundle((), whole.study))
    assert "no program and no fault in common" in to_text(document(found))


def test_noise_within_two_runs_is_no_difference_and_a_tenth_is_one():
    random = np.random.default_rng(0)
    alike = [ratio_across(random.normal(1, 0.05, 40), random.normal(1, 0.05, 50), seed=i) for i in range(40)]
    assert sum(not one.low <= 1 <= one.high for one in alike) <= 5
    apart = ratio_across(random.normal(1.1, 0.02, 40), random.normal(1, 0.02, 50))
    assert 1.05 < apart.low < 1.1 < apart.high < 1.15


def test_the_command_compares_two_files(whole, tmp_path):
    for name, run in (("a.json", whole), ("b.json", slower(whole, 1000.0))):
        (tmp_path / name).write_text(run.dumps(), "utf-8")
    names = [str(tmp_path / name) for name in ("a.json", "b.json", "c.html", "bad.json")]
    done = CliRunner().invoke(main, ["report", *names[:2], "--html", names[2]])
    assert done.exit_code == 0, done.output
    assert "slower" in done.stdout and "<td>slower</td>" in Path(names[2]).read_text("utf-8")
    data = json.loads(CliRunner().invoke(main, ["report", *names[:2], "--json", "-"]).stdout)
    assert valid(data) and data["speed"][1]["verdict"] == "before faster"
    markdown = tmp_path / "a.md"
    alone = CliRunner().invoke(main, ["report", names[0], "--md", str(markdown)])
    assert alone.exit_code == 0 and alone.stdout == to_text(document(whole))
    assert markdown.read_text("utf-8") == to_markdown(document(whole))
    Path(names[3]).write_text("{}", "utf-8")
    refused = CliRunner().invoke(main, ["report", names[0], names[3]])
    assert refused.exit_code == 2 and "is no report" in refused.stderr
