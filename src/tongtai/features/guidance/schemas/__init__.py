"""What guidance looks like on the wire."""

from tongtai.features.guidance.schemas.commands import PAYLOADS, CommandIn, MediaReportsIn, RefusedReports
from tongtai.features.guidance.schemas.snapshot import (
    EventOut,
    FaultOut,
    JoinIn,
    SessionExport,
    SessionSnapshot,
    SubscribeIn,
    TicketOut,
    TicketsOut,
)

__all__ = [
    "PAYLOADS",
    "CommandIn",
    "EventOut",
    "FaultOut",
    "JoinIn",
    "MediaReportsIn",
    "RefusedReports",
    "SessionExport",
    "SessionSnapshot",
    "SubscribeIn",
    "TicketOut",
    "TicketsOut",
]
