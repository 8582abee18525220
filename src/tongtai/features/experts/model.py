"""What people of an institution say of themselves as experts, and when they are away."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST_LEAVE = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertProfile:
    """An expert's entry in the library.

    Attributes
    ----------
    title
        Professional title, as it is printed.
    specialties
        Codes, as in the team meeting.
    languages
        Languages and dialects, in words.
    """

    user_id: str
    title: str = ""
    specialties: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """Somebody is away from ``since`` to before ``until``."""

    id: str
    user_id: str
    since: datetime
    until: datetime
    reason: str
    recorded_by: str
    recorded_at: datetime

    def covers(self, at: datetime) -> bool:
        """Whether the person is away at an instant.

        Examples
        --------
        >>> from datetime import UTC
        >>> day = datetime(2031, 5, 4, tzinfo=UTC)
        >>> leave = Leave(
        ...     id="l",
        ...     user_id="u",
        ...     since=day,
        ...     until=day + timedelta(days=1),
        ...     reason="",
        ...     recorded_by="u",
        ...     recorded_at=day,
        ... )
        >>> leave.covers(day), leave.covers(day + timedelta(days=1))
        (True, False)
        """
        return self.since <= at < self.until


def away_at(leaves: Iterable[Leave], at: datetime) -> Leave | None:
    """The leave that covers an instant, the longest first."""
    covering = [one for one in leaves if one.covers(at)]
    return max(covering, key=lambda one: one.until, default=None)
