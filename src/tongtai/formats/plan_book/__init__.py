"""The plan book: a plan with its pictures as PDF/A, in Chinese or English."""

from tongtai.formats.plan_book.case import Approval, CaseFacts, PrintPart, Standing
from tongtai.formats.plan_book.drawing import DrawnBook, draw_book, drawn_bytes, read_drawn
from tongtai.formats.plan_book.errors import BookFontMissingError, PlanBookError
from tongtai.formats.plan_book.fonts import book_fonts
from tongtai.formats.plan_book.rendering import (
    Book,
    BookRequest,
    compose_book,
    compose_drawn,
    render_plan_book,
    typeset,
)
from tongtai.formats.plan_book.words import Language

__all__ = [
    "Approval",
    "Book",
    "BookFontMissingError",
    "BookRequest",
    "CaseFacts",
    "DrawnBook",
    "Language",
    "PlanBookError",
    "PrintPart",
    "Standing",
    "book_fonts",
    "compose_book",
    "compose_drawn",
    "draw_book",
    "drawn_bytes",
    "read_drawn",
    "render_plan_book",
    "typeset",
]
