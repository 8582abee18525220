"""Hospitals that invite, centres that are invited, and the hospitals' operating rooms."""

from dataclasses import dataclass
from enum import StrEnum


class InstitutionKind(StrEnum):
    """Which side of a case an institution takes."""

    INVITING = "inviting"
    INVITED = "invited"


@dataclass(frozen=True, slots=True, kw_only=True)
class Institution:
    """A hospital or an expert centre."""

    id: str
    name: str
    name_en: str
    kind: InstitutionKind


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatingRoom:
    """A room of an inviting hospital."""

    id: str
    institution_id: str
    name: str
    name_en: str
