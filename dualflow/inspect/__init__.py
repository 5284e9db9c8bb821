"""The debug tools. They may know both worlds; the worlds know of them only what ``dualflow.core.mode`` hands on."""

from dualflow.inspect.lint.findings import CODES, Finding
from dualflow.inspect.lint.linter import debug, lint

__all__ = ["CODES", "Finding", "debug", "lint"]
