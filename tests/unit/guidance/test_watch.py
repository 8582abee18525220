"""Timers, the media's hysteresis and arbitration."""

from tests.contract.session_cases import BACKUP, LEAD, OPERATOR
from tests.unit.guidance.walk import Walk, opened

from tongtai.features.guidance.events import canonical_json
from tongtai.features.guidance.model import AlarmSeverity, Draft, EventType, MediaCondition, Side
from tongtai.features.guidance.service.watch import (
    MediaReport,
    MediaWatch,
    arbitrate,
    arbitration_draft,
    overdue,
)

GOOD = MediaReport(delay_ms=90, loss=0.001, fps=30, freeze_s=0)
LATE = MediaReport(delay_ms=350, loss=0.001, fps=25, freeze_s=0)
LOSSY = MediaReport(delay_ms=90, loss=0.05, fps=20, freeze_s=0)
UNSAFE = MediaReport(delay_ms=650, loss=0.01, fps=20, freeze_s=0)
STANDING = MediaReport(delay_ms=90, loss=0, fps=0, freeze_s=3.5)


UNKNOWN = MediaReport(delay_ms=None, loss=None, fps=28, freeze_s=0)
SLOW_VIEWER = MediaReport(delay_ms=2_400, loss=0, fps=1, freeze_s=6, viewer_slow=True)
NOT_WATCHING = MediaReport(delay_ms=None, loss=None, fps=None, freeze_s=0, watching=False)


def seen(walk: Walk, watch: MediaWatch, report: MediaReport | None, seconds: float) -> None:
    """Report (or stay silent) each half second, and decide each time."""
    for _ in range(int(seconds * 2)):
        walk.wait(0.5)
        if report is not None:
            watch.report(LEAD.id, report, walk.now_ms)
        walk.append(watch.decide(walk.state, walk.now_ms))


def watched() -> tuple[Walk, MediaWatch]:
    walk = opened()
    watch = MediaWatch(walk.now_ms)
    seen(walk, watch, GOOD, 1)
    assert condition(walk) == MediaCondition.LIVE
    return walk, watch


def condition(walk: Walk) -> MediaCondition:
    return walk.state.media.state


def alarms(walk: Walk) -> list[tuple[AlarmSeverity, str]]:
    return [(alarm.severity, alarm.code) for alarm in walk.state.alarms]


def test_a_long_delay_is_believed_after_five_seconds_only() -> None:
    for bad in (LATE, LOSSY):
        walk, watch = watched()
        seen(walk, watch, bad, 4)
        assert condition(walk) == MediaCondition.LIVE
        seen(walk, watch, GOOD, 1)
        seen(walk, watch, bad, 4)
        assert condition(walk) == MediaCondition.LIVE
        seen(walk, watch, bad, 2)
        assert condition(walk) == MediaCondition.DEGRADED
        assert alarms(walk) == [(AlarmSeverity.AMBER, "media_degraded")]


def test_what_is_bad_gets_good_only_after_five_good_seconds() -> None:
    walk, watch = watched()
    seen(walk, watch, LATE, 6)
    seen(walk, watch, GOOD, 4)
    assert condition(walk) == MediaCondition.DEGRADED
    seen(walk, watch, GOOD, 2)
    assert condition(walk) == MediaCondition.LIVE
    assert alarms(walk) == []


def test_a_very_long_delay_forbids_time_critical_advice() -> None:
    walk, watch = watched()
    seen(walk, watch, UNSAFE, 3)
    assert condition(walk) == MediaCondition.DEGRADED
    assert alarms(walk) == [(AlarmSeverity.RED, "media_unsafe")]


def test_a_standing_picture_is_lost_at_once_and_comes_back_soon() -> None:
    walk, watch = watched()
    seen(walk, watch, STANDING, 0.5)
    assert condition(walk) == MediaCondition.LOST
    assert alarms(walk) == [(AlarmSeverity.RED, "media_lost")]
    seen(walk, watch, GOOD, 2)
    assert condition(walk) == MediaCondition.LIVE


def test_flapping_does_not_flood_the_log() -> None:
    walk, watch = watched()
    before = len(walk.log)
    for _ in range(60):
        seen(walk, watch, LATE, 0.5)
        seen(walk, watch, GOOD, 0.5)
    assert len(walk.log) == before


def test_a_server_that_was_held_up_does_not_take_it_for_silence() -> None:
    walk, watch = watched()
    for _ in range(3):
        walk.wait(30)
        walk.append(watch.decide(walk.state, walk.now_ms))
    assert condition(walk) == MediaCondition.LIVE


def test_silence_is_doubtful_then_lost_while_an_expert_is_there_and_off_when_nobody_is() -> None:
    walk, watch = watched()
    joined = {
        "identity": "user.user_lead.n",
        "user_id": LEAD.id,
        "name": LEAD.name,
        "name_en": LEAD.name_en,
        "role": "lead_guide",
        "side": Side.CENTRE,
    }
    walk.append([Draft(type=EventType.PARTICIPANT_JOINED, payload=joined)])
    seen(walk, watch, None, 9)
    assert (walk.state.media.state, walk.state.media.reason) == (MediaCondition.DEGRADED, "no_report")
    assert alarms(walk) == [(AlarmSeverity.AMBER, "media_degraded")]
    seen(walk, watch, None, 12)
    assert alarms(walk) == [(AlarmSeverity.RED, "media_lost")]
    assert (walk.state.media.state, walk.state.media.reason) == (MediaCondition.LOST, "no_report")
    walk.append([Draft(type=EventType.PARTICIPANT_LEFT, payload={"identity": "user.user_lead.n"})])
    seen(walk, watch, None, 1)
    assert condition(walk) == MediaCondition.OFF
    assert alarms(walk) == []


def test_the_leads_measurement_counts_before_a_bystanders() -> None:
    walk, watch = watched()
    for _ in range(20):
        walk.wait(0.5)
        watch.report(BACKUP.id, STANDING, walk.now_ms)
        watch.report(LEAD.id, GOOD, walk.now_ms)
        walk.append(watch.decide(walk.state, walk.now_ms))
    assert condition(walk) == MediaCondition.LIVE


def test_a_slow_computer_of_the_viewer_raises_nothing() -> None:
    walk, watch = watched()
    before = len(walk.log)
    seen(walk, watch, SLOW_VIEWER, 20)
    assert condition(walk) == MediaCondition.LIVE
    assert alarms(walk) == []
    assert len(walk.log) == before


def test_a_slow_computer_of_the_lead_lets_the_others_speak() -> None:
    walk, watch = watched()
    for _ in range(20):
        walk.wait(0.5)
        watch.report(BACKUP.id, STANDING, walk.now_ms)
        watch.report(LEAD.id, SLOW_VIEWER, walk.now_ms)
        walk.append(watch.decide(walk.state, walk.now_ms))
    assert condition(walk) == MediaCondition.LOST


def test_frames_that_arrive_at_a_slow_computer_end_lost_and_do_not_end_unsafe() -> None:
    walk, watch = watched()
    seen(walk, watch, STANDING, 1)
    seen(walk, watch, SLOW_VIEWER, 2)
    assert condition(walk) == MediaCondition.LIVE
    seen(walk, watch, UNSAFE, 3)
    seen(walk, watch, SLOW_VIEWER, 20)
    assert alarms(walk) == [(AlarmSeverity.RED, "media_unsafe")]


def test_a_page_that_shows_another_room_changes_nothing() -> None:
    for known in (GOOD, STANDING):
        walk, watch = watched()
        seen(walk, watch, known, 1)
        before = len(walk.log)
        seen(walk, watch, NOT_WATCHING, 20)
        assert len(walk.log) == before


def test_what_is_not_known_is_logged_as_not_known() -> None:
    walk = opened()
    watch = MediaWatch(walk.now_ms)
    seen(walk, watch, UNKNOWN, 1)
    assert condition(walk) == MediaCondition.LIVE
    assert (walk.state.media.delay_ms, walk.state.media.loss, walk.state.media.fps) == (None, None, 28.0)


def test_an_unanswered_call_pages_the_backup_then_tells_the_site() -> None:
    walk = opened()
    walk.do(OPERATOR, "help.called", {"reason": "出血"})
    walk.wait(29)
    assert overdue(walk.state, walk.now_ms) == []
    walk.wait(1)
    walk.append(overdue(walk.state, walk.now_ms))
    assert alarms(walk) == [(AlarmSeverity.AMBER, "help_unanswered")]
    assert overdue(walk.state, walk.now_ms) == []
    walk.wait(60)
    walk.append(overdue(walk.state, walk.now_ms))
    assert (AlarmSeverity.RED, "no_guide") in alarms(walk)
    walk.do(BACKUP, "help.answered")
    assert alarms(walk) == []
    assert walk.state.help is None


def test_an_old_advice_expires_and_a_stop_never_does() -> None:
    walk = opened()
    walk.do(LEAD, "advice.given", {"advice_id": "a", "level": "info", "text": "t"})
    walk.do(LEAD, "advice.given", {"advice_id": "s", "level": "stop", "text": "t"})
    walk.wait(601)
    due = overdue(walk.state, walk.now_ms)
    assert [(draft.type, draft.payload["advice_id"]) for draft in due] == [(EventType.ADVICE_EXPIRED, "a")]


def test_the_second_critical_room_of_a_lead_waits_and_never_hears_of_the_first() -> None:
    rooms = {name: opened(case_id=name) for name in ("case_first", "case_second")}
    for seconds, walk in enumerate(rooms.values()):
        walk.wait(seconds)
        walk.do(OPERATOR, "step.marked", {"step": "puncture"})
    states = {name: walk.state for name, walk in rooms.items()}
    assert arbitrate(states) == {"case_second": EventType.ARBITRATION_RAISED}
    second = rooms["case_second"]
    second.append(arbitration_draft(second.state, EventType.ARBITRATION_RAISED))
    told = canonical_json([dict(event.payload) for event in second.log])
    assert "case_first" not in told
    second.do(OPERATOR, "arbitration.overridden", {"reason": "r"})
    assert second.state.arbitration is not None
    assert second.state.arbitration.status == "overridden"
    rooms["case_first"].do(OPERATOR, "step.marked", {"step": "needle_check"})
    states = {name: walk.state for name, walk in rooms.items()}
    assert arbitrate(states) == {"case_second": EventType.ARBITRATION_CLEARED}


def test_a_handover_ends_the_conflict() -> None:
    rooms = {name: opened(case_id=name) for name in ("case_first", "case_second")}
    for seconds, walk in enumerate(rooms.values()):
        walk.wait(seconds)
        walk.do(OPERATOR, "step.marked", {"step": "puncture"})
    second = rooms["case_second"]
    second.append(arbitration_draft(second.state, EventType.ARBITRATION_RAISED))
    second.do(LEAD, "handover.offered", {"to_user_id": BACKUP.id})
    second.do(BACKUP, "handover.accepted")
    assert second.state.arbitration is None
    assert arbitrate({name: walk.state for name, walk in rooms.items()}) == {}
