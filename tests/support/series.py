"""CT series for tests, small and quick to make, and what may go wrong with them."""

from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import UID, CTImageStorage, EnhancedCTImageStorage, ExplicitVRLittleEndian

SERIES = "1.2.826.0.1.3680043.10.999.1"
FRAME = "1.2.826.0.1.3680043.10.999.2"
STUDY = "1.2.826.0.1.3680043.10.999.3"
ROWS, COLUMNS = 14, 18
SPACING_MM = (2.0, 0.9, 0.7)
ORIGIN = (-20.5, 12.25, -101.0)
Change = Callable[[list[FileDataset]], object]


def voxels(slices: int, seed: int = 0) -> np.ndarray:
    """Stored values, shape (slices, ROWS, COLUMNS), 1024 above Hounsfield units."""
    return np.random.default_rng(seed).integers(24, 2024, size=(slices, ROWS, COLUMNS), dtype=np.uint16)


def ct_slices(
    slices: int = 12, *, series: str = SERIES, stored: np.ndarray | None = None
) -> list[FileDataset]:
    """Axial slices from the feet to the head, as parsed objects to be changed."""
    stored = voxels(slices) if stored is None else stored
    return [_slice(series, index, stored[index]) for index in range(slices)]


def written(datasets: Sequence[FileDataset]) -> list[bytes]:
    """The files' bytes."""
    contents = []
    for dataset in datasets:
        stream = BytesIO()
        dataset.save_as(stream, enforce_file_format=True)
        contents.append(stream.getvalue())
    return contents


def put(folder: Path, contents: Sequence[bytes], prefix: str = "I") -> Path:
    """Files without extension, in an order that is not that of the slices."""
    folder.mkdir(parents=True, exist_ok=True)
    for index, content in enumerate(contents):
        (folder / f"{prefix}{(index * 7) % len(contents) if len(contents) % 7 else index:04}").write_bytes(
            content
        )
    return folder


def name_of(index: int, count: int = 12, prefix: str = "I") -> str:
    """The name that ``put`` gives to a slice."""
    return f"{prefix}{(index * 7) % count if count % 7 else index:04}"


def enhanced_ct(slices: int = 12, *, shuffled: bool = True) -> FileDataset:
    """One multi-frame object with the same voxels as ``ct_slices``."""
    stored = voxels(slices)
    order = np.random.default_rng(5).permutation(slices) if shuffled else np.arange(slices)
    dataset = _base(SERIES, EnhancedCTImageStorage, "1.2.826.0.1.3680043.10.999.4.1")
    dataset.NumberOfFrames = slices
    for keyword in (
        "ImageOrientationPatient",
        "PixelSpacing",
        "RescaleSlope",
        "RescaleIntercept",
        "RescaleType",
    ):
        delattr(dataset, keyword)
    shared = Dataset()
    shared.PixelMeasuresSequence = [_item(PixelSpacing=list(SPACING_MM[1:]), SliceThickness="2")]
    shared.PlaneOrientationSequence = [_item(ImageOrientationPatient=[1, 0, 0, 0, 1, 0])]
    shared.PixelValueTransformationSequence = [
        _item(RescaleSlope="1", RescaleIntercept="-1024", RescaleType="HU")
    ]
    dataset.SharedFunctionalGroupsSequence = [shared]
    dataset.PerFrameFunctionalGroupsSequence = [
        _item(PlanePositionSequence=[_item(ImagePositionPatient=_position(int(index)))]) for index in order
    ]
    dataset.PixelData = stored[order].astype("<u2").tobytes()
    return dataset


def parsed(content: bytes) -> FileDataset:
    """A file as an object."""
    return pydicom.dcmread(BytesIO(content))


def _slice(series: str, index: int, stored: np.ndarray) -> FileDataset:
    dataset = _base(series, CTImageStorage, f"{series}.7.{index + 1}")
    dataset.InstanceNumber = index + 1
    dataset.ImagePositionPatient = _position(index)
    dataset.PixelData = stored.astype("<u2").tobytes()
    return dataset


def _base(series: str, sop_class: UID, sop_instance: str) -> FileDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = sop_class
    meta.MediaStorageSOPInstanceUID = UID(sop_instance)
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset = FileDataset("", {}, file_meta=meta, preamble=b"\x00" * 128)
    dataset.SOPClassUID, dataset.SOPInstanceUID = sop_class, sop_instance
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = STUDY, series
    dataset.FrameOfReferenceUID = FRAME
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    dataset.Modality = "CT"
    dataset.PatientName, dataset.PatientID, dataset.PatientBirthDate = "Test^Case", "T-1", "19600101"
    dataset.PatientSex = "O"
    dataset.StudyDate = dataset.SeriesDate = dataset.AcquisitionDate = "20260520"
    dataset.StudyTime = dataset.AcquisitionTime = "090000"
    dataset.StudyID, dataset.AccessionNumber, dataset.ReferringPhysicianName = "1", "", ""
    dataset.Manufacturer, dataset.PositionReferenceIndicator = "Tests", ""
    dataset.SeriesDescription, dataset.SeriesNumber = "", 3
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    dataset.PixelSpacing = list(SPACING_MM[1:])
    dataset.SliceThickness = "2"
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.Rows, dataset.Columns = ROWS, COLUMNS
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 12, 11
    dataset.PixelRepresentation = 0
    dataset.RescaleSlope, dataset.RescaleIntercept, dataset.RescaleType = "1", "-1024", "HU"
    return dataset


def _position(index: int) -> list[float]:
    return [ORIGIN[0], ORIGIN[1], ORIGIN[2] + index * SPACING_MM[0]]


def _item(**attributes: object) -> Dataset:
    item = Dataset()
    for keyword, value in attributes.items():
        setattr(item, keyword, value)
    return item
