"""The plan book: a plan with its pictures as PDF/A, in Chinese or English."""

from tongtai.formats.plan_book.case import Approval, CaseFacts, PrintPart, Standing
from tongtai.formats.plan_book.errors import BookFontMissingError, PlanBookError
from tongtai.formats.plan_book.rendering import (
    Book,
    BookRequest,
    compose_book,
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
    "Language",
    "PlanBookError",
    "PrintPart",
    "Standing",
    "compose_book",
    "render_plan_book",
    "typeset",
]
