"""Make ``session_reducer_cases.json``: what each type of event does to a session's state.

Run ``python tests/contract/session_cases.py`` after a change of the reducer. The cases are one story:
each holds an event and the state afterwards, and begins where the one before it ended (the first one
at ``initial``). The reducers in Python and in TypeScript must both agree with it.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tongtai.features.guidance.events import GENESIS, Head, Stamp, event_json, head_of, link
from tongtai.features.guidance.model import Actor, ActorKind, Draft, EventType, SessionState, Side
from tongtai.features.guidance.model.catalogue import TABLE_ENTRIES

CASES_FILE = Path(__file__).with_name("session_reducer_cases.json")
CASE_ID = "case_0000000000000000000000001"
START_MS = 1_767_225_600_000

OPERATOR = Actor(
    kind=ActorKind.USER,
    id="user_operator",
    name="林术者",
    name_en="Lin (operator)",
    role="operator",
    side=Side.SITE,
)
LEAD = Actor(
    kind=ActorKind.USER,
    id="user_lead",
    name="周主指导",
    name_en="Zhou (lead guide)",
    role="lead_guide",
    side=Side.CENTRE,
)
BACKUP = Actor(
    kind=ActorKind.USER,
    id="user_backup",
    name="何备份",
    name_en="He (backup guide)",
    role="backup_guide",
    side=Side.CENTRE,
)
GATEWAY = Actor(
    kind=ActorKind.GATEWAY,
    id="gateway_1",
    name="手术间 1",
    name_en="OR 1",
    role="gateway",
    side=Side.SITE,
)
SYSTEM = Actor(kind=ActorKind.SYSTEM, id="system", name="同台", name_en="Tongtai", role="system", side=None)

LIVE = {"kind": "feed", "feed": "ultrasound"}
HELD = {"kind": "feed", "feed": "ultrasound", "frozen": "freeze_1"}
SLICE = {"kind": "slice", "series_uid": "1.2.3", "sop_uid": "1.2.3.4"}


def _stroke(stroke_id: str, surface: dict[str, Any], **more: object) -> dict[str, Any]:
    return {
        "stroke_id": stroke_id,
        "surface": surface,
        "tool": "pen",
        "points": [[0.25, 0.5], [0.3, 0.55]],
        "colour": "#38bdf8",
        "width": 0.004,
        **more,
    }


def _advice(advice_id: str, level: str, text: str, **more: object) -> dict[str, Any]:
    return {"advice_id": advice_id, "level": level, "text": text, **more}


def _joined(identity: str, actor: Actor) -> dict[str, Any]:
    return {
        "identity": identity,
        "user_id": None if actor.kind is ActorKind.GATEWAY else actor.id,
        "name": actor.name,
        "name_en": actor.name_en,
        "role": actor.role,
        "side": actor.side,
    }


_DEVICE = {
    "udi": "(01)06901234567892(10)A1(21)7",
    "name": "microwave antenna",
    "model": "16G",
    "lot": "A1",
    "single_use": True,
    "used_on": "2026-01-01",
    "needle_id": "N1",
}
_CT = {"study_uid": "1.2", "series_uid": "1.2.3"}
_PROGRESS = {"push_id": "push_1", **_CT, "description": "Arterial"}

# One procedure that passes through every type of event, in an order that the rules allow.
STORY: tuple[tuple[Actor, EventType, dict[str, Any]], ...] = (
    (GATEWAY, EventType.FEED_STATE, {"feed": "ultrasound", "state": "live", "detail": None}),
    (SYSTEM, EventType.SESSION_OPENED, {}),
    (SYSTEM, EventType.LEAD_ASSIGNED, {"user_id": LEAD.id, "name": LEAD.name}),
    (SYSTEM, EventType.PARTICIPANT_JOINED, _joined("gateway.gateway_1.n0", GATEWAY)),
    (SYSTEM, EventType.PARTICIPANT_JOINED, _joined("user.user_operator.n1", OPERATOR)),
    (SYSTEM, EventType.PARTICIPANT_JOINED, _joined("user.user_lead.n2", LEAD)),
    (SYSTEM, EventType.PARTICIPANT_JOINED, _joined("user.user_lead.n2", LEAD)),
    (
        SYSTEM,
        EventType.MEDIA_STATE,
        {"state": "live", "delay_ms": 87.5, "loss": 0.001, "fps": 29.9, "reason": "measured"},
    ),
    (OPERATOR, EventType.STEP_MARKED, {"step": "positioning"}),
    (OPERATOR, EventType.STEP_MARKED, {"step": "puncture", "note": "第一针"}),
    (
        SYSTEM,
        EventType.ARBITRATION_RAISED,
        {"message_code": "lead_guide_busy", "wait_s": 120},
    ),
    (OPERATOR, EventType.ARBITRATION_OVERRIDDEN, {"reason": "针已在肝内"}),
    (OPERATOR, EventType.STEP_MARKED, {"step": "puncture"}),
    (SYSTEM, EventType.ARBITRATION_CLEARED, {}),
    (
        SYSTEM,
        EventType.ARBITRATION_RAISED,
        {"message_code": "lead_guide_busy", "wait_s": 120},
    ),
    (OPERATOR, EventType.STEP_MARKED, {"step": "needle_check"}),
    (LEAD, EventType.DRAW_ADDED, _stroke("stroke_1", LIVE)),
    (BACKUP, EventType.DRAW_ADDED, _stroke("stroke_2", LIVE, tool="text", text="血管")),
    (LEAD, EventType.DRAW_ADDED, _stroke("stroke_3", LIVE, tool="arrow")),
    (LEAD, EventType.DRAW_UNDONE, {"stroke_id": "stroke_3"}),
    (
        LEAD,
        EventType.PICTURE_FROZEN,
        {"freeze_id": "freeze_1", "feed": "ultrasound", "jpeg_data_url": "data:image/jpeg;base64,"},
    ),
    (LEAD, EventType.DRAW_ADDED, _stroke("stroke_4", HELD, tool="ellipse")),
    (LEAD, EventType.DRAW_ADDED, _stroke("stroke_5", SLICE)),
    (LEAD, EventType.DRAW_CLEARED, {"surface": LIVE, "mine_only": True}),
    (LEAD, EventType.DRAW_CLEARED, {"surface": LIVE, "mine_only": False}),
    (LEAD, EventType.PICTURE_UNFROZEN, {"freeze_id": "freeze_1"}),
    (LEAD, EventType.PICTURE_FROZEN, {"freeze_id": "freeze_2", "feed": "ultrasound"}),
    (
        LEAD,
        EventType.DRAW_ADDED,
        _stroke("stroke_6", {"kind": "feed", "feed": "ultrasound", "frozen": "freeze_2"}),
    ),
    (BACKUP, EventType.PICTURE_FROZEN, {"freeze_id": "freeze_3", "feed": "ultrasound"}),
    (
        LEAD,
        EventType.ADVICE_GIVEN,
        _advice(
            "advice_1",
            "suggest",
            "向头侧 5°",
            chip="cranial_5",
            ref={"feed": "ultrasound", "series_uid": None, "sop_uid": None, "frame": None},
        ),
    ),
    (OPERATOR, EventType.ADVICE_READ_BACK, {"advice_id": "advice_1"}),
    (OPERATOR, EventType.ADVICE_ACCEPTED, {"advice_id": "advice_1"}),
    (OPERATOR, EventType.ADVICE_DONE, {"advice_id": "advice_1"}),
    (LEAD, EventType.ADVICE_GIVEN, _advice("advice_2", "caution", "退 5 mm")),
    (OPERATOR, EventType.ADVICE_DECLINED, {"advice_id": "advice_2", "reason": "已避开血管"}),
    (LEAD, EventType.ADVICE_GIVEN, _advice("advice_3", "info", "复查 CT")),
    (LEAD, EventType.ADVICE_GIVEN, _advice("advice_4", "info", "打 3 分钟")),
    (LEAD, EventType.ADVICE_SUPERSEDED, {"advice_id": "advice_3", "by": "advice_4"}),
    (SYSTEM, EventType.ADVICE_EXPIRED, {"advice_id": "advice_4"}),
    (LEAD, EventType.ADVICE_GIVEN, _advice("advice_5", "stop", "停")),
    (OPERATOR, EventType.ADVICE_ACCEPTED, {"advice_id": "advice_5"}),
    (OPERATOR, EventType.SESSION_RESUMED, {}),
    (
        OPERATOR,
        EventType.CT_PUSH_STARTED,
        {"push_id": "push_1", "source": "browser", "declared_files": 99},
    ),
    (OPERATOR, EventType.CT_SERIES_PROGRESS, {**_PROGRESS, "received": 40, "expected": 99}),
    (OPERATOR, EventType.CT_SERIES_PROGRESS, {**_PROGRESS, "received": 99, "expected": 99}),
    (
        OPERATOR,
        EventType.CT_PUSH_FINISHED,
        {"push_id": "push_1", "received": 99, "rejected": 1, "duplicates": 2, "seconds": 4.25},
    ),
    (
        LEAD,
        EventType.CT_SHOWN,
        {**_CT, "sop_uid": "1.2.3.4", "frame": 1, "window": {"center": 60, "width": 400}},
    ),
    (LEAD, EventType.CT_HIDDEN, {}),
    (OPERATOR, EventType.HELP_CALLED, {"reason": "出血"}),
    (
        SYSTEM,
        EventType.ALARM_RAISED,
        {
            "alarm_id": "help_unanswered.50",
            "severity": "amber",
            "code": "help_unanswered",
            "values": {"seconds": 30},
        },
    ),
    (LEAD, EventType.HELP_ANSWERED, {"by_name": LEAD.name}),
    (SYSTEM, EventType.ALARM_CLEARED, {"alarm_id": "help_unanswered.50"}),
    (
        LEAD,
        EventType.HANDOVER_OFFERED,
        {"to_user_id": BACKUP.id, "to_name": BACKUP.name, "reason": "另一间穿刺"},
    ),
    (BACKUP, EventType.HANDOVER_DECLINED, {"reason": "五分钟后"}),
    (LEAD, EventType.HANDOVER_OFFERED, {"to_user_id": BACKUP.id, "to_name": BACKUP.name}),
    (BACKUP, EventType.HANDOVER_ACCEPTED, {}),
    (
        SYSTEM,
        EventType.MEDIA_STATE,
        {"state": "degraded", "delay_ms": 412, "loss": 0.05, "fps": 12, "reason": "delay"},
    ),
    (
        SYSTEM,
        EventType.MEDIA_STATE,
        {"state": "degraded", "delay_ms": 520, "loss": 0.05, "fps": 9, "reason": "delay"},
    ),
    (GATEWAY, EventType.FEED_STATE, {"feed": "ct", "state": "no_source", "detail": "timeout"}),
    (BACKUP, EventType.MARK_ADDED, {"text": "开始消融"}),
    (
        GATEWAY,
        EventType.RECORDING_UPLOADED,
        {"feed": "ultrasound", "segment": "000001", "sha256": GENESIS, "size": 1_048_576},
    ),
    (BACKUP, EventType.HANDOVER_OFFERED, {"to_user_id": LEAD.id, "to_name": LEAD.name}),
    (SYSTEM, EventType.MEMBER_REVOKED, {"user_id": LEAD.id}),
    (SYSTEM, EventType.MEMBER_REVOKED, {"user_id": BACKUP.id}),
    (SYSTEM, EventType.PARTICIPANT_LEFT, {"identity": "user.user_operator.n1"}),
    (
        OPERATOR,
        EventType.PLAN_LOADED,
        {"plan_id": "plan_1", "version": 2, "sha256": GENESIS, "reason": None},
    ),
    (OPERATOR, EventType.DEVICE_USED, _DEVICE),
    (OPERATOR, EventType.NEEDLE_PUNCTURED, {"needle_id": "N1"}),
    (OPERATOR, EventType.NEEDLE_ADVANCED, {"needle_id": "N1", "depth_mm": 60.5}),
    (OPERATOR, EventType.NEEDLE_REPOSITIONED, {"needle_id": "N1", "reason": "偏足侧"}),
    (
        OPERATOR,
        EventType.NEEDLE_CONFIRMED,
        {"needle_id": "N1", "depth_mm": 82.0, "deviation_mm": 2.5, "guide": LEAD.name},
    ),
    # Of a needle that nobody knows: an older page's, or a mistake; it changes nothing.
    (OPERATOR, EventType.NEEDLE_ADVANCED, {"needle_id": "N9", "depth_mm": 1.0}),
    (
        OPERATOR,
        EventType.ENERGY_STARTED,
        {
            "run_id": "run_1",
            "needle_id": "N1",
            "device": "MWA 2450",
            "mode": "continuous",
            "power_w": 60.0,
            "planned_s": 600.0,
            "position": 1,
        },
    ),
    (OPERATOR, EventType.ENERGY_SAMPLED, {"run_id": "run_1", "time_s": 60.0, "power_w": 59.0}),
    (OPERATOR, EventType.ENERGY_SAMPLED, {"run_id": "run_1", "time_s": 120.0, "temperature_c": 71.5}),
    (
        OPERATOR,
        EventType.ENERGY_STOPPED,
        {"run_id": "run_1", "time_s": 580.0, "reason": "planned", "energy_kj": 34.1},
    ),
    (OPERATOR, EventType.SEEDS_ISSUED, {"count": 10}),
    (OPERATOR, EventType.SEEDS_DROPPED, {"needle_id": "N1", "count": 4, "depth_mm": 80.0}),
    (OPERATOR, EventType.SEEDS_COUNTED, {"left": 6}),
    *((OPERATOR, kind, {"item": "something", "dose": "1 mg"}) for kind in sorted(TABLE_ENTRIES)),
    (OPERATOR, EventType.NEEDLE_WITHDRAWN, {"needle_id": "N1", "intact": True}),
    (OPERATOR, EventType.NEEDLE_PUNCTURED, {"needle_id": "N1"}),
    (OPERATOR, EventType.HELP_CALLED, {}),
    (OPERATOR, EventType.SESSION_CLOSED, {"reason": "done"}),
    (OPERATOR, EventType.SESSION_OPENED, {}),
)


def state_json(state: SessionState) -> dict[str, Any]:
    """The state as plain JSON values."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(state), ensure_ascii=False))
    return plain


def cases() -> Iterator[dict[str, Any]]:
    """One case for each line of the story."""
    state, head = SessionState(), Head()
    for number, (actor, kind, payload) in enumerate(STORY, start=1):
        event = link(
            head,
            Draft(type=kind, payload=payload),
            event_id=f"00000000-0000-4000-8000-{number:012d}",
            case_id=CASE_ID,
            actor=actor,
            stamp=Stamp(t_server_ms=START_MS + number * 1000),
        )
        after = state.apply(event)
        yield {
            "name": f"{number:02d} {kind}",
            "event": event_json(event),
            "after": state_json(after),
        }
        state, head = after, head_of(event)


def text() -> str:
    """The whole file."""
    lines = [json.dumps(case, ensure_ascii=False, sort_keys=True) for case in cases()]
    initial = json.dumps(state_json(SessionState()), ensure_ascii=False, sort_keys=True)
    return f'{{"initial": {initial},\n"cases": [\n' + ",\n".join(lines) + "\n]}\n"


if __name__ == "__main__":
    CASES_FILE.write_text(text(), encoding="utf-8")
