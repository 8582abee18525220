"""What the routes are made of."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends

from tongtai.features.audit.api import AuditDep
from tongtai.features.cases.api import CaseAccessDep
from tongtai.features.imaging.sql import SqlImages
from tongtai.features.plans.api.options import InstalledOptions
from tongtai.features.plans.api.seed_desks import OpenSeedDesks
from tongtai.features.plans.dicom import DicomBookbinder
from tongtai.features.plans.model import STEPS
from tongtai.features.plans.service import PlanJobService, PlanService, SeedEditService
from tongtai.features.plans.sql import SqlPlans
from tongtai.infra.container import Container
from tongtai.infra.identifiers import new_id
from tongtai.infra.jobs import JobClient
from tongtai.infra.jobs.work import WorkStore
from tongtai.infra.web import ContainerDep, DbSession


@asynccontextmanager
async def plan_services(container: Container) -> AsyncIterator[None]:
    """Put the long-lived parts into the container for as long as the server runs."""
    client = JobClient(container.settings, STEPS, WorkStore(container.blobs))
    container.services[JobClient] = client
    container.services[InstalledOptions] = InstalledOptions(container.settings.data / "models")
    desks = container.services[OpenSeedDesks] = OpenSeedDesks(container.blobs)
    yield
    desks.close()
    await client.close()


async def _options(container: ContainerDep) -> InstalledOptions:
    return container.get(InstalledOptions)


CatalogueDep = Annotated[InstalledOptions, Depends(_options)]


async def _plans(
    container: ContainerDep, session: DbSession, access: CaseAccessDep, audit: AuditDep
) -> PlanService:
    return PlanService(
        plans=SqlPlans(session),
        access=access,
        audit=audit,
        books=DicomBookbinder(
            container.blobs, container.clock, container.settings.web_dist, container.settings.zone
        ),
        clock=container.clock,
    )


async def _jobs(
    container: ContainerDep,
    session: DbSession,
    access: CaseAccessDep,
    audit: AuditDep,
    catalogue: CatalogueDep,
) -> PlanJobService:
    return PlanJobService(
        plans=SqlPlans(session),
        queue=container.get(JobClient),
        images=SqlImages(session),
        catalogue=catalogue,
        access=access,
        audit=audit,
        clock=container.clock,
        new_id=new_id,
    )


async def _edits(session: DbSession, access: CaseAccessDep) -> SeedEditService:
    return SeedEditService(plans=SqlPlans(session), access=access)


async def _desks(container: ContainerDep) -> OpenSeedDesks:
    return container.get(OpenSeedDesks)


PlansDep = Annotated[PlanService, Depends(_plans)]
PlanJobsDep = Annotated[PlanJobService, Depends(_jobs)]
SeedEditsDep = Annotated[SeedEditService, Depends(_edits)]
SeedDesksDep = Annotated[OpenSeedDesks, Depends(_desks)]
