"""An image as every part of the program knows it: what it is, where it lies, whom it is about."""

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


def plain_name(name: str) -> str:
    """A name without what hospitals write differently: case, width, separators, accents.

    Examples
    --------
    >>> plain_name("WANG^Xiao-Ming") == plain_name("Wang Xiaoming")
    True
    """
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    return "".join(character for character in decomposed if character.isalnum())


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientIdentity:
    """Whom an image, or a case, is about.

    Attributes
    ----------
    names : tuple[str, ...]
        The same name in several scripts; one that is unknown is left out.
    birth_date : str
        ``YYYYMMDD``, or empty.
    patient_id : str
        The hospital's number, or empty.
    """

    names: tuple[str, ...]
    birth_date: str
    patient_id: str

    @property
    def key(self) -> str:
        """A digest that is equal for images of one person and tells nothing about them."""
        parts = (*sorted(map(plain_name, self.names)), self.birth_date, self.patient_id)
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One stored image (a DICOM SOP instance).

    Attributes
    ----------
    position_mm : float or None
        Where the slice lies along its normal, in millimetres (LPS).
    attributes : Mapping[str, Any]
        The header as DICOM JSON without pixels.
    """

    sop_instance_uid: str
    sop_class_uid: str
    study_uid: str
    series_uid: str
    transfer_syntax_uid: str
    modality: str
    study_description: str
    study_date: str
    series_description: str
    series_number: int | None
    instance_number: int | None
    position_mm: float | None
    rows: int
    columns: int
    frames: int
    patient: PatientIdentity
    attributes: Mapping[str, Any]
