"""What a patient consents to, each by itself: one consent opens nothing but its own power."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tongtai.core.lacks import Lack, lack
from tongtai.features.institutions.model import HOME_COUNTRY

# Civil Code article 17; PIPL article 31.
ADULT_AGE = 18
GUARDIAN_BELOW_AGE = 14


class ConsentKind(StrEnum):
    """What is consented to."""

    TELEMEDICINE = "telemedicine"
    DATA_SHARING = "data_sharing"
    RECORDING = "recording"
    SURGERY = "surgery"
    ANAESTHESIA = "anaesthesia"
    BROADCAST = "broadcast"


class ConsentState(StrEnum):
    """The patient's consents, taken together."""

    NONE = "none"
    PARTIAL = "partial"
    VALID = "valid"
    WITHDRAWN = "withdrawn"


class Relation(StrEnum):
    """Who signs, seen from the patient."""

    PATIENT = "patient"
    SPOUSE = "spouse"
    PARENT = "parent"
    CHILD = "child"
    SIBLING = "sibling"
    GUARDIAN = "guardian"
    AGENT = "agent"
    INSTITUTION_HEAD = "institution_head"


_GUARDIANS = frozenset({Relation.PARENT, Relation.GUARDIAN})
# Without these two the invited side has nothing to do with the case.
TO_SHARE = (ConsentKind.TELEMEDICINE, ConsentKind.DATA_SHARING)
TO_OPERATE = (ConsentKind.SURGERY, ConsentKind.ANAESTHESIA)
# In an emergency without a reachable relative the head of the hospital, or whom they authorised,
# approves treatment (Civil Code article 1220); nothing else can be approved so.
_BY_THE_HEAD = frozenset({ConsentKind.TELEMEDICINE, *TO_OPERATE, ConsentKind.DATA_SHARING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One signed consent.

    Attributes
    ----------
    template
        Version of the form that was signed.
    text
        What was explained: content, purpose, effects.
    fee_line
        What it costs, as the patient was told.
    recipients
        Institutions that may receive the data, by id: no others.
    signer_name
        Personal data; shown to the hospital's own side only.
    proxy_reason
        Why somebody else signs for an adult patient.
    number
        Counts the consents of this kind in this case.
    """

    id: str
    case_id: str
    kind: ConsentKind
    number: int
    template: str
    text: str
    signer_name: str
    relation: Relation
    signed_at: datetime
    explained_by: str
    explained_by_name: str
    fee_line: str = ""
    recipients: tuple[str, ...] = ()
    risks: str = ""
    alternatives: str = ""
    proxy_reason: str = ""
    valid_until: date | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    withdrawal_reason: str = ""

    def is_valid(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.withdrawn_at is None and (self.valid_until is None or day <= self.valid_until)


def age_on(birth: date, day: date) -> int:
    """Age in whole years.

    Examples
    --------
    >>> age_on(date(2008, 5, 2), date(2026, 5, 1))
    17
    """
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def lacks_of_consent(consent: Consent, *, birth: date, countries: Mapping[str, str]) -> tuple[Lack, ...]:
    """What keeps a consent from being valid.

    Parameters
    ----------
    birth
        The patient's date of birth.
    countries
        Country of each recipient, by the institution's id.
    """
    found = [*_lacks_of_signer(consent, birth), *_lacks_of_content(consent, countries)]
    if consent.valid_until is not None and consent.valid_until < consent.signed_at.date():
        found.append(lack("validity_reversed"))
    return tuple(found)


def _lacks_of_signer(consent: Consent, birth: date) -> list[Lack]:
    age = age_on(birth, consent.signed_at.date())
    found = []
    if not consent.signer_name.strip():
        found.append(lack("signer_missing"))
    if age < GUARDIAN_BELOW_AGE and consent.relation not in _GUARDIANS:
        found.append(lack("guardian_must_sign", below_age=GUARDIAN_BELOW_AGE))
    elif age < ADULT_AGE and consent.relation is Relation.PATIENT:
        found.append(lack("minor_cannot_sign", adult_age=ADULT_AGE))
    by_other = consent.relation is not Relation.PATIENT
    if by_other and age >= ADULT_AGE and not consent.proxy_reason.strip():
        found.append(lack("proxy_reason_missing"))
    if consent.relation is Relation.INSTITUTION_HEAD and consent.kind not in _BY_THE_HEAD:
        found.append(lack("not_by_the_head", kind=consent.kind.value))
    return found


def _lacks_of_content(consent: Consent, countries: Mapping[str, str]) -> list[Lack]:
    found = []
    if not consent.text.strip():
        found.append(lack("explanation_missing"))
    match consent.kind:
        case ConsentKind.TELEMEDICINE if not consent.fee_line.strip():
            found.append(lack("fee_line_missing"))
        case ConsentKind.DATA_SHARING if not consent.recipients:
            found.append(lack("recipients_missing"))
        case ConsentKind.SURGERY:
            if not consent.risks.strip():
                found.append(lack("risks_missing"))
            if not consent.alternatives.strip():
                found.append(lack("alternatives_missing"))
        case _:
            pass
    found += [
        lack("recipient_abroad", institution_id=one, country=countries.get(one, "?"))
        for one in consent.recipients
        if countries.get(one) != HOME_COUNTRY
    ]
    return found


def newest(consents: Iterable[Consent], kind: ConsentKind) -> Consent | None:
    """The last consent of a kind: it is the one that counts."""
    return max((one for one in consents if one.kind is kind), key=lambda one: one.number, default=None)


def lacks_of_kinds(consents: Iterable[Consent], kinds: Iterable[ConsentKind], day: date) -> tuple[Lack, ...]:
    """Which of these consents are missing, withdrawn or expired."""
    consents = list(consents)
    found = []
    for kind in kinds:
        last = newest(consents, kind)
        if last is None:
            found.append(lack("consent_missing", kind=kind.value))
        elif last.withdrawn_at is not None:
            found.append(lack("consent_withdrawn", kind=kind.value))
        elif not last.is_valid(day):
            until = last.valid_until.isoformat() if last.valid_until else ""
            found.append(lack("consent_expired", kind=kind.value, valid_until=until))
    return tuple(found)


def lacks_to_share(consents: Iterable[Consent], invited_id: str, day: date) -> tuple[Lack, ...]:
    """Why a case may not be shown to the invited institution; nothing when it may."""
    consents = list(consents)
    found = lacks_of_kinds(consents, TO_SHARE, day)
    sharing = newest(consents, ConsentKind.DATA_SHARING)
    if sharing is not None and sharing.is_valid(day) and invited_id not in sharing.recipients:
        found += (lack("recipient_not_named", institution_id=invited_id),)
    return found


def state_of(consents: Iterable[Consent], day: date) -> ConsentState:
    """The consents taken together: those to share and those to operate count."""
    consents = list(consents)
    lacks = lacks_of_kinds(consents, (*TO_SHARE, *TO_OPERATE), day)
    if any(found.code == "consent_withdrawn" for found in lacks):
        return ConsentState.WITHDRAWN
    if not lacks:
        return ConsentState.VALID
    return ConsentState.PARTIAL if any(one.is_valid(day) for one in consents) else ConsentState.NONE
