"""The folder of a search for seeds: the facts, the seeds as CSV, and the implant as DICOM RT objects."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from pydicom.dataset import Dataset

from tongtai.core.brachytherapy.implant import Implant
from tongtai.core.brachytherapy.on_grids import total_dose_on_grid
from tongtai.core.brachytherapy.rules import DoseRules
from tongtai.core.volumes import Volume
from tongtai.formats.dicom.radiotherapy import (
    DrawnStructure,
    ObjectNames,
    PlanFacts,
    write_dose,
    write_plan,
    write_structures,
)
from tongtai.formats.seed_files import SEED_COLUMNS
from tongtai.formats.whole_folder import whole_folder

DOSE_SPACING_MM, _AROUND_MM = 1.5, 25.0


def write_detection(
    folder: Path,
    facts: Mapping[str, Any],
    implant: Implant,
    target: Volume | None,
    sources: Sequence[Dataset],
    rules: DoseRules,
    prescription_gy: float | None,
    written_at: datetime,
    *,
    implanted_on: date | None = None,
) -> None:
    """Write everything, or nothing.

    Parameters
    ----------
    facts
        Written as ``detection.json``, with the SHA-256 of every other file.
    sources
        Headers of the images; without them (NIfTI, NRRD) there are no DICOM objects.
    implanted_on
        Day for which the strengths hold; the day of writing when None.

    Raises
    ------
    FolderNotEmptyError
        If the folder holds something.
    RadiotherapyError
        If the images lack what the objects must name.
    """
    files: dict[str, bytes] = {"seeds.csv": seeds_csv(implant).encode()}
    if sources:
        files |= _objects(implant, target, sources, rules, prescription_gy, written_at, implanted_on)
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    text = json.dumps({**facts, "files_sha256": hashes}, indent=2, ensure_ascii=False, allow_nan=False)
    files["detection.json"] = (text + "\n").encode()
    with whole_folder(folder) as making:
        for name, content in files.items():
            (making / name).write_bytes(content)


def seeds_csv(implant: Implant) -> str:
    """Seeds as `tongtai seeds dose` reads them, every digit kept."""
    rows = [
        ",".join(
            [
                *(repr(float(one)) for one in (*seed.centre_lps_mm, *seed.axis_lps, seed.strength_u)),
                seed.model.id,
            ]
        )
        for seed in implant.seeds
    ]
    return "\n".join([",".join(SEED_COLUMNS), *rows]) + "\n"


def dose_grid(implant: Implant, frame_of_reference_uid: str = "") -> Volume:
    """An axial grid of 1.5 mm that reaches 25 mm beyond the seeds."""
    low = implant.centres_lps_mm.min(axis=0) - _AROUND_MM
    shape = np.ceil((implant.centres_lps_mm.max(axis=0) + _AROUND_MM - low) / DOSE_SPACING_MM).astype(int) + 1
    transform = np.zeros((4, 4))
    transform[[2, 1, 0], [0, 1, 2]] = DOSE_SPACING_MM
    # Whole tenths of a millimetre: a decimal string holds them exactly.
    transform[:3, 3] = np.round(low, 1)
    transform[3, 3] = 1.0
    return Volume(np.zeros(tuple(shape[::-1]), np.bool_), transform, frame_of_reference_uid)


def _objects(
    implant: Implant,
    target: Volume | None,
    sources: Sequence[Dataset],
    rules: DoseRules,
    prescription_gy: float | None,
    written_at: datetime,
    implanted_on: date | None,
) -> dict[str, bytes]:
    seed = (
        f"{sources[0].SeriesInstanceUID}|{seeds_csv(implant)}|{rules.statements()}|{written_at.isoformat()}"
    )
    if implanted_on is not None:
        # Another day is another object: the same seeds are meant to be as strong then.
        seed += f"|{implanted_on}"
    names = ObjectNames.of(seed)
    dose = total_dose_on_grid(implant, dose_grid(implant, str(sources[0].FrameOfReferenceUID)), rules)
    drawn = [] if target is None else [DrawnStructure(name="Target", mask=target, kind="PTV")]
    facts = PlanFacts(
        label="Seeds found",
        description="Iodine-125 seeds as found in the CT",
        implanted_on=implanted_on or written_at.date(),
        prescription_gy=prescription_gy,
    )
    return {
        "rtstruct.dcm": write_structures(
            drawn, implant.centres_lps_mm, sources, names, label="Seeds found", written_at=written_at
        ),
        "rtplan.dcm": write_plan(implant, facts, sources, names, written_at=written_at),
        "rtdose.dcm": write_dose(dose, sources, names, written_at=written_at),
    }
