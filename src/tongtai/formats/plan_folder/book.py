"""The plan book as PDF and in DICOM, typeset again from its pages whenever the plan's state changes."""

import json
import zipfile
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from pydicom.dataset import Dataset

from tongtai.core.seed_planning.plan import SeedPlan
from tongtai.formats.dicom.disclosure import mask_dataset
from tongtai.formats.dicom.encapsulated import document_header, encapsulate_pdf
from tongtai.formats.plan_book import (
    BookRequest,
    DrawnBook,
    Language,
    compose_drawn,
    drawn_bytes,
    read_drawn,
    typeset,
)
from tongtai.formats.plan_book.drawn import read_stored
from tongtai.formats.plan_book.seed_book import compose_seed_book
from tongtai.formats.plan_book.words import AnyPlan
from tongtai.formats.plan_folder.file import PlanFile

BOOK = "plan-book.pdf"
BOOK_OBJECT = "plan-book.dcm"
_DRAWN, _HEADERS = "drawn.zip", "headers.json"
_TITLES = {Language.ZH: "手术计划书", Language.EN: "Ablation plan book"}
_SEED_TITLES = {Language.ZH: "粒子植入计划书", Language.EN: "Seed plan book"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BookPages:
    """What a book is made of again.

    Attributes
    ----------
    drawn
        Its pages with pictures.
    headers
        Of the images, as far as an object of the study needs them; none for images that were no DICOM.
    """

    drawn: DrawnBook
    headers: Sequence[Dataset] = ()


def book_pages(drawn: DrawnBook, sources: Sequence[Dataset]) -> BookPages:
    """Pages for images with these headers."""
    return BookPages(drawn=drawn, headers=[document_header(source) for source in sources])


def pages_bytes(pages: BookPages) -> bytes:
    """Pages as one file; it names the patient, as the images do."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(_DRAWN, drawn_bytes(pages.drawn))
        archive.writestr(_HEADERS, json.dumps([header.to_json_dict() for header in pages.headers]))
    return stream.getvalue()


def read_pages(content: bytes) -> BookPages:
    """The pages of a file that ``pages_bytes`` has made.

    Raises
    ------
    PlanBookError
        If it is none.
    """
    headers, files = read_stored(content, _HEADERS, _DRAWN)
    return BookPages(
        drawn=read_drawn(files[_DRAWN]), headers=[Dataset.from_json(header) for header in headers]
    )


def book_files(
    plan: AnyPlan, pages: BookPages, request: BookRequest, *, fonts: Path, name_shown: str | None = None
) -> tuple[PlanFile, ...]:
    """The book as PDF/A and, for images that were DICOM, encapsulated.

    Parameters
    ----------
    plan
        The plan that the pages were drawn from.
    request
        What the words around the pictures say.
    fonts
        Folder with the book's font.
    name_shown
        What stands for the patient's name in the DICOM object when the patient is withheld; None
        leaves the patient of the images.

    Raises
    ------
    BookFontMissingError
        If the font is not there.
    """
    request = replace(request, language=pages.drawn.language)
    book = (
        compose_seed_book(plan, pages.drawn, request)
        if isinstance(plan, SeedPlan)
        else compose_drawn(plan, pages.drawn, request)
    )
    pdf = typeset(book, fonts=fonts)
    found = [PlanFile(BOOK, pdf)]
    if pages.headers:
        headers = [_masked(header, name_shown) for header in pages.headers]
        title = (_SEED_TITLES if isinstance(plan, SeedPlan) else _TITLES)[request.language]
        found.append(
            PlanFile(BOOK_OBJECT, encapsulate_pdf(pdf, headers, title=title, written_at=request.written_at))
        )
    return tuple(found)


def _masked(header: Dataset, name: str | None) -> Dataset:
    if name is None:
        return header
    masked = deepcopy(header)
    mask_dataset(masked, name)
    return masked
