"""What was done at the table, as the session's state holds it. Times are server milliseconds since 1970."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedPlan:
    """The plan that the operation follows."""

    plan_id: str
    version: int
    sha256: str
    reason: str | None
    since_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedleDone:
    """A needle in the patient, or one that was.

    Attributes
    ----------
    deviation_mm
        Distance of the tip from where the plan has it, as the operator measured it on the image.
    confirmed_by, guide
        Who confirmed the position at the table, and the guide who agreed.
    intact
        Whether it came out whole; ``None`` while it is in.
    """

    needle_id: str
    punctures: int
    since_ms: int
    depth_mm: float | None = None
    deviation_mm: float | None = None
    confirmed_by: str | None = None
    guide: str | None = None
    confirmed_ms: int | None = None
    repositions: int = 0
    withdrawn_ms: int | None = None
    intact: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyRun:
    """One application of energy. ``last`` is the newest sample, ``samples`` how many there were."""

    run_id: str
    needle_id: str
    device: str
    mode: str
    power_w: float
    planned_s: float
    position: int | None
    started_ms: int
    samples: int = 0
    last: Json | None = None
    stopped_ms: int | None = None
    time_s: float | None = None
    energy_kj: float | None = None
    stop_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedCount:
    """Seeds given out, dropped, and left at the end. ``mismatch``: issued minus left is not what was dropped."""

    issued: int = 0
    dropped: int = 0
    left: int | None = None

    @property
    def mismatch(self) -> bool:
        """Whether a seed is missing, or one too many; never before they were counted."""
        return self.left is not None and self.issued - self.left != self.dropped


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceUsed:
    """A device or a consumable with its identifier (UDI)."""

    udi: str
    name: str
    model: str
    lot: str
    expires_on: str | None
    single_use: bool
    needle_id: str | None
    t_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TableEntry:
    """Anything else that was done or found: drugs, vital signs, scans, complications.

    ``kind`` is the event's type, ``values`` its payload.
    """

    event_id: str
    kind: str
    values: Json
    by_name: str
    t_ms: int
