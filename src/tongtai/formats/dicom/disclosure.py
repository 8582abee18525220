"""Take the patient out of an image, as far as a case withholds them from the other side."""

from collections.abc import Mapping
from typing import Any

from pydicom.dataset import Dataset

_NAME = 0x00100010
_KEPT_OF_PATIENT = frozenset({_NAME, 0x00100040, 0x00101010, 0x00101020, 0x00101030})
_PATIENT_GROUP = 0x0010
# Outside of the patient's own group: numbers and people that lead back to the patient (a selection
# of PS3.15 table E.1-1: what a CT or an ultrasound machine writes).
_LEADING_BACK = frozenset(
    {
        0x00080050,  # Accession Number
        0x00080081,  # Institution Address
        0x00080090,  # Referring Physician's Name
        0x00081048,  # Physician(s) of Record
        0x00081050,  # Performing Physician's Name
        0x00081060,  # Name of Physician(s) Reading Study
        0x00081070,  # Operators' Name
        0x00081110,  # Referenced Study Sequence
        0x00081120,  # Referenced Patient Sequence
        0x00200010,  # Study ID
        0x00321032,  # Requesting Physician
        0x00321060,  # Requested Procedure Description
        0x00380010,  # Admission ID
        0x00400275,  # Request Attributes Sequence
        0x00402016,  # Placer Order Number
        0x00402017,  # Filler Order Number
    }
)


def masked_json(attributes: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A header in DICOM JSON with ``name`` as the patient's name and nothing else that identifies."""
    kept = {tag: element for tag, element in attributes.items() if not _identifies(int(tag, 16))}
    kept[f"{_NAME:08X}"] = {"vr": "PN", "Value": [{"Alphabetic": name}]} if name else {"vr": "PN"}
    return dict(sorted(kept.items()))


def mask_dataset(dataset: Dataset, name: str) -> None:
    """The same for a parsed object, in place."""
    for tag in [tag for tag in dataset.keys() if _identifies(int(tag))]:  # noqa: SIM118  (a data set iterates over elements)
        del dataset[tag]
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.PatientName = name
    dataset.PatientIdentityRemoved = "YES"


def _identifies(tag: int) -> bool:
    group = tag >> 16
    if group == _PATIENT_GROUP:
        return tag not in _KEPT_OF_PATIENT
    # Private groups hold copies of names on many machines.
    return bool(group % 2) or tag in _LEADING_BACK
