"""What agreements look like on the wire."""

from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from tongtai.features.accounts.schemas import ConfirmationOut
from tongtai.features.agreements.model import (
    LIABLE,
    Agreement,
    AgreementKind,
    Clause,
    Party,
    PartyRole,
    ServiceType,
    lacks_in_force,
)

_Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)]
_Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
_Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
_Day = Annotated[date, Field(ge=date(1990, 1, 1), le=date(2200, 1, 1))]
_NEVER = datetime(1970, 1, 1).astimezone()


class LackOut(BaseModel):
    """One thing that is missing; ``GET /api/workflow/catalogue`` has its words."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    values: dict[str, Any]


class PartyIn(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    institution_id: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    role: PartyRole


class AgreementIn(BaseModel):
    """The text of an agreement; it may be incomplete until somebody signs."""

    title: Annotated[_Short, StringConstraints(min_length=1)]
    kind: AgreementKind = AgreementKind.DIRECT
    services: Annotated[list[ServiceType], Field(max_length=2)] = []
    parties: Annotated[list[PartyIn], Field(max_length=20)]
    clauses: dict[Clause, _Text] = {}
    dispute_authority: _Short = ""
    valid_from: _Day
    valid_until: _Day

    def model(self) -> Agreement:
        """To the model; identity and time are given by the use case."""
        return Agreement(
            id="",
            title=self.title,
            kind=self.kind,
            services=frozenset(self.services),
            parties=tuple(
                dict.fromkeys(Party(institution_id=one.institution_id, role=one.role) for one in self.parties)
            ),
            clauses={clause: text for clause, text in self.clauses.items() if text},
            dispute_authority=self.dispute_authority,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            created_at=_NEVER,
        )


class AgreementChange(AgreementIn):
    """A whole new text, by who has seen ``version``."""

    version: _Version


class SignatureIn(BaseModel):
    """A signature: the signer's own password proves who they are."""

    version: _Version
    password: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class EndIn(BaseModel):
    """Why an agreement ends."""

    version: _Version
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class AgreementOut(BaseModel):
    """An agreement, and why it is not in force today."""

    id: str
    title: str
    kind: AgreementKind
    services: list[ServiceType]
    liable: dict[ServiceType, list[PartyRole]]
    parties: list[PartyIn]
    clauses: dict[Clause, str]
    dispute_authority: str
    valid_from: date
    valid_until: date
    sha256: str
    signatures: list[ConfirmationOut]
    ended_at: datetime | None
    end_reason: str
    version: int
    in_force: bool
    lacks: list[LackOut]

    @classmethod
    def of(cls, agreement: Agreement, today: date) -> Self:
        """From the model."""
        lacks = lacks_in_force(agreement, today)
        return cls(
            id=agreement.id,
            title=agreement.title,
            kind=agreement.kind,
            services=sorted(agreement.services),
            liable={service: sorted(LIABLE[service]) for service in sorted(agreement.services)},
            parties=[PartyIn.model_validate(party) for party in agreement.parties],
            clauses=dict(agreement.clauses),
            dispute_authority=agreement.dispute_authority,
            valid_from=agreement.valid_from,
            valid_until=agreement.valid_until,
            sha256=agreement.sha256,
            signatures=[ConfirmationOut.model_validate(one) for one in agreement.signatures],
            ended_at=agreement.ended_at,
            end_reason=agreement.end_reason,
            version=agreement.version,
            in_force=not lacks,
            lacks=[LackOut.model_validate(one) for one in lacks],
        )
