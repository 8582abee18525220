"""A seed plan as radiotherapy objects: structures, seeds and dose for other systems."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from pydicom.dataset import Dataset

from tongtai.core.brachytherapy.implant import Implant, Seed
from tongtai.core.brachytherapy.live import TARGET
from tongtai.core.seed_planning.evaluating import LIVER
from tongtai.core.seed_planning.result import SeedPlanResult
from tongtai.formats.dicom.radiotherapy import (
    DrawnStructure,
    NeedleFacts,
    ObjectNames,
    PlanFacts,
    write_dose,
    write_plan,
    write_structures,
)
from tongtai.formats.plan_folder.file import PlanFile
from tongtai.formats.seed_plan_json import seed_plan_sha256

STRUCTURES_OBJECT, PLAN_OBJECT, DOSE_OBJECT = "rt-structures.dcm", "rt-plan.dcm", "rt-dose.dcm"
_LABEL: Final = "Seed plan"
_TUMOUR_RGB, _TARGET_RGB = (255, 212, 0), (230, 120, 60)
# An organ that gets less than this share of the prescription anywhere is not drawn: contours of a whole
# skeleton would be larger than everything else together.
_LEAST_SHARE = 0.1


def radiotherapy_files(
    result: SeedPlanResult,
    sources: Sequence[Dataset],
    *,
    written_at: datetime,
    implanted_on: date | None = None,
) -> tuple[PlanFile, ...]:
    """RTSTRUCT, RTPLAN and RTDOSE that name each other; none without seeds or without DICOM images.

    Parameters
    ----------
    result
        The plan with its arrays.
    sources
        Headers of the images.
    written_at
        When the files are written.
    implanted_on
        Day of the implant, for which the strengths hold; the day of writing when None.

    Raises
    ------
    RadiotherapySourceError
        If the images lack identifiers.
    """
    plan, live = result.plan, result.live
    if live is None or not sources or not plan.image.frame_of_reference_uid:
        return ()
    day = implanted_on or written_at.date()
    # Another day is another object: the same seeds are meant to be as strong then.
    names = ObjectNames.of(seed_plan_sha256(plan) + (f"|{implanted_on}" if implanted_on else ""))
    implant, structures = _implant(result), _structures(result)
    histograms = live.evaluation(plan.request.prescription_gy).histograms
    drawn = write_structures(
        list(structures.values()), implant.centres_lps_mm, sources, names, label=_LABEL, written_at=written_at
    )
    numbered = {
        number: histograms[name] for number, name in enumerate(structures, start=1) if name in histograms
    }
    return (
        PlanFile(STRUCTURES_OBJECT, drawn),
        PlanFile(PLAN_OBJECT, write_plan(implant, _facts(result, day), sources, names, written_at=written_at)),
        PlanFile(
            DOSE_OBJECT,
            write_dose(live.dose_grid(), sources, names, written_at=written_at, histograms=numbered),
        ),
    )  # fmt: skip


def _implant(result: SeedPlanResult) -> Implant:
    """The seeds in the order of the plan."""
    model = result.case.knowledge.model
    return Implant(
        tuple(
            Seed(
                centre_lps_mm=one.centre_lps_mm,
                axis_lps=one.axis_lps,
                strength_u=one.strength_u,
                model=model,
            )
            for one in result.plan.seeds
        )
    )


def _structures(result: SeedPlanResult) -> dict[str, DrawnStructure]:
    """Target, tumour, and organs that get dose; by the name of their histogram."""
    plan, grid, target = result.plan, result.image, result.target_mask
    tumour = result.anatomy.tumours[result.tumour]
    found = {
        TARGET: DrawnStructure(
            name=TARGET, mask=grid.with_voxels(target), kind="PTV", colour_rgb=_TARGET_RGB
        ),
        result.tumour: DrawnStructure(
            name=result.tumour, mask=grid.with_voxels(tumour), kind="GTV", colour_rgb=_TUMOUR_RGB
        ),
    }
    least_gy = _LEAST_SHARE * plan.request.prescription_gy
    for organ in plan.doses.organs if plan.doses else ():
        if organ.largest_gy < least_gy:
            continue
        if organ.name == LIVER:
            # As its histogram counts it.
            mask, name = result.anatomy.liver & ~target, "liver outside target"
        else:
            mask, name = result.anatomy.structures[organ.name], organ.name
        found[organ.name] = DrawnStructure(name=name, mask=grid.with_voxels(mask), kind="ORGAN")
    return found


def _facts(result: SeedPlanResult, implanted_on: date) -> PlanFacts:
    plan = result.plan
    needles = {one.id: NeedleFacts(f"{one.id} {one.hole}".strip(), one.depth_mm) for one in plan.needles}
    return PlanFacts(
        label=_LABEL,
        description=f"Iodine-125 seeds, {plan.request.prescription_gy:g} Gy to infinity",
        implanted_on=implanted_on,
        prescription_gy=plan.request.prescription_gy,
        needles=[needles[one.needle] for one in plan.seeds],
    )
