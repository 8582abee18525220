"""Plans of an ablation, as ``tongtai plan`` makes them."""

import json
import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from tongtai.core.planning.pipeline import make_plan
from tongtai.core.planning.plan import Request
from tongtai.core.planning.result import PlanResult
from tongtai.core.planning.zones_step import tables_for
from tongtai.core.segmentation.masks import Segmentation
from tongtai.features.plans.model import PlanOrder, numbers_of
from tongtai.features.plans.tasks.planning import MadePlan
from tongtai.formats.image_reading import ReadImage
from tongtai.formats.plan_book import Language
from tongtai.formats.plan_book.drawing import draw_book
from tongtai.formats.plan_book.scene import plan_parts
from tongtai.formats.plan_folder import PlanFile, book_pages
from tongtai.formats.plan_folder.objects import report_files, surface_files
from tongtai.formats.plan_folder.page_views import page_views
from tongtai.formats.plan_folder.writing import CHECKSUMS, write_plan_folder
from tongtai.formats.plan_json import plan_bytes, plan_sha256, read_hand_placed
from tongtai.formats.plan_knowledge import plan_knowledge
from tongtai.formats.reference_run import checked_here
from tongtai.infra.jobs.computing import Progress

# Of everything random in a plan, as the commands have it by default.
SEED = 1


class AblationPlanning:
    """Needles, zones and energy.

    Parameters
    ----------
    data : Path
        Of the installation, where its reference cases are remembered.
    """

    def __init__(self, data: Path) -> None:
        self._data = data

    def check(self, order: PlanOrder) -> None:
        """Refuse a device without a table."""
        tables_for(_request(order), plan_knowledge(order.technique, heat=order.heat))

    def plan(
        self, segmentation: Segmentation, order: PlanOrder, image: ReadImage, progress: Progress
    ) -> PlanResult:
        """Plan."""
        placed = None if order.needles is None else read_hand_placed(json.dumps(order.needles).encode())
        return make_plan(
            segmentation,
            _request(order),
            plan_knowledge(order.technique, heat=order.heat, verification=checked_here(self._data)),
            seed=SEED,
            facts=image.facts,
            by_hand=placed,
            progress=progress,
        )

    def made(
        self, result: PlanResult, order: PlanOrder, image: ReadImage, now: datetime, progress: Progress
    ) -> MadePlan:
        """Draw and write."""
        progress(0.0, "surfaces")
        parts = plan_parts(result)
        surfaces, printed = surface_files(parts, plan_sha256(result.plan))
        progress(0.3, "pictures")
        drawn = draw_book(result, Language(order.language), parts=parts, printed=printed)
        progress(0.7, "objects")
        others = (*surfaces, *page_views(result), *report_files(result, image.sources, written_at=now))
        files = folder_files(
            lambda place: write_plan_folder(
                result, place, sources=image.sources, written_at=now, others=others
            )
        )
        return MadePlan(
            content=plan_bytes(result.plan),
            numbers=numbers_of(result.plan),
            files=files,
            pages=book_pages(drawn, image.sources),
        )


def folder_files(write: Callable[[Path], Sequence[str]]) -> list[PlanFile]:
    """The files of a folder that a command writes, without the list of their hashes."""
    with tempfile.TemporaryDirectory(prefix="tongtai-plan-") as folder:
        place = Path(folder) / "plan"
        names = write(place)
        return [PlanFile(name, (place / name).read_bytes()) for name in names if name != CHECKSUMS]


def _request(order: PlanOrder) -> Request:
    return Request(
        technique=order.technique,
        device_id=order.device_id,
        margin_mm=order.margin_mm,
        tumour_number=order.tumour_number,
        by_hand=order.needles is not None,
        position=order.position,
    )
