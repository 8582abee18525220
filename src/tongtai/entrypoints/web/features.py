"""The features that the server offers, lowest first."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from fastapi import APIRouter

from tongtai.entrypoints.web.live import live_sessions
from tongtai.entrypoints.web.workflow import workflow_timers
from tongtai.features.accounts.api import router as accounts_router
from tongtai.features.agreements.api import router as agreements_router
from tongtai.features.archive.api import router as archive_router
from tongtai.features.checklists.api import router as checklists_router
from tongtai.features.intake.api import router as intake_router
from tongtai.features.mdt.api import router as mdt_router
from tongtai.features.opinions.api import router as opinions_router
from tongtai.features.cases.api import router as cases_router
from tongtai.features.consents.api import router as consents_router
from tongtai.features.documents.api import router as documents_router
from tongtai.features.experts.api import router as experts_router
from tongtai.features.followup.api import router as followup_router
from tongtai.features.gateways.api import router as gateways_router
from tongtai.features.guidance.api import router as guidance_router
from tongtai.features.imaging.api import router as imaging_router
from tongtai.features.incidents.api import router as incidents_router
from tongtai.features.plans.api import plan_services
from tongtai.features.plans.api import router as plans_router
from tongtai.features.policies.api import router as policies_router
from tongtai.features.privacy.api import router as privacy_router
from tongtai.features.qualifications.api import router as qualifications_router
from tongtai.features.replays.api import router as replays_router
from tongtai.features.workflow.api import router as workflow_router
from tongtai.features.quality.api import router as quality_router
from tongtai.infra.container import Container


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """A feature's routes, and what it runs for as long as the server runs."""

    router: APIRouter
    lifespan: Callable[[Container], AbstractAsyncContextManager[None]] | None = None


FEATURES: tuple[Feature, ...] = (
    Feature(router=accounts_router),
    Feature(router=agreements_router),
    Feature(router=qualifications_router),
    Feature(router=experts_router),
    Feature(router=cases_router),
    Feature(router=policies_router),
    Feature(router=consents_router),
    Feature(router=gateways_router),
    Feature(router=imaging_router),
    Feature(router=plans_router, lifespan=plan_services),
    Feature(router=followup_router),
    Feature(router=quality_router),
    Feature(router=guidance_router, lifespan=live_sessions),
    Feature(router=replays_router),
    Feature(router=documents_router),
    Feature(router=intake_router),
    Feature(router=mdt_router),
    Feature(router=opinions_router),
    Feature(router=checklists_router),
    Feature(router=archive_router),
    Feature(router=workflow_router, lifespan=workflow_timers),
    Feature(router=incidents_router),
    Feature(router=privacy_router),
)
