"""In which phase of contrast was a CT taken? A guess from its header, with what it rests on.

The rules stand in ``phases.csv``, each with its source. Words come first, times second; where both
are silent, or contradict each other among themselves, the phase stays unknown.
"""

import csv
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from tongtai.formats.dicom.series.headers import FileHeader

_WORDS_FROM = ("SeriesDescription", "ProtocolName", "ImageComments", "ContrastBolusAgent")
_DAY_S = 86_400.0


class Phase(StrEnum):
    """Phase of contrast of the liver."""

    ARTERIAL = "arterial"
    PORTAL = "portal"
    DELAYED = "delayed"
    PLAIN = "plain"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PhaseGuess:
    """A phase, and the part of the header that says so."""

    phase: Phase
    evidence: str


def guess_phase(header: FileHeader) -> PhaseGuess:
    """Judge by descriptions, then by the time since the injection, then by the contrast agent."""
    for keyword in _WORDS_FROM:
        text = header.text(keyword)
        found = [phase for phase, pattern in _words() if pattern.search(text)]
        if len(found) == 1:
            return PhaseGuess(found[0], f"{keyword} “{text}”")
        if found:
            names = " and ".join(found)
            return PhaseGuess(Phase.UNKNOWN, f"{keyword} “{text}” speaks of {names}")
    return _by_time(header)


def _by_time(header: FileHeader) -> PhaseGuess:
    delay_s = _delay_s(header)
    if delay_s is not None:
        for phase, first_s, last_s in _delays():
            if first_s <= delay_s <= last_s:
                return PhaseGuess(phase, f"acquired {delay_s:.0f} s after the start of the injection")
    agent = header.text("ContrastBolusAgent")
    if agent:
        return PhaseGuess(Phase.UNKNOWN, f"contrast was given (“{agent}”), the phase is not said")
    return PhaseGuess(Phase.UNKNOWN, "the header says nothing of contrast")


def _delay_s(header: FileHeader) -> float | None:
    started = _seconds(header.text("ContrastBolusStartTime"))
    acquired = _seconds(header.text("AcquisitionTime") or header.text("AcquisitionDateTime")[8:])
    if started is None or acquired is None:
        return None
    return (acquired - started) % _DAY_S


def _seconds(time: str) -> float | None:
    """Seconds since midnight of a DICOM time ``HHMMSS.FFFFFF``."""
    match = re.match(r"(\d{2})(\d{2})(\d{2}(?:\.\d+)?)", time)
    if match is None:
        return None
    hours, minutes, seconds = (float(part) for part in match.groups())
    return hours * 3600.0 + minutes * 60.0 + seconds


@cache
def _rules() -> tuple[dict[str, str], ...]:
    text = files("tongtai.formats.dicom.series").joinpath("phases.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def _words() -> tuple[tuple[Phase, re.Pattern[str]], ...]:
    return tuple(
        (Phase(row["phase"]), re.compile(row["rule"], re.IGNORECASE))
        for row in _rules()
        if row["kind"] == "words"
    )


@cache
def _delays() -> tuple[tuple[Phase, float, float], ...]:
    rows = [row for row in _rules() if row["kind"] == "seconds"]
    limits = [(Phase(row["phase"]), row["rule"].partition("-")) for row in rows]
    return tuple((phase, float(first), float(last)) for phase, (first, _, last) in limits)
