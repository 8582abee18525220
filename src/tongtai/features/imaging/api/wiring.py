"""What the routes are made of."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends

from tongtai.features.imaging.dicom import DicomReader
from tongtai.features.imaging.ports import ImagingEvents
from tongtai.features.imaging.service import ProgressAnnouncer, PushService, SeriesOpenings
from tongtai.features.imaging.sql import SqlImages, SqlImageStores
from tongtai.infra.container import Container
from tongtai.infra.identifiers import new_id
from tongtai.infra.web import ContainerDep, DbSession


@asynccontextmanager
async def imaging_services(container: Container, events: ImagingEvents) -> AsyncIterator[None]:
    """Put the long-lived parts into the container for as long as the server runs.

    Parameters
    ----------
    events : ImagingEvents
        Who is told of images that arrive: the guidance session of the case.
    """
    announcer = ProgressAnnouncer(events)
    container.services[SeriesOpenings] = SeriesOpenings(container.clock)
    container.services[PushService] = PushService(
        stores=SqlImageStores(container.database),
        reader=DicomReader(),
        content=container.blobs,
        announcer=announcer,
        clock=container.clock,
        new_id=new_id,
    )
    yield
    await announcer.close()


async def _pushes(container: ContainerDep) -> PushService:
    return container.get(PushService)


async def _openings(container: ContainerDep) -> SeriesOpenings:
    return container.get(SeriesOpenings)


async def _images(session: DbSession) -> SqlImages:
    return SqlImages(session)


PushesDep = Annotated[PushService, Depends(_pushes)]
OpeningsDep = Annotated[SeriesOpenings, Depends(_openings)]
ImagesDep = Annotated[SqlImages, Depends(_images)]
