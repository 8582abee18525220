"""The things that a session's state consists of. All times are server milliseconds since 1970."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tongtai.features.guidance.model.catalogue import (
    AdviceLevel,
    AdviceStatus,
    AlarmSeverity,
    FeedCondition,
    MediaCondition,
    Side,
    Step,
)

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Somebody, or a gateway, in the operating room's media room."""

    identity: str
    user_id: str | None
    name: str
    name_en: str
    role: str
    side: Side | None
    joined_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepMark:
    """A step of the procedure that the site has marked."""

    step: Step
    t_ms: int
    by_name: str
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """An advice and what became of it."""

    advice_id: str
    level: AdviceLevel
    text: str
    chip: str | None
    ref: Json | None
    status: AdviceStatus
    by_id: str
    by_name: str
    by_name_en: str
    reason: str | None
    answered_by_name: str | None
    superseded_by: str | None
    given_ms: int
    read_back_ms: int | None
    answered_ms: int | None
    ended_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """A drawing. Points are picture coordinates from 0 to 1, width is a fraction of the picture's."""

    stroke_id: str
    surface: Json
    tool: str
    points: tuple[tuple[float, float], ...]
    text: str | None
    colour: str
    width: float
    by_id: str
    by_name: str
    t_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenPicture:
    """A moment of a feed that everybody looks at."""

    freeze_id: str
    feed: str
    jpeg_data_url: str | None
    by_id: str
    by_name: str
    since_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCt:
    """The CT slice that an expert shows to the room. Window centre and width in Hounsfield units."""

    study_uid: str
    series_uid: str
    sop_uid: str
    frame: int
    window: Json
    by_id: str
    by_name: str
    since_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesProgress:
    """How much of a series has arrived."""

    study_uid: str
    series_uid: str
    description: str
    received: int
    expected: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """One transfer of CT images into the case."""

    push_id: str
    source: str
    declared_files: int | None
    started_ms: int
    finished_ms: int | None = None
    received: int = 0
    rejected: int = 0
    duplicates: int = 0
    seconds: float | None = None
    series: Mapping[str, SeriesProgress] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpCall:
    """An unanswered call for help."""

    by_id: str
    by_name: str
    reason: str | None
    since_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """The lead, offered to another guide and not yet answered."""

    to_user_id: str
    to_name: str
    by_id: str
    by_name: str
    reason: str | None
    since_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """What the experts see, as measured. ``loss`` is a fraction, ``fps`` frames per second."""

    state: MediaCondition = MediaCondition.OFF
    delay_ms: float | None = None
    loss: float | None = None
    fps: float | None = None
    reason: str | None = None
    since_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What the gateway says of one feed."""

    feed: str
    state: FeedCondition
    detail: str | None
    since_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something that must draw the eye."""

    alarm_id: str
    severity: AlarmSeverity
    code: str
    values: Json
    since_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Arbitration:
    """The lead guide is in another critical step: wait, call the backup, or override with a reason.

    It never names the other case: this record is shown to the site.
    """

    status: str
    message_code: str
    wait_s: int
    since_ms: int
    reason: str | None = None
    by_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A note on the timeline."""

    event_id: str
    text: str
    by_name: str
    t_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A recording of the table that the server has and has verified."""

    feed: str
    segment: str
    sha256: str
    size: int
    t_ms: int
