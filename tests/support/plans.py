"""One small plan, made as every plan is made, with hand-made heat so that tests need no simulation."""

from dataclasses import replace
from functools import cache

import numpy as np
from tests.support.phantoms import phantom_patient
from tests.support.series import FRAME, SERIES, STUDY

from tongtai.core.planning.heating import (
    HeatBand,
    HeatFound,
    HeatSink,
    SimulatedContour,
    SimulatedZone,
)
from tongtai.core.planning.inputs import ImageFacts
from tongtai.core.planning.pipeline import make_plan
from tongtai.core.planning.plan import CaseChecked, Outcome, Request
from tongtai.core.planning.result import HeatFields, PlanResult
from tongtai.core.volumes import Volume
from tongtai.formats.plan_knowledge import plan_knowledge

CHECKED = (
    CaseChecked(name="pennes_slab_steady", passed=True, deviation=0.00123, tolerance=0.01, unit="K"),
    CaseChecked(name="stefan_line_sink", passed=True, deviation=0.0021, tolerance=0.0075, unit="mm"),
)


@cache
def planned() -> PlanResult:
    """A plan with needles, zones, verification and a made-up field of heat around the tumour."""
    request = Request(
        technique="mwa",
        device_id="mwa-2450-cooled-he2010",
        margin_mm=5.0,
        tumour_number=1,
        by_hand=False,
        position="supine",
    )
    result = make_plan(
        phantom_patient(),
        request,
        plan_knowledge("mwa", heat=False, verification=CHECKED),
        seed=7,
        facts=ImageFacts(study_uid=STUDY, series_uid=SERIES, phase="portal", phase_reason="a header"),
    )
    image = replace(result.plan.image, frame_of_reference_uid=FRAME)
    plan = replace(result.plan, image=image, heat=_heat())
    return replace(result, plan=plan, heat=_fields(plan.target.centre_lps_mm))


def without_needles() -> PlanResult:
    """The same patient, as if no needle could reach the tumour."""
    result = planned()
    plan = replace(
        result.plan,
        outcome=Outcome.NO_SAFE_PATH,
        device=None,
        needles=(),
        positions=(),
        gaps=(),
        coverage=None,
        alternatives=(),
        heat=None,
        verification=(),
        energy_time_min=0.0,
    )
    nothing = np.zeros_like(result.zone_mask)
    return replace(result, plan=plan, zones=None, zone_mask=nothing, heat=None)


def _heat() -> HeatFound:
    sink = HeatSink(
        volume_ml=0.36, depth_mm=4.2, centre_lps_mm=(-61.3, -4.9, -5.4), vessel_lps_mm=(-59.6, -5.8, -5.0)
    )
    zone = SimulatedZone(
        position=1,
        short_mm=33.7,
        long_mm=45.8,
        volume_ml=27.6,
        short_difference_mm=-1.3,
        long_difference_mm=-4.2,
        volume_difference_ml=-4.5,
        overlap_dice=0.87,
        deficits=(sink,),
    )
    contour = SimulatedContour(
        criterion="peak_54",
        label="54 °C",
        source="a table",
        volume_ml=38.9,
        tumour=0.996,
        target=0.872,
    )
    return HeatFound(
        criterion="peak_54",
        applicator="slot antenna",
        generator="constant power",
        spacing_mm=(1.5, 1.5, 1.5),
        contours=(contour,),
        zones=(zone,),
        band=HeatBand(
            position=1, quantities=("perfusion",), volume_ml=27.6, smallest_ml=21.4, largest_ml=33.1
        ),
        notes=("a simplification",),
    )


def _fields(centre_lps_mm: tuple[float, float, float]) -> HeatFields:
    """Temperature that falls from 90 °C in the tumour's middle: 54 °C at 18 mm."""
    to_lps = np.zeros((4, 4))
    to_lps[[2, 1, 0], [0, 1, 2]], to_lps[3, 3] = 2.0, 1.0
    to_lps[:3, 3] = np.asarray(centre_lps_mm) - 30.0
    grid = Volume(np.zeros((31, 31, 31), np.float32), to_lps)
    places = grid.lps_of(np.moveaxis(np.indices((31, 31, 31)), 0, -1))
    away = np.linalg.norm(places - centre_lps_mm, axis=-1)
    peak = grid.with_voxels(np.maximum(90.0 - 2.0 * away, 37.0).astype(np.float32))
    return HeatFields(peak_c=peak, contours={"peak_54": peak.voxels >= 54.0})
