"""Write a simulated CT as DICOM, marked as simulated wherever a reader may look."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import UID, CTImageStorage, ExplicitVRLittleEndian

from tongtai.core.phantom.abdomen import AbdomenPhantom
from tongtai.core.volumes import Volume

# 2.25 is the root for identifiers made of a UUID; these are made of a digest, so that the same
# phantom has the same identifiers and is stored once.
_UID_ROOT = "2.25."
_IMPLEMENTATION_UID = "2.25.240961839812905346823476133416320713071"
_DESCRIPTION = "SIMULATED abdomen, portal venous"


@dataclass(frozen=True, slots=True, kw_only=True)
class CtPatient:
    """Whom the simulated CT is about: the invented patient of a demonstration's case.

    Attributes
    ----------
    sex : str
        M, F or O.
    """

    name: str
    patient_id: str
    birth_date: date
    sex: str


def write_ct_series(
    phantom: AbdomenPhantom,
    patient: CtPatient,
    *,
    acquired_at: datetime,
    series_number: int = 1,
    description: str = _DESCRIPTION,
) -> list[bytes]:
    """One DICOM file per slice, from the feet to the head.

    Parameters
    ----------
    phantom : AbdomenPhantom
        The volume; every slice already says SIMULATED in its picture.
    patient : CtPatient
        The invented patient.
    acquired_at : datetime
        Date and time of the study, in the hospital's own time.
    series_number : int
        Series of the same patient and time are told apart by it and share a study.
    description : str
        Of the study and the series; says that they are simulated.
    """
    study = f"{patient.name}|{patient.patient_id}|{acquired_at.isoformat()}"
    series = f"{study}|{series_number}"
    common = _common(phantom.image, patient, acquired_at)
    common.StudyDescription = common.SeriesDescription = description
    common.StudyInstanceUID = _uid(study)
    common.SeriesInstanceUID = _uid(series)
    common.FrameOfReferenceUID = _uid(f"{study}|frame")
    common.SeriesNumber = series_number
    return [
        _slice(common, phantom.image, index, _uid(f"{series}|{index}"))
        for index in range(phantom.image.voxels.shape[0])
    ]


def _common(image: Volume, patient: CtPatient, acquired_at: datetime) -> Dataset:
    _, rows, columns = image.voxels.shape
    dz, dy, dx = image.spacing_mm
    dataset = Dataset()
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.ImageType = ["DERIVED", "SECONDARY", "AXIAL", "SIMULATED"]
    dataset.SOPClassUID = CTImageStorage
    dataset.StudyDate = dataset.SeriesDate = dataset.AcquisitionDate = f"{acquired_at:%Y%m%d}"
    dataset.StudyTime = dataset.SeriesTime = dataset.AcquisitionTime = f"{acquired_at:%H%M%S}"
    dataset.AccessionNumber = ""
    dataset.Modality = "CT"
    dataset.Manufacturer = "Tongtai (simulated)"
    dataset.ReferringPhysicianName = ""
    dataset.DerivationDescription = "Computed phantom; no patient was imaged"
    # A name in Chinese has no alphabetic group; the ideographic one is the second.
    dataset.PatientName = patient.name if patient.name.isascii() else f"={patient.name}"
    dataset.PatientID = patient.patient_id
    dataset.PatientBirthDate = f"{patient.birth_date:%Y%m%d}"
    dataset.PatientSex = patient.sex
    dataset.StudyID = "SIM"
    dataset.PatientPosition = "HFS"
    dataset.BurnedInAnnotation = "YES"
    dataset.SliceThickness = dataset.SpacingBetweenSlices = f"{dz:.6g}"
    dataset.KVP = "120"
    dataset.PositionReferenceIndicator = ""
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    dataset.PixelSpacing = [f"{dy:.10g}", f"{dx:.10g}"]
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.Rows, dataset.Columns = rows, columns
    dataset.BitsAllocated = dataset.BitsStored = 16
    dataset.HighBit = 15
    dataset.PixelRepresentation = 1
    dataset.WindowCenter, dataset.WindowWidth = "60", "400"
    dataset.RescaleIntercept, dataset.RescaleSlope, dataset.RescaleType = "0", "1", "HU"
    return dataset


def _slice(common: Dataset, image: Volume, index: int, uid: str) -> bytes:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = CTImageStorage
    meta.MediaStorageSOPInstanceUID = UID(uid)
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = UID(_IMPLEMENTATION_UID)
    dataset = FileDataset("", common.copy(), file_meta=meta, preamble=b"\x00" * 128)
    dataset.SOPInstanceUID = UID(uid)
    dataset.InstanceNumber = index + 1
    x, y, z = image.lps_of(np.array([index, 0, 0])).tolist()
    dataset.ImagePositionPatient = [f"{value:.10g}" for value in (x, y, z)]
    dataset.SliceLocation = f"{z:.10g}"
    dataset.PixelData = _little_endian(image.voxels[index])
    stream = BytesIO()
    dataset.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def _little_endian(pixels: NDArray[np.int16]) -> bytes:
    return pixels.astype("<i2", copy=False).tobytes()


def _uid(seed: str) -> str:
    digest = hashlib.sha256(f"tongtai-simulated|{seed}".encode()).digest()
    return _UID_ROOT + str(int.from_bytes(digest[:16]))
