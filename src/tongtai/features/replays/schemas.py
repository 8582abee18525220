"""What sessions seen again look like on the wire."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from tongtai.core.pictures.masking import Mask
from tongtai.features.agreements.schemas import LackOut
from tongtai.features.cases.model import CaseView, Technique
from tongtai.features.gateways.model import Recording
from tongtai.features.gateways.schemas import FeedName
from tongtai.features.guidance.model import Event, EventType, Side
from tongtai.features.guidance.schemas import EventOut
from tongtai.features.replays.model import (
    ReplayView,
    TeachingApproval,
    TeachingFeed,
    clip_of,
    taught_payload,
)
from tongtai.features.replays.service import Replay, Teaching

_Fraction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class ReplayIn(BaseModel):
    """Which view is wanted."""

    view: ReplayView = ReplayView.FULL


class ClipOut(BaseModel):
    """A recorded segment; ``started_ms`` is the server's time of its first picture."""

    recording_id: str
    started_ms: float
    duration_ms: float
    url: str


class FeedClipsOut(BaseModel):
    """The segments of a feed, in order; what lies between two was not recorded or is not here yet."""

    feed: str
    clips: list[ClipOut]


class ReplayActorOut(BaseModel):
    """Who caused an event; in the teaching view by side and role alone."""

    kind: str
    id: str
    name: str
    name_en: str
    role: str
    side: Side | None


class ReplayEventOut(BaseModel):
    """An event of the session's log; in the teaching view codes and numbers alone."""

    seq: int
    type: EventType
    t_server_ms: int
    actor: ReplayActorOut
    payload: dict[str, Any]

    @classmethod
    def of(cls, event: Event) -> Self:
        """As it stands in the log."""
        return cls.model_validate(EventOut.of(event).model_dump(include=set(cls.model_fields)))

    @classmethod
    def taught(cls, event: Event) -> Self:
        """Without names and words."""
        actor = event.actor
        return cls(
            seq=event.seq,
            type=event.type,
            t_server_ms=event.t_server_ms,
            # Whose drawing is undone must be told apart; who it is must not be told.
            actor=ReplayActorOut(
                kind=actor.kind.value, id=actor.role, name="", name_en="", role=actor.role, side=actor.side
            ),
            payload=taught_payload(event),
        )


class ReplayOut(BaseModel):
    """A session seen again."""

    play_id: str
    view: ReplayView
    case_id: str
    case_number: str
    technique: Technique
    hospital: str
    hospital_en: str
    feeds: list[FeedClipsOut]
    events: list[ReplayEventOut]

    @classmethod
    def of(cls, replay: Replay) -> Self:
        """From the model."""
        play, seen = replay.play, replay.view
        full = play.view is ReplayView.FULL
        return cls(
            play_id=play.id,
            view=play.view,
            case_id=play.case_id,
            case_number=seen.case.number if full else "",
            technique=seen.case.technique,
            hospital=seen.inviting.name,
            hospital_en=seen.inviting.name_en,
            feeds=_feeds(play.id, list(replay.recordings)),
            events=[ReplayEventOut.of(one) if full else ReplayEventOut.taught(one) for one in replay.events],
        )


def _feeds(play_id: str, recordings: list[Recording]) -> list[FeedClipsOut]:
    feeds: dict[str, list[ClipOut]] = {}
    for recording in sorted(recordings, key=lambda one: clip_of(one).started_ms):
        clip = clip_of(recording)
        feeds.setdefault(clip.feed, []).append(
            ClipOut(
                recording_id=clip.recording_id,
                started_ms=clip.started_ms,
                duration_ms=clip.duration_ms,
                url=f"/api/replays/{play_id}/clips/{clip.recording_id}",
            )
        )
    return [FeedClipsOut(feed=feed, clips=clips) for feed, clips in sorted(feeds.items())]


class MaskIO(BaseModel):
    """A rectangle in fractions of the picture, from its upper left corner."""

    model_config = ConfigDict(from_attributes=True)

    left: _Fraction
    top: _Fraction
    right: _Fraction
    bottom: _Fraction

    @model_validator(mode="after")
    def _has_an_area(self) -> Self:
        self.model()
        return self

    def model(self) -> Mask:
        """To the model."""
        return Mask(left=self.left, top=self.top, right=self.right, bottom=self.bottom)


class TeachingFeedIO(BaseModel):
    """A feed that is shown, and what of it is covered."""

    model_config = ConfigDict(from_attributes=True)

    feed: FeedName
    masks: Annotated[list[MaskIO], Field(max_length=20)]

    def model(self) -> TeachingFeed:
        """To the model."""
        return TeachingFeed(feed=self.feed, masks=tuple(mask.model() for mask in self.masks))


class TeachingIn(BaseModel):
    """An approval; ``number`` is how many approvals of this case the caller has seen."""

    purpose: _Words
    feeds: Annotated[list[TeachingFeedIO], Field(max_length=20)]
    number: Annotated[int, Field(ge=0, le=1_000_000)]
    password: Annotated[str, Field(max_length=200)]


class TeachingEndIn(BaseModel):
    """Why teaching ends."""

    reason: _Words


class TeachingApprovalOut(BaseModel):
    """An approval, and how it ended."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    purpose: str
    feeds: list[TeachingFeedIO]
    approved_by_name: str
    approved_at: datetime
    ended_at: datetime | None
    end_reason: str


class TeachingOut(BaseModel):
    """How a case stands with teaching; ``lacks`` is empty when it may be shown."""

    lacks: list[LackOut]
    approvals: list[TeachingApprovalOut]
    recorded_feeds: list[str]
    looked: bool

    @classmethod
    def of(cls, teaching: Teaching) -> Self:
        """From the model."""
        return cls(
            lacks=[LackOut.model_validate(one) for one in teaching.lacks],
            approvals=[TeachingApprovalOut.model_validate(one) for one in teaching.approvals],
            recorded_feeds=sorted({one.feed for one in teaching.recordings}),
            looked=teaching.looked,
        )


class TaughtCaseOut(BaseModel):
    """A case that may be seen for teaching: nothing that names its patient."""

    case_id: str
    technique: Technique
    hospital: str
    hospital_en: str
    purpose: str
    approved_at: datetime

    @classmethod
    def of(cls, view: CaseView, approval: TeachingApproval) -> Self:
        """From the model."""
        return cls(
            case_id=view.case.id,
            technique=view.case.technique,
            hospital=view.inviting.name,
            hospital_en=view.inviting.name_en,
            purpose=approval.purpose,
            approved_at=approval.approved_at,
        )
