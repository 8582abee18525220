"""The folder that ``tongtai plan`` makes: the plan, its book and objects, its masks, the skin, and why there is no path."""

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
from tongtai.formats.plan_folder.objects import plan_objects, report_files, surface_files
from tongtai.formats.plan_folder.page_views import page_views
from tongtai.formats.plan_folder.skin_map import skin_map_ply
from tongtai.formats.plan_folder.why_not import why_not_text
from tongtai.formats.plan_folder.writing import write_plan_folder

__all__ = [
    "BOOK",
    "BOOK_OBJECT",
    "BookPages",
    "PlanFile",
    "book_files",
    "book_pages",
    "page_views",
    "pages_bytes",
    "plan_objects",
    "read_pages",
    "report_files",
    "skin_map_ply",
    "surface_files",
    "why_not_text",
    "write_plan_folder",
]
