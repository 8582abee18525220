"""Connects the live sessions with the features below them, which do not know of them."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from tongtai.entrypoints.web.table import ActiveGateways, link_gateways
from tongtai.features.gateways.tasks import SilenceWatch
from tongtai.features.guidance.model import Actor, ActorKind, EventType
from tongtai.features.guidance.service import SessionService
from tongtai.features.guidance.tasks import Guidance
from tongtai.features.imaging.api import imaging_services
from tongtai.features.imaging.events import PushFinished, PushStarted, SeriesProgress
from tongtai.features.imaging.model import Sender
from tongtai.features.workflow.tasks import WorkflowGate
from tongtai.infra.container import Container


@asynccontextmanager
async def live_sessions(container: Container) -> AsyncIterator[None]:
    """Everything that live sessions run for as long as the server runs."""
    guidance = Guidance(container, ActiveGateways(container), WorkflowGate(container))
    link_gateways(container)
    async with (
        guidance.running(),
        # Inside: at the end it tells the sessions of the last images, and they must still listen.
        imaging_services(container, SessionImagingEvents(container)),
    ):
        watching = asyncio.create_task(SilenceWatch(container).run(), name="gateways.silence")
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)


class SessionImagingEvents:
    """Tells a case's session that images arrive.

    Parameters
    ----------
    container : Container
        The server's parts.
    """

    def __init__(self, container: Container) -> None:
        self._container = container

    async def push_started(self, sender: Sender, event: PushStarted) -> None:
        """Somebody began to send images."""
        payload = {
            "push_id": event.push_id,
            "source": event.source,
            "declared_files": event.declared_files,
        }
        await self._append(sender, event.case_id, EventType.CT_PUSH_STARTED, payload)

    async def series_progress(self, sender: Sender, event: SeriesProgress) -> None:
        """More images of a series can be seen."""
        payload = {
            "push_id": event.push_id,
            "study_uid": event.study_uid,
            "series_uid": event.series_uid,
            "description": event.description,
            "received": event.received,
        }
        await self._append(sender, event.case_id, EventType.CT_SERIES_PROGRESS, payload)

    async def push_finished(self, sender: Sender, event: PushFinished) -> None:
        """A push has ended."""
        payload = {
            "push_id": event.push_id,
            "received": event.received,
            "rejected": event.rejected,
            "duplicates": event.duplicates,
            "seconds": round(event.seconds, 3),
        }
        await self._append(sender, event.case_id, EventType.CT_PUSH_FINISHED, payload)

    async def _append(
        self, sender: Sender, case_id: str, kind: EventType, payload: Mapping[str, object]
    ) -> None:
        actor = Actor(
            kind=ActorKind(sender.kind), id=sender.id, name=sender.name, name_en=sender.name_en,
            role=sender.role, side=None,
        )  # fmt: skip
        sessions = self._container.get(SessionService)
        await sessions.imaging(actor, sender.institution_id, case_id, kind, payload)
