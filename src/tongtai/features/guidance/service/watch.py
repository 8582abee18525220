"""What time alone brings about: calls that nobody answers, old advice, pictures that fail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from tongtai.features.guidance.model import (
    AdviceLevel,
    AdviceStatus,
    AlarmSeverity,
    Draft,
    EventType,
    MediaCondition,
    Phase,
    SessionState,
    Side,
)

HELP_PAGES_BACKUP_AFTER_MS = 30_000
HELP_TELLS_SITE_AFTER_MS = 90_000
ADVICE_EXPIRES_AFTER_MS = 600_000
ARBITRATION_WAIT_S = 120

# docs: delay >300 ms or loss >3 % for 5 s is amber; >500 ms, or a picture that stands >3 s, is red.
AMBER_DELAY_MS = 300.0
RED_DELAY_MS = 500.0
AMBER_LOSS = 0.03
STANDING_PICTURE_S = 3.0
REPORT_FRESH_MS = 5_000
# Silence may be a dead line or a page that is held up: doubtful first, lost when it lasts.
SILENCE_MS = 8_000
SILENCE_LOST_MS = 20_000
# A server that was held up has not listened meanwhile; that counts for no more than this.
_LISTENING_STEP_MS = 2_000


class PictureQuality(IntEnum):
    """How good the experts' picture is; the higher the worse."""

    GOOD = 0
    AMBER = 1
    RED = 2
    LOST = 3


# How long a change to this quality must last before it is believed, in milliseconds.
_WORSE_AFTER_MS: Mapping[PictureQuality, int] = {
    PictureQuality.AMBER: 5_000,
    PictureQuality.RED: 2_000,
    PictureQuality.LOST: 0,
}
_BETTER_AFTER_MS = 5_000
_BACK_FROM_LOST_AFTER_MS = 1_000

_CONDITION_OF: Mapping[PictureQuality, MediaCondition] = {
    PictureQuality.GOOD: MediaCondition.LIVE,
    PictureQuality.AMBER: MediaCondition.DEGRADED,
    PictureQuality.RED: MediaCondition.DEGRADED,
    PictureQuality.LOST: MediaCondition.LOST,
}
_ALARM_OF: Mapping[PictureQuality, tuple[AlarmSeverity, str] | None] = {
    PictureQuality.GOOD: None,
    PictureQuality.AMBER: (AlarmSeverity.AMBER, "media_degraded"),
    PictureQuality.RED: (AlarmSeverity.RED, "media_unsafe"),
    PictureQuality.LOST: (AlarmSeverity.RED, "media_lost"),
}
_MEDIA_ALARMS = frozenset(alarm[1] for alarm in _ALARM_OF.values() if alarm)


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaReport:
    """What an expert's page measures; None is not known, neither good nor bad.

    Attributes
    ----------
    loss : float or None
        A fraction.
    freeze_s : float
        Seconds without a new frame.
    viewer_slow : bool
        Frames arrive, but the viewer's own computer does not show them in time.
    watching : bool
        False: the page is there, but shows no picture of this room; it says nothing of the link.
    """

    delay_ms: float | None = None
    loss: float | None = None
    fps: float | None = None
    freeze_s: float = 0.0
    viewer_slow: bool = False
    watching: bool = True

    def quality(self, believed: PictureQuality | None) -> PictureQuality:
        """The quality that this one measurement speaks for.

        A slow viewer proves only that something arrives: that ends LOST and changes nothing else.
        """
        if self.viewer_slow:
            return PictureQuality.GOOD if believed in {None, PictureQuality.LOST} else believed
        if self.freeze_s > STANDING_PICTURE_S:
            return PictureQuality.LOST
        delay_ms, loss = self.delay_ms or 0.0, self.loss or 0.0
        if delay_ms > RED_DELAY_MS:
            return PictureQuality.RED
        if delay_ms > AMBER_DELAY_MS or loss > AMBER_LOSS:
            return PictureQuality.AMBER
        return PictureQuality.GOOD

    @property
    def reason(self) -> str:
        """Why it is not good, as a code."""
        if self.viewer_slow:
            return "viewer_slow"
        if self.freeze_s > STANDING_PICTURE_S:
            return "freeze"
        if (self.delay_ms or 0.0) > AMBER_DELAY_MS:
            return "delay"
        return "loss" if (self.loss or 0.0) > AMBER_LOSS else "measured"


class MediaWatch:
    """One room's measurements, and what is believed of them."""

    def __init__(self, started_ms: int) -> None:
        self._reports: dict[str, tuple[MediaReport, int]] = {}
        self._silent_ms = 0
        self._listened_ms = started_ms
        self._believed: PictureQuality | None = None
        # 1 while it gets worse, -1 while it gets better than believed.
        self._direction = 0
        self._direction_since_ms = started_ms

    def report(self, user_id: str, report: MediaReport, now_ms: int) -> None:
        """Take a measurement of one expert's page."""
        self._reports[user_id] = (report, now_ms)
        self._silent_ms = 0

    def decide(self, state: SessionState, now_ms: int) -> list[Draft]:
        """The events that bring the session's media state up to what is believed."""
        self._silent_ms += min(now_ms - self._listened_ms, _LISTENING_STEP_MS)
        self._listened_ms = now_ms
        current = self._current(state.lead_guide_id, now_ms)
        if current is None:
            return [] if self._reports else self._silent(state)
        self._believe(current.quality(self._believed), now_ms)
        quality = self._believed
        if quality is None:
            return []
        condition, alarm = _CONDITION_OF[quality], _ALARM_OF[quality]
        standing = {a.code for a in state.alarms if a.code in _MEDIA_ALARMS}
        if state.media.state is condition and standing == ({alarm[1]} if alarm else set()):
            return []
        payload = {
            "state": condition.value,
            "delay_ms": _rounded(current.delay_ms, 1),
            "loss": _rounded(current.loss, 4),
            "fps": _rounded(current.fps, 1),
            "reason": current.reason,
        }
        return [Draft(type=EventType.MEDIA_STATE, payload=payload), *_alarms(state, alarm)]

    def _current(self, lead_guide_id: str | None, now_ms: int) -> MediaReport | None:
        """The lead's measurement, or the newest: one expert's bad line is not the room's fault.

        Nor is a slow computer: its measurements count only when nobody has better ones.
        """
        fresh = {
            user_id: (report, at_ms)
            for user_id, (report, at_ms) in self._reports.items()
            if now_ms - at_ms <= REPORT_FRESH_MS
        }
        self._reports = fresh
        watching = {user_id: entry for user_id, entry in fresh.items() if entry[0].watching}
        able = {user_id: entry for user_id, entry in watching.items() if not entry[0].viewer_slow} or watching
        if lead_guide_id in able:
            return able[lead_guide_id][0]
        newest = max(able.values(), key=lambda entry: entry[1], default=None)
        return newest[0] if newest else None

    def _silent(self, state: SessionState) -> list[Draft]:
        """No page measures: the experts have left, or their line is dead, or their page is held up."""
        if state.media.state is MediaCondition.OFF or self._silent_ms < SILENCE_MS:
            return []
        watched = any(p.side is Side.CENTRE for p in state.participants)
        quality = PictureQuality.LOST if self._silent_ms >= SILENCE_LOST_MS else PictureQuality.AMBER
        self._believed = max(quality, self._believed or quality) if watched else None
        condition = MediaCondition.OFF if self._believed is None else _CONDITION_OF[self._believed]
        alarm = None if self._believed is None else _ALARM_OF[self._believed]
        if state.media.state is condition:
            return []
        reason = "no_report" if watched else "no_expert"
        payload = {"state": condition.value, "reason": reason}
        return [Draft(type=EventType.MEDIA_STATE, payload=payload), *_alarms(state, alarm)]

    def _believe(self, quality: PictureQuality, now_ms: int) -> None:
        believed = self._believed
        if believed is None:
            self._believed = quality
            return
        direction = (quality > believed) - (quality < believed)
        if direction != self._direction:
            # Between two bad qualities the time goes on: it has not been good meanwhile.
            self._direction, self._direction_since_ms = direction, now_ms
        waited_ms = now_ms - self._direction_since_ms
        if direction and waited_ms >= _patience(believed, quality):
            self._believed, self._direction = quality, 0


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _patience(believed: PictureQuality, quality: PictureQuality) -> int:
    if quality > believed:
        return _WORSE_AFTER_MS[quality]
    return _BACK_FROM_LOST_AFTER_MS if believed is PictureQuality.LOST else _BETTER_AFTER_MS


def _alarms(state: SessionState, wanted: tuple[AlarmSeverity, str] | None) -> list[Draft]:
    code = wanted[1] if wanted else None
    drafts = [
        Draft(type=EventType.ALARM_CLEARED, payload={"alarm_id": alarm.alarm_id})
        for alarm in state.alarms
        if alarm.code in _MEDIA_ALARMS and alarm.code != code
    ]
    if wanted and state.find_alarm(wanted[1]) is None:
        drafts.append(raise_alarm(state, wanted[0], wanted[1], {}))
    return drafts


def raise_alarm(
    state: SessionState, severity: AlarmSeverity, code: str, values: Mapping[str, object]
) -> Draft:
    """An alarm; its id says after which event it was raised."""
    payload = {
        "alarm_id": f"{code}.{state.seq}",
        "severity": severity.value,
        "code": code,
        "values": values,
    }
    return Draft(type=EventType.ALARM_RAISED, payload=payload)


def settle_alarm(
    state: SessionState, severity: AlarmSeverity, code: str, values: Mapping[str, object] | None
) -> list[Draft]:
    """Raise an alarm that does not stand with these values yet, or clear it when there are none any more."""
    standing = state.find_alarm(code)
    if standing is not None and values is not None and dict(standing.values) == dict(values):
        return []
    drafts = []
    if standing is not None:
        drafts.append(Draft(type=EventType.ALARM_CLEARED, payload={"alarm_id": standing.alarm_id}))
    if values is not None and state.phase is Phase.OPEN:
        drafts.append(raise_alarm(state, severity, code, values))
    return drafts


def overdue(state: SessionState, now_ms: int) -> list[Draft]:
    """What the clock has made due. Works from the log alone, so a restart forgets nothing."""
    if state.phase is not Phase.OPEN:
        return []
    return [*_help_overdue(state, now_ms), *_advice_overdue(state, now_ms)]


def _help_overdue(state: SessionState, now_ms: int) -> list[Draft]:
    if state.help is None:
        return []
    waited_ms = now_ms - state.help.since_ms
    drafts = []
    if waited_ms >= HELP_PAGES_BACKUP_AFTER_MS and state.find_alarm("help_unanswered") is None:
        values = {"seconds": HELP_PAGES_BACKUP_AFTER_MS // 1000, "paged": "backup_guide"}
        drafts.append(raise_alarm(state, AlarmSeverity.AMBER, "help_unanswered", values))
    if waited_ms >= HELP_TELLS_SITE_AFTER_MS and state.find_alarm("no_guide") is None:
        values = {"seconds": HELP_TELLS_SITE_AFTER_MS // 1000}
        drafts.append(raise_alarm(state, AlarmSeverity.RED, "no_guide", values))
    return drafts


def _advice_overdue(state: SessionState, now_ms: int) -> list[Draft]:
    return [
        Draft(type=EventType.ADVICE_EXPIRED, payload={"advice_id": advice.advice_id})
        for advice in state.advice
        if advice.level is not AdviceLevel.STOP
        and advice.status in {AdviceStatus.GIVEN, AdviceStatus.READ_BACK}
        and now_ms - advice.given_ms >= ADVICE_EXPIRES_AFTER_MS
    ]


def arbitrate(states: Mapping[str, SessionState]) -> dict[str, EventType]:
    """Where one lead guide is needed in several rooms at once, and where no longer.

    The room that entered its critical step first keeps the guide; the others are told to wait. The
    answer says per case what has to be appended.
    """
    claims: dict[str, list[str]] = {}
    for case_id, state in states.items():
        if state.in_critical_step and state.lead_guide_id is not None:
            claims.setdefault(state.lead_guide_id, []).append(case_id)
    waiting: set[str] = set()
    for rooms in claims.values():
        rooms.sort(key=lambda case_id: (states[case_id].step_since_ms or 0, case_id))
        waiting.update(rooms[1:])
    changes = {}
    for case_id, state in states.items():
        if case_id in waiting and state.arbitration is None:
            changes[case_id] = EventType.ARBITRATION_RAISED
        elif case_id not in waiting and state.arbitration is not None:
            changes[case_id] = EventType.ARBITRATION_CLEARED
    return changes


def arbitration_draft(state: SessionState, kind: EventType) -> Sequence[Draft]:
    """The event for one room, if it still applies. It never names the other case."""
    if kind is EventType.ARBITRATION_RAISED:
        if state.arbitration is not None or not state.in_critical_step:
            return []
        payload = {"message_code": "lead_guide_busy", "wait_s": ARBITRATION_WAIT_S}
        return [Draft(type=kind, payload=payload)]
    return [Draft(type=kind, payload={})] if state.arbitration is not None else []
