"""Where the plan book's font lies."""

from pathlib import Path

import tongtai
from tongtai.formats.plan_book.errors import BookFontMissingError


def book_fonts(web_dist: Path) -> Path:
    """The folder of the font, which the built web application brings along.

    Parameters
    ----------
    web_dist
        Folder of the built web application.

    Raises
    ------
    BookFontMissingError
        If it is not there.
    """
    # A program may stand anywhere; the default is relative to the clone.
    for place in (web_dist, Path(tongtai.__file__).parents[2] / web_dist):
        if any((place / "fonts").rglob("*.ttf")):
            return place / "fonts"
    raise BookFontMissingError
