"""Write the folder of a seed plan, whole or not at all."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pydicom.dataset import Dataset

from tongtai.core.seed_planning.plan import SeedOutcome, SeedPlan
from tongtai.core.seed_planning.result import SeedPlanResult
from tongtai.formats.nifti import nifti_bytes
from tongtai.formats.plan_folder.file import PlanFile
from tongtai.formats.plan_folder.skin_map import skin_map_ply
from tongtai.formats.plan_folder.why_not import why_not_text
from tongtai.formats.plan_folder.writing import write_folder
from tongtai.formats.seed_files import SEED_COLUMNS
from tongtai.formats.seed_plan_folder.desk_file import desk_files
from tongtai.formats.seed_plan_json import SEED_PLAN_FILE, seed_plan_bytes

SEEDS_FILE, LOADING_FILE, DOSE_FILE, WHY_NOT_FILE = "seeds.csv", "loading.csv", "dose.nii.gz", "why_not.txt"
_LOADING = ("needle", "hole", "depth_mm", "template_to_tip_mm", "seeds", "tip_to_first_mm", "steps_mm")


def write_seed_plan_folder(
    result: SeedPlanResult,
    folder: Path,
    *,
    sources: Sequence[Dataset] = (),
    written_at: datetime,
    others: Sequence[PlanFile] = (),
) -> tuple[str, ...]:
    """Write ``seed-plan.json``, seeds and loading as CSV, the dose, masks, ``skin.ply``, what changes are judged with, and why a goal is missed.

    Parameters
    ----------
    result
        The plan with its arrays.
    folder
        Made; must not exist or be empty.
    sources
        Headers of the images, for ``segmentation.dcm``; without them masks are written as NIfTI.
    written_at
        Written into the DICOM file.
    others
        Further files.

    Returns
    -------
    tuple of str
        Names of the files, sorted.

    Raises
    ------
    FolderNotEmptyError
        If the folder holds something.
    """
    plan, dose = result.plan, result.dose
    files = [
        PlanFile(SEED_PLAN_FILE, seed_plan_bytes(plan)),
        PlanFile("skin.ply", skin_map_ply(result.reached)),
        *desk_files(result),
        *others,
    ]
    if plan.seeds:
        files += [
            PlanFile(SEEDS_FILE, seeds_csv(plan).encode()),
            PlanFile(LOADING_FILE, loading_csv(plan).encode()),
        ]
    if dose is not None:
        files.append(PlanFile(DOSE_FILE, nifti_bytes(dose)))
    if plan.outcome is not SeedOutcome.PLANNED:
        files.append(PlanFile(WHY_NOT_FILE, why_not(plan).encode()))
    return write_folder(folder, files, result.segmentation, sources=sources, written_at=written_at)


def seeds_csv(plan: SeedPlan) -> str:
    """The seeds as ``tongtai seeds dose --seeds`` reads them."""
    rows = [(*seed.centre_lps_mm, *seed.axis_lps, seed.strength_u, plan.seed.model) for seed in plan.seeds]
    return _csv(SEED_COLUMNS, rows)


def loading_csv(plan: SeedPlan) -> str:
    """One needle a row: hole, depths, and the steps between its seeds from the tip back, in millimetres."""
    rows = [
        (
            one.id,
            one.hole,
            f"{one.depth_mm:.1f}",
            "" if one.template_to_tip_mm is None else f"{one.template_to_tip_mm:.1f}",
            one.seeds,
            f"{one.tip_to_first_mm:.1f}",
            " ".join(f"{step:.1f}" for step in one.steps_mm),
        )
        for one in plan.needles
    ]
    return _csv(_LOADING, rows)


def _csv(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([f"{value:.6f}" if isinstance(value, float) else value for value in row] for row in rows)
    return text.getvalue()


def why_not(plan: SeedPlan) -> str:
    """Why goals are missed, or why there is no path, in words."""
    lines = [one.text for one in plan.unreached]
    if plan.blocked:
        lines += ["", "Closed needle paths towards the target:"]
        lines += [
            f"  {one.constraint:<16}{one.count:4d}  {', '.join(one.holes)}".rstrip() for one in plan.blocked
        ]
    return "\n".join([*lines, "", why_not_text(plan.target, plan.reach)])
