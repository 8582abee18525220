"""Plans of seeds, as ``tongtai seeds plan`` makes them."""

import json
import time
from dataclasses import replace
from datetime import date, datetime

from tongtai.core.seed_planning.knowledge import SeedKnowledge
from tongtai.core.seed_planning.pipeline import make_seed_plan
from tongtai.core.seed_planning.placed import Layout
from tongtai.core.seed_planning.plan import SeedRequest
from tongtai.core.seed_planning.requesting import TemplateAsked, seed_request
from tongtai.core.seed_planning.result import SeedPlanResult
from tongtai.core.segmentation.masks import Segmentation
from tongtai.features.plans.errors import PlanRequestError
from tongtai.features.plans.model import PlanOrder, SeedsAsked, seed_numbers_of
from tongtai.features.plans.tasks.ablation import SEED, folder_files
from tongtai.features.plans.tasks.planning import MadePlan
from tongtai.formats.image_reading import ReadImage
from tongtai.formats.plan_book import Language
from tongtai.formats.plan_book.scene import plan_parts
from tongtai.formats.plan_book.seed_drawing import draw_seed_book
from tongtai.formats.plan_folder import book_pages
from tongtai.formats.plan_folder.objects import surface_files
from tongtai.formats.plan_folder.page_views import page_views
from tongtai.formats.seed_goals import goal_of
from tongtai.formats.seed_knowledge import seed_cases_checked, seed_knowledge
from tongtai.formats.seed_plan_folder.objects import radiotherapy_files
from tongtai.formats.seed_plan_folder.page_views import dose_views
from tongtai.formats.seed_plan_folder.writing import write_seed_plan_folder
from tongtai.formats.seed_plan_json import seed_plan_bytes, seed_plan_sha256
from tongtai.formats.seed_plan_json.hand_placed import read_hand_placed_seeds
from tongtai.infra.jobs.computing import Progress


class SeedPlanning:
    """Needles and seeds for a prescription."""

    def check(self, order: PlanOrder) -> None:
        """Refuse a seed without data, an activity that the rules do not know, a goal that says nothing."""
        knowledge = seed_knowledge(_asked(order).seed_model)
        _request(order, knowledge)

    def plan(
        self, segmentation: Segmentation, order: PlanOrder, image: ReadImage, progress: Progress
    ) -> SeedPlanResult:
        """Plan."""
        knowledge = replace(seed_knowledge(_asked(order).seed_model), verification=seed_cases_checked())
        placed = None if order.needles is None else read_hand_placed_seeds(json.dumps(order.needles).encode())
        return make_seed_plan(
            segmentation,
            _request(order, knowledge),
            knowledge,
            seed=SEED,
            elapsed_s=time.monotonic,
            facts=image.facts,
            by_hand=placed,
            progress=progress,
        )

    def made(
        self, result: SeedPlanResult, order: PlanOrder, image: ReadImage, now: datetime, progress: Progress
    ) -> MadePlan:
        """Draw and write."""
        progress(0.0, "surfaces")
        parts = plan_parts(result)
        surfaces, printed = surface_files(parts, seed_plan_sha256(result.plan))
        progress(0.3, "pictures")
        drawn = draw_seed_book(result, Language(order.language), parts=parts, printed=printed)
        progress(0.7, "objects")
        day = _asked(order).implant_date
        objects = radiotherapy_files(
            result,
            image.sources,
            written_at=now,
            implanted_on=None if day is None else date.fromisoformat(day),
        )
        others = (*surfaces, *page_views(result), *dose_views(result), *objects)
        files = folder_files(
            lambda place: write_seed_plan_folder(
                result, place, sources=image.sources, written_at=now, others=others
            )
        )
        return MadePlan(
            content=seed_plan_bytes(result.plan),
            numbers=seed_numbers_of(result.plan),
            files=files,
            pages=book_pages(drawn, image.sources),
        )


def _asked(order: PlanOrder) -> SeedsAsked:
    if order.seeds is None:
        raise PlanRequestError("A plan of seeds needs a prescription and an activity.", field="seeds")
    return order.seeds


def _request(order: PlanOrder, knowledge: SeedKnowledge) -> SeedRequest:
    asked = _asked(order)
    by_hand = Layout.BY_HAND if order.needles is not None else None
    return seed_request(
        knowledge,
        prescription_gy=asked.prescription_gy,
        activity_mci=asked.activity_mci,
        margin_mm=order.margin_mm,
        tumour_number=order.tumour_number,
        position=order.position,
        time_limit_s=asked.time_limit_s,
        layout=by_hand or (Layout(asked.layout) if asked.layout else None),
        template=TemplateAsked(spacing_mm=asked.template_spacing_mm),
        goals=[goal_of(text, asked.prescription_gy) for text in asked.goals],
    )
