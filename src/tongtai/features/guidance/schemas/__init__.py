"""What guidance looks like on the wire."""

from tongtai.features.guidance.schemas.commands import PAYLOADS, CommandIn
from tongtai.features.guidance.schemas.snapshot import (
    EventOut,
    FaultOut,
    SessionExport,
    SessionSnapshot,
    SubscribeIn,
    TicketOut,
)

__all__ = [
    "PAYLOADS",
    "CommandIn",
    "EventOut",
    "FaultOut",
    "SessionExport",
    "SessionSnapshot",
    "SubscribeIn",
    "TicketOut",
]
