"""Put a book together and typeset it."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from shutil import copyfile
from typing import Any

import typst

from tongtai.core.planning.plan import Plan
from tongtai.formats.plan_book.blocks import Block
from tongtai.formats.plan_book.case import Approval, CaseFacts, PrintPart, Standing
from tongtai.formats.plan_book.closing import (
    alternative_blocks,
    intraop_blocks,
    print_blocks,
    risk_blocks,
    signature_blocks,
    verification_blocks,
)
from tongtai.formats.plan_book.drawn import DrawnBook
from tongtai.formats.plan_book.energy_pages import energy_blocks
from tongtai.formats.plan_book.errors import BookFontMissingError, PlanBookError
from tongtai.formats.plan_book.needle_pages import needle_blocks, needle_table, skin_blocks
from tongtai.formats.plan_book.opening import (
    case_blocks,
    glance_blocks,
    image_blocks,
    standing_blocks,
    structure_blocks,
    target_blocks,
    warning_blocks,
)
from tongtai.formats.plan_book.palette import constraint_colours
from tongtai.formats.plan_book.svg import FONT
from tongtai.formats.plan_book.words import AnyPlan, Language, Words, words_for
from tongtai.formats.printable import typeset_printable

_TEMPLATE = Path(__file__).with_name("book.typ")


@dataclass(frozen=True, slots=True, kw_only=True)
class BookRequest:
    """What a book is made with besides the plan.

    Attributes
    ----------
    plan_sha256
        Hash of the plan's ``plan.json``.
    written_at
        Printed and written into the file: the same request gives the same bytes.
    standing, approval
        How far the plan has come; an approved plan names who approved it.
    printed
        Surface files that belong to the book.

    Raises
    ------
    PlanBookError
        If an approved plan does not say by whom.
    """

    plan_sha256: str
    written_at: datetime
    language: Language = Language.ZH
    standing: Standing = Standing.DRAFT
    approval: Approval | None = None
    case: CaseFacts = field(default_factory=CaseFacts)
    printed: Sequence[PrintPart] = ()

    def __post_init__(self) -> None:
        if (self.standing is Standing.APPROVED) != (self.approval is not None):
            raise PlanBookError("An approved plan, and no other, names who approved it and when.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A book before it is typeset.

    Attributes
    ----------
    content
        Every word and number, as the template reads it.
    pictures
        Content of the picture files that it names.
    """

    content: Mapping[str, Any]
    pictures: Mapping[str, bytes]


def compose_drawn(plan: Plan, drawn: DrawnBook, request: BookRequest) -> Book:
    """Write every section of a book around pages that are drawn already, in their language."""
    words = words_for(plan, drawn.language)
    return Book(
        content=book_content(plan, request, words, _blocks(plan, drawn, request, words)),
        pictures=drawn.pictures,
    )


def book_content(
    plan: AnyPlan, request: BookRequest, words: Words, blocks: list[Block], *, title: str = "title"
) -> dict[str, Any]:
    """A book as the template reads it; ``title`` is the word's key."""
    tone = {Standing.APPROVED: "good", Standing.SUPERSEDED: "bad"}.get(request.standing, "draft")
    return {
        "title": words(title),
        "subtitle": f"{words(f'technique.{plan.request.technique}')} / {words.structure(plan.target.tumour)}",
        "running": _running(words, plan, request.case),
        "standing": words(f"short.{request.standing}"),
        "notice": words("notice"),
        "tone": tone,
        "lang": words.language.value,
        "font": FONT,
        "date": _date(request.written_at),
        "blocks": blocks,
    }


def _blocks(plan: Plan, drawn: DrawnBook, request: BookRequest, words: Words) -> list[Block]:
    blocks = [
        *standing_blocks(words, request.standing, request.approval),
        *glance_blocks(words, plan),
        *drawn.scene,
        *warning_blocks(words, plan),
        *case_blocks(words, plan, request.case, request.plan_sha256, request.written_at),
        *image_blocks(words, plan),
        *structure_blocks(words, plan),
        *target_blocks(words, plan),
        *drawn.margin,
        *needle_table(words, plan),
        *drawn.skin,
        *skin_blocks(words, plan, constraint_colours(plan.reach)),
    ]
    for needle in plan.needles:
        blocks += [*needle_blocks(words, plan, needle), *drawn.needles[needle.id]]
    return [
        *blocks,
        *energy_blocks(words, plan),
        *risk_blocks(words, plan),
        *alternative_blocks(words, plan),
        *intraop_blocks(words),
        *print_blocks(words, drawn.printed),
        *verification_blocks(words, plan),
        *signature_blocks(words),
    ]


def _running(words: Words, plan: AnyPlan, case: CaseFacts) -> str:
    """What stands on every page: whose book this is, and of which plan."""
    whose = [part for part in (case.case_number, case.patient) if part]
    whose += [f"{name} {value}" for name, value in case.identifiers]
    return "  |  ".join([*whose, f"{plan.identity.plan_id}, {words('f.version')} {plan.identity.version}"])


def _date(at: datetime) -> dict[str, int]:
    parts = ("year", "month", "day", "hour", "minute", "second")
    return {name: getattr(at, name) for name in parts}


def typeset(book: Book, *, fonts: Path) -> bytes:
    """Typeset a book as PDF/A-2b.

    Parameters
    ----------
    fonts : Path
        Folder with the TrueType files of Noto Sans SC; no font of the system is used, so the same book
        is the same on every machine.

    Raises
    ------
    BookFontMissingError
        If the folder has no such font.
    """
    if not any(fonts.rglob("*.ttf")):
        raise BookFontMissingError
    with tempfile.TemporaryDirectory(prefix="tongtai-book-") as folder:
        root = Path(folder)
        copyfile(_TEMPLATE, root / _TEMPLATE.name)
        for name, picture in book.pictures.items():
            (root / name).write_bytes(picture)

        def compiled(content: Mapping[str, Any]) -> bytes:
            (root / "book.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
            return typst.compile(
                root / _TEMPLATE.name,
                root=root,
                font_paths=[fonts],
                ignore_system_fonts=True,
                pdf_standards=["a-2b"],
            )

        return typeset_printable(book.content, compiled, fonts)
