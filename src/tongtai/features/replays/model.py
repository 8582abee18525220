"""A session seen again: whose, which parts of which pictures, and what of the log goes with them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from tongtai.core.lacks import Lack, lack, lacking
from tongtai.core.pictures.masking import Mask
from tongtai.features.consents.model import Consent, ConsentKind, lacks_of_kinds
from tongtai.features.gateways.model import Recording
from tongtai.features.guidance.model import Event, EventType

# As long as somebody is signed in at most.
PLAY_LIFETIME = timedelta(hours=12)
# What is said at a table names patients, and cannot be covered as a corner of a picture can.
SOUND = "mic"


class ReplayView(StrEnum):
    """What is seen: everything that was recorded, or what was approved for teaching, covered."""

    FULL = "full"
    TEACHING = "teaching"


NEEDED: Mapping[ReplayView, tuple[ConsentKind, ...]] = MappingProxyType(
    {
        ReplayView.FULL: (ConsentKind.RECORDING,),
        ReplayView.TEACHING: (ConsentKind.RECORDING, ConsentKind.BROADCAST),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """Somebody sees a session again. Its bytes are given under this, so that none leaves unrecorded."""

    id: str
    case_id: str
    user_id: str
    view: ReplayView
    started_at: datetime

    def is_good(self, user_id: str, now: datetime) -> bool:
        """Whether this person may go on with it."""
        return self.user_id == user_id and now - self.started_at < PLAY_LIFETIME


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """A recorded segment on the session's clock.

    Attributes
    ----------
    started_ms
        The server's time of its first picture, milliseconds since 1970.
    """

    recording_id: str
    feed: str
    started_ms: float
    duration_ms: float


def clip_of(recording: Recording) -> Clip:
    """Where a segment lies on the server's clock: the table's clock, and what it differed by."""
    return Clip(
        recording_id=recording.id,
        feed=recording.feed,
        started_ms=recording.started_at.timestamp() * 1000 + recording.clock_offset_ms,
        duration_ms=recording.duration_s * 1000,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TeachingFeed:
    """A feed that may be shown, and what of it is covered in every picture."""

    feed: str
    masks: tuple[Mask, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TeachingApproval:
    """Medical affairs' approval of teaching, and how it ended.

    Attributes
    ----------
    recording_ids
        What whoever approved could look at: a segment that comes later is not covered by it.
    """

    id: str
    case_id: str
    number: int
    purpose: str
    feeds: tuple[TeachingFeed, ...]
    recording_ids: tuple[str, ...]
    approved_by: str
    approved_by_name: str
    approved_at: datetime
    ended_at: datetime | None = None
    ended_by: str = ""
    end_reason: str = ""

    def masks_of(self, feed: str) -> tuple[Mask, ...]:
        """What is covered of a feed that was approved; of any other nothing may be shown.

        Raises
        ------
        KeyError
            If the feed was not approved.
        """
        return {one.feed: one.masks for one in self.feeds}[feed]


def newest(approvals: Iterable[TeachingApproval]) -> TeachingApproval | None:
    """The approval that counts: the last one, if it has not ended."""
    last = max(approvals, key=lambda one: one.number, default=None)
    return last if last is not None and last.ended_at is None else None


def lacks_to_play(
    view: ReplayView, consents: Iterable[Consent], approval: TeachingApproval | None, day: date
) -> tuple[Lack, ...]:
    """Why recordings may not be played: nothing may, unless the patient has said so."""
    lacks = lacks_of_kinds(list(consents), NEEDED[view], day)
    if view is ReplayView.TEACHING and approval is None:
        lacks += (lack("teaching_not_approved"),)
    return lacks


def played_in(
    view: ReplayView, recordings: Iterable[Recording], approval: TeachingApproval | None
) -> list[Recording]:
    """Which recordings belong to a view."""
    if view is ReplayView.FULL:
        return list(recordings)
    if approval is None:
        return []
    feeds, known = {one.feed for one in approval.feeds}, set(approval.recording_ids)
    return [one for one in recordings if one.feed in feeds and one.id in known]


def lacks_to_approve(
    feeds: Iterable[TeachingFeed],
    *,
    consents: Iterable[Consent],
    recordings: Iterable[Recording],
    looked: bool,
    day: date,
) -> tuple[Lack, ...]:
    """Why teaching cannot be approved.

    Parameters
    ----------
    looked
        Whether the one who approves has played the recordings.
    """
    feeds = list(feeds)
    recorded = {one.feed for one in recordings}
    found = list(lacks_of_kinds(list(consents), NEEDED[ReplayView.TEACHING], day))
    if not feeds:
        found.append(lack("teaching_feed_missing"))
    found += lacking("teaching_sound", (one.feed for one in feeds if one.feed == SOUND), "feed")
    missing = (one.feed for one in feeds if one.feed != SOUND and one.feed not in recorded)
    found += lacking("teaching_not_recorded", missing, "feed")
    if not looked:
        found.append(lack("teaching_not_looked_at"))
    return tuple(found)


_E = EventType
# Codes and numbers alone: what somebody wrote in words may name the patient, a series leads to them,
# and a frozen picture has no mask.
TAUGHT: Mapping[EventType, tuple[str, ...]] = MappingProxyType(
    {
        _E.SESSION_OPENED: (),
        _E.SESSION_CLOSED: (),
        _E.SESSION_RESUMED: (),
        _E.STEP_MARKED: ("step",),
        _E.ADVICE_GIVEN: ("advice_id", "level"),
        _E.ADVICE_READ_BACK: ("advice_id",),
        _E.ADVICE_ACCEPTED: ("advice_id",),
        _E.ADVICE_DECLINED: ("advice_id",),
        _E.ADVICE_DONE: ("advice_id",),
        _E.DRAW_ADDED: ("stroke_id", "surface", "tool", "points", "colour", "width"),
        _E.DRAW_UNDONE: ("stroke_id",),
        _E.DRAW_CLEARED: ("surface", "mine_only"),
        _E.CT_PUSH_STARTED: (),
        _E.CT_PUSH_FINISHED: ("received", "seconds"),
        _E.HELP_CALLED: (),
        _E.HELP_ANSWERED: (),
        _E.NEEDLE_PUNCTURED: ("needle_id",),
        _E.NEEDLE_ADVANCED: ("needle_id", "depth_mm"),
        _E.NEEDLE_CONFIRMED: ("needle_id", "depth_mm", "deviation_mm"),
        _E.NEEDLE_REPOSITIONED: ("needle_id", "depth_mm"),
        _E.NEEDLE_WITHDRAWN: ("needle_id", "intact"),
        _E.ENERGY_STARTED: ("needle_id", "run_id", "power_w", "planned_s"),
        _E.ENERGY_SAMPLED: ("run_id", "time_s", "power_w", "impedance_ohm", "temperature_c", "energy_kj"),
        _E.ENERGY_STOPPED: ("run_id", "time_s", "reason", "energy_kj"),
        _E.SEEDS_DROPPED: ("needle_id", "count", "depth_mm"),
        _E.CT_ASSESSED: ("zone_mm", "margin_mm", "residual", "bleeding", "pneumothorax"),
    }
)


def taught(events: Iterable[Event], feeds: Iterable[str]) -> list[Event]:
    """What of a log goes with the teaching view; drawings only those on the live picture of a feed that is shown."""
    shown = set(feeds)
    return [
        event
        for event in events
        if event.type in TAUGHT and _is_on_a_shown_picture(event.payload.get("surface"), shown)
        if not (event.type is _E.DRAW_ADDED and event.payload.get("tool") == "text")
    ]


def taught_payload(event: Event) -> dict[str, object]:
    """What of an event's particulars goes with the teaching view."""
    return {name: event.payload[name] for name in TAUGHT[event.type] if name in event.payload}


def _is_on_a_shown_picture(surface: object, feeds: set[str]) -> bool:
    if not isinstance(surface, Mapping):
        return True
    return surface.get("kind") == "feed" and surface.get("feed") in feeds and surface.get("frozen") is None
