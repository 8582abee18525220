"""What guidance looks like on the wire."""

from tongtai.features.guidance.schemas.commands import PAYLOADS, CommandIn, MediaReportsIn, RefusedReports
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
    "MediaReportsIn",
    "RefusedReports",
    "SessionExport",
    "SessionSnapshot",
    "SubscribeIn",
    "TicketOut",
]
