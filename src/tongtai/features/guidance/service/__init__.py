"""Use cases of guidance."""

from tongtai.features.guidance.service.commands import COMMANDS, STOP_PERMISSION
from tongtai.features.guidance.service.context import Command
from tongtai.features.guidance.service.rooms import (
    CASE_ROOM,
    EXPERT_ROOM,
    RoomService,
    Ticket,
)
from tongtai.features.guidance.service.sessions import MEDIA_TOPIC, SessionService
from tongtai.features.guidance.service.stream import StreamHub, Subscriber, line_of
from tongtai.features.guidance.service.watch import settle_alarm
from tongtai.features.guidance.service.writer import EventWriter, States, Submission

__all__ = [
    "CASE_ROOM",
    "COMMANDS",
    "EXPERT_ROOM",
    "MEDIA_TOPIC",
    "STOP_PERMISSION",
    "Command",
    "EventWriter",
    "RoomService",
    "SessionService",
    "States",
    "StreamHub",
    "Submission",
    "Subscriber",
    "Ticket",
    "line_of",
    "settle_alarm",
]
