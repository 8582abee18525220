"""Incidents: a leak, loss or abuse of data, from its report to its end.

Personal information protection law (PIPL) 57: remedies at once; the authority and the people are told of kinds of
information, causes, possible harm, remedies, what people can do themselves, and a contact; people need not be told where
the remedies keep the harm away. Regulation on network data security (2025) 10: within 24 hours where national security or the
public interest is at risk; 11: plan, limits and notice.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from tongtai.core.lacks import Lack, lack
from tongtai.core.record_form import RecordForm, Value
from tongtai.features.accounts.model import By, Role
from tongtai.features.incidents.errors import IncidentActRefusedError


class IncidentState(StrEnum):
    """How far an incident is."""

    REPORTED = "reported"
    CONTAINED = "contained"
    CLOSED = "closed"
    DISMISSED = "dismissed"


class IncidentAct(StrEnum):
    """What is done about an incident."""

    AMEND = "amend"
    CONTAIN = "contain"
    TELL_AUTHORITY = "tell_authority"
    TELL_PEOPLE = "tell_people"
    WAIVE_PEOPLE = "waive_people"
    CLOSE = "close"
    DISMISS = "dismiss"
    REOPEN = "reopen"


_S, _A = IncidentState, IncidentAct
_OPEN = (_S.REPORTED, _S.CONTAINED)
_WHILE_OPEN = (_A.AMEND, _A.TELL_AUTHORITY, _A.TELL_PEOPLE, _A.WAIVE_PEOPLE)
TRANSITIONS: Mapping[tuple[IncidentState, IncidentAct], IncidentState] = MappingProxyType(
    {(state, act): state for state in _OPEN for act in _WHILE_OPEN}
    | {
        (_S.REPORTED, _A.CONTAIN): _S.CONTAINED,
        (_S.REPORTED, _A.DISMISS): _S.DISMISSED,
        (_S.CONTAINED, _A.CLOSE): _S.CLOSED,
        (_S.CLOSED, _A.REOPEN): _S.CONTAINED,
        (_S.DISMISSED, _A.REOPEN): _S.REPORTED,
    }
)
# The step of the form that must be filled in for an act.
_FORM_STEP: Mapping[IncidentAct, str] = MappingProxyType(
    {
        _A.CONTAIN: "contain",
        _A.TELL_AUTHORITY: "notice",
        _A.TELL_PEOPLE: "notice",
        _A.CLOSE: "close",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentEvent:
    """One act: by whom, when it was written down, when it took place, in what words.

    Attributes
    ----------
    done_at
        When the authority or the people were told, which may be before it was written down.
    values
        What the form says after it.
    """

    incident_id: str
    seq: int
    act: str
    by: By
    at: datetime
    done_at: datetime
    text: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """An incident of an institution.

    Attributes
    ----------
    values
        What its form says.
    authority_told_at, people_told_at, people_waived_at
        Empty until then.
    """

    id: str
    institution_id: str
    number: int
    state: IncidentState
    values: Mapping[str, Value]
    discovered_at: datetime
    reported_at: datetime
    reporter: By
    authority_told_at: datetime | None = None
    people_told_at: datetime | None = None
    people_waived_at: datetime | None = None
    version: int = 1

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.state in _OPEN

    def lacks_for(self, act: IncidentAct, form: RecordForm) -> tuple[Lack, ...]:
        """What an act is refused for in this state."""
        if (self.state, act) not in TRANSITIONS:
            return (lack("incident_act_not_now", incident_state=self.state.value),)
        found = form.lacks_for(_FORM_STEP.get(act, ""), self.values)
        if act is IncidentAct.CLOSE:
            if self.authority_told_at is None:
                found += (lack("authority_not_told"),)
            if self.people_told_at is None and self.people_waived_at is None:
                found += (lack("people_not_told"),)
        return found

    def after(
        self,
        act: IncidentAct,
        form: RecordForm,
        *,
        now: datetime,
        text: str,
        done_at: datetime | None = None,
        values: Mapping[str, Value] | None = None,
    ) -> "Incident":
        """The incident after an act.

        Parameters
        ----------
        done_at
            When the authority or the people were told; default: now.
        values
            What the form says from now on; of an amendment only.

        Raises
        ------
        IncidentActRefusedError
            With everything that is missing.
        """
        told = done_at or now
        lacks = self.lacks_for(act, form)
        if act is not IncidentAct.AMEND and not text.strip():
            lacks += (lack("incident_words_missing"),)
        if not self.discovered_at <= told <= now:
            lacks += (lack("incident_time_wrong"),)
        if act is IncidentAct.AMEND and values is not None:
            lacks += form.lacks_for("report", values)
        if lacks:
            raise IncidentActRefusedError(act=act.value, lacks=[one.as_dict() for one in lacks])
        changed = replace(self, state=TRANSITIONS[self.state, act], version=self.version + 1)
        match act:
            case IncidentAct.AMEND if values is not None:
                # When it was discovered starts the clocks: it stays as it was reported.
                return replace(changed, values={**values, "discovered_at": self.values["discovered_at"]})
            case IncidentAct.TELL_AUTHORITY:
                return replace(changed, authority_told_at=self.authority_told_at or told)
            case IncidentAct.TELL_PEOPLE:
                return replace(changed, people_told_at=self.people_told_at or told)
            case IncidentAct.WAIVE_PEOPLE:
                return replace(changed, people_waived_at=told)
            case _:
                return changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A clock that runs from the discovery.

    Attributes
    ----------
    calls
        Steps of escalation: how long after the discovery, and who is called.
    """

    key: str
    due: timedelta
    calls: tuple[tuple[timedelta, frozenset[Role]], ...]
    source: str

    def is_met(self, incident: Incident) -> bool:
        """Whether what it waits for was done."""
        if self.key == "incident_authority":
            return incident.authority_told_at is not None
        return incident.people_told_at is not None or incident.people_waived_at is not None


def _hours(count: int) -> timedelta:
    return timedelta(hours=count)


HANDLERS = frozenset({Role.ADMINISTRATOR, Role.MEDICAL_AFFAIRS, Role.QUALITY_CONTROL})
_ALSO = HANDLERS | {Role.AUDITOR, Role.COORDINATOR}
DEADLINES: tuple[Deadline, ...] = (
    Deadline(
        key="incident_authority",
        due=_hours(24),
        calls=((_hours(12), HANDLERS), (_hours(24), HANDLERS), (_hours(36), _ALSO)),
        source="Regulation on network data security 10 (where the public interest is at risk); here for every incident",
    ),
    Deadline(
        key="incident_people",
        due=_hours(72),
        calls=((_hours(48), HANDLERS), (_hours(72), HANDLERS), (_hours(84), _ALSO)),
        source="PIPL 57 says at once; 72 hours: project default",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueCall:
    """A call whose time has come. ``level`` counts the steps of escalation from 0."""

    code: str
    level: int
    roles: frozenset[Role]
    due_at: datetime


def due_calls(incident: Incident, now: datetime) -> Iterator[DueCall]:
    """Every call whose time has come; the first is made as soon as there is an incident."""
    if not incident.is_open:
        return
    yield DueCall(code="incident_reported", level=0, roles=HANDLERS, due_at=incident.discovered_at)
    for deadline in DEADLINES:
        if deadline.is_met(incident):
            continue
        for level, (after, roles) in enumerate(deadline.calls):
            if incident.discovered_at + after <= now:
                yield DueCall(
                    code=deadline.key,
                    level=level,
                    roles=roles,
                    due_at=incident.discovered_at + deadline.due,
                )
