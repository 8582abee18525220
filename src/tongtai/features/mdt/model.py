"""A meeting of the team: who sits on the panel, what lies before it, how each votes, what is decided."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tongtai.core.lacks import Lack, lack, lacking
from tongtai.features.accounts.model import Confirmation
from tongtai.features.audit.model import content_sha256


class Specialty(StrEnum):
    """What a member of the panel speaks for."""

    INTERVENTIONAL = "interventional"
    HEPATIC_SURGERY = "hepatic_surgery"
    RADIOLOGY = "radiology"
    ONCOLOGY = "oncology"
    PATHOLOGY = "pathology"
    ANAESTHESIA = "anaesthesia"
    RADIOTHERAPY = "radiotherapy"
    NURSING = "nursing"


# Project default of the design; a meeting may ask for more, never for fewer.
QUORUM = frozenset({Specialty.INTERVENTIONAL, Specialty.HEPATIC_SURGERY, Specialty.RADIOLOGY})


class Verdict(StrEnum):
    """What a panel can decide."""

    RFA = "rfa"
    MWA = "mwa"
    SEEDS = "seeds"
    OTHER = "other"
    MORE_DATA = "more_data"
    NOT_SUITABLE = "not_suitable"


TREATS = frozenset({Verdict.RFA, Verdict.MWA, Verdict.SEEDS})
ENDS = frozenset({Verdict.OTHER, Verdict.NOT_SUITABLE})


class Considered(StrEnum):
    """A treatment that was talked about."""

    RESECTION = "resection"
    TRANSPLANT = "transplant"
    RFA = "rfa"
    MWA = "mwa"
    SEEDS = "seeds"
    TACE_AND_ABLATION = "tace_and_ablation"
    SBRT = "sbrt"
    SYSTEMIC = "systemic"
    BEST_CARE = "best_care"


@dataclass(frozen=True, slots=True, kw_only=True)
class Panelist:
    """Somebody on the panel."""

    user_id: str
    name: str
    name_en: str
    institution_id: str
    specialty: Specialty
    title: str
    joined_at: datetime | None = None
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesion:
    """A lesion as it was discussed; distances to structures in millimetres."""

    label: str
    segment: str
    size_mm: float
    distances_mm: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A treatment with what was said for and against it."""

    treatment: Considered
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """One member's vote and why."""

    user_id: str
    verdict: Verdict
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """What was decided, and how it is to be done (technique, guidance, anaesthesia, protection …)."""

    verdict: Verdict
    details: Mapping[str, str]
    decided_at: datetime
    chaired_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A meeting of the team.

    Attributes
    ----------
    material_sha256
        The forms and images that lay before the panel, by hash, as of the conclusion.
    """

    id: str
    case_id: str
    number: int
    scheduled_at: datetime
    quorum: frozenset[Specialty]
    panel: tuple[Panelist, ...]
    material_sha256: str
    created_at: datetime
    lesions: tuple[Lesion, ...] = ()
    options: tuple[Option, ...] = ()
    votes: tuple[Vote, ...] = ()
    conclusion: Conclusion | None = None
    signatures: tuple[Confirmation, ...] = ()
    version: int = 1

    @property
    def sha256(self) -> str:
        """Hash of the minutes that are signed."""
        done = self.conclusion
        return content_sha256(
            [
                self.id,
                self.case_id,
                self.material_sha256,
                [[one.user_id, one.specialty, one.title] for one in self.panel],
                [[one.label, one.segment, one.size_mm, dict(one.distances_mm)] for one in self.lesions],
                [[one.treatment, one.note] for one in self.options],
                [[one.user_id, one.verdict, one.reason, one.at.isoformat()] for one in self.votes],
                [done.verdict, dict(done.details), done.decided_at.isoformat()] if done else None,
            ]
        )

    @property
    def dissent(self) -> tuple[Vote, ...]:
        """The votes for something else than what was decided."""
        verdict = self.conclusion.verdict if self.conclusion else None
        return tuple(vote for vote in self.votes if verdict is not None and vote.verdict is not verdict)


def lacks_of_panel(meeting: Meeting) -> tuple[Lack, ...]:
    """Which specialties the panel lacks; each must be spoken for by somebody else."""
    needed = sorted(meeting.quorum | QUORUM)
    held: dict[Specialty, set[str]] = {specialty: set() for specialty in needed}
    for one in meeting.panel:
        held.setdefault(one.specialty, set()).add(one.user_id)
    found = list(lacking("specialty_missing", [one for one in needed if not held[one]], "specialty"))
    people = {one.user_id for one in meeting.panel}
    if not found and len(people) < len(needed):
        found.append(lack("panel_too_small", people=len(people), needed=len(needed)))
    return tuple(found)


def lacks_to_conclude(meeting: Meeting, verdict: Verdict) -> tuple[Lack, ...]:
    """What is missing before the chair may state a verdict."""
    voted = {vote.user_id for vote in meeting.votes}
    silent = [
        specialty
        for specialty in sorted(meeting.quorum | QUORUM)
        if not any(one.specialty is specialty and one.user_id in voted for one in meeting.panel)
    ]
    found = [*lacks_of_panel(meeting), *lacking("vote_missing", silent, "specialty")]
    counted = Counter(vote.verdict for vote in meeting.votes)
    if counted and counted[verdict] < max(counted.values()):
        found.append(lack("verdict_is_not_the_majority", votes=dict(counted)))
    if not meeting.lesions:
        found.append(lack("lesions_missing"))
    if not meeting.options:
        found.append(lack("options_missing"))
    return tuple(found)


def lacks_of_minutes(meeting: Meeting | None) -> tuple[Lack, ...]:
    """What is missing before a meeting counts: a conclusion that everybody who voted has signed."""
    if meeting is None:
        return (lack("mdt_missing"),)
    if meeting.conclusion is None:
        return (lack("mdt_not_concluded"),)
    signed = {one.user_id for one in meeting.signatures if one.sha256 == meeting.sha256}
    return lacking("mdt_unsigned", [v.user_id for v in meeting.votes if v.user_id not in signed], "user_id")
