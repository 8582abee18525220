"""A filled-in sheet: who answered each line, and who confirmed it for which party."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from tongtai.core.checklists import (
    Line,
    Party,
    Sheet,
    SheetForm,
    lacks_of_lines,
    lacks_of_parties,
)
from tongtai.core.lacks import Lack, lacking
from tongtai.core.measured_lines import Measurement, ReadingState, is_old, state_of
from tongtai.features.accounts.model import Confirmation, Role
from tongtai.features.audit.model import content_sha256

# For which party somebody of a role can speak.
PARTIES_OF: Mapping[Party, frozenset[Role]] = MappingProxyType(
    {
        Party.SURGEON: frozenset({Role.OPERATOR, Role.ATTENDING}),
        Party.ANAESTHESIA: frozenset({Role.ANAESTHETIST}),
        Party.NURSE: frozenset({Role.NURSE, Role.TECHNICIAN}),
        Party.GUIDE: frozenset({Role.LEAD_GUIDE, Role.BACKUP_GUIDE}),
    }
)
_PIN_MIN, _PIN_MAX = 6, 12
_DIGITS = "0123456789"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """An answered line.

    Attributes
    ----------
    measured
        What the installation had measured of it when it was answered, also by hand.
    reading
        What was to be said of that measurement then; ``None``: a line that nothing measures.
    taken
        The value is the measured one, and ``by`` took it over; else ``by`` says it.
    reason
        Why the work goes on although the measurement misses its limit.
    """

    value: bool | float | str
    by: str
    by_name: str
    at: datetime
    measured: Measurement | None = None
    reading: ReadingState | None = None
    taken: bool = False
    reason: str = ""

    @property
    def content(self) -> list[object]:
        """What a confirmation covers of it."""
        plain: list[object] = [self.value, self.by, self.at.isoformat()]
        if self.measured is None and not self.reason:
            return plain
        measured = self.measured and [self.measured.value, self.measured.at.isoformat()]
        return [*plain, measured, self.taken, self.reason]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the installation can say of a line now."""

    state: ReadingState
    found: Measurement | None


def reading_of(line: Line, found: Measurement | None, now: datetime) -> Reading | None:
    """What can be said of a line now; ``None`` of one that only a person can answer."""
    if line.measured is None:
        return None
    return Reading(state=state_of(line.measured, found, now, low=line.low, high=line.high), found=found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A sheet of a case.

    Attributes
    ----------
    round
        Rises each time it is opened again; earlier rounds are kept.
    """

    case_id: str
    sheet: Sheet
    round: int
    marks: Mapping[str, Mark] = field(default_factory=dict)
    confirmations: Mapping[Party, Confirmation] = field(default_factory=dict)
    reopen_reason: str = ""
    version: int = 0

    @property
    def sha256(self) -> str:
        """Hash of the answered lines that the parties confirm."""
        lines = {key: mark.content for key, mark in self.marks.items()}
        return content_sha256([self.case_id, self.sheet, self.round, lines])

    def lacks(self, form: SheetForm, technique: str) -> tuple[Lack, ...]:
        """What is missing before the sheet counts."""
        valid = {party: one.user_id for party, one in self.confirmations.items() if one.sha256 == self.sha256}
        return self.lacks_of_lines(form, technique) + lacks_of_parties(form, valid)

    def lacks_of_lines(self, form: SheetForm, technique: str) -> tuple[Lack, ...]:
        """What is missing before a party can confirm it."""
        values = {key: mark.value for key, mark in self.marks.items()}
        reasoned = {key for key, mark in self.marks.items() if mark.reason}
        return lacks_of_lines(form, values, technique=technique, reasoned=reasoned)

    def old_measurements(self, form: SheetForm, now: datetime) -> tuple[Lack, ...]:
        """Measured answers that have waited too long to be confirmed now."""
        old = sorted(
            key
            for key, mark in self.marks.items()
            if mark.taken and mark.measured and is_old(mark.measured, now, valid_min=form.measured_valid_min)
        )
        return lacking("line_measurement_old", old, "line")


def is_weak_pin(pin: str) -> bool:
    """Whether a PIN is too easy: too short, one digit only, or digits in a row.

    Examples
    --------
    >>> [is_weak_pin(pin) for pin in ("123456", "111111", "1234", "482915")]
    [True, True, True, False]
    """
    if not (_PIN_MIN <= len(pin) <= _PIN_MAX and all(one in _DIGITS for one in pin)):
        return True
    row = _DIGITS * 2
    return len(set(pin)) == 1 or pin in row or pin[::-1] in row
