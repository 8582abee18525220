"""What consents look like on the wire."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from tongtai.features.cases.model import CaseView, Disclosure, Side
from tongtai.features.consents.model import Consent, ConsentKind, Relation

_Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)]
_Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
_Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]
_Day = Annotated[date, Field(ge=date(1990, 1, 1), le=date(2200, 1, 1))]


class ConsentIn(BaseModel):
    """A consent that was signed before the caller."""

    kind: ConsentKind
    template: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
    text: _Text
    signer_name: _Short
    relation: Relation
    signed_at: AwareDatetime
    fee_line: _Text = ""
    recipients: Annotated[list[_Id], Field(max_length=20)] = []
    risks: _Text = ""
    alternatives: _Text = ""
    proxy_reason: _Text = ""
    valid_until: _Day | None = None

    def model(self) -> Consent:
        """To the model; identity, number and who explained it are given by the use case."""
        given = {name: getattr(self, name) for name in type(self).model_fields if name != "recipients"}
        return Consent(
            id="",
            case_id="",
            number=0,
            explained_by="",
            explained_by_name="",
            recipients=tuple(dict.fromkeys(self.recipients)),
            **given,
        )


class WithdrawalIn(BaseModel):
    """Why the patient withdraws, in their words; it may be left empty, for no reason is owed."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""


class ConsentOut(BaseModel):
    """A consent. The invited side sees who signed by relation, and by name only where it sees the patient's."""

    id: str
    kind: ConsentKind
    number: int
    template: str
    text: str
    signer_name: str | None
    relation: Relation
    signed_at: datetime
    explained_by: str
    explained_by_name: str
    fee_line: str
    recipients: list[str]
    risks: str
    alternatives: str
    proxy_reason: str
    valid_until: date | None
    withdrawn_at: datetime | None
    withdrawal_reason: str
    valid: bool

    @classmethod
    def of(cls, consent: Consent, view: CaseView, day: date) -> Self:
        """From the model, for who looks."""
        named = view.side is Side.SITE or view.case.disclosure is Disclosure.FULL
        plain = {
            name: getattr(consent, name)
            for name in cls.model_fields
            if name not in {"signer_name", "recipients", "valid"}
        }
        return cls(
            **plain,
            signer_name=consent.signer_name if named else None,
            recipients=list(consent.recipients),
            valid=consent.is_valid(day),
        )


class ConsentsOut(BaseModel):
    """The consents of a case, in the order of signing."""

    consents: list[ConsentOut]
