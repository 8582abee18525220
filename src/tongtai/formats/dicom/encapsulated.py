"""A document inside of DICOM, so that it travels with the images: Encapsulated PDF (PS3.3 A.45.1)."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import version
from io import BytesIO

import pydicom
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import UID, EncapsulatedPDFStorage, ExplicitVRLittleEndian

from tongtai.formats.dicom.character_set import in_utf8
from tongtai.formats.dicom.errors import DicomError
from tongtai.formats.dicom.identifiers import stamp, uid_of

_PATIENT_AND_STUDY = (
    "PatientName",
    "PatientID",
    "PatientBirthDate",
    "PatientSex",
    "StudyInstanceUID",
    "StudyDate",
    "StudyTime",
    "StudyID",
    "AccessionNumber",
    "ReferringPhysicianName",
)
_IF_PRESENT = (
    "IssuerOfPatientID",
    "OtherPatientIDs",
    "StudyDescription",
    "PatientAge",
    "PatientIdentityRemoved",
)


class EncapsulationError(DicomError):
    """The document is no PDF, or there is no image to bind it to."""

    code = "encapsulation"


def encapsulate_pdf(
    pdf: bytes,
    sources: Sequence[Dataset],
    *,
    title: str,
    written_at: datetime,
    series_number: int = 102,
) -> bytes:
    """A PDF as a DICOM file of the patient's study.

    The same document on the same images, written at the same time, gives the same bytes.

    Parameters
    ----------
    pdf : bytes
        The document.
    sources : sequence of Dataset
        Headers of the images that it was made from.
    title : str
        Of the document, in any language.
    written_at : datetime
        Date and time of the content.

    Raises
    ------
    EncapsulationError
        If the document is no PDF or no images are given.
    """
    if not pdf.startswith(b"%PDF-"):
        raise EncapsulationError("The document is no PDF.")
    if not sources:
        raise EncapsulationError("A document needs the headers of the images that it belongs to.")
    seed = f"{hashlib.sha256(pdf).hexdigest()}|{written_at.isoformat()}|{sources[0].StudyInstanceUID}"
    dataset = _dataset(uid_of(f"{seed}|document"))
    _describe(dataset, in_utf8(sources[0]), seed, title, series_number)
    stamp(dataset, written_at)
    dataset.AcquisitionDateTime = f"{written_at:%Y%m%d%H%M%S}"
    dataset.SourceInstanceSequence = [_reference(source) for source in sources]
    dataset.EncapsulatedDocument = pdf + b"\0" * (len(pdf) % 2)
    dataset.EncapsulatedDocumentLength = len(pdf)
    stream = BytesIO()
    dataset.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def document_header(source: Dataset) -> Dataset:
    """What ``encapsulate_pdf`` needs of an image's header, in UTF-8."""
    header, whole = Dataset(), in_utf8(source)
    header.SpecificCharacterSet = "ISO_IR 192"
    for keyword in (*_PATIENT_AND_STUDY, *_IF_PRESENT, "SOPClassUID", "SOPInstanceUID"):
        if keyword in whole:
            header[keyword] = whole[keyword]
    return header


def read_pdf(content: bytes) -> bytes:
    """The document of an Encapsulated PDF file, without its padding.

    Raises
    ------
    EncapsulationError
        If the file holds none.
    """
    dataset = pydicom.dcmread(BytesIO(content))
    if dataset.get("SOPClassUID") != EncapsulatedPDFStorage or "EncapsulatedDocument" not in dataset:
        raise EncapsulationError("The file holds no encapsulated PDF.")
    document = bytes(dataset.EncapsulatedDocument)
    return document[: int(dataset.get("EncapsulatedDocumentLength", len(document)))]


def _dataset(sop_instance_uid: str) -> FileDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = EncapsulatedPDFStorage
    meta.MediaStorageSOPInstanceUID = UID(sop_instance_uid)
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset = FileDataset("", Dataset(), file_meta=meta, preamble=b"\0" * 128)
    dataset.SOPClassUID = EncapsulatedPDFStorage
    dataset.SOPInstanceUID = sop_instance_uid
    return dataset


def _describe(dataset: Dataset, source: Dataset, seed: str, title: str, series_number: int) -> None:
    dataset.SpecificCharacterSet = "ISO_IR 192"
    for keyword in _PATIENT_AND_STUDY:
        setattr(dataset, keyword, source.get(keyword, ""))
    for keyword in _IF_PRESENT:
        if keyword in source:
            setattr(dataset, keyword, source.get(keyword))
    dataset.Modality = "DOC"
    dataset.SeriesInstanceUID = uid_of(f"{seed}|series")
    dataset.SeriesNumber = series_number
    dataset.SeriesDescription = title[:64]
    dataset.InstanceNumber = 1
    dataset.ConversionType = "WSD"
    dataset.Manufacturer = dataset.ManufacturerModelName = "Tongtai"
    dataset.SoftwareVersions = version("tongtai")
    dataset.DeviceSerialNumber = "0"
    dataset.BurnedInAnnotation = "YES"
    dataset.DocumentTitle = title
    dataset.MIMETypeOfEncapsulatedDocument = "application/pdf"
    name = Dataset()
    name.CodeValue, name.CodingSchemeDesignator, name.CodeMeaning = "18776-5", "LN", "Plan of care note"
    dataset.ConceptNameCodeSequence = [name]


def _reference(source: Dataset) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID = source.SOPClassUID
    item.ReferencedSOPInstanceUID = source.SOPInstanceUID
    return item
