"""The archive of a case: bundles by hash, receipts of both sides, retention, holds, seals.

A bundle is a list of parts with their hashes; its own hash is that of the list. Both sides receive the
same and confirm the hash that they received (Measures on telemedicine services 2018: originals are kept
by each side separately).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from tongtai.core.lacks import Lack, lack, lacking
from tongtai.features.accounts.model import Confirmation
from tongtai.features.audit.model import content_sha256


class RetentionClass(StrEnum):
    """How long something is kept."""

    INPATIENT = "inpatient"
    OUTPATIENT = "outpatient"
    RECORDING = "recording"
    TRANSFER_RECORD = "transfer_record"
    IMPACT_ASSESSMENT = "impact_assessment"
    LOG = "log"


# Years and months: rules on medical records 2013 (30 and 15 years); process records 3 years by analogy
# with the rules on internet diagnosis; Regulation on network data security, article 12 (3 years); PIPL 56
# (3 years); Law on cybersecurity 2016, article 21 (6 months).
KEPT: Mapping[RetentionClass, tuple[int, int]] = MappingProxyType(
    {
        RetentionClass.INPATIENT: (30, 0),
        RetentionClass.OUTPATIENT: (15, 0),
        RetentionClass.RECORDING: (3, 0),
        RetentionClass.TRANSFER_RECORD: (3, 0),
        RetentionClass.IMPACT_ASSESSMENT: (3, 0),
        RetentionClass.LOG: (0, 6),
    }
)


def kept_until(retention: RetentionClass, last: date) -> date:
    """The last day on which something must be kept, counted from the last visit or discharge.

    Examples
    --------
    >>> kept_until(RetentionClass.INPATIENT, date(2026, 5, 4))
    datetime.date(2056, 5, 4)
    >>> kept_until(RetentionClass.LOG, date(2026, 8, 31))
    datetime.date(2027, 3, 1)
    """
    years, months = KEPT[retention]
    month = last.month - 1 + months
    year, month = last.year + years + month // 12, month % 12 + 1
    try:
        return date(year, month, last.day)
    except ValueError:
        # The month is shorter: the first day of the next one, so that nothing ends early.
        return date(year + month // 12, month % 12 + 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One file of a bundle, or a reference to images by their hashes."""

    name: str
    media_type: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A side has received the bundle: the hash that it computed itself."""

    institution_id: str
    sha256: str
    by: Confirmation


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A version of a case's archive.

    Attributes
    ----------
    number
        Counts the versions from 1; a later one does not replace an earlier one.
    previous_sha256
        The version before; empty for the first.
    reason
        Why there is a later version.
    """

    id: str
    case_id: str
    number: int
    parts: tuple[Part, ...]
    retention: RetentionClass
    kept_until: date
    made_at: datetime
    made_by: str
    reason: str = ""
    previous_sha256: str = ""
    receipts: tuple[Receipt, ...] = ()
    version: int = 1

    @property
    def manifest(self) -> dict[str, object]:
        """What the bundle's hash is made of."""
        return {
            "case_id": self.case_id,
            "number": self.number,
            "made_at": self.made_at.isoformat(),
            "reason": self.reason,
            "previous_sha256": self.previous_sha256,
            "parts": [[one.name, one.media_type, one.sha256, one.size_bytes] for one in self.parts],
        }

    @property
    def sha256(self) -> str:
        """The bundle's hash."""
        return content_sha256(self.manifest)


def lacks_of_receipts(bundle: Bundle | None, institutions: Iterable[str]) -> tuple[Lack, ...]:
    """Who has not confirmed the newest bundle by its hash."""
    if bundle is None:
        return (lack("bundle_missing"),)
    have = {one.institution_id for one in bundle.receipts if one.sha256 == bundle.sha256}
    return lacking("receipt_missing", [one for one in institutions if one not in have], "institution_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A legal hold: nothing of the case is deleted while it stands."""

    id: str
    case_id: str
    reason: str
    placed_by: str
    placed_at: datetime
    released_by: str = ""
    released_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """A sealed record: a list with hashes, signed by the hospital and the patient's side.

    Attributes
    ----------
    patient_side
        Who signed for the patient; personal data of the hospital's side only.
    finished_part
        Whether the record was finished when sealed; of an unfinished one the rest is sealed later.
    """

    id: str
    case_id: str
    bundle_id: str
    bundle_sha256: str
    hospital: Confirmation
    patient_side: str
    relation: str
    finished_part: bool
    sealed_at: datetime
    unsealed_at: datetime | None = None
    unseal_reason: str = ""


# Regulation on medical disputes, article 24: unsealed after the dispute is settled, or after 3 years.
UNSEAL_AFTER_YEARS = 3


def lacks_to_delete(bundles: Iterable[Bundle], holds: Iterable[Hold], today: date) -> tuple[Lack, ...]:
    """Why a record may not be deleted: not even by an administrator."""
    until = max((one.kept_until for one in bundles), default=None)
    found = [
        lack("legal_hold", hold_id=one.id, reason=one.reason) for one in holds if one.released_at is None
    ]
    if until is not None and today <= until:
        found.append(lack("retention_runs", kept_until=until.isoformat()))
    return tuple(found)
