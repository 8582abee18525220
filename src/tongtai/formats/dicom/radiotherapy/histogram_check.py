"""A file's own histograms beside those of its own dose grid and structures."""

from dataclasses import dataclass

import numpy as np

from tongtai.core.brachytherapy.dose_volume import DoseVolumeHistogram
from tongtai.core.volumes import Interpolation, Volume, resampled
from tongtai.formats.dicom.masks import read_structure_set
from tongtai.formats.dicom.radiotherapy.dose_reading import DoseFile, FileHistogram
from tongtai.formats.dicom.radiotherapy.errors import RadiotherapyError

# Structures are drawn into cells of this size, or the grid's own where that is finer.
_CELL_MM = 1.25
_PERCENT_SHARE = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class HistogramCheck:
    """One structure: what the file says, and what its dose grid gives.

    Attributes
    ----------
    told_volume_ml, volume_ml
        The file's; from its contours.
    told_mean_gy, mean_gy, told_d90_gy, d90_gy
        The file's; from its dose grid.
    """

    number: int
    name: str
    told_volume_ml: float
    volume_ml: float
    told_mean_gy: float | None
    mean_gy: float
    told_d90_gy: float
    d90_gy: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HistogramChecks:
    """All structures with a histogram, and what was done to compare them."""

    checks: tuple[HistogramCheck, ...]
    notes: tuple[str, ...]


def check_histograms(
    file: DoseFile, structures: bytes, *, prescription_gy: float | None = None
) -> HistogramChecks:
    """Compare every cumulative histogram of a dose file with its grid inside the structure.

    Parameters
    ----------
    structures
        The RTSTRUCT.
    prescription_gy
        Of the plan: histograms whose doses are in per cent of it are recognised by it.

    Raises
    ------
    RadiotherapyError
        If the file has no histograms.
    MaskError
        If the structures belong to another frame of reference, or lie outside.
    """
    if not file.histograms:
        raise RadiotherapyError("The dose file has no cumulative histograms in Gy and ml to compare with.")
    notes = list(file.notes)
    gy_per_unit = _unit(file, prescription_gy, notes)
    fine = _fine(file.dose)
    masks = {one.number: one for one in read_structure_set(structures, fine).masks}
    found = []
    for told in file.histograms:
        one = masks.get(told.structure)
        if one is None:
            notes.append(f"Structure {told.structure} has a histogram but no contours within the dose grid.")
            continue
        found.append(_check(told, one.name, one.mask, fine, gy_per_unit))
    return HistogramChecks(checks=tuple(found), notes=tuple(notes))


def _unit(file: DoseFile, prescription_gy: float | None, notes: list[str]) -> float:
    """Gy that one unit of the file's mean doses stands for: some programs write per cent and call it Gy.

    The bins of the same histograms are in Gy.
    """
    largest = max((one.largest_gy or 0.0 for one in file.histograms), default=0.0)
    highest = float(file.dose.voxels.max())
    if prescription_gy and largest > 0.0:
        share = prescription_gy / 100.0
        if abs(largest * share / highest - 1.0) < _PERCENT_SHARE and abs(largest / highest - 1.0) > 0.1:
            notes.append(
                f"The file's least, largest and mean doses say GY, but are per cent of the prescription of {prescription_gy:g} "
                f"Gy: the largest is {largest:.2f}, that of the grid {highest:.2f} Gy. They were read as per cent."
            )
            return share
    return 1.0


def _fine(dose: Volume) -> Volume:
    spacing = np.minimum(dose.spacing_mm, np.maximum(_CELL_MM, dose.spacing_mm / 4.0))
    # Frames stay: contours lie in their planes.
    wanted = (float(dose.spacing_mm[0]), float(spacing[1]), float(spacing[2]))
    return resampled(dose, spacing_mm=wanted, interpolation=Interpolation.LINEAR)


def _check(told: FileHistogram, name: str, mask: Volume, dose: Volume, gy_per_unit: float) -> HistogramCheck:
    made = DoseVolumeHistogram.of(dose.voxels[mask.voxels].astype(np.float64), dose.voxel_volume_ml)
    return HistogramCheck(
        number=told.structure,
        name=name,
        told_volume_ml=told.total_ml,
        volume_ml=made.total_ml,
        told_mean_gy=None if told.mean_gy is None else told.mean_gy * gy_per_unit,
        mean_gy=made.mean_gy,
        told_d90_gy=told.dose_to_share_gy(0.9),
        d90_gy=made.dose_to_share_gy(0.9),
    )
