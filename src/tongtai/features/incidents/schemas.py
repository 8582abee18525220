"""Wire types of incidents."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from tongtai.core.record_form import RecordForm
from tongtai.features.accounts.schemas import ByOut
from tongtai.features.agreements.schemas import LackOut
from tongtai.features.incidents.model import DEADLINES, Incident, IncidentAct, IncidentEvent, IncidentState

_Values = Annotated[dict[str, Any], Field(max_length=100)]
_Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5000)]


class IncidentReportIn(BaseModel):
    """What is known at first; ``GET /api/workflow/forms/incident`` has the fields."""

    values: _Values


class IncidentActIn(BaseModel):
    """Something done about an incident; ``values`` of an amendment, ``done_at`` of a notice given earlier."""

    act: IncidentAct
    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    text: _Text = ""
    done_at: AwareDatetime | None = None
    values: _Values | None = None


class DeadlineOut(BaseModel):
    """A clock: when it runs out, and whether what it waits for was done."""

    key: str
    due_at: datetime
    met: bool


class IncidentEventOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    seq: int
    act: str
    by: ByOut
    at: datetime
    done_at: datetime
    text: str


class IncidentOut(BaseModel):
    """An incident with its clocks."""

    id: str
    number: int
    state: IncidentState
    values: dict[str, Any]
    discovered_at: datetime
    reported_at: datetime
    reporter: ByOut
    authority_told_at: datetime | None
    people_told_at: datetime | None
    people_waived_at: datetime | None
    deadlines: list[DeadlineOut]
    version: int

    @classmethod
    def of(cls, incident: Incident) -> Self:
        """From the model."""
        return cls(
            id=incident.id,
            number=incident.number,
            state=incident.state,
            values=dict(incident.values),
            discovered_at=incident.discovered_at,
            reported_at=incident.reported_at,
            reporter=ByOut.model_validate(incident.reporter),
            authority_told_at=incident.authority_told_at,
            people_told_at=incident.people_told_at,
            people_waived_at=incident.people_waived_at,
            deadlines=[
                DeadlineOut(key=one.key, due_at=incident.discovered_at + one.due, met=one.is_met(incident))
                for one in DEADLINES
            ],
            version=incident.version,
        )


class IncidentWayOut(BaseModel):
    """An act that the state allows, and what is missing for it."""

    act: IncidentAct
    lacks: list[LackOut]


class IncidentFileOut(BaseModel):
    """An incident, what can be done about it, and what was done."""

    incident: IncidentOut
    ways: list[IncidentWayOut]
    events: list[IncidentEventOut]

    @classmethod
    def of(cls, incident: Incident, events: Iterable[IncidentEvent], form: RecordForm) -> Self:
        """From the model."""
        ways = []
        for act in IncidentAct:
            lacks = incident.lacks_for(act, form)
            if not any(one.code == "incident_act_not_now" for one in lacks):
                ways.append(IncidentWayOut(act=act, lacks=[LackOut.model_validate(one) for one in lacks]))
        return cls(
            incident=IncidentOut.of(incident),
            ways=ways,
            events=[IncidentEventOut.model_validate(one) for one in events],
        )
