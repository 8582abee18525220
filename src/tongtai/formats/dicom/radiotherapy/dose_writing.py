"""A dose grid as RTDOSE (PS3.3 A.18, C.8.8.3): Gy to infinity, in the frame of the images."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import RTDoseStorage, RTPlanStorage, RTStructureSetStorage

from tongtai.core.brachytherapy.dose_volume import DoseVolumeHistogram
from tongtai.core.volumes import Volume
from tongtai.formats.dicom.radiotherapy.errors import RadiotherapyError
from tongtai.formats.dicom.radiotherapy.heads import (
    NOT_A_DEVICE,
    ObjectNames,
    decimal,
    file_bytes,
    new_object,
    referenced,
)

_HIGHEST = 2**32 - 1
# Beside a seed the dose is a hundred times the prescription: bins of one width would blur D90 by several Gy.
_LEAST_BIN_GY, _WIDER_BY = 0.05, 1.005


def write_dose(
    dose: Volume,
    sources: Sequence[Dataset],
    names: ObjectNames,
    *,
    written_at: datetime,
    histograms: Mapping[int, DoseVolumeHistogram] | None = None,
) -> bytes:
    """An RTDOSE file, 32 bits a voxel.

    Parameters
    ----------
    dose
        Gy at the centres of voxels; its axes at right angles.
    sources
        Headers of the images.
    names
        Identifiers of the dose, its plan and its structure set.
    histograms
        By the number of their structure in the structure set.

    Raises
    ------
    RadiotherapyError
        If a dose is negative or not finite, or the grid is sheared.
    """
    values = dose.voxels.astype(np.float64)
    if not np.all(np.isfinite(values)) or values.min() < 0.0:
        raise RadiotherapyError("A dose must be a finite number of zero or more everywhere.")
    made = new_object(
        sources,
        sop_class=RTDoseStorage,
        instance=names.dose,
        modality="RTDOSE",
        series_number=302,
        description="Dose of permanent seeds, TG-43U1",
        written_at=written_at,
    )
    _geometry(made, dose)
    made.SamplesPerPixel, made.PhotometricInterpretation = 1, "MONOCHROME2"
    made.BitsAllocated = made.BitsStored = 32
    made.HighBit, made.PixelRepresentation = 31, 0
    made.DoseUnits, made.DoseType, made.DoseSummationType = "GY", "PHYSICAL", "PLAN"
    made.DoseComment = f"To infinity, in water. {NOT_A_DEVICE}"[:64]
    made.TissueHeterogeneityCorrection = "WATER"
    # A decimal string rounds: the scaling that is written is the one that is used.
    scaling = decimal(max(float(values.max()), 1e-9) * (1.0 + 1e-9) / _HIGHEST)
    made.DoseGridScaling = scaling
    stored = np.minimum(np.rint(values / float(scaling)), _HIGHEST)
    made.PixelData = stored.astype("<u4").tobytes()
    made["PixelData"].VR = "OW"
    made.ReferencedRTPlanSequence = [referenced(RTPlanStorage, names.plan)]
    made.ReferencedStructureSetSequence = [referenced(RTStructureSetStorage, names.structures)]
    if histograms:
        made.DVHSequence = [_histogram(number, one) for number, one in histograms.items()]
    return file_bytes(made)


def _geometry(made: Dataset, dose: Volume) -> None:
    directions: NDArray[np.float64] = dose.index_to_lps[:3, :3] / dose.spacing_mm
    down, along = directions[:, 1], directions[:, 2]
    normal = np.cross(along, down)
    if not np.allclose(np.abs(directions.T @ directions), np.eye(3), atol=1e-4):
        raise RadiotherapyError("The axes of the dose grid are not at right angles.")
    frames, rows, columns = dose.voxels.shape
    made.NumberOfFrames, made.Rows, made.Columns = frames, rows, columns
    made.FrameIncrementPointer = 0x3004000C
    made.ImageOrientationPatient = [decimal(part) for part in (*along, *down)]
    made.ImagePositionPatient = [decimal(part) for part in dose.lps_of(np.zeros(3))]
    made.PixelSpacing = [decimal(dose.spacing_mm[1]), decimal(dose.spacing_mm[2])]
    made.SliceThickness = decimal(dose.spacing_mm[0])
    # Along the normal of the frames, which may run against the order of the slices.
    step = float(dose.index_to_lps[:3, 0] @ normal)
    made.GridFrameOffsetVector = [decimal(step * frame) for frame in range(frames)]


def _histogram(number: int, one: DoseVolumeHistogram) -> Dataset:
    """Cumulative, from zero, in bins that grow with the dose: pairs of width and volume (C.8.8.4)."""
    item = Dataset()
    structure = Dataset()
    structure.ReferencedROINumber, structure.DVHROIContributionType = number, "INCLUDED"
    item.DVHReferencedROISequence = [structure]
    item.DVHType, item.DoseUnits, item.DoseType = "CUMULATIVE", "GY", "PHYSICAL"
    item.DVHDoseScaling, item.DVHVolumeUnits = decimal(1.0), "CM3"
    # So many that the last one ends beyond the highest dose: the sum of a geometric series.
    bins = max(
        2, math.ceil(math.log1p(one.largest_gy * (_WIDER_BY - 1.0) / _LEAST_BIN_GY) / math.log(_WIDER_BY))
    )
    widths = np.round(_LEAST_BIN_GY * _WIDER_BY ** np.arange(bins), 6)
    # Six decimals, so that the element stays below the 64 kB that its length can say.
    volumes = [round(one.volume_ml_above(float(edge)), 6) for edge in np.cumsum(widths) - widths]
    item.DVHNumberOfBins = bins
    item.DVHData = [
        decimal(part)
        for width, volume in zip(widths, volumes, strict=True)
        for part in (float(width), volume)
    ]
    item.DVHMinimumDose, item.DVHMaximumDose = decimal(one.least_gy), decimal(one.largest_gy)
    item.DVHMeanDose = decimal(one.mean_gy)
    return item
