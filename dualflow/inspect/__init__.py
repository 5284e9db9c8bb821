"""The debug tools. They may know both worlds; the worlds know of them only what ``dualflow.mode`` hands on."""

from dualflow.debugger.explain import Explanation, explain
from dualflow.debugger.findings import CODES, Finding
from dualflow.debugger.lint import debug, lint

__all__ = ["CODES", "Explanation", "Finding", "debug", "explain", "lint"]
