"""What each command's payload looks like on the wire."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from tongtai.features.guidance.model import AdviceLevel, EventType, Step
from tongtai.features.guidance.schemas.payload import FeedName, Id, Measure, Payload, Point, Reason, Uid
from tongtai.features.guidance.schemas.table_commands import TABLE_PAYLOADS

# 300 kB of JPEG as base64.
_JPEG_URL_MAX = 400_100
_MAX_POINTS = 4000
_FAR_MS = 10**14
_MOST_REPORTS = 100
_JPEG = re.compile(r"data:image/jpeg;base64,[A-Za-z0-9+/]*={0,2}")


def _jpeg(url: str) -> str:
    if not _JPEG.fullmatch(url):
        raise ValueError("only a JPEG as a data URL")
    return url


class Nothing(Payload):
    """A command without particulars."""


class Closing(Payload):
    reason: Reason


class StepIn(Payload):
    step: Step
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] | None = None


class AdviceRef(Payload):
    """Where the expert was looking."""

    feed: FeedName | None = None
    series_uid: Uid | None = None
    sop_uid: Uid | None = None
    frame: Annotated[int, Field(ge=0, le=100_000)] | None = None


class AdviceIn(Payload):
    advice_id: Id
    level: AdviceLevel
    text: Reason
    chip: Id | None = None
    ref: AdviceRef | None = None
    supersedes: Id | None = None


class AdviceChange(Payload):
    advice_id: Id


class AdviceRefusal(AdviceChange):
    reason: Reason


class AdviceReplacement(AdviceChange):
    by: Id


class FeedSurface(Payload):
    kind: Literal["feed"]
    feed: FeedName
    frozen: Id | None = None


class SliceSurface(Payload):
    """A picture of a series; ``frame`` counts from 1 in an object with several."""

    kind: Literal["slice"]
    series_uid: Uid
    sop_uid: Uid
    frame: Annotated[int, Field(ge=1, le=100_000)] | None = None


Surface = Annotated[FeedSurface | SliceSurface, Field(discriminator="kind")]


class StrokeIn(Payload):
    stroke_id: Id
    surface: Surface
    tool: Literal["pen", "arrow", "ellipse", "text"]
    points: Annotated[list[Point], Field(min_length=1, max_length=_MAX_POINTS)]
    text: Annotated[str, StringConstraints(max_length=200)] | None = None
    colour: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]
    width: Annotated[float, Field(gt=0, le=0.2, allow_inf_nan=False)]


class StrokeChange(Payload):
    stroke_id: Id


class Clearing(Payload):
    surface: Surface
    mine_only: bool


class FreezeIn(Payload):
    freeze_id: Id
    feed: FeedName
    jpeg_data_url: (
        Annotated[str, StringConstraints(max_length=_JPEG_URL_MAX), AfterValidator(_jpeg)] | None
    ) = None


class FreezeChange(Payload):
    freeze_id: Id


class Window(Payload):
    """Centre and width in Hounsfield units."""

    center: Annotated[float, Field(ge=-1e5, le=1e5, allow_inf_nan=False)]
    width: Annotated[float, Field(gt=0, le=1e5, allow_inf_nan=False)]


class ShownCtIn(Payload):
    study_uid: Uid
    series_uid: Uid
    sop_uid: Uid
    frame: Annotated[int, Field(ge=0, le=100_000)]
    window: Window


class HelpIn(Payload):
    reason: Reason | None = None


class HandoverIn(Payload):
    to_user_id: Id
    reason: Reason | None = None


class WithReason(Payload):
    reason: Reason


class MarkIn(Payload):
    text: Reason


class MediaReportIn(Payload):
    """What a page measures; null is "not known".

    ``loss`` is a fraction, ``freeze_s`` the seconds since the last new frame. ``viewer_slow``: frames
    arrive and the viewer's own computer does not show them in time, which says nothing bad of the link.
    ``watching``: false when the page is there and shows no picture of this room, for example on another
    page of the wall.
    """

    delay_ms: Measure | None = None
    loss: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None = None
    fps: Measure | None = None
    freeze_s: Measure
    viewer_slow: bool = False
    watching: bool = True


class MediaReportsIn(BaseModel):
    """Measurements by case."""

    reports: Annotated[dict[Id, MediaReportIn], Field(max_length=_MOST_REPORTS)]


class RefusedReports(BaseModel):
    """The cases of which the caller's measurements are not taken: not theirs, or not any more."""

    refused: list[str]


_E = EventType
PAYLOADS: Mapping[str, type[Payload]] = MappingProxyType(
    {
        _E.SESSION_OPENED: Nothing,
        _E.SESSION_CLOSED: Closing,
        _E.SESSION_RESUMED: Nothing,
        _E.STEP_MARKED: StepIn,
        _E.ADVICE_GIVEN: AdviceIn,
        _E.ADVICE_READ_BACK: AdviceChange,
        _E.ADVICE_ACCEPTED: AdviceChange,
        _E.ADVICE_DECLINED: AdviceRefusal,
        _E.ADVICE_DONE: AdviceChange,
        _E.ADVICE_SUPERSEDED: AdviceReplacement,
        _E.DRAW_ADDED: StrokeIn,
        _E.DRAW_UNDONE: StrokeChange,
        _E.DRAW_CLEARED: Clearing,
        _E.PICTURE_FROZEN: FreezeIn,
        _E.PICTURE_UNFROZEN: FreezeChange,
        _E.CT_SHOWN: ShownCtIn,
        _E.CT_HIDDEN: Nothing,
        _E.HELP_CALLED: HelpIn,
        _E.HELP_ANSWERED: Nothing,
        _E.HANDOVER_OFFERED: HandoverIn,
        _E.HANDOVER_ACCEPTED: Nothing,
        _E.HANDOVER_DECLINED: WithReason,
        _E.ARBITRATION_OVERRIDDEN: WithReason,
        _E.MARK_ADDED: MarkIn,
        **TABLE_PAYLOADS,
    }
)


class CommandIn(BaseModel):
    """A command. ``payload`` is checked against its type's schema; ``id`` makes it safe to resend."""

    id: UUID
    type: str = Field(max_length=64)
    t_site_ms: Annotated[int, Field(ge=0, le=_FAR_MS)] | None = None
    clock_offset_ms: Annotated[float, Field(ge=-1e12, le=1e12, allow_inf_nan=False)] | None = None
    payload: dict[str, object] = {}
