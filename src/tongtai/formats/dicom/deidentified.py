"""Images without the patient, for teaching and research: DICOM PS3.15 Annex E, by what is kept, not by what is removed."""

from datetime import datetime
from io import BytesIO

from pydicom import dcmread
from pydicom.dataset import Dataset

from tongtai.core.deidentification import Disguise

# Only these are given away, if they are there: what a picture needs to be looked at and measured, and how it was taken. No free
# text and no private group is among them (a description can name the patient).
_KEPT = [
    "SpecificCharacterSet",
    "ImageType",
    "SOPClassUID",
    "Modality",
    "SliceThickness",
    "KVP",
    "SpacingBetweenSlices",
    "DataCollectionDiameter",
    "ReconstructionDiameter",
    "GantryDetectorTilt",
    "TableHeight",
    "ExposureTime",
    "XRayTubeCurrent",
    "Exposure",
    "ConvolutionKernel",
    "PatientPosition",
    "SeriesNumber",
    "AcquisitionNumber",
    "InstanceNumber",
    "ImagePositionPatient",
    "ImageOrientationPatient",
    "SliceLocation",
    "SamplesPerPixel",
    "PhotometricInterpretation",
    "PlanarConfiguration",
    "NumberOfFrames",
    "Rows",
    "Columns",
    "PixelSpacing",
    "BitsAllocated",
    "BitsStored",
    "HighBit",
    "PixelRepresentation",
    "SmallestImagePixelValue",
    "LargestImagePixelValue",
    "WindowCenter",
    "WindowWidth",
    "RescaleIntercept",
    "RescaleSlope",
    "RescaleType",
    "LossyImageCompression",
    "EchoTime",
    "RepetitionTime",
    "FlipAngle",
    "MagneticFieldStrength",
    "PatientSex",
    "PixelData",
]
_UIDS = ("SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID")
_DATES = ("StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate")
# Cross sections are computed; on pictures of a camera, an ultrasound machine or a screen a name may stand in the pixels.
_WITHOUT_WRITING = frozenset({"CT", "MR"})
# DICOM PS3.16 CID 7050: basic profile; dates modified, device identity not kept.
_METHODS = (
    ("113100", "Basic Application Confidentiality Profile"),
    ("113107", "Retain Longitudinal Temporal Information Modified Dates Option"),
)
_DICOM_DAY = "%Y%m%d"


def deidentified(content: bytes, disguise: Disguise) -> bytes | None:
    """The image under other numbers and days; ``None`` where the patient's name may stand in the picture itself.

    Parameters
    ----------
    content
        A DICOM file.
    disguise
        Of the image's case.
    """
    before = dcmread(BytesIO(content))
    written_in = str(before.get("BurnedInAnnotation", "NO")).upper() == "YES"
    if before.get("Modality") not in _WITHOUT_WRITING or written_in:
        return None
    after = Dataset()
    for keyword in _KEPT:
        if keyword in before:
            after[keyword] = before[keyword]
    for keyword in _UIDS:
        if before.get(keyword):
            setattr(after, keyword, disguise.uid(str(before.get(keyword))))
    for keyword in _DATES:
        if day := _day(str(before.get(keyword, ""))):
            setattr(after, keyword, f"{disguise.day(day.date()):{_DICOM_DAY}}")
    after.PatientName = after.PatientID = disguise.number
    after.PatientBirthDate = after.StudyTime = after.AccessionNumber = after.StudyID = ""
    after.PatientIdentityRemoved, after.BurnedInAnnotation = "YES", "NO"
    after.LongitudinalTemporalInformationModified = "MODIFIED"
    after.DeidentificationMethod = "Tongtai: kept by a list, PS3.15 Annex E"
    after.DeidentificationMethodCodeSequence = [_code(*method) for method in _METHODS]
    return _file(before, after)


def _file(before: Dataset, after: Dataset) -> bytes:
    after.file_meta = before.file_meta
    meta = after.file_meta
    meta.MediaStorageSOPInstanceUID = after.SOPInstanceUID
    for keyword in ("SourceApplicationEntityTitle", "SendingApplicationEntityTitle", "PrivateInformation"):
        if keyword in meta:
            delattr(meta, keyword)
    out = BytesIO()
    after.save_as(out, enforce_file_format=True)
    return out.getvalue()


def _day(text: str) -> datetime | None:
    try:
        return datetime.strptime(text[:8], _DICOM_DAY)  # noqa: DTZ007  (a day has no zone)
    except ValueError:
        return None


def _code(value: str, meaning: str) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, "DCM", meaning
    return item
