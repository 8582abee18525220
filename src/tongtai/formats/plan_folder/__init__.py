"""The folder that ``tongtai plan`` makes: the plan, its book and objects, its masks, the skin, and why there is no path.

Here is the book, which the server binds again; the files that need what the plan was computed from are
in the modules beside it.
"""

from tongtai.formats.plan_folder.book import (
    BOOK,
    BOOK_OBJECT,
    BookPages,
    book_files,
    book_pages,
    pages_bytes,
    read_pages,
)
from tongtai.formats.plan_folder.file import PlanFile

__all__ = [
    "BOOK",
    "BOOK_OBJECT",
    "BookPages",
    "PlanFile",
    "book_files",
    "book_pages",
    "pages_bytes",
    "read_pages",
]
