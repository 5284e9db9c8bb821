"""From data to its page. The pages, which stand above the data, register themselves with ``document``."""

from __future__ import annotations

import functools
from typing import Any

from dualflow.report.document import Document


@functools.singledispatch
def document(part: Any, fault: str | None = None) -> Document:
    """Return data as a document, or what it holds of one planted fault. Raises TypeError for data without a page."""
    raise TypeError(f"{type(part).__name__} has no page; the pages are in dualflow.experiment.pages")
