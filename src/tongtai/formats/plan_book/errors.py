"""What can go wrong with a book."""

from tongtai.core.errors import TongtaiError


class PlanBookError(TongtaiError):
    """The plan book cannot be made."""

    code = "plan_book"


class BookFontMissingError(PlanBookError):
    """The font of the plan book is missing; build the web application (make build)."""

    code = "book_font_missing"
