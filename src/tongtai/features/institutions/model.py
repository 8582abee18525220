"""Hospitals that invite, centres that are invited, and the hospitals' operating rooms."""

from dataclasses import dataclass
from enum import StrEnum

# Patients' data stays in this country.
HOME_COUNTRY = "CN"


class InstitutionKind(StrEnum):
    """Which side of a case an institution takes."""

    INVITING = "inviting"
    INVITED = "invited"


@dataclass(frozen=True, slots=True, kw_only=True)
class Institution:
    """A hospital or an expert centre. ``country`` is ISO 3166-1: patients' data stays in one."""

    id: str
    name: str
    name_en: str
    kind: InstitutionKind
    country: str = HOME_COUNTRY


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatingRoom:
    """A room of an inviting hospital."""

    id: str
    institution_id: str
    name: str
    name_en: str
