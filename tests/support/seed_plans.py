"""One small seed plan, made as every plan is made, on the phantom."""

from dataclasses import replace
from functools import cache

from tests.support.phantoms import phantom_patient
from tests.support.series import FRAME, SERIES, STUDY

from tongtai.core.planning.inputs import ImageFacts
from tongtai.core.seed_planning.pipeline import make_seed_plan
from tongtai.core.seed_planning.plan import TECHNIQUE, SeedRequest
from tongtai.core.seed_planning.search import Effort
from tongtai.formats.seed_knowledge import seed_knowledge

PRESCRIPTION_GY = 110.0
MCI = 0.6


def knowledge(**changes):
    found = replace(seed_knowledge("6711", trials=20), effort=Effort(rounds=6))
    return replace(found, **changes)


def request(**changes):
    """A request that the phantom's second tumour meets in all its goals."""
    activity = changes.get("activity_mci", MCI)
    asked = SeedRequest(
        technique=TECHNIQUE, seed_model="6711", formalism="line", radial_rule="linear",
        prescription_gy=PRESCRIPTION_GY, activity_mci=activity, strength_u=activity * 1.270, margin_mm=0.0,
        tumour_number=2, layout="", template_spacing_mm=0.0, template_rotation_deg=0.0,
        template_direction_lps=None, template_offset_mm=(0.0, 0.0), position="supine",
        goals=knowledge().rules.goals_for(PRESCRIPTION_GY, ()), time_limit_s=600.0,
    )  # fmt: skip
    return replace(asked, **changes)


def made(asked=None, **others):
    return make_seed_plan(
        others.pop("segmentation", None) or phantom_patient(),
        asked or request(),
        others.pop("knowledge", None) or knowledge(),
        seed=7,
        elapsed_s=lambda: 0.0,
        facts=ImageFacts(study_uid=STUDY, series_uid=SERIES, phase="portal", phase_reason="a header"),
        **others,
    )


@cache
def seeded():
    """A plan in which every goal is met."""
    result = made()
    image = replace(result.plan.image, frame_of_reference_uid=FRAME)
    return replace(result, plan=replace(result.plan, image=image))
