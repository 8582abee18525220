"""Names in the DICOM objects of a plan, whatever they were made from."""

from datetime import UTC, datetime
from io import BytesIO

import pydicom
import pytest
from pydicom.dataset import Dataset

from tongtai.formats.dicom.disclosure import mask_dataset
from tongtai.formats.dicom.encapsulated import document_header, encapsulate_pdf


def image_header(character_set: str, name: str) -> Dataset:
    """As it is after it was read from a file."""
    header = Dataset()
    header.SpecificCharacterSet = character_set
    header.PatientName, header.PatientID, header.PatientBirthDate, header.PatientSex = (
        name,
        "17",
        "19680101",
        "M",
    )
    header.StudyInstanceUID, header.SOPInstanceUID = "1.2.3", "1.2.3.4"
    header.SOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
    stream = BytesIO()
    header.save_as(stream, implicit_vr=False, little_endian=True)
    return pydicom.dcmread(BytesIO(stream.getvalue()), force=True)


@pytest.mark.parametrize("character_set", ["ISO_IR 192", "GB18030"])
@pytest.mark.parametrize("masked", [False, True])
def test_a_chinese_name_survives(character_set: str, masked: bool):
    kept = document_header(image_header(character_set, "王小明"))
    header = Dataset.from_json(kept.to_json_dict())
    if masked:
        mask_dataset(header, "王**")
    content = encapsulate_pdf(
        b"%PDF-1.7", [header], title="手术计划书", written_at=datetime(2026, 1, 2, tzinfo=UTC)
    )
    found = pydicom.dcmread(BytesIO(content))
    assert str(found.PatientName) == ("王**" if masked else "王小明")
    assert found.DocumentTitle == "手术计划书"
