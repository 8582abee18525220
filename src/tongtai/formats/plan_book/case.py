"""What a book says beyond the plan: whose it is, who answers for it, what belongs to it."""

from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """How far a plan has come."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved the plan, and when, in the hospital's own time."""

    name: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """The case; what is empty is printed as not given.

    Attributes
    ----------
    patient
        Name, with two identifiers in ``identifiers``.
    clinical
        Names and values of the summary: stage, scores, laboratory values with dates, allergies …
    """

    case_number: str = ""
    patient: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()
    inviting_hospital: str = ""
    expert_centre: str = ""
    service_type: str = ""
    liable_party: str = ""
    clinical: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintPart:
    """A surface file that belongs to the book.

    Attributes
    ----------
    box_mm
        Extent along x, y and z.
    """

    name: str
    file: str
    sha256: str
    box_mm: tuple[float, float, float]
    volume_ml: float
