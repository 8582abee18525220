"""The parts that a book's pages are made of; the template knows how each kind looks."""

from collections.abc import Sequence
from typing import Any

Block = dict[str, Any]


def heading(text: str, level: int = 1, *, new_page: bool = False) -> Block:
    """A title; level 1 stands in the table of contents."""
    return {"kind": "heading", "text": text, "level": level, "new_page": new_page}


def text(words: str, tone: str = "plain") -> Block:
    """A paragraph; the tone is ``plain``, ``muted``, ``warn`` or ``bad`` (red and bold)."""
    return {"kind": "text", "text": words, "tone": tone}


def facts(rows: Sequence[tuple[str, str]]) -> Block:
    """Names with values."""
    return {"kind": "facts", "rows": [list(row) for row in rows]}


def table(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    *,
    right: Sequence[int] = (),
    bold: Sequence[int] = (),
    swatches: Sequence[str] = (),
) -> Block:
    """A table.

    Parameters
    ----------
    widths
        Relative widths of the columns.
    right
        Columns that are aligned at the right, as numbers are.
    bold
        Rows to stress.
    swatches
        A colour in front of each row.
    """
    return {
        "kind": "table",
        "header": list(header),
        "rows": [list(row) for row in rows],
        "widths": list(widths),
        "right": list(right),
        "bold": list(bold),
        "swatches": list(swatches),
    }


def figures(
    items: Sequence[tuple[str, str]], widths: Sequence[float], *, beside: Sequence[tuple[str, str]] = ()
) -> Block:
    """Pictures, each with its file and its caption.

    Parameters
    ----------
    widths
        Relative widths of the columns.
    beside
        Small ones, which share the next place, two in a row.
    """
    return {
        "kind": "figures",
        "widths": list(widths),
        "items": [{"file": file, "caption": caption} for file, caption in items],
        "beside": [{"file": file, "caption": caption} for file, caption in beside],
    }


def legend(items: Sequence[tuple[str, str, str]]) -> Block:
    """What lines mean: colour, dash (``solid``, ``dashed``, ``dotted``, ``area``), words."""
    return {
        "kind": "legend",
        "items": [{"colour": colour, "dash": dash, "text": words} for colour, dash, words in items],
    }


def banner(words: str, tone: str) -> Block:
    """A sentence that nobody may miss; the tone is ``draft``, ``good`` or ``bad``."""
    return {"kind": "banner", "text": words, "tone": tone}


def tiles(items: Sequence[tuple[str, str]]) -> Block:
    """Large numbers with a word below each."""
    return {"kind": "tiles", "items": [{"value": value, "label": label} for value, label in items]}


def blank(label: str, lines: int = 1) -> Block:
    """Ruled lines to write on by hand."""
    return {"kind": "blank", "label": label, "lines": lines}
