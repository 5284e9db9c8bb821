"""A report's words, line by line: exact at 80 columns, whole at any width, bare where nobody can see colour."""

import io
import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest

from dualflow.report import (
    Bar,
    Bars,
    Code,
    Column,
    Document,
    Heading,
    KeyValues,
    Note,
    Paragraph,
    Table,
    show,
    to_html,
    to_markdown,
    to_text,
)
from dualflow.report.quantity import MISSING, interval, percent, quantity, ratio

STEP = """\
def step(x, y):
    loss = mse(model(x), y)
    return loss
"""

REPORT = Document(
    "dualflow compare: digits",
    (
        Paragraph(
            "Graph pays back after 41 steps (95 % interval 35 to 52): compiling took 0.4 s once, and every step "
            "after it is 3.1 times as fast as the eager one, 1.20 ms against 390 µs on this machine with 2 cores."
        ),
        Heading("Speed"),
        Table.of(
            ["arm", ">trace", ">compile", ">steady state", "what it means"],
            [
                ["eager", None, None, "1.20 ms", "define by run: NumPy computes every op as its line runs"],
                ["graph compiled", "3.1 ms", "412 ms", "390 µs", "one function for XLA"],
            ],
            "Seconds per arm",
        ),
        Bars(
            (
                Bar("eager", 1.2e-3, 1.1e-3, 1.45e-3),
                Bar("graph interpreted", 1.3e-3, 1.29e-3, 1.31e-3),
                Bar("graph compiled", 0.39e-3, 0.38e-3, 0.41e-3),
                Bar("nothing", 1e-6),
                Bar("torch", None),
            ),
            "s",
            "Steady state, per step",
        ),
        Heading("Where", 3),
        Code(STEP, first_line=9, marked=(10,), caption="train.py"),
        KeyValues.of({"Python": "3.11", "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false " + "and more " * 6}),
        Note("the arm was still warming up.", "warning"),
    ),
)

AT_80 = """\
dualflow compare: digits
════════════════════════

Graph pays back after 41 steps (95 % interval 35 to 52): compiling took 0.4 s
once, and every step after it is 3.1 times as fast as the eager one, 1.20 ms
against 390 µs on this machine with 2 cores.

Speed
─────

Seconds per arm
arm              trace  compile  steady state  what it means
──────────────  ──────  ───────  ────────────  ─────────────────────────────────
eager                –        –       1.20 ms  define by run: NumPy computes
                                               every op as its line runs
graph compiled  3.1 ms   412 ms        390 µs  one function for XLA

Steady state, per step
eager              ████████████████████████████▓▓▓░░░░░░  1.20 ms (1.10–1.45 ms)
graph interpreted  █████████████████████████████████▏     1.30 ms (1.29–1.31 ms)
graph compiled     ██████████                             390 µs (380–410 µs)
nothing            ▏                                      1.00 µs
torch                                                     –
▓░ interval, below and above the value

Where

train.py
   9  def step(x, y):
→ 10      loss = mse(model(x), y)
  11      return loss

Python     3.11
XLA_FLAGS  --xla_cpu_multi_thread_eigen=false and more and more and more and
           more and more and more

Warning: the arm was still warming up.
"""


def test_at_80_columns_the_report_reads_exactly_so():
    assert to_text(REPORT, 80) == AT_80


@pytest.mark.parametrize("width", [10, 20, 32, 40, 60, 79, 80, 100, 120, 200])
def test_at_any_width_no_line_is_longer_and_nothing_is_lost(width):
    text = to_text(REPORT, width)
    assert max(map(len, text.splitlines())) <= width
    letters = re.sub(r"[^A-Za-z0-9]", "", text)
    for word in ["define", "interpreted", "412", "xlacpumultithreadeigenfalse", "warming", "0.4", "torch", "nothing"]:
        assert word.replace(".", "") in letters


@pytest.mark.parametrize("width", [36, 40, 60, 80, 120])
def test_words_stay_whole_and_numbers_keep_their_units(width):
    lines = to_text(REPORT, width).splitlines()
    assert not [line for line in lines if re.match(r"\s*(ms|µs|s|%|steps|cores)\b", line)]
    words = {word for line in lines for word in re.findall(r"[A-Za-z]+", line)}
    assert words <= {word for line in AT_80.splitlines() for word in re.findall(r"[A-Za-z]+", line)}


def test_a_table_too_wide_for_the_page_is_shown_row_by_row():
    table = Table.of(["arm", ">first step", ">steady"], [["eager", "2.10 ms", None], ["graph", "400 ms", "0.39 ms"]])
    assert to_text(Document("T", (table,)), 22) == (
        "T\n═\n\neager\n  first step  2.10 ms\n  steady      –\n\ngraph\n  first step  400 ms\n  steady      0.39 ms\n"
    )


def test_columns_are_aligned_as_told_and_wide_characters_count_twice():
    table = Table.of(["name", "^mid", ">end"], [["数学", "x", "1"], ["ab", "xxxxx", "22222"]])
    assert to_text(Document("T", (table,)), 80).splitlines()[3:] == [
        "name   mid     end",
        "────  ─────  ─────",
        "数学    x        1",
        "ab    xxxxx  22222",
    ]


# --- bars ----------------------------------------------------------------------------------------------------------


def drawn(bars, width=80, encoding="utf-8"):
    return to_text(Document("T", (Bars(tuple(bars)),)), width, encoding).splitlines()[3:]


def length(line):
    """The length of a bar in columns, the last one counted by its eighths."""
    return sum(" ▏▎▍▌▋▊▉█".index(mark) / 8 for mark in line if mark in "▏▎▍▌▋▊▉█")


@pytest.mark.parametrize("share", [0.5, 0.25, 0.9, 0.01, 0.333])
def test_a_bars_length_is_its_share_of_the_longest(share):
    whole, part = drawn([Bar("all", 1.0), Bar("part", share)])
    assert length(part) / length(whole) == pytest.approx(share, abs=1 / 16 / length(whole))


def test_zero_draws_nothing_and_next_to_zero_draws_the_thinnest_mark():
    _, zero, little = drawn([Bar("all", 1.0), Bar("zero", 0.0), Bar("little", 1e-9)])
    assert length(zero) == 0
    assert length(little) == 1 / 8


def test_an_interval_is_shaded_from_its_low_end_to_its_high_end():
    bar, _ = drawn([Bar("x", 30.0, 20.0, 50.0)])
    marks = "".join(mark for mark in bar if mark in "█▓░")
    columns = len(marks)
    assert re.fullmatch("█+▓+░+", marks)
    assert marks.count("█") / columns == pytest.approx(20 / 50, abs=1 / columns)
    assert (marks.count("█") + marks.count("▓")) / columns == pytest.approx(30 / 50, abs=1 / columns)


def test_where_bars_do_not_fit_beside_their_words_they_stand_below():
    assert drawn([Bar("a long enough label", 2.0), Bar("b", 1.0)], 24) == [
        "a long enough label 2.00",
        "█" * 24,
        "b 1.00",
        "█" * 12,
    ]


def test_a_bar_without_a_value_has_none_drawn():
    assert drawn([Bar("torch", None), Bar("numpy", 1.0)], 40)[0].split() == ["torch", "–"]


# --- where it is shown ---------------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def plain_environment(monkeypatch):
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "COLUMNS", "JUPYTER_COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


def test_a_pipe_gets_no_escape_codes_and_80_columns(plain_environment):
    pipe = io.StringIO()
    show(REPORT, file=pipe)
    assert pipe.getvalue() == AT_80


def test_a_terminal_gets_colour_and_the_same_words(plain_environment):
    terminal = Terminal()
    show(REPORT, file=terminal, width=80)
    assert "\x1b[1m" in terminal.getvalue()
    bare = re.sub(r"\x1b\[[0-9;]*m", "", terminal.getvalue())
    assert [line.rstrip() for line in bare.splitlines()] == AT_80.splitlines()


def test_no_color_is_honoured(plain_environment, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    terminal = Terminal()
    show(REPORT, file=terminal, width=80)
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]", terminal.getvalue())


def test_an_escape_code_in_a_text_is_made_visible_not_obeyed():
    nasty = "\x1b[31mred\x1b[0m \x07 \x9b2J"
    blocks = (Paragraph(nasty), Note(nasty), Code(nasty), Table.of([nasty], [[nasty]]), Bars((Bar(nasty, 1.0),)))
    text = to_text(Document(nasty, blocks))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)
    assert text.count("red") == 7


def test_markup_in_a_text_is_text(plain_environment):
    terminal = Terminal()
    show(Document("T", (Paragraph("[bold]x[/bold] :smile: [0, 1]"),)), file=terminal, width=80)
    assert "[bold]x[/bold] :smile: [0, 1]" in terminal.getvalue()


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1"])
def test_an_output_without_these_characters_gets_others(encoding):
    text = to_text(REPORT, 80, encoding)
    text.encode(encoding)
    assert max(map(len, text.splitlines())) <= 80
    assert "?" not in text
    assert "-> 10      loss" in text
    assert "=-" in text if encoding == "ascii" else "µs" in text


def test_a_real_pipe_with_a_narrow_encoding_is_written_to():
    program = "from dualflow.report import *; show(Document('µ', (Bars((Bar('a', 1.0),)),)))"
    environment = {"PYTHONIOENCODING": "ascii", "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PATH": ""}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True)
    assert done.stdout.startswith(b"u\n=\n\na  ####")


def test_building_and_storing_a_report_does_not_load_rich():
    program = (
        "import sys; from dualflow.report import *; d = Document('T', (Paragraph('x'),));"
        "d.to_json(); to_markdown(d); sys.exit('rich' in sys.modules)"
    )
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PATH": ""}
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)


# --- the data ------------------------------------------------------------------------------------------------------


def test_a_document_survives_json():
    assert Document.from_json(json.loads(json.dumps(REPORT.to_json(), allow_nan=False))) == REPORT


def test_json_says_what_kind_each_block_is():
    kinds = [block["kind"] for block in REPORT.to_json()["blocks"]]
    assert kinds == ["paragraph", "heading", "table", "bars", "heading", "code", "key_values", "note"]


def test_documents_add_up():
    more = REPORT + Document("Machine", (Paragraph("two cores"),)) + [Note("done")]
    assert more.title == REPORT.title
    assert more.blocks == (*REPORT.blocks, Heading("Machine"), Paragraph("two cores"), Note("done"))


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Heading("x", 4), "level must be 1, 2 or 3"),
        (lambda: Note("x", "loud"), "tone must be one of note, good, warning, bad"),
        (lambda: Column("x", "middle"), "align must be one of left, right, center"),
        (lambda: Table((), ()), "at least one column"),
        (lambda: Table.of(["a", "b"], [["1", "2"], ["1"]]), "row 2 of the table has 1 cells for 2 columns"),
        (lambda: Bar("x", -1.0), "'x' must be finite and at least 0"),
        (lambda: Bar("x", float("nan")), "must be finite"),
        (lambda: Bar("x", 1.0, 0.5), "both ends of its interval or neither"),
        (lambda: Bar("x", 3.0, 1.0, 2.0), "has 3.0 outside 1.0 to 2.0"),
        (lambda: Bar("x", None, 1.0, 2.0), "has None outside 1.0 to 2.0"),
        (lambda: Code("a\nb", first_line=5, marked=(7,)), "marked line 7 is not among the lines 5 to 6"),
        (lambda: Document.from_json({"title": "T", "blocks": [{"kind": "video"}]}), "nothing of kind 'video'"),
    ],
)
def test_what_no_renderer_could_show_is_refused(build, message):
    with pytest.raises(ValueError, match=message):
        build()


def test_empty_things_are_shown_as_such():
    blocks = (Paragraph(""), Table.of(["a"], []), Bars(()), KeyValues(()), Code(""))
    assert to_text(Document("T", blocks)).splitlines()[:6] == ["T", "═", "", "", "", "a"]


def test_all_zero_bars_do_not_divide_by_zero():
    assert drawn([Bar("a", 0.0), Bar("b", 0.0)], 40) == ["a" + " " * 38 + "0", "b" + " " * 38 + "0"]


# --- Markdown ------------------------------------------------------------------------------------------------------


def test_markdown_reads_exactly_so():
    document = Document(
        "A | B",
        (
            Paragraph("*not* bold_, 1 < 2, `code_` and a lone `"),
            Table.of(["arm", ">time", "^x"], [["a|b", None, "`c`"]], "Caption"),
            Bars((Bar("eager", 1.2e-3, 1.1e-3, 1.45e-3),), "s"),
            Code("s = '```'", marked=(1,), caption="train.py"),
            Note("look", "bad"),
        ),
    )
    assert to_markdown(document) == (
        "# A \\| B\n\n"
        "\\*not\\* bold\\_, 1 \\< 2, `code_` and a lone \\`\n\n"
        "*Caption*\n\n| arm | time | x |\n| :-- | --: | :-: |\n| a\\|b | – | `c` |\n\n"
        "|  | value | interval |\n| :-- | --: | --: |\n| eager | 1.20 ms | 1.10–1.45 ms |\n\n"
        "*train.py (line 1)*\n\n````python\ns = '```'\n````\n\n"
        "> **Failed:** look\n"
    )


# --- quantities ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1.0, "s", "1.00 s"),
        (999.4e-6, "s", "999 µs"),
        (999.6e-6, "s", "1.00 ms"),
        (1e-3, "s", "1.00 ms"),
        (4.2e-9, "s", "4.20 ns"),
        (1e-15, "s", "0.00100 ps"),
        (190.4e9, "FLOP/s", "190 GFLOP/s"),
        (41, "steps", "41 steps"),
        (1234.5, "", "1,230"),
        (1e30, "", "1.00e+30"),
        (0.0, "s", "0 s"),
        (-0.002, "s", "-2.00 ms"),
        (float("nan"), "s", "–"),
    ],
)
def test_a_quantity_has_three_digits_and_a_fitting_prefix(value, unit, text):
    assert quantity(value, unit) == text


def test_missing_numbers_are_dashes():
    assert quantity(None) == ratio(None) == percent(None) == interval(None, 1.0) == "–"


# --- HTML -----------------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """A page as a browser reads it: whether every element is closed, its text, and what it would fetch."""

    EMPTY = {"meta", "link", "rect"}

    def __init__(self, text):
        super().__init__()
        self.open, self.text, self.fetched, self.tags = [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.fetched += [v for k, v in attributes if k in ("src", "href") and not v.startswith(("data:", "#"))]
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] not in ("style", "script"):
            self.text.append(data)


def test_html_is_one_whole_page_that_fetches_nothing():
    text = to_html(REPORT)
    page = Page(text)
    assert page.fetched == [] and page.tags.count("script") == 1 and "url(" not in text and "@import" not in text
    words = " ".join(" ".join(page.text).split())
    for block in REPORT.blocks:
        for word in (getattr(block, "text", None), getattr(block, "caption", None)):
            assert word is None or " ".join(word.split()) in words


def test_html_keeps_markup_in_a_text_as_text():
    words = '<script>alert("x")</script> & <b>'
    page = Page(to_html(Document(words, (Paragraph(words), Table.of([words], [[words]], words), Code(words)))))
    assert page.tags.count("script") == 1 and "b" not in page.tags  # the page's own
    assert "".join(page.text).count(words) == 7  # title and heading too


def test_html_draws_bars_on_one_scale_and_says_their_numbers():
    text = to_html(Document("t", (Bars((Bar("a", 2.0, 1.0, 4.0), Bar("b", 1.0), Bar("c", None)), "s"),)))
    assert '<rect class="value" width="50.00%"' in text and 'x="25.00%" width="75.00%"' in text
    assert '<rect class="value" width="25.00%"' in text and text.count("<rect") == 3
    assert "2.00\xa0s (1.00–4.00\xa0s)" in text and MISSING in text
