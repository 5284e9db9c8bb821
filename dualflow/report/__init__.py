"""A report is data rendered twice: ``document`` says what is in it, each other file here is one way to show it."""

from dualflow.report.document import (
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
    document,
)
from dualflow.report.html import to_html
from dualflow.report.markdown import to_markdown
from dualflow.report.terminal import show, to_text

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
    "document",
    "show",
    "to_html",
    "to_markdown",
    "to_text",
]
