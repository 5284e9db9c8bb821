"""Run the array API standard's own conformance suite on dualflow: ``python tests/array_api.py [pytest options]``.

Not a test of this suite (it takes minutes and a clone): it clones https://github.com/data-apis/array-api-tests beside
the repository, or takes the clone that ``--suite PATH`` names, and prints passed and failed by file. Its needs:
``pip install hypothesis ndindex pytest-json-report``. ``EXPECTED`` lists what fails, each with the reason why it stays.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
SUITE = "https://github.com/data-apis/array-api-tests"
EXPECTED: dict[str, str] = {
    "test_binary[floor_divide(": "an infinity divided down to an integer is NaN, as in NumPy and PyTorch",
    "test_binary[__floordiv__(": "the same",
    "test_iop[__ifloordiv__(": "the same",
    "test_unary[tanh(real(x_i) is +infinity": "the zero beside it has the sign of sin 2y, as in C99 and NumPy",
    "test_can_cast": "NumPy says None == dtype('float64'), so that the suite expects every dtype to be cast to it",
    "test_unary[expm1((real(x_i) is +0 or real(x_i) == -0)": "expm1(-0+0j) keeps its sign, as in NumPy and PyTorch",
}
"""By the beginning of a test's name."""


WORLDS = {"eager": "dualflow", "graph": "graph_api"}
"""World → the module whose functions are carried out in it."""


def clone(target: Path) -> Path:
    """Clone the suite with the standard's text, unless it is there."""
    if not target.exists():
        subprocess.run(["git", "clone", "-q", "--recursive", SUITE, str(target)], check=True)
    return target


def run(suite: Path, world: str, examples: int, options: list[str]) -> dict:
    """Run the suite and return pytest's report."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        paths = os.pathsep.join(filter(None, [str(HOME), str(Path(__file__).parent), os.environ.get("PYTHONPATH")]))
        command = [sys.executable, "-m", "pytest", "-q", "-W", "ignore", "-p", "no:cacheprovider"]
        command += ["--max-examples", str(examples), "--derandomize", "--disable-deadline"]
        command += ["--json-report", "--json-report-file", str(report), *(options or ["array_api_tests"])]
        subprocess.run(
            command,
            cwd=suite,
            check=False,
            env=os.environ | {"PYTHONPATH": paths, "ARRAY_API_TESTS_MODULE": WORLDS[world]},
        )
        return json.loads(report.read_text(encoding="utf-8"))


def main() -> int:
    """Run the suite, print outcomes by file and whatever fails that is not expected to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--suite", type=Path, default=HOME.parent / "array-api-tests", help="a clone of the suite")
    parser.add_argument("--world", choices=WORLDS, default="eager", help="graph: each function traced and compiled")
    parser.add_argument("--max-examples", type=int, default=20)
    known, options = parser.parse_known_args()
    report = run(clone(known.suite), known.world, known.max_examples, options)
    counts: dict[str, collections.Counter] = collections.defaultdict(collections.Counter)
    surprises = [f"{c['nodeid']}: not collected" for c in report.get("collectors", ()) if c["outcome"] == "failed"]
    for test in report["tests"]:
        file, _, name = test["nodeid"].rpartition("/")[2].partition("::")
        reason = next((EXPECTED[key] for key in EXPECTED if name.startswith(key)), None)
        failed = test["outcome"] in ("failed", "error")
        counts[file]["expected failure" if failed and reason else test["outcome"]] += 1
        if failed and not reason:
            surprises.append(f"{file}::{name}")
    for file, outcomes in sorted(counts.items()):
        print(f"{file:50} {', '.join(f'{n} {outcome}' for outcome, n in sorted(outcomes.items()))}")
    total = sum(counts.values(), collections.Counter())
    print(f"{'total':50} {', '.join(f'{n} {outcome}' for outcome, n in sorted(total.items()))}")
    for key, reason in EXPECTED.items():
        print(f"expected: {key}: {reason}")
    for name in surprises:
        print(f"not expected: {name}")
    return 1 if surprises else 0


if __name__ == "__main__":
    raise SystemExit(main())
