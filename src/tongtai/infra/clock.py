"""The machine's clock."""

from datetime import UTC, datetime


class SystemClock:
    """The server's clock: the reference for every event."""

    def now(self) -> datetime:
        """The present instant in UTC."""
        return datetime.now(UTC)
