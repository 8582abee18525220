"""The plan book: a plan with its pictures as PDF/A, in Chinese or English.

Here is what binding a book again needs, which the server does too; drawing its pictures, which takes
the libraries of the computation, is in ``drawing``.
"""

from tongtai.formats.plan_book.case import Approval, CaseFacts, PrintPart, Standing
from tongtai.formats.plan_book.drawn import DrawnBook, drawn_bytes, read_drawn
from tongtai.formats.plan_book.errors import BookFontMissingError, PlanBookError
from tongtai.formats.plan_book.fonts import book_fonts
from tongtai.formats.plan_book.rendering import (
    Book,
    BookRequest,
    compose_drawn,
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
    "compose_drawn",
    "drawn_bytes",
    "read_drawn",
    "typeset",
]
