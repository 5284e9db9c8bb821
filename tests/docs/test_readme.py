"""The tour in README.md runs as it is printed."""

from __future__ import annotations

import re
from pathlib import Path

import dualflow as df

README = Path(__file__).parents[2] / "README.md"


def test_every_python_block_runs_in_order():
    df.manual_seed(0)
    blocks = re.findall(r"^```python\n(.*?)^```", README.read_text(encoding="utf-8"), re.S | re.M)
    assert len(blocks) >= 3
    source = "\n".join(blocks).replace("df.compare(step, xb, yb)", "df.compare(step, xb, yb, budget_s=1.0)")
    names: dict[str, object] = {}
    exec(compile(source, str(README), "exec"), names)
    assert float(names["loss"]) < 2.3  # below chance for ten classes, after three passes over the digits


def test_the_two_commands_are_marked_for_ci():
    text = README.read_text(encoding="utf-8")
    for name in ("main", "test"):
        assert re.search(rf"^<!-- ci:{name} -->\n```bash\n\S", text, re.M), name
