"""The readable record of a session in either language, as the typesetter takes it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from tongtai.features.guidance.model import EventType, late_ms
from tongtai.features.guidance.schemas.report_words import COUNTED, EVENTS, LABELS, WORDS
from tongtai.features.guidance.schemas.snapshot import EventOut, SessionExport

Language = Literal["zh", "en"]

# What of an event's payload a reader wants to see, in this order.
_TELLING = (
    "step",
    "level",
    "text",
    "note",
    "reason",
    "to_name",
    "by_name",
    "name",
    "feed",
    "state",
    "detail",
    "delay_ms",
    "loss",
    "severity",
    "code",
    "tool",
    "description",
    "received",
    "rejected",
    "duplicates",
    "segment",
    "source",
)
# Every image of a series is an event; the sum at the end of the push tells it better.
_NOT_LISTED = frozenset({EventType.CT_SERIES_PROGRESS})


def report_of(export: SessionExport, language: Language) -> Mapping[str, Any]:
    """The record's rows of text; times are UTC with the date where they begin."""
    labels = LABELS[language]
    return {
        "lang": language,
        "title": labels["title"],
        "date": _parts(export.exported_at_ms),
        "footer": labels["footer"],
        "labels": labels,
        "facts": _facts(export, language),
        "people": _people(export, language),
        "steps": _steps(export, language),
        "advice": _advice(export, language),
        "events": _events(export, language),
        "seal": _seal(export, language),
    }


def _facts(export: SessionExport, language: Language) -> list[list[str]]:
    case, state, labels = export.case, export.state, LABELS[language]
    english = language == "en"
    patient = case.patient
    who = [patient.name, _word(patient.sex, language), patient.birth_date, patient.hospital_number]
    room = case.operating_room.name_en if english else case.operating_room.name
    inviting = case.inviting.name_en if english else case.inviting.name
    return [
        [labels["case"], case.number],
        [labels["patient"], " · ".join(text for text in who if text) or labels["withheld"]],
        [labels["technique"], _word(case.technique, language)],
        [labels["lesion"], case.lesion or labels["none"]],
        [labels["site"], f"{inviting} · {room}"],
        [labels["centre"], case.invited.name_en if english else case.invited.name],
        [labels["opened"], _instant(state.opened_ms) or labels["none"]],
        [labels["closed"], _instant(state.closed_ms) or labels["none"]],
        [labels["exported"], _instant(export.exported_at_ms)],
        [labels["count"], str(len(export.events))],
    ]


def _people(export: SessionExport, language: Language) -> list[list[str]]:
    return [
        [
            member.display_name_en if language == "en" else member.display_name,
            _word(member.role, language),
            _word(member.side, language),
        ]
        for member in export.case.team
    ]


def _steps(export: SessionExport, language: Language) -> list[list[str]]:
    return [
        [_time(step.t_ms), _word(step.step, language), step.by_name, step.note or ""]
        for step in export.state.steps
    ]


def _advice(export: SessionExport, language: Language) -> list[list[str]]:
    return [
        [
            _time(advice.given_ms),
            _word(advice.level, language),
            f"{advice.text} ({advice.by_name_en if language == 'en' else advice.by_name})",
            _word(advice.status, language),
            " · ".join(part for part in (advice.answered_by_name, advice.reason) if part),
        ]
        for advice in export.state.advice
    ]


def _events(export: SessionExport, language: Language) -> list[list[str]]:
    # Who leaves is known by the identity alone; the name was told at the joining.
    names = {
        event.payload.get("identity"): event.payload.get("name")
        for event in export.events
        if event.type is EventType.PARTICIPANT_JOINED
    }
    return [
        _event(event, {"name": names.get(event.payload.get("identity")), **event.payload}, language)
        for event in export.events
        if event.type not in _NOT_LISTED
    ]


def _event(event: EventOut, payload: Mapping[str, Any], language: Language) -> list[str]:
    actor = event.actor.name_en if language == "en" else event.actor.name
    told = ((name, payload.get(name)) for name in _TELLING)
    late = late_ms(event.t_server_ms, event.t_site_ms, event.clock_offset_ms)
    mark = [LABELS[language]["late"].format(hours=late / 3_600_000)] if late is not None else []
    return [
        str(event.seq),
        _time(event.t_server_ms),
        EVENTS[language][event.type],
        actor,
        " · ".join(
            [*mark, *(_told(name, value, language) for name, value in told if value not in {None, ""})]
        ),
    ]


def _told(name: str, value: object, language: Language) -> str:
    if name == "loss" and isinstance(value, float):
        value = f"{value:.1%}"
    return COUNTED[language].get(name, "{}").format(_word(value, language))


def _seal(export: SessionExport, language: Language) -> str:
    labels = LABELS[language]
    if export.fault is not None:
        return labels["broken"].format(seq=export.fault.seq)
    last = export.events[-1].hash if export.events else labels["none"]
    return labels["intact"].format(count=len(export.events), hash=last)


def _word(value: object, language: Language) -> str:
    return WORDS[language].get(str(value), str(value)) if value is not None else ""


def _parts(t_ms: int) -> dict[str, int]:
    at = datetime.fromtimestamp(t_ms / 1000, UTC)
    return {
        "year": at.year,
        "month": at.month,
        "day": at.day,
        "hour": at.hour,
        "minute": at.minute,
        "second": at.second,
    }


def _instant(t_ms: int | None) -> str:
    if t_ms is None:
        return ""
    return datetime.fromtimestamp(t_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _time(t_ms: int) -> str:
    return datetime.fromtimestamp(t_ms / 1000, UTC).strftime("%H:%M:%S")
