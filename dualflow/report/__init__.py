"""A report is data rendered twice: ``document`` says what is in it, each other file here is one way to show it."""

from dualflow.compare.report.document import (
    Bar,
    Bars,
    Block,
    Code,
    Column,
    Curves,
    Document,
    Fold,
    Heading,
    KeyValues,
    Note,
    Paragraph,
    Series,
    Table,
)
from dualflow.compare.report.html import to_html
from dualflow.compare.report.markdown import to_markdown
from dualflow.compare.report.terminal import show, to_text

__all__ = [
    "Bar",
    "Bars",
    "Block",
    "Code",
    "Column",
    "Curves",
    "Document",
    "Fold",
    "Heading",
    "KeyValues",
    "Note",
    "Paragraph",
    "Series",
    "Table",
    "show",
    "to_html",
    "to_markdown",
    "to_text",
]
