"""The readable record of a session: plain data in, PDF out."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

from tongtai.core.errors import TongtaiError
from tongtai.formats.printable import typeset_printable

_TEMPLATE = Path(__file__).with_name("report.typ")
FONT_FAMILY = "Noto Sans SC"


class ReportFontMissingError(TongtaiError):
    """The font of the report is missing; build the web application (make build)."""

    code = "report_font_missing"


def render_pdf(report: Mapping[str, Any], *, fonts: Path) -> bytes:
    """Typeset a session's record as PDF/A-2b.

    Parameters
    ----------
    report : mapping
        ``labels`` (every fixed text), ``facts`` (pairs of name and value), ``people``, ``steps``,
        ``advice`` and ``events`` (rows of text), ``seal`` (the sentence about the chain of hashes).
    fonts : Path
        Folder with the TrueType files of Noto Sans SC; no font of the system is used, so the same
        record is the same on every machine.

    Raises
    ------
    ReportFontMissingError
        If the folder has no such font.
    """
    if not any(fonts.rglob("*.ttf")):
        raise ReportFontMissingError

    def compiled(content: Mapping[str, Any]) -> bytes:
        return typst.compile(
            _TEMPLATE,
            font_paths=[fonts],
            ignore_system_fonts=True,
            sys_inputs={"report": json.dumps(content, ensure_ascii=False), "font": FONT_FAMILY},
            pdf_standards=["a-2b"],
        )

    return typeset_printable(report, compiled, fonts)
