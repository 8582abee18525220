"""Time as an argument: whoever needs the time is given a clock."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Something that tells the time."""

    def now(self) -> datetime:
        """The present instant, aware and in UTC."""
        ...
