"""Images of a case: whose they are, how they arrive, what is there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from tongtai.core.images import PatientIdentity, plain_name


class Outcome(StrEnum):
    """What became of a file that was sent."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientMatch:
    """How far an image's patient agrees with the case's; each part equal, different or unknown."""

    name: bool | None
    birth_date: bool | None
    patient_id: bool | None

    @property
    def certain(self) -> bool:
        """At least two parts agree and none differs."""
        parts = (self.name, self.birth_date, self.patient_id)
        return False not in parts and parts.count(True) >= 2

    @property
    def differing(self) -> tuple[str, ...]:
        """The parts that differ."""
        parts = {"name": self.name, "birth_date": self.birth_date, "patient_id": self.patient_id}
        return tuple(part for part, agrees in parts.items() if agrees is False)


def match_patient(image: PatientIdentity, case: PatientIdentity) -> PatientMatch:
    """Compare an image's patient with the case's.

    Names are compared script by script: 王小明 says nothing about ``WANG^XIAOMING``, so that the
    birth date and the number must decide.

    Examples
    --------
    >>> here = PatientIdentity(names=("王小明",), birth_date="19600102", patient_id="A1")
    >>> there = PatientIdentity(names=("WANG^XIAOMING", "王^小明"), birth_date="19600102", patient_id="")
    >>> match_patient(there, here).certain
    True
    """
    return PatientMatch(
        name=_same_name(image.names, case.names),
        birth_date=_same(image.birth_date, case.birth_date),
        patient_id=_same(plain_name(image.patient_id), plain_name(case.patient_id)),
    )


def _same(one: str, other: str) -> bool | None:
    return one == other if one and other else None


def _same_name(image: Sequence[str], case: Sequence[str]) -> bool | None:
    verdict = None
    for one in filter(None, map(plain_name, image)):
        for other in filter(None, map(plain_name, case)):
            if one.isascii() == other.isascii():
                # Given name first or last: both orders are in use, and one is a rotation of the other.
                if len(one) == len(other) and one in other * 2:
                    return True
                verdict = False
    return verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """The bytes of an image: where they are and how many."""

    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFrames:
    """The frames of an image: whose bytes they are in, how they are encoded, how many there are."""

    sha256: str
    transfer_syntax_uid: str
    frames: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """What became of one file, by the name that its sender gave it."""

    name: str
    outcome: Outcome
    sha256: str = ""
    code: str = ""
    message: str = ""
    series_uid: str = ""
    sop_instance_uid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantinedPatient:
    """A patient whose images wait because they may be somebody else's."""

    identity: str
    patient: PatientIdentity
    differing: tuple[str, ...]
    files: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who sends images: a person of the case, or the gateway at its table."""

    kind: Literal["user", "gateway"]
    id: str
    name: str
    name_en: str
    role: str
    institution_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """One act of sending images, from its start to its end.

    ``test``: of a test series, whose files are compared with their senders' hashes and not kept.
    """

    id: str
    case_id: str
    sender_id: str
    source: str
    declared_files: int | None
    started_at: datetime
    finished_at: datetime | None = None
    test: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SentTestSeries:
    """What became of a finished push of a test series.

    ``declared`` is what the sender meant to send; ``equal`` arrived with the sender's own hash.
    """

    push_id: str
    sender_id: str
    source: str
    finished_at: datetime
    declared: int | None
    equal: int
    other: int

    @property
    def whole(self) -> bool:
        """Whether everything that was announced arrived, equal."""
        return self.equal > 0 and self.other == 0 and self.declared in {None, self.equal}


@dataclass(frozen=True, slots=True, kw_only=True)
class PushStatus:
    """A push and what has become of its files so far."""

    push: Push
    files: Sequence[FileReport] = field(default=())
    quarantined: Sequence[QuarantinedPatient] = field(default=())

    def count(self, outcome: Outcome) -> int:
        """How many files had this outcome."""
        return sum(1 for report in self.files if report.outcome is outcome)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A series as the case's page lists it."""

    study_uid: str
    series_uid: str
    modality: str
    description: str
    study_description: str
    study_date: str
    number: int | None
    instances: int
    frames: int
    rows: int
    columns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageQuery:
    """Which images of a case; ``None`` is any."""

    case_id: str
    study_uid: str | None = None
    series_uid: str | None = None
    sop_instance_uid: str | None = None
