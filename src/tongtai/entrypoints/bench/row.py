"""One line of the benchmark's table."""

from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Something measured, with what it has to reach and what others reach.

    ``value`` and ``p95`` are in ``unit``; the target is compared with ``p95`` where there is one.
    """

    name: str
    unit: str
    value: float
    target: float | None = None
    better: Literal["lower", "higher"] = "lower"
    p95: float | None = None
    peer: str | None = None

    @property
    def met(self) -> bool | None:
        """Whether the target is reached; ``None`` without one."""
        if self.target is None:
            return None
        measured = self.value if self.p95 is None else self.p95
        return measured <= self.target if self.better == "lower" else measured >= self.target

    def json(self) -> dict[str, Any]:
        """As ``tongtai bench --json`` prints it."""
        return {**asdict(self), "met": self.met}
