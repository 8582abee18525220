"""Dose grids and their histograms out of anybody's RTDOSE."""

from dataclasses import dataclass
from io import BytesIO

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from tongtai.core.volumes import Volume
from tongtai.formats.dicom.errors import BrokenHeaderError, DicomError
from tongtai.formats.dicom.radiotherapy.errors import NotRadiotherapyError, RadiotherapyError

RT_DOSE = "1.2.840.10008.5.1.4.1.1.481.2"
_GY = {"GY": 1.0}
_UNEVEN_MM = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class FileHistogram:
    """A cumulative histogram as a file gives it.

    Attributes
    ----------
    structure
        Number in the structure set.
    dose_gy : (N,) array
        Lower edges of the bins.
    volume_ml : (N,) array
        With at least that dose.
    least_gy, largest_gy, mean_gy
        As the file says; None where it does not.
    """

    structure: int
    dose_gy: NDArray[np.float64]
    volume_ml: NDArray[np.float64]
    least_gy: float | None
    largest_gy: float | None
    mean_gy: float | None

    @property
    def total_ml(self) -> float:
        """Volume of the structure."""
        return float(self.volume_ml[0])

    def dose_to_share_gy(self, share: float) -> float:
        """Dose that a share of the volume gets at least; between bins it is linear."""
        falling = self.volume_ml / self.total_ml
        return float(np.interp(-share, -falling, self.dose_gy))


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseFile:
    """A dose grid of a file.

    Attributes
    ----------
    dose
        Gy, slices in the order of their places.
    summation
        PLAN, BRACHY, BEAM …
    histograms
        Cumulative ones in Gy and ml; others are left out and named in ``notes``.
    """

    uid: str
    plan_uids: tuple[str, ...]
    structures_uid: str
    dose: Volume
    summation: str
    histograms: tuple[FileHistogram, ...]
    notes: tuple[str, ...]


def read_dose(content: bytes) -> DoseFile:
    """The grid of an RTDOSE.

    Raises
    ------
    NotRadiotherapyError
        If the file is no RTDOSE.
    RadiotherapyError
        If it has no grid of two voxels or more along each axis, other units than Gy, or uneven frames.
    BrokenHeaderError
        If it is damaged.
    """
    try:
        return _read(pydicom.dcmread(BytesIO(content)))
    except DicomError:
        raise
    except Exception as error:
        # pydicom meets hostile bytes with nearly every built-in exception there is.
        raise BrokenHeaderError("The dose is damaged or of an unusual form.") from error


def _read(dataset: Dataset) -> DoseFile:
    if dataset.get("SOPClassUID") != RT_DOSE:
        raise NotRadiotherapyError("The file is no radiotherapy dose (RTDOSE).")
    units = str(dataset.get("DoseUnits", ""))
    if units not in _GY:
        raise RadiotherapyError(f"The dose is in {units or 'no units'}; Gy are needed.")
    values = np.atleast_3d(dataset.pixel_array) * float(dataset.DoseGridScaling)
    if values.ndim != 3 or min(values.shape) < 2:
        raise RadiotherapyError("A dose grid needs at least two voxels along each axis.")
    found, notes = [], []
    for item in dataset.get("DVHSequence") or ():
        one, why = _histogram(item)
        if one is None:
            notes.append(why)
        else:
            found.append(one)
    structures = dataset.get("ReferencedStructureSetSequence") or [Dataset()]
    return DoseFile(
        uid=str(dataset.SOPInstanceUID),
        plan_uids=tuple(
            str(one.ReferencedSOPInstanceUID) for one in dataset.get("ReferencedRTPlanSequence") or ()
        ),
        structures_uid=str(structures[0].get("ReferencedSOPInstanceUID", "")),
        dose=_volume(dataset, values),
        summation=str(dataset.get("DoseSummationType", "")),
        histograms=tuple(found),
        notes=tuple(notes),
    )


def _volume(dataset: Dataset, values: NDArray[np.float64]) -> Volume:
    offsets = np.array(dataset.GridFrameOffsetVector, np.float64)
    if len(offsets) != len(values):
        raise RadiotherapyError("The dose has another number of frames than of places for them.")
    steps = np.diff(offsets)
    if np.ptp(steps) > _UNEVEN_MM or abs(steps[0]) < _UNEVEN_MM:
        raise RadiotherapyError("The frames of the dose do not lie at even distances.")
    along, down = np.array(dataset.ImageOrientationPatient, np.float64).reshape(2, 3)
    position = np.array(dataset.ImagePositionPatient, np.float64)
    rows_mm, columns_mm = (float(one) for one in dataset.PixelSpacing)
    normal = np.cross(along, down)
    transform = np.eye(4)
    transform[:3, 0] = normal * float(steps.mean())
    transform[:3, 1], transform[:3, 2] = down * rows_mm, along * columns_mm
    # Offsets count from the first frame, or are its own places along z where the first is not zero (C.8.8.3.2).
    first = 0.0 if np.isclose(offsets[0], position @ normal, atol=1e-3) else float(offsets[0])
    transform[:3, 3] = position + normal * first
    return Volume(values.astype(np.float32), transform, str(dataset.get("FrameOfReferenceUID", "")))


def _histogram(item: Dataset) -> tuple[FileHistogram | None, str]:
    structures = item.get("DVHReferencedROISequence") or ()
    number = int(structures[0].ReferencedROINumber) if structures else 0
    wanted = {"DVHType": "CUMULATIVE", "DoseUnits": "GY", "DVHVolumeUnits": "CM3"}
    for keyword, value in wanted.items():
        if item.get(keyword) != value:
            return (
                None,
                f"The histogram of structure {number} was left out: {keyword} is {item.get(keyword)}.",
            )
    if len(structures) != 1:
        return None, f"A histogram of {len(structures)} structures together was left out."
    pairs = np.array(item.DVHData, np.float64).reshape(-1, 2)
    widths = pairs[:, 0] * float(item.get("DVHDoseScaling") or 1.0)
    edges = np.concatenate([[0.0], np.cumsum(widths)[:-1]])
    said = (item.get(f"DVH{word}Dose") for word in ("Minimum", "Maximum", "Mean"))
    least, largest, mean = (None if value is None else float(value) for value in said)
    return (
        FileHistogram(
            structure=number,
            dose_gy=edges,
            volume_ml=pairs[:, 1],
            least_gy=least,
            largest_gy=largest,
            mean_gy=mean,
        ),
        "",
    )
