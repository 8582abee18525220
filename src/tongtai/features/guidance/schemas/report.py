"""The readable record of a session in either language, as the typesetter takes it."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any, Literal

from tongtai.features.guidance.model import EventType, late_ms
from tongtai.features.guidance.model.catalogue import TABLE_ENTRIES
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
    "position",
    "needle_id",
    "device",
    "mode",
    "power_w",
    "planned_s",
    "time_s",
    "impedance_ohm",
    "temperature_c",
    "energy_kj",
    "depth_mm",
    "deviation_mm",
    "guide",
    "intact",
    "count",
    "left",
    "activity_mci",
    "model",
    "lot",
    "udi",
    "kind",
    "label",
    "grade",
    "action",
    "resolved",
    "drugs",
    "item",
    "dose",
    "modality",
    "phase",
    "dlp_mgy_cm",
    "ctdi_mgy",
    "site",
    "fluid",
    "volume_ml",
    "zone_mm",
    "margin_mm",
    "residual",
    "bleeding",
    "pneumothorax",
    "heart_rate_bpm",
    "systolic_mmhg",
    "diastolic_mmhg",
    "spo2_percent",
    "breaths_min",
    "etco2_mmhg",
    "version",
)
# Every image of a series is an event; the sum at the end of the push tells it better.
_NOT_LISTED = frozenset({EventType.CT_SERIES_PROGRESS})


def report_of(export: SessionExport, language: Language, zone: tzinfo = UTC) -> Mapping[str, Any]:
    """The record's rows of text; times are those of ``zone``, with the date where they begin."""
    labels, writing = LABELS[language], _Writing(export, language, zone)
    facts = writing.facts()
    return {
        "lang": language,
        "title": labels["title"],
        "date": writing.parts(export.exported_at_ms),
        "running": writing.running(),
        "footer": labels["footer"].format(zone=writing.offset()),
        "labels": labels,
        "facts": [*writing.whose(), *facts],
        "session": facts,
        "people": writing.people(),
        "steps": writing.steps(),
        "advice": writing.advice(),
        "events": writing.events(lambda event: event.type not in _NOT_LISTED),
        "table": writing.events(lambda event: event.type in TABLE_ENTRIES),
        "seal": _seal(export, language),
    }


def english_names(export: SessionExport) -> Mapping[str, str]:
    """English names by Chinese ones, of everybody whom the case or its log knows: records keep the Chinese."""
    team = ((member.display_name, member.display_name_en) for member in export.case.team)
    actors = ((event.actor.name, event.actor.name_en) for event in export.events)
    return {name: english for name, english in (*actors, *team) if english}


class _Writing:
    """Rows of text in one language."""

    def __init__(self, export: SessionExport, language: Language, zone: tzinfo) -> None:
        self._export = export
        self._language: Language = language
        self._zone = zone
        self._names = english_names(export) if language == "en" else {}

    def whose(self) -> list[list[str]]:
        """Of which case and patient."""
        case, labels = self._export.case, LABELS[self._language]
        patient = case.patient
        who = [patient.name, self._word(patient.sex), patient.birth_date, patient.hospital_number]
        return [
            [labels["case"], case.number],
            [labels["patient"], " · ".join(text for text in who if text) or labels["withheld"]],
        ]

    def running(self) -> str:
        """What stands on every sheet: whose it is."""
        case, labels = self._export.case, LABELS[self._language]
        whose = (case.patient.name, case.patient.hospital_number, f"{labels['case']} {case.number}")
        return "  |  ".join(part for part in whose if part)

    def facts(self) -> list[list[str]]:
        """Where, when and what."""
        case, state, labels = self._export.case, self._export.state, LABELS[self._language]
        english = self._language == "en"
        room = case.operating_room.name_en if english else case.operating_room.name
        inviting = case.inviting.name_en if english else case.inviting.name
        return [
            [labels["technique"], self._word(case.technique)],
            [labels["lesion"], case.lesion or labels["none"]],
            [labels["site"], f"{inviting} · {room}"],
            [labels["centre"], case.invited.name_en if english else case.invited.name],
            [labels["opened"], self._instant(state.opened_ms) or labels["none"]],
            [labels["closed"], self._instant(state.closed_ms) or labels["none"]],
            [labels["exported"], self._instant(self._export.exported_at_ms)],
            [labels["count"], str(len(self._export.events))],
        ]

    def people(self) -> list[list[str]]:
        """Everybody of the case's team."""
        return [
            [self._named(member.display_name), self._word(member.role), self._word(member.side)]
            for member in self._export.case.team
        ]

    def steps(self) -> list[list[str]]:
        """The procedure's steps as they were marked."""
        return [
            [self._time(step.t_ms), self._word(step.step), self._named(step.by_name), step.note or ""]
            for step in self._export.state.steps
        ]

    def advice(self) -> list[list[str]]:
        """Each piece of advice with its answer."""
        between = " ({})" if self._language == "en" else "（{}）"
        return [
            [
                self._time(one.given_ms),
                self._word(one.level),
                one.text + between.format(self._named(one.by_name)),
                self._word(one.status),
                " · ".join(part for part in (self._named(one.answered_by_name or ""), one.reason) if part),
            ]
            for one in self._export.state.advice
        ]

    def events(self, listed: Callable[[EventOut], bool]) -> list[list[str]]:
        """Lines of the log."""
        # Who leaves is known by the identity alone; the name was told at the joining.
        names = {
            event.payload.get("identity"): event.payload.get("name")
            for event in self._export.events
            if event.type is EventType.PARTICIPANT_JOINED
        }
        return [
            self._event(event, {"name": names.get(event.payload.get("identity")), **event.payload})
            for event in self._export.events
            if listed(event)
        ]

    def _event(self, event: EventOut, payload: Mapping[str, Any]) -> list[str]:
        # False is an answer; nothing and no words are none.
        told = [
            (name, value) for name in _TELLING if (value := payload.get(name)) is not None and value != ""
        ]
        late = late_ms(event.t_server_ms, event.t_site_ms, event.clock_offset_ms)
        mark = [LABELS[self._language]["late"].format(hours=late / 3_600_000)] if late is not None else []
        return [
            str(event.seq),
            self._time(event.t_server_ms),
            EVENTS[self._language][event.type],
            self._named(event.actor.name),
            " · ".join([*mark, *(self._told(name, value) for name, value in told)]),
        ]

    def _told(self, name: str, value: object) -> str:
        if name == "loss" and isinstance(value, float):
            told = f"{value:.1%}"
        elif isinstance(value, bool):
            told = WORDS[self._language]["yes" if value else "no"]
        elif isinstance(value, float | int):
            told = f"{round(value, 1):g}"
        elif isinstance(value, list | tuple):
            told = " × ".join(f"{one:g}" for one in value)
        else:
            told = self._named(self._word(value))
        return COUNTED[self._language].get(name, "{}").format(told)

    def _word(self, value: object) -> str:
        return WORDS[self._language].get(str(value), str(value)) if value is not None else ""

    def _named(self, name: str) -> str:
        return self._names.get(name, name)

    def _at(self, t_ms: int) -> datetime:
        return datetime.fromtimestamp(t_ms / 1000, self._zone)

    def _instant(self, t_ms: int | None) -> str:
        return "" if t_ms is None else f"{self._at(t_ms):%Y-%m-%d %H:%M:%S}"

    def _time(self, t_ms: int) -> str:
        return f"{self._at(t_ms):%H:%M:%S}"

    def offset(self) -> str:
        """How the written times stand to UTC."""
        at = self._at(self._export.exported_at_ms)
        return f"UTC{at.isoformat(timespec='minutes')[16:]}" if at.utcoffset() else "UTC"

    def parts(self, t_ms: int) -> dict[str, int]:
        """Date and time as the typesetter takes them."""
        at = self._at(t_ms)
        return {part: getattr(at, part) for part in ("year", "month", "day", "hour", "minute", "second")}


def _seal(export: SessionExport, language: Language) -> str:
    labels = LABELS[language]
    if export.fault is not None:
        return labels["broken"].format(seq=export.fault.seq)
    last = export.events[-1].hash if export.events else labels["none"]
    return labels["intact"].format(count=len(export.events), hash=last)
