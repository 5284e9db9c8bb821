"""Write docs/measured/debuggability.md: ``python docs/tools/make_debuggability.py [RUN.json]``.

RUN.json is what ``dualflow compare --full --json`` or ``--only debug --json`` wrote, packed or not. Without it the
study is run first, as ``dualflow compare --only debug`` does: some six minutes on two cores.
"""

from __future__ import annotations

import sys
from pathlib import Path

from dualflow.experiment.bundle import Bundle
from dualflow.experiment.debuggability.study import study
from dualflow.report import document, to_markdown

PAGE = Path(__file__).resolve().parents[1] / "measured" / "debuggability.md"

INTRODUCTION = """\
<!-- Made by `python docs/tools/make_debuggability.py`; the numbers are those of the machine at its end. -->

This is `dualflow compare --only debug`, as measured, good or bad. `--fault NAME` shows a fault with its program,
the guilty lines marked, and every arm's traceback; `--json` has every record; `dualflow debug FILE.py:FUNCTION`
does the same with mechanical mistakes in a function of yours. How to use the tools is in
[debugging.md](../guide/debugging.md).

**How to read it, and what it does not show.**

* A fault is one small mistake in a script of ours, chosen after published studies and the lecture notes. The people
  who chose the faults also wrote the messages and the tools, and knew of each other: these shares say what the tools
  *can* do, not what they will do for your bugs. Such numbers do not transfer: NeuraLint reported a recall of 70.5 %
  on its own 64 faults (arXiv 2105.08095) and found 17 of 75 structural bugs in a later study (arXiv 2412.05775).
* Guilty are all lines on which the mistake could be mended: where a weight gets the wrong shape, and where it is used.
* A fault that a mode cannot express does not count there: {eager} of the {all} in eager mode (that a Python `if` is
  baked into a graph is a fault in graphs only), {graph} in the compiled graph.
* Eager and graph are measured *in dualflow*, which gives both the same messages. Other graphs may say less.
* Figures to stand beside, on other faults and other programs: recall .15 to .33, precision .18 to .21 and F3 .15 to
  .29 for four tools that locate faults in training programs (Humbatova et al., EMSE 2025, strict); among 175
  TensorFlow bugs, 14 of 17 that came from confusion about the graph raised no error (Zhang et al., ISSTA 2018).

"""


def main() -> None:
    """Read or run the study, write the page."""
    if len(sys.argv) > 1:
        found = Bundle.load(sys.argv[1]).study
        if found is None:
            sys.exit(
                f"{sys.argv[1]} has no study of planted mistakes; `dualflow compare --only debug --json` makes one"
            )
    else:
        found = study(progress=lambda what, share: print(f"{share:4.0%} {what}", file=sys.stderr))
    absent = {arm: sum(c.shows(arm) == "not expressible" for c in found.cases) for arm in ("eager", "compiled")}
    text = INTRODUCTION.format(eager=absent["eager"], graph=absent["compiled"], all=len(found.cases))
    title, _, rest = to_markdown(document(found)).partition("\n")
    PAGE.write_text(f"{title}\n\n{text}{rest.lstrip()}", encoding="utf-8")


if __name__ == "__main__":
    main()
