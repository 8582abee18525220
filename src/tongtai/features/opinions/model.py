"""The opinion of the invited side and the decision of the inviting side: two records, signed apart.

In a consultation the invited side says what it thinks and the inviting side decides and answers for it; a
diagnosis is answered for by both, and both sign it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tongtai.core.lacks import Lack, lack, lacking
from tongtai.features.accounts.model import Confirmation
from tongtai.features.agreements.model import LIABLE, PartyRole, ServiceType
from tongtai.features.audit.model import content_sha256


class Part(StrEnum):
    """A part of an opinion; the first three are mandatory."""

    FINDINGS = "findings"
    DIAGNOSIS = "diagnosis"
    RECOMMENDATION = "recommendation"
    RISKS = "risks"
    ADDENDUM = "addendum"


MANDATORY = (Part.FINDINGS, Part.DIAGNOSIS, Part.RECOMMENDATION)


class Outcome(StrEnum):
    """What the inviting side makes of an opinion."""

    ADOPTED = "adopted"
    PARTLY = "partly"
    NOT_ADOPTED = "not_adopted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """An opinion.

    Attributes
    ----------
    experts
        Who is named, by user: each signs.
    plan_sha256
        The approved plan that it speaks of; empty without one.
    """

    id: str
    case_id: str
    number: int
    service_type: ServiceType
    parts: Mapping[Part, str]
    experts: tuple[str, ...]
    written_by: str
    written_at: datetime
    plan_sha256: str = ""
    signatures: tuple[Confirmation, ...] = ()
    version: int = 1

    @property
    def sha256(self) -> str:
        """Hash of what is signed."""
        return content_sha256(
            [
                self.id,
                self.case_id,
                self.number,
                self.service_type,
                {part.value: text for part, text in self.parts.items()},
                list(self.experts),
                self.plan_sha256,
            ]
        )

    @property
    def liable(self) -> frozenset[PartyRole]:
        """Who answers for it."""
        return LIABLE[self.service_type]


def lacks_of_text(opinion: Opinion) -> tuple[Lack, ...]:
    """What the text lacks before anybody may sign it."""
    empty = [part for part in MANDATORY if not opinion.parts.get(part, "").strip()]
    found = lacking("opinion_part_missing", empty, "part")
    return found if opinion.experts else (*found, lack("experts_missing"))


def lacks_of_opinion(opinion: Opinion | None, *, inviting_id: str) -> tuple[Lack, ...]:
    """Why an opinion is not issued: every named expert has signed this very text."""
    if opinion is None:
        return (lack("opinion_missing"),)
    valid = [one for one in opinion.signatures if one.sha256 == opinion.sha256]
    signed = {one.user_id for one in valid}
    found = [
        *lacks_of_text(opinion),
        *lacking("opinion_unsigned", [one for one in opinion.experts if one not in signed], "user_id"),
    ]
    both = opinion.service_type is ServiceType.DIAGNOSIS
    if both and not any(one.institution_id == inviting_id for one in valid):
        found.append(lack("diagnosis_unsigned_by_inviting_side"))
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the inviting side decides, with reference to one opinion by its hash.

    Attributes
    ----------
    operates
        Whether the operation is to be done.
    """

    id: str
    case_id: str
    number: int
    opinion_id: str
    opinion_sha256: str
    outcome: Outcome
    reason: str
    operates: bool
    decided_at: datetime
    signature: Confirmation | None = None

    @property
    def sha256(self) -> str:
        """Hash of what is signed."""
        return content_sha256(
            [
                self.id,
                self.case_id,
                self.number,
                self.opinion_id,
                self.opinion_sha256,
                self.outcome,
                self.reason,
                self.operates,
                self.decided_at.isoformat(),
            ]
        )


def lacks_of_decision(decision: Decision | None, opinions: Iterable[Opinion]) -> tuple[Lack, ...]:
    """Why a decision does not count: it is signed, and about an opinion that still reads so."""
    if decision is None:
        return (lack("decision_missing"),)
    signature = decision.signature
    if signature is None or signature.sha256 != decision.sha256:
        return (lack("decision_unsigned"),)
    about = next((one for one in opinions if one.id == decision.opinion_id), None)
    if about is None or about.sha256 != decision.opinion_sha256:
        return (lack("decision_about_another_opinion"),)
    return ()
