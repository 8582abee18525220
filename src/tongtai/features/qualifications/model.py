"""What an institution and its people are licensed, registered, trained and equipped for.

The program keeps the evidence and compares dates. Whether a paper is genuine, no program can say.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from tongtai.core.lacks import Lack, lack

# Clause 2 of the Measures on telemedicine services of 2018: the invited side's physician has worked
# independently for three years.
INDEPENDENT_YEARS = 3
# A test of a line older than this says nothing about today (project default).
LINE_TEST_LASTS = timedelta(hours=24)
# The same clause wants the networks of two providers.
LINES_NEEDED = 2


class Holder(StrEnum):
    """Whom a qualification belongs to."""

    INSTITUTION = "institution"
    PERSON = "person"


class QualificationKind(StrEnum):
    """What is proved."""

    LICENCE_SUBJECT = "licence_subject"
    TECHNIQUE_FILING = "technique_filing"
    RADIATION_LICENCE = "radiation_licence"
    LINE_TEST = "line_test"
    POWER_BACKUP = "power_backup"
    MAINTENANCE = "maintenance"
    PHYSICIAN_REGISTRATION = "physician_registration"
    INDEPENDENT_PRACTICE = "independent_practice"
    TRAINING = "training"
    DRILL = "drill"


_K = QualificationKind
HOLDER: Mapping[QualificationKind, Holder] = MappingProxyType(
    {
        _K.LICENCE_SUBJECT: Holder.INSTITUTION,
        _K.TECHNIQUE_FILING: Holder.INSTITUTION,
        _K.RADIATION_LICENCE: Holder.INSTITUTION,
        _K.LINE_TEST: Holder.INSTITUTION,
        _K.POWER_BACKUP: Holder.INSTITUTION,
        _K.MAINTENANCE: Holder.INSTITUTION,
        _K.PHYSICIAN_REGISTRATION: Holder.PERSON,
        _K.INDEPENDENT_PRACTICE: Holder.PERSON,
        _K.TRAINING: Holder.PERSON,
        _K.DRILL: Holder.PERSON,
    }
)

# Which subject of the institution's licence a technique needs (project default: 肿瘤科, number 19 of
# the list of subjects; the number was not compared with the list), and under which name a restricted
# technique is filed (list of 2022, numbers 7 and 8).
SUBJECTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"rfa": ("oncology",), "mwa": ("oncology",), "seeds": ("oncology",)}
)
FILINGS: Mapping[str, str] = MappingProxyType(
    {"rfa": "tumour_ablation", "mwa": "tumour_ablation", "seeds": "seed_implantation"}
)
NEEDS_RADIATION_LICENCE = frozenset({"seeds"})
# Scopes of practice that guide a liver ablation (project default).
GUIDING_SCOPES = frozenset({"surgery", "internal_medicine", "medical_imaging", "oncology"})
GUIDE_TRAINING = "guided_ablation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Qualification:
    """One piece of evidence.

    Attributes
    ----------
    user_id
        The person, or None for the institution itself.
    code
        What exactly: a subject, a technique, a scope, a training, a provider of network lines.
    number
        The paper's number, as it is printed.
    since, valid_until
        First and last day; the last day may be open. For a line test ``tested_at`` counts.
    """

    id: str
    kind: QualificationKind
    institution_id: str
    user_id: str | None
    code: str
    number: str
    since: date
    valid_until: date | None
    detail: str
    recorded_by: str
    recorded_at: datetime
    tested_at: datetime | None = None
    revoked_at: datetime | None = None

    def is_valid(self, day: date) -> bool:
        """Whether it holds on a day."""
        return (
            self.revoked_at is None
            and self.since <= day
            and (self.valid_until is None or day <= self.valid_until)
        )


def years_later(day: date, years: int) -> date:
    """The same day so many years later; of 29 February, 1 March.

    Examples
    --------
    >>> years_later(date(2024, 2, 29), 3)
    datetime.date(2027, 3, 1)
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _of(
    known: Iterable[Qualification], kind: QualificationKind, code: str | None = None
) -> list[Qualification]:
    return [one for one in known if one.kind is kind and code in {None, one.code}]


def _held(
    known: Iterable[Qualification], kind: QualificationKind, code: str, day: date, missing: str
) -> tuple[Lack, ...]:
    found = _of(known, kind, code)
    if any(one.is_valid(day) for one in found):
        return ()
    ended = [one.valid_until for one in found if one.valid_until is not None and one.revoked_at is None]
    if ended:
        return (lack(f"{missing}_expired", code=code, valid_until=max(ended).isoformat()),)
    return (lack(f"{missing}_missing", code=code),)


def lacks_of_licence(known: Iterable[Qualification], technique: str, day: date) -> tuple[Lack, ...]:
    """Which subjects an institution's licence lacks for a technique, by name."""
    known = list(known)
    return tuple(
        found
        for subject in SUBJECTS[technique]
        for found in _held(known, _K.LICENCE_SUBJECT, subject, day, "licence_subject")
    )


def lacks_of_filing(known: Iterable[Qualification], technique: str, day: date) -> tuple[Lack, ...]:
    """Whether the hospital has filed the restricted technique; seeds also need a radiation licence."""
    known = list(known)
    found = _held(known, _K.TECHNIQUE_FILING, FILINGS[technique], day, "technique_filing")
    if technique in NEEDS_RADIATION_LICENCE:
        found += _held(known, _K.RADIATION_LICENCE, "brachytherapy", day, "radiation_licence")
    return found


def lacks_of_expert(
    known: Iterable[Qualification], user_id: str, day: date, *, years: int = INDEPENDENT_YEARS
) -> tuple[Lack, ...]:
    """Why a physician may not guide on a day; ``years`` of independent work are asked for.

    Registration elsewhere is no obstacle: a consultation needs no change of registration (Law on
    physicians, article 18).
    """
    mine = [one for one in known if one.user_id == user_id]
    found: list[Lack] = []
    registered = [one for one in _of(mine, _K.PHYSICIAN_REGISTRATION) if one.is_valid(day)]
    if not registered:
        found.append(lack("registration_missing", user_id=user_id))
    elif not any(one.code in GUIDING_SCOPES for one in registered):
        found.append(lack("out_of_scope", user_id=user_id, scopes=sorted({one.code for one in registered})))
    since = [one.since for one in _of(mine, _K.INDEPENDENT_PRACTICE) if one.revoked_at is None]
    if not since:
        found.append(lack("independent_practice_missing", user_id=user_id))
    elif years_later(min(since), years) > day:
        found.append(
            lack(
                "independent_practice_too_short",
                user_id=user_id,
                since=min(since).isoformat(),
                years=years,
            )
        )
    if not any(one.is_valid(day) for one in _of(mine, _K.TRAINING, GUIDE_TRAINING)):
        found.append(lack("training_missing", user_id=user_id, code=GUIDE_TRAINING))
    return tuple(found)


def lacks_of_lines(
    known: Iterable[Qualification], now: datetime, *, lasts: timedelta = LINE_TEST_LASTS
) -> tuple[Lack, ...]:
    """Whether lines of two providers were tested so lately that their tests still count."""
    tested = {
        one.code
        for one in _of(known, _K.LINE_TEST)
        if one.revoked_at is None
        and one.tested_at is not None
        and timedelta(0) <= now - one.tested_at <= lasts
    }
    if len(tested) >= LINES_NEEDED:
        return ()
    return (lack("lines_untested", tested=sorted(tested), needed=LINES_NEEDED),)


def overdue_maintenance(known: Iterable[Qualification], day: date) -> tuple[Lack, ...]:
    """Equipment whose maintenance or back-up power test has run out: a warning, not a block."""
    latest: dict[tuple[QualificationKind, str], Qualification] = {}
    for one in known:
        if one.kind not in {_K.MAINTENANCE, _K.POWER_BACKUP} or one.revoked_at is not None:
            continue
        newest = latest.get((one.kind, one.code))
        if newest is None or one.since > newest.since:
            latest[one.kind, one.code] = one
    return tuple(
        lack("maintenance_overdue", code=one.code, valid_until=one.valid_until.isoformat())
        for one in latest.values()
        if one.valid_until is not None and one.valid_until < day
    )
