"""What every radiotherapy object that we write repeats: the patient, the study, who made it and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from io import BytesIO

from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian
from pydicom.valuerep import DSfloat

from tongtai.formats.dicom.character_set import in_utf8
from tongtai.formats.dicom.identifiers import uid_of
from tongtai.formats.dicom.radiotherapy.errors import RadiotherapySourceError

NOT_A_DEVICE = "Research, teaching and simulation: not a registered medical device"
_PATIENT = ("PatientName", "PatientID", "PatientBirthDate", "PatientSex")
_STUDY = (
    "StudyInstanceUID",
    "StudyDate",
    "StudyTime",
    "ReferringPhysicianName",
    "StudyID",
    "AccessionNumber",
)
_NEEDED = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID", "FrameOfReferenceUID")
_IMPLEMENTATION_UID = uid_of("implementation")


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectNames:
    """Identifiers of the objects of one implant, so that each can name the others before it is written."""

    structures: str
    plan: str
    dose: str

    @classmethod
    def of(cls, seed: str) -> "ObjectNames":
        """The same seed, the same identifiers.

        Examples
        --------
        >>> ObjectNames.of("a") == ObjectNames.of("a") != ObjectNames.of("b")
        True
        """
        return cls(
            structures=uid_of(f"{seed}|rtstruct"),
            plan=uid_of(f"{seed}|rtplan"),
            dose=uid_of(f"{seed}|rtdose"),
        )


def new_object(
    sources: Sequence[Dataset],
    *,
    sop_class: str,
    instance: str,
    modality: str,
    series_number: int,
    description: str,
    written_at: datetime,
) -> FileDataset:
    """An object of the images' study with everything but its own content.

    Parameters
    ----------
    sources
        Headers of the images.
    instance
        SOP instance UID; the series gets one made of it.

    Raises
    ------
    RadiotherapySourceError
        If the images lack identifiers or a frame of reference.
    """
    if not sources:
        raise RadiotherapySourceError("A radiotherapy object needs the images that it refers to.")
    for keyword in _NEEDED:
        if not all(source.get(keyword) for source in sources):
            raise RadiotherapySourceError(f"The images have no {keyword}, which the object must name.")
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = UID(sop_class), UID(instance)
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = UID(_IMPLEMENTATION_UID)
    made = FileDataset("", Dataset(), file_meta=meta, preamble=b"\x00" * 128)
    source = in_utf8(sources[0])
    made.SpecificCharacterSet = "ISO_IR 192"
    made.SOPClassUID, made.SOPInstanceUID = sop_class, instance
    for keyword in (*_PATIENT, *_STUDY):
        # Type 2: present, perhaps empty.
        setattr(made, keyword, source.get(keyword, ""))
    made.Modality = modality
    made.SeriesInstanceUID = uid_of(f"{instance}|series")
    made.SeriesNumber, made.InstanceNumber = series_number, 1
    made.SeriesDescription = description[:64]
    made.OperatorsName = ""
    made.FrameOfReferenceUID = source.FrameOfReferenceUID
    made.PositionReferenceIndicator = source.get("PositionReferenceIndicator", "")
    made.Manufacturer = made.ManufacturerModelName = "Tongtai"
    made.DeviceSerialNumber, made.SoftwareVersions = "0", version("tongtai")
    made.SeriesDate = made.InstanceCreationDate = f"{written_at:%Y%m%d}"
    made.SeriesTime = made.InstanceCreationTime = f"{written_at:%H%M%S}"
    return made


def referenced(sop_class: str, instance: str) -> Dataset:
    """An item that names another object."""
    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = sop_class, instance
    return item


def decimal(value: float) -> DSfloat:
    """A number in the sixteen characters of a decimal string, with as many digits as they hold.

    Examples
    --------
    >>> str(decimal(-123.45678901234567))
    '-123.45678901235'
    """
    return DSfloat(float(value), auto_format=True)


def file_bytes(made: FileDataset) -> bytes:
    """The object as a file."""
    stream = BytesIO()
    made.save_as(stream, enforce_file_format=True)
    return stream.getvalue()
