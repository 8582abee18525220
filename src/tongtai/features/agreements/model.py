"""An agreement between institutions: without one in force no case leaves its hospital."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from tongtai.core.lacks import Lack, lack, lacking
from tongtai.features.accounts.model import Confirmation
from tongtai.features.audit.model import content_sha256


class ServiceType(StrEnum):
    """What kind of activity it is in law; it decides who is liable."""

    CONSULTATION = "consultation"
    DIAGNOSIS = "diagnosis"


class PartyRole(StrEnum):
    """What an institution is in an agreement."""

    INVITING = "inviting"
    INVITED = "invited"
    OPERATOR = "operator"


# Who answers to the patient (Measures on telemedicine services of 2018, section on responsibility).
LIABLE: Mapping[ServiceType, frozenset[PartyRole]] = MappingProxyType(
    {
        ServiceType.CONSULTATION: frozenset({PartyRole.INVITING}),
        ServiceType.DIAGNOSIS: frozenset({PartyRole.INVITING, PartyRole.INVITED}),
    }
)


class AgreementKind(StrEnum):
    """How the two sides find each other."""

    DIRECT = "direct"
    PLATFORM = "platform"
    STANDING = "standing"


class Clause(StrEnum):
    """What an agreement must settle: each is mandatory."""

    PURPOSE = "purpose"
    CONDITIONS = "conditions"
    CONTENT = "content"
    PROCESS = "process"
    RIGHTS_AND_DUTIES = "rights_and_duties"
    RISK_AND_LIABILITY = "risk_and_liability"
    FEES = "fees"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """An institution in an agreement."""

    institution_id: str
    role: PartyRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """An agreement with its text and who has signed it.

    Attributes
    ----------
    dispute_authority
        The health authority of the inviting hospital's place, to which a patient turns.
    valid_from, valid_until
        First and last day.
    """

    id: str
    title: str
    kind: AgreementKind
    services: frozenset[ServiceType]
    parties: tuple[Party, ...]
    clauses: Mapping[Clause, str]
    dispute_authority: str
    valid_from: date
    valid_until: date
    created_at: datetime
    version: int = 1
    signatures: tuple[Confirmation, ...] = ()
    ended_at: datetime | None = None
    end_reason: str = ""

    @property
    def sha256(self) -> str:
        """Hash of what is signed."""
        return content_sha256(
            {
                "id": self.id,
                "title": self.title,
                "kind": self.kind,
                "services": sorted(self.services),
                "parties": [[party.institution_id, party.role] for party in self.parties],
                "clauses": {clause.value: text for clause, text in self.clauses.items()},
                "dispute_authority": self.dispute_authority,
                "valid": [self.valid_from.isoformat(), self.valid_until.isoformat()],
            }
        )

    def is_party(self, institution_id: str) -> bool:
        """Whether an institution is a party."""
        return any(party.institution_id == institution_id for party in self.parties)

    def binds(self, inviting_id: str, invited_id: str, service: ServiceType) -> bool:
        """Whether it is about this pair of institutions and this kind of service."""
        sides = {(party.institution_id, party.role) for party in self.parties}
        return (
            (inviting_id, PartyRole.INVITING) in sides
            and (invited_id, PartyRole.INVITED) in sides
            and service in self.services
        )


def lacks_to_sign(agreement: Agreement) -> tuple[Lack, ...]:
    """What the text lacks before anybody may sign it."""
    roles = [party.role for party in agreement.parties]
    needed = [PartyRole.INVITING, PartyRole.INVITED]
    if agreement.kind is AgreementKind.PLATFORM:
        # Whoever runs the platform is a third party to the agreement, not a silent one.
        needed.append(PartyRole.OPERATOR)
    found = [
        *lacking("party_missing", [role for role in needed if role not in roles], "role"),
        *lacking(
            "clause_missing",
            [clause for clause in Clause if not agreement.clauses.get(clause, "").strip()],
            "clause",
        ),
    ]
    if not agreement.services:
        found.append(lack("service_missing"))
    if not agreement.dispute_authority.strip():
        found.append(lack("dispute_authority_missing"))
    if agreement.valid_until < agreement.valid_from:
        found.append(lack("validity_reversed"))
    return tuple(found)


def lacks_in_force(agreement: Agreement, today: date) -> tuple[Lack, ...]:
    """Why an agreement is not in force on a day; nothing when it is."""
    signed = {
        signature.institution_id for signature in agreement.signatures if signature.sha256 == agreement.sha256
    }
    unsigned = [party.institution_id for party in agreement.parties if party.institution_id not in signed]
    found = [*lacks_to_sign(agreement), *lacking("signature_missing", unsigned, "institution_id")]
    if today < agreement.valid_from:
        found.append(lack("agreement_not_yet_valid", valid_from=agreement.valid_from.isoformat()))
    if today > agreement.valid_until:
        found.append(lack("agreement_expired", valid_until=agreement.valid_until.isoformat()))
    if agreement.ended_at is not None:
        found.append(lack("agreement_ended", ended_at=agreement.ended_at.date().isoformat()))
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The agreement that covers a case, or what the nearest one lacks."""

    agreement: Agreement | None
    lacks: tuple[Lack, ...] = field(default=())


def coverage(
    agreements: Iterable[Agreement],
    *,
    inviting_id: str,
    invited_id: str,
    service: ServiceType,
    today: date,
) -> Coverage:
    """The agreement in force for a case; else the one that lacks least, with what it lacks."""
    bound = [found for found in agreements if found.binds(inviting_id, invited_id, service)]
    if not bound:
        return Coverage(agreement=None, lacks=(lack("agreement_missing", service=service.value),))
    best = min(bound, key=lambda found: (len(lacks_in_force(found, today)), -found.valid_until.toordinal()))
    return Coverage(agreement=best, lacks=lacks_in_force(best, today))
