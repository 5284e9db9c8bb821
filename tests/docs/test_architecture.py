"""The tree that ARCHITECTURE.md draws is that of the package, from the bottom up."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "dualflow"
TREE = re.search(r"^```\ndualflow/\n(.*?)^```", (ROOT / "ARCHITECTURE.md").read_text("utf-8"), re.M | re.S)[1]
ROOMS = [
    room for line in re.findall(r"^  (\w+/(?:  \w+/)*)", TREE, re.M) for room in re.findall(r"\w+", line)
]  # fmt: skip


def test_every_room_is_in_the_tree_and_every_folder_in_the_tree_exists():
    packages = {found.parent.name for found in PACKAGE.glob("*/__init__.py")}
    assert sorted(ROOMS) == sorted(packages)
    folders = {found.name for found in PACKAGE.rglob("*") if found.is_dir()}
    assert set(re.findall(r"(\w+)/", TREE)) <= folders


def test_a_room_imports_only_rooms_above_it_in_the_tree():
    upward = []
    for path in sorted(PACKAGE.glob("*/**/*.py")):
        here = ROOMS.index(path.relative_to(PACKAGE).parts[0])
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("dualflow."):
                room = node.module.split(".")[1]
                if room not in ROOMS or ROOMS.index(room) > here:
                    upward.append(f"{path.relative_to(ROOT)}:{node.lineno}: {node.module}")
    assert upward == []
