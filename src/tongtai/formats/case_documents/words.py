"""The words of the documents in their languages."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import cache
from importlib.resources import files

from tongtai.core.case_document import Language


@dataclass(frozen=True, slots=True)
class Words:
    """Words of one language.

    Attributes
    ----------
    zone
        Of the times that are written.

    Examples
    --------
    >>> Words("zh")("kind.opinion")
    '远程会诊意见书'
    >>> Words("en")("f.version", 2)
    'version 2'
    """

    language: Language
    zone: tzinfo = UTC

    def __call__(self, key: str, *values: object) -> str:
        """The words of a key, with values in the places ``{0}``, ``{1}`` and so on."""
        return _table()[key][self.language].format(*values)

    def told(self, group: str, key: str) -> str:
        """The words of a code that people may add to, such as a distance's name; the code without its underlines else.

        Examples
        --------
        >>> Words("zh").told("structure", "duct"), Words("en").told("structure", "left_kidney")
        ('胆管', 'left kidney')
        """
        row = _table().get(f"{group}.{key}")
        return row[self.language] if row else key.replace("_", " ")

    def moment(self, at: datetime) -> str:
        """Date and time of an instant, in the papers' zone.

        Examples
        --------
        >>> Words("zh").moment(datetime(2026, 3, 1, 8, 5, tzinfo=UTC))
        '2026-03-01 08:05'
        """
        return f"{at.astimezone(self.zone):%Y-%m-%d %H:%M}"

    def clock(self, at: datetime) -> str:
        """Time of day of an instant, in the papers' zone."""
        return f"{at.astimezone(self.zone):%H:%M}"

    def day(self, at: datetime) -> str:
        """Date of an instant, in the papers' zone."""
        return f"{at.astimezone(self.zone):%Y-%m-%d}"


def offset_of(at: datetime) -> str:
    """How an instant's clock stands to UTC.

    Examples
    --------
    >>> offset_of(datetime.fromisoformat("2026-03-01T08:00+08:00"))
    'UTC+08:00'
    """
    return f"UTC{at.isoformat(timespec='minutes')[16:]}" if at.utcoffset() else "UTC"


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    text = files(__package__).joinpath("words.csv").read_text(encoding="utf-8")
    return {row["key"]: {"en": row["en"], "zh": row["zh"]} for row in csv.DictReader(text.splitlines())}
