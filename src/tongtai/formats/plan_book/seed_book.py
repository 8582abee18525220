"""The book of a plan of seeds, in the order of every plan book."""

from tongtai.core.seed_planning.plan import SeedPlan
from tongtai.formats.plan_book.blocks import Block, blank, heading, text
from tongtai.formats.plan_book.closing import (
    decided_blocks,
    intraop_blocks,
    near_all,
    print_blocks,
    signature_blocks,
    verification_blocks,
)
from tongtai.formats.plan_book.drawn import DrawnBook
from tongtai.formats.plan_book.needle_pages import skin_blocks
from tongtai.formats.plan_book.opening import (
    case_blocks,
    image_blocks,
    standing_blocks,
    structure_blocks,
    warning_blocks,
)
from tongtai.formats.plan_book.palette import constraint_colours
from tongtai.formats.plan_book.radiation_pages import order_blocks, radiation_blocks
from tongtai.formats.plan_book.rendering import Book, BookRequest, book_content
from tongtai.formats.plan_book.seed_pages import (
    seed_dose_blocks,
    seed_glance_blocks,
    seed_list_blocks,
    seed_needle_blocks,
    seed_source_blocks,
    seed_target_blocks,
)
from tongtai.formats.plan_book.words import Words, words_for


def compose_seed_book(plan: SeedPlan, drawn: DrawnBook, request: BookRequest) -> Book:
    """Write every section around pages that are drawn already, in their language."""
    words = words_for(plan, drawn.language)
    return Book(
        content=book_content(plan, request, words, _blocks(plan, drawn, request, words), title="sd.title"),
        pictures=drawn.pictures,
    )


def _blocks(plan: SeedPlan, drawn: DrawnBook, request: BookRequest, words: Words) -> list[Block]:
    return [
        *standing_blocks(words, request.standing, request.approval),
        *seed_glance_blocks(words, plan),
        *drawn.scene,
        *warning_blocks(words, plan),
        *case_blocks(words, plan, request.case, request.plan_sha256, request.written_at),
        *image_blocks(words, plan),
        *structure_blocks(words, plan),
        *seed_target_blocks(words, plan),
        *seed_needle_blocks(words, plan),
        *drawn.skin,
        *skin_blocks(words, plan, constraint_colours(plan.reach)),
        heading(words("h.energy")),
        text(words("sd.no_energy"), "muted"),
        *seed_source_blocks(words, plan),
        *drawn.dose,
        *seed_dose_blocks(words, plan),
        *seed_list_blocks(words, plan),
        *(order_blocks(words, plan.order) if plan.order else []),
        *_risk(words, plan),
        heading(words("h.alternatives")),
        *decided_blocks(words),
        *intraop_blocks(words, "sd.intraop"),
        *print_blocks(words, drawn.printed),
        *verification_blocks(words, plan),
        *signature_blocks(words),
        *radiation_blocks(words, plan),
    ]


def _risk(words: Words, plan: SeedPlan) -> list[Block]:
    """Item 9: what lies near the needles; doses of organs stand in section 8."""
    return [
        heading(words("h.risk")),
        *near_all(words, plan),
        text(words("sd.risk"), "muted"),
        text(words("see_warnings"), "muted"),
        blank(words("risk.actions"), 2),
    ]
