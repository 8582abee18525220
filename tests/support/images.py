"""DICOM files for tests: a small simulated CT, and real ones where ``../shared`` is there."""

import os
import zipfile
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
from pydicom.dataset import FileDataset

from tongtai.core.phantom.abdomen import abdomen_phantom
from tongtai.formats.dicom.writing import CtPatient, write_ct_series

SHARED = Path(os.environ.get("TONGTAI_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "data"
REAL_CT = SHARED / "ct-liver-lesions"
REAL_ULTRASOUND = SHARED / "ultrasound-dicom"
# The patient of the first case in tests.support.world.
PATIENT = CtPatient(name="王小明", patient_id="H0-0001", birth_date=date(1957, 3, 2), sex="M")
SOMEBODY_ELSE = CtPatient(name="Li^Xiaohong", patient_id="X9", birth_date=date(1970, 7, 7), sex="F")


@cache
def small_ct(patient: CtPatient = PATIENT, *, slices: int = 6, number: int = 1) -> tuple[bytes, ...]:
    """A simulated CT of 64 × 64 pixels."""
    phantom = abdomen_phantom(np.random.default_rng(3), slices=slices, size=64)
    at = datetime(2026, 5, 20, 9, 0, tzinfo=UTC)
    return tuple(write_ct_series(phantom, patient, acquired_at=at, series_number=number))


@cache
def plannable_ct(patient: CtPatient = PATIENT, *, number: int = 2) -> tuple[bytes, ...]:
    """A simulated CT, as coarse as can be for a plan with the classical engine."""
    phantom = abdomen_phantom(np.random.default_rng(3), slices=48, size=96, slice_mm=4.0)
    at = datetime(2026, 5, 20, 9, 0, tzinfo=UTC)
    return tuple(write_ct_series(phantom, patient, acquired_at=at, series_number=number))


def edited(content: bytes, change: Callable[[FileDataset], object]) -> bytes:
    """The file after a change of its data set."""
    dataset = pydicom.dcmread(BytesIO(content))
    change(dataset)
    stream = BytesIO()
    dataset.save_as(stream)
    return stream.getvalue()


def zipped(files: Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return stream.getvalue()
