"""A filled-in sheet: who answered each line, and who confirmed it for which party."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from tongtai.core.checklists import (
    Party,
    Sheet,
    SheetForm,
    lacks_of_lines,
    lacks_of_parties,
)
from tongtai.core.lacks import Lack
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
    """An answered line."""

    value: bool | float | str
    by: str
    by_name: str
    at: datetime


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
        lines = {key: [mark.value, mark.by, mark.at.isoformat()] for key, mark in self.marks.items()}
        return content_sha256([self.case_id, self.sheet, self.round, lines])

    def lacks(self, form: SheetForm, technique: str) -> tuple[Lack, ...]:
        """What is missing before the sheet counts."""
        values = {key: mark.value for key, mark in self.marks.items()}
        valid = {party: one.user_id for party, one in self.confirmations.items() if one.sha256 == self.sha256}
        return lacks_of_lines(form, values, technique=technique) + lacks_of_parties(form, valid)


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
