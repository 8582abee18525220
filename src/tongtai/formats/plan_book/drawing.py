"""A book from a plan that was just made: its pictures are drawn, which needs what the plan was computed from."""

from collections.abc import Sequence
from pathlib import Path

from tongtai.core.planning.result import PlanResult
from tongtai.formats.meshes import Part
from tongtai.formats.plan_book.case import PrintPart
from tongtai.formats.plan_book.drawn import DrawnBook
from tongtai.formats.plan_book.pictures import Pictures
from tongtai.formats.plan_book.rendering import Book, BookRequest, compose_drawn, typeset
from tongtai.formats.plan_book.words import Language, words_for


def draw_book(
    result: PlanResult,
    language: Language,
    *,
    parts: Sequence[Part] | None = None,
    printed: Sequence[PrintPart] = (),
) -> DrawnBook:
    """Draw every picture of a plan's book.

    Parameters
    ----------
    parts
        The plan's surfaces (``scene.plan_parts``) where they are made already.
    printed
        The files of those that can be printed.
    """
    pictures = Pictures(result, words_for(result.plan, language), parts)
    return DrawnBook(
        language=language,
        scene=pictures.scene_blocks(),
        margin=pictures.margin_blocks(),
        skin=pictures.skin_blocks(),
        needles={needle.id: pictures.needle_blocks(needle) for needle in result.plan.needles},
        pictures=pictures.files,
        printed=printed,
    )


def compose_book(result: PlanResult, request: BookRequest) -> Book:
    """Write every section of a book and draw its pictures."""
    return compose_drawn(result.plan, draw_book(result, request.language, printed=request.printed), request)


def render_plan_book(result: PlanResult, request: BookRequest, *, fonts: Path) -> bytes:
    """The plan book of a plan as PDF/A-2b; see ``compose_book`` and ``typeset``."""
    return typeset(compose_book(result, request), fonts=fonts)
