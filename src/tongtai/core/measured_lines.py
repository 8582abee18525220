"""Lines of a check-list that the installation measures itself: what was measured, how old it is, whether it will do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

_BYTES_PER_GB = 1e9


class Measure(StrEnum):
    """What can be measured."""

    UPLINK_RATE = "uplink_rate"
    ROUND_TRIP = "round_trip"
    LOSS = "loss"
    JITTER = "jitter"
    CLOCK_OFFSET = "clock_offset"
    FEEDS = "feeds"
    RECORDING_SPACE = "recording_space"
    TEST_SERIES = "test_series"
    BACKUP_GUIDE = "backup_guide"
    RECORDING_CONSENT = "recording_consent"


class MeasuredBy(StrEnum):
    """What measured it."""

    GATEWAY = "gateway"
    PUSH = "push"
    PAGE = "page"
    CONSENTS = "consents"


class ReadingState(StrEnum):
    """What is to be said of a measured line."""

    MET = "met"
    NOT_MET = "not_met"
    STALE = "stale"
    NOT_MEASURED = "not_measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a line wants measured.

    Attributes
    ----------
    uplink
        Which of a room's uplinks, from 1; 0: the worst of all.
    valid_min
        How old a measurement may be when it is taken over, minutes.
    mbit_s_per_feed, hours
        For the room on a disk: what a feed records and how long a session may last.
    """

    measure: Measure
    valid_min: float
    uplink: int = 0
    mbit_s_per_feed: float = 0.0
    hours: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the things that a measurement is made of: an uplink, a gateway, a feed."""

    name: str
    value: float | None = None
    code: str = ""
    met: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """A value, when and by what it was measured.

    Attributes
    ----------
    low
        A least value that follows from the case itself, beside the line's own; the line's unit.
    """

    value: bool | float
    at: datetime
    by: MeasuredBy
    by_name: str
    parts: tuple[Part, ...] = ()
    low: float | None = None


def state_of(
    wanted: Wanted, found: Measurement | None, now: datetime, *, low: float | None, high: float | None
) -> ReadingState:
    """Whether a measurement is there, fresh, and within its limits.

    Examples
    --------
    >>> from datetime import UTC
    >>> noon = datetime(2026, 1, 2, 12, tzinfo=UTC)
    >>> found = Measurement(value=180.0, at=noon, by=MeasuredBy.GATEWAY, by_name="OR 1")
    >>> wanted = Wanted(measure=Measure.ROUND_TRIP, valid_min=60)
    >>> [state_of(wanted, found, noon + timedelta(minutes=age), low=None, high=200).value for age in (60, 61)]
    ['met', 'stale']
    >>> state_of(wanted, found, noon, low=None, high=100).value
    'not_met'
    """
    if found is None:
        return ReadingState.NOT_MEASURED
    if now - found.at > timedelta(minutes=wanted.valid_min):
        return ReadingState.STALE
    if isinstance(found.value, bool):
        return ReadingState.MET if found.value else ReadingState.NOT_MET
    lows = [limit for limit in (low, found.low) if limit is not None]
    if any(found.value < limit for limit in lows) or (high is not None and found.value > high):
        return ReadingState.NOT_MET
    return ReadingState.MET


def recording_need_gb(wanted: Wanted, feeds: int) -> float:
    """Room that the recordings of a session need on a gateway's disk, in GB of 10⁹ bytes.

    Examples
    --------
    >>> recording_need_gb(
    ...     Wanted(measure=Measure.RECORDING_SPACE, valid_min=10, mbit_s_per_feed=8, hours=4), 3
    ... )
    43.2
    """
    return round(feeds * wanted.mbit_s_per_feed * 1e6 / 8 * wanted.hours * 3600 / _BYTES_PER_GB, 1)


def is_old(found: Measurement, now: datetime, *, valid_min: float) -> bool:
    """Whether a measured answer has waited too long for its confirmation."""
    return valid_min > 0 and now - found.at > timedelta(minutes=valid_min)
