"""The phases of a contrast CT that a demonstration's case still lacks, as its hospital would send them."""

import sys
from datetime import datetime
from pathlib import Path

import numpy as np

from tongtai.core.phantom.abdomen import draw_anatomy, imaged
from tongtai.entrypoints.demo.people import HOSPITALS
from tongtai.formats.dicom.writing import CtPatient, write_ct_series

PHASES = {"arterial": 2, "delayed": 3}
_SEX = {"F": "F", "M": "M"}


def phase_series(hospital_key: str, phase: str) -> list[bytes]:
    """A small series of the hospital's first patient, taken today: headers are what the check reads."""
    patient = next(one.patient for one in HOSPITALS if one.key == hospital_key)
    generator = np.random.default_rng(PHASES[phase])
    taken = imaged(draw_anatomy(generator), generator, slices=6, size=64, slice_mm=2.5)
    return write_ct_series(
        taken,
        CtPatient(
            name=patient.name,
            patient_id=patient.hospital_number,
            birth_date=patient.birth_date,
            sex=_SEX.get(patient.sex.value, "O"),
        ),
        acquired_at=datetime.now(),  # noqa: DTZ005  (a hospital's own clock)
        series_number=PHASES[phase],
        description=f"SIMULATED abdomen, {phase} phase",
    )


def main() -> None:
    """Write both phases of every hospital's patient into a folder of its own."""
    root = Path(sys.argv[1])
    for hospital in HOSPITALS:
        folder = root / hospital.key
        folder.mkdir(parents=True)
        for phase in PHASES:
            for number, content in enumerate(phase_series(hospital.key, phase)):
                (folder / f"{phase}-{number}.dcm").write_bytes(content)


if __name__ == "__main__":
    main()
