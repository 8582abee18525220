"""What people and other programs read of a plan: the book, DICOM objects, surfaces."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pydicom.dataset import Dataset

from tongtai.core.planning.result import PlanResult
from tongtai.formats.dicom.structured_report import write_plan_report
from tongtai.formats.meshes import Part, write_glb, write_stl
from tongtai.formats.plan_book import BookRequest, Language, PrintPart
from tongtai.formats.plan_book.drawing import draw_book
from tongtai.formats.plan_book.scene import plan_parts
from tongtai.formats.plan_folder.book import book_files, book_pages
from tongtai.formats.plan_folder.file import PlanFile
from tongtai.formats.plan_json import plan_sha256

# Surfaces for a printer; a body's or skeleton's would be larger than all else together.
_NOT_PRINTED = frozenset({"body", "bone", "skin"})


def plan_objects(
    result: PlanResult,
    *,
    sources: Sequence[Dataset] = (),
    written_at: datetime,
    language: Language,
    fonts: Path,
) -> tuple[PlanFile, ...]:
    """The plan book (PDF/A, and encapsulated in DICOM), Comprehensive 3D SR, GLB and STL.

    Parameters
    ----------
    result
        The plan with its arrays.
    sources
        Headers of the images; without them there are no DICOM objects.
    written_at
        Printed in the book and written into the objects: the same plan at the same time gives the same bytes.
    language
        The book's.
    fonts
        Folder with the book's font.

    Raises
    ------
    BookFontMissingError
        If the font is not there.
    """
    parts = plan_parts(result)
    surfaces, printed = surface_files(parts, plan_sha256(result.plan))
    pages = book_pages(draw_book(result, language, parts=parts, printed=printed), sources)
    request = BookRequest(plan_sha256=plan_sha256(result.plan), written_at=written_at, language=language)
    return (
        *book_files(result.plan, pages, request, fonts=fonts),
        *surfaces,
        *report_files(result, sources, written_at=written_at),
    )


def surface_files(parts: Sequence[Part], sha256: str) -> tuple[tuple[PlanFile, ...], tuple[PrintPart, ...]]:
    """The plan of this hash as a scene (GLB) and one STL a structure, with what the book says of these."""
    scene = PlanFile("scene.glb", write_glb(parts, extras={"plan_sha256": sha256}))
    surfaces = [_surface_file(part) for part in parts if part.name not in _NOT_PRINTED]
    return (scene, *(file for file, _ in surfaces)), tuple(printed for _, printed in surfaces)


def report_files(
    result: PlanResult, sources: Sequence[Dataset], *, written_at: datetime
) -> tuple[PlanFile, ...]:
    """The needles as Comprehensive 3D SR, where there are needles in a known space."""
    if not sources or not result.plan.needles or not result.plan.image.frame_of_reference_uid:
        return ()
    sha256 = plan_sha256(result.plan)
    report = write_plan_report(result.plan, sources, plan_sha256=sha256, written_at=written_at)
    return (PlanFile("plan-report.dcm", report),)


def _surface_file(part: Part) -> tuple[PlanFile, PrintPart]:
    corners = part.surface.vertices_lps_mm
    content = write_stl([part.surface])
    extent = (corners.max(axis=0) - corners.min(axis=0)).tolist()
    printed = PrintPart(
        name=part.name,
        file=f"surfaces/{part.name}.stl",
        sha256=hashlib.sha256(content).hexdigest(),
        box_mm=(extent[0], extent[1], extent[2]),
        volume_ml=part.surface.volume_ml,
    )
    return PlanFile(printed.file, content), printed
