"""Write docs/measured/peers.md from runs beside the peers: ``python docs/tools/make_peers.py RUN.json…``.

Runs are put together, so that races and faults may come from one command or from two.
"""

from __future__ import annotations

import functools
import sys
from pathlib import Path

from dualflow.experiment.bundle import Bundle
from dualflow.experiment.pages.machine import ended
from dualflow.experiment.pages.peer_study import headline, sections
from dualflow.experiment.pages.race import sections as racing
from dualflow.report import Heading, Paragraph, to_markdown
from dualflow.report.document import Block

PAGE = Path(__file__).resolve().parents[1] / "measured" / "peers.md"

INTRODUCTION = """\
<!-- Made by `python docs/tools/make_peers.py RUN.json RACES.json`; the numbers are those of the machine at its end. -->

Measured, good or bad, by

```
dualflow compare --full --peers all --json RUN.json
dualflow compare digits notes chain lstm --peers all --json RACES.json
python docs/tools/make_peers.py RUN.json RACES.json
```

`dualflow compare` by itself runs `digits` beside the peers that are installed and plants a sample of the mistakes.
Those that are not are named with the extra that installs them: `pip install dualflow[peers]` (PyTorch),
`dualflow[tensorflow]`. A framework that needs another environment is given its interpreter:
`DUALFLOW_PYTHON_TENSORFLOW=/path/to/bin/python`. In the HTML page (`--html`) each cell opens what that column
printed, beside the program with its guilty lines marked; in a terminal `--only debug --peers NAMES --fault NAME`
does.

**What is compared.**

* **Idiom.** Programs are written as the users of each framework write them: `dualflow/experiment/peers/with_*.py` for
  speed, `dualflow/experiment/faults/programs/torch/`, `jax/`, `tensorflow/`, `tf1/` for mistakes. Each column is a
  process of its own.
* **Same start, parity first.** Every column gets the same weights and batches as NumPy arrays, and one thread. Losses
  of the first 16 steps and the weights after them must agree with eager; whoever differs is named and not timed.
  TensorFlow puts Adam's epsilon outside the bias correction; the adapter moves it, because where gradients are near
  1e-8 weights otherwise part by 4 %.
* **Speed.** In each round every process in turn times one block with its own clock, while the others wait.
  `torch.compile` compiles the loss and its backward pass; the optimizer is a call of its own.
* **Faults.** The same mistake in the same place of the same program. Whatever a framework prints counts for it: its
  traceback, a traceback inside a message ("Detected at node … defined at", "from user code"), a warning before the
  error. Read first is what was printed first, and in a stack its innermost line.

**What these numbers do not show.**

* Small programs on a CPU with one thread: the cost of carrying an op out, not of large matrices, and nothing of a
  GPU, for which the peers are built. Nobody runs TensorFlow or JAX op by op for speed.
* The mistakes were chosen by the people who wrote dualflow's messages, for a study of dualflow's own two worlds. They
  were carried over, not chosen for what the peers are good or bad at: a comparison of frameworks on *these* mistakes
  only.
* Tools are each framework's switch that looks for NaN. Not used, because the program must be written for them: JAX's
  `checkify` (which finds an index out of range), TensorFlow's debugger, PyTorch's hooks. Nor are type checkers,
  linters, and interactive debuggers.
* A mistake that an idiom cannot make does not count for it, and is no merit in this table, though it may be one.

"""


def main() -> None:
    """Read the runs, write the page."""
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    bundle = functools.reduce(Bundle.__add__, map(Bundle.load, sys.argv[1:]))
    blocks: list[Block] = [Paragraph(text) for text in headline(None, bundle.peer_study)]
    for race in bundle.races:
        blocks += [Heading(race.name), *[Paragraph(text) for text in headline(race, None)], *racing(race, 3)]
    if bundle.peer_study is not None:
        blocks += [Heading("Planted mistakes"), *sections(bundle.peer_study, 3)]
    parts = (*bundle.races, *([] if bundle.peer_study is None else [bundle.peer_study]))
    if not parts:
        sys.exit(f"{', '.join(sys.argv[1:])}: nothing in there was run beside the peers")
    title, _, rest = to_markdown(ended("Beside the peers", blocks, parts[0].machine)).partition("\n")
    PAGE.write_text(f"{title}\n\n{INTRODUCTION}{rest.lstrip()}", encoding="utf-8")


if __name__ == "__main__":
    main()
