"""What stands in the place of a patient's numbers, identifiers and days when a case is given away for teaching or research."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, timedelta

_DIGITS = 12
_MOST_DAYS = 365
# Ages above this are told as this: so few people are older that the number would name them (HIPAA 45 CFR 164.514(b)(2)(i)(C)).
OLDEST_TOLD = 90


@dataclass(frozen=True, slots=True)
class Disguise:
    """Replacements that are the same for the same case and installation, and lead back only with the installation's secret.

    Parameters
    ----------
    secret
        Kept by the installation, never given away.
    subject
        The case.

    Examples
    --------
    >>> first, other = Disguise(b"secret", "case_1"), Disguise(b"secret", "case_2")
    >>> first.number == Disguise(b"secret", "case_1").number, first.number == other.number
    (True, False)
    >>> (first.day(date(2026, 3, 9)) - first.day(date(2026, 3, 2))).days
    7
    """

    secret: bytes
    subject: str

    @property
    def number(self) -> str:
        """What the case is called."""
        return self._digest("number").hex()[:_DIGITS].upper()

    @property
    def shift_days(self) -> int:
        """By how many days every date of the case is moved back: at least one, at most a year."""
        return 1 + int.from_bytes(self._digest("days")[:4]) % _MOST_DAYS

    def day(self, day: date) -> date:
        """Another day; intervals within the case stay as they are."""
        return day - timedelta(days=self.shift_days)

    def uid(self, uid: str) -> str:
        """A unique identifier in place of another (DICOM PS3.5 B.2: a UUID as an integer under 2.25)."""
        # 128 bits at most, so that the identifier stays within 64 characters.
        return f"2.25.{int.from_bytes(self._digest('uid ' + uid)[:16])}"

    def _digest(self, of: str) -> bytes:
        return hmac.new(self.secret, f"{self.subject} {of}".encode(), hashlib.sha256).digest()


def age_told(years: int) -> str:
    """An age in whole years, as it may be told.

    Examples
    --------
    >>> age_told(67), age_told(93)
    ('67', '90+')
    """
    return f"{OLDEST_TOLD}+" if years >= OLDEST_TOLD else str(years)
