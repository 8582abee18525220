"""What opinions and decisions look like on the wire."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from tongtai.features.accounts.schemas import ConfirmationOut, Password
from tongtai.features.agreements.model import PartyRole, ServiceType
from tongtai.features.agreements.schemas import LackOut
from tongtai.features.opinions.model import Decision, Opinion, Outcome, Part, lacks_of_opinion

_Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]
_Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)]
_Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class OpinionIn(BaseModel):
    """An opinion; its service type is the case's."""

    parts: dict[Part, _Text]
    experts: Annotated[list[_Id], Field(max_length=20)]
    plan_sha256: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")] = ""


class OpinionChange(BaseModel):
    """A changed draft, by who has seen ``version``."""

    version: _Version
    parts: dict[Part, _Text]
    experts: Annotated[list[_Id], Field(max_length=20)]


class OpinionSignatureIn(BaseModel):
    """The signer's own password proves who they are."""

    password: Password


class DecisionIn(BaseModel):
    """What the inviting side decides; the password signs it."""

    opinion_id: _Id
    outcome: Outcome
    reason: _Text = ""
    operates: bool
    password: Password


class OpinionOut(BaseModel):
    """An opinion with who answers for it, and why it is not issued yet."""

    id: str
    number: int
    service_type: ServiceType
    liable: list[PartyRole]
    parts: dict[Part, str]
    experts: list[str]
    plan_sha256: str
    written_by: str
    written_at: datetime
    signatures: list[ConfirmationOut]
    sha256: str
    version: int
    issued: bool
    lacks: list[LackOut]

    @classmethod
    def of(cls, opinion: Opinion, inviting_id: str) -> Self:
        """From the model."""
        lacks = lacks_of_opinion(opinion, inviting_id=inviting_id)
        return cls(
            id=opinion.id,
            number=opinion.number,
            service_type=opinion.service_type,
            liable=sorted(opinion.liable),
            parts=dict(opinion.parts),
            experts=list(opinion.experts),
            plan_sha256=opinion.plan_sha256,
            written_by=opinion.written_by,
            written_at=opinion.written_at,
            signatures=[ConfirmationOut.model_validate(one) for one in opinion.signatures],
            sha256=opinion.sha256,
            version=opinion.version,
            issued=not lacks,
            lacks=[LackOut.model_validate(one) for one in lacks],
        )


class DecisionOut(BaseModel):
    """A decision of the inviting side."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    number: int
    opinion_id: str
    opinion_sha256: str
    outcome: Outcome
    reason: str
    operates: bool
    decided_at: datetime
    signature: ConfirmationOut | None
    sha256: str

    @classmethod
    def of(cls, decision: Decision) -> Self:
        """From the model."""
        return cls.model_validate(decision)


class OpinionsOut(BaseModel):
    """Opinions and decisions of a case, the newest first."""

    opinions: list[OpinionOut]
    decisions: list[DecisionOut]
