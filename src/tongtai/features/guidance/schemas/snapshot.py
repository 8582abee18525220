"""What sessions look like on the wire."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field

from tongtai.features.cases.model import CaseView, Technique
from tongtai.features.cases.schemas import CaseOut
from tongtai.features.guidance.events import event_json
from tongtai.features.guidance.model import ActorKind, Event, EventType, SessionState, Side
from tongtai.features.guidance.model.operation import OperationRecord
from tongtai.features.guidance.service import Ticket


class ActorOut(BaseModel):
    kind: ActorKind
    id: str
    name: str
    name_en: str
    role: str
    side: Side | None


class EventOut(BaseModel):
    """One line of a session's log; ``docs/reference/events.md`` names the payload's fields."""

    seq: int
    id: str
    case_id: str
    type: EventType
    t_server_ms: int
    t_site_ms: int | None
    clock_offset_ms: float | None
    actor: ActorOut
    payload: dict[str, Any]
    prev_hash: str
    hash: str

    @classmethod
    def of(cls, event: Event) -> Self:
        """From the model."""
        return cls.model_validate(event_json(event))


class SessionSnapshot(BaseModel):
    """A case as the caller may see it, and its session after event ``state.seq``."""

    case: CaseOut
    state: SessionState

    @classmethod
    def of(cls, view: CaseView, state: SessionState) -> Self:
        """From the model."""
        return cls(case=CaseOut.of(view), state=state)


class TicketOut(BaseModel):
    """Entry to one room for the next two minutes."""

    model_config = ConfigDict(from_attributes=True)

    url: str
    token: str
    room: str
    identity: str

    @classmethod
    def of(cls, ticket: Ticket) -> Self:
        """From the model."""
        return cls.model_validate(ticket)


class JoinIn(BaseModel):
    """The rooms of a wall."""

    case_ids: Annotated[list[Annotated[str, Field(max_length=64)]], Field(max_length=100)]


class TicketsOut(BaseModel):
    """Entry to these cases' rooms."""

    tickets: dict[str, TicketOut]


class FaultOut(BaseModel):
    seq: int
    reason: str


class SessionExport(BaseModel):
    """The whole record of a session. ``fault`` names the first event that is not as written."""

    format: str = "tongtai-session-1"
    exported_at_ms: int
    case: CaseOut
    state: SessionState
    events: list[EventOut]
    chain_intact: bool
    fault: FaultOut | None


class SubscribeIn(BaseModel):
    """What a page follows: case to the number of the last event that it has."""

    model_config = ConfigDict(extra="forbid")

    subscribe: Annotated[dict[str, Annotated[int, Field(ge=0, le=2**53)]], Field(max_length=100)]


class OperationOut(BaseModel):
    """The operation record; ``chain_intact`` is false where the log was changed after it was written."""

    case_number: str
    technique: Technique
    chain_intact: bool
    record: OperationRecord
