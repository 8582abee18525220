"""A paper as a copy: every page says that it is one, for whom and since when."""

import json
import tempfile
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from shutil import copyfile
from typing import Any

import typst

from tongtai.formats.case_documents.errors import DocumentFontMissingError, DocumentUnreadableError
from tongtai.formats.printable import typeset_printable

_TEMPLATE = Path(__file__).with_name("copies.typ")


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyMark:
    """What stands on a copy.

    Attributes
    ----------
    across
        Over the page, in large pale letters.
    foot
        One line at the foot of every page.
    at
        When the copy was made.
    """

    across: str
    foot: str
    at: datetime


def marked_copy(pdf: bytes, mark: CopyMark, *, fonts: Path) -> bytes:
    """The pages of a paper with a mark on each.

    A mark changes the file, so its signatures are not in it: they are proven by the paper itself.

    Parameters
    ----------
    pdf
        The paper.
    fonts
        Folder with the TrueType files of Noto Sans SC.

    Raises
    ------
    DocumentUnreadableError
        If it is no PDF.
    DocumentFontMissingError
        If the folder has no such font.
    """
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415  (see `KeyRing.sign`)
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415

    if not any(fonts.rglob("*.ttf")):
        raise DocumentFontMissingError
    try:
        pages = int(PdfFileReader(BytesIO(pdf)).root["/Pages"]["/Count"])
    except (PdfError, ValueError, KeyError, TypeError) as error:
        raise DocumentUnreadableError from error
    told = {
        "title": mark.across,
        "across": mark.across,
        "foot": mark.foot,
        "pages": pages,
        "lang": "zh",
        "date": {
            part: getattr(mark.at, part) for part in ("year", "month", "day", "hour", "minute", "second")
        },
    }
    with tempfile.TemporaryDirectory(prefix="tongtai-copy-") as folder:
        root = Path(folder)
        copyfile(_TEMPLATE, root / _TEMPLATE.name)
        (root / "paper.pdf").write_bytes(pdf)

        def compiled(content: dict[str, Any]) -> bytes:
            (root / "copy.json").write_text(json.dumps(content, ensure_ascii=False), "utf-8")
            # A signed paper is of PDF 2.0, and no page is taken over from a newer version than one's own.
            return typst.compile(
                root / _TEMPLATE.name,
                root=root,
                font_paths=[fonts],
                ignore_system_fonts=True,
                pdf_standards=["2.0"],
            )

        try:
            return typeset_printable(told, compiled, fonts)
        except typst.TypstError as error:
            raise DocumentUnreadableError from error
