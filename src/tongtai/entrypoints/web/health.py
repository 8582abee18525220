"""Whether the server lives, whether it can work, and its measurements."""

import asyncio
import hmac
import ipaddress
from typing import Annotated

import httpx2
from fastapi import APIRouter, Depends, Request, Response, status
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from tongtai.entrypoints.web.observability import Metrics
from tongtai.features.privacy.sql import unassessed
from tongtai.infra.container import Container
from tongtai.infra.migrations import newest_revision, present_revision
from tongtai.infra.web import ContainerDep

router = APIRouter(tags=["health"])
_PATIENCE_S = 2.0


class Health(BaseModel):
    """The process answers."""

    status: str


class Check(BaseModel):
    """One thing that the server needs."""

    ok: bool
    detail: str = ""


class Readiness(BaseModel):
    """Whether the server can do its work, and what it lacks."""

    ready: bool
    checks: dict[str, Check]


class ServerTime(BaseModel):
    """The server's clock in milliseconds since 1970, for measuring another clock's offset."""

    t_ms: int


@router.get("/healthz")
async def healthz() -> Health:
    """The process lives."""
    return Health(status="ok")


@router.get("/readyz")
async def readyz(container: ContainerDep, response: Response) -> Readiness:
    """Database reachable and migrated, LiveKit reachable."""
    database, livekit = await asyncio.gather(_database(container), _livekit(container))
    checks = {"database": database, "livekit": livekit}
    ready = all(check.ok for check in checks.values())
    if not ready:
        response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    return Readiness(ready=ready, checks=checks)


@router.get("/deploymentz")
async def deploymentz(container: ContainerDep, response: Response) -> Readiness:
    """Whether this installation may be put to use: every institution has assessed what it does with personal data."""
    check = await _impact_assessments(container)
    if not check.ok:
        response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    return Readiness(ready=check.ok, checks={"impact_assessments": check})


@router.get("/api/time")
async def server_time(container: ContainerDep) -> ServerTime:
    """The server's clock."""
    return ServerTime(t_ms=round(container.clock.now().timestamp() * 1000))


async def _may_read_metrics(request: Request, container: ContainerDep) -> None:
    token = container.settings.metrics_token.get_secret_value()
    if token:
        given = request.headers.get("authorization", "")
        allowed = hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    else:
        # A proxy on this machine also comes from here; it names the reader in this header.
        allowed = _is_loopback(request) and "x-forwarded-for" not in request.headers
    if not allowed:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "Not found.")


@router.get("/metrics", include_in_schema=False)
async def metrics(container: ContainerDep, _allowed: Annotated[None, Depends(_may_read_metrics)]) -> Response:
    """Measurements for Prometheus."""
    registry = container.get(Metrics).registry
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def _is_loopback(request: Request) -> bool:
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


async def _database(container: Container) -> Check:
    try:
        async with asyncio.timeout(_PATIENCE_S), container.database.engine.connect() as connection:
            present = await present_revision(connection)
    except (SQLAlchemyError, OSError, TimeoutError):
        return Check(ok=False, detail="the database does not answer")
    newest = newest_revision()
    if present != newest:
        return Check(ok=False, detail=f"the database is at {present}, the program at {newest}")
    return Check(ok=True, detail=f"at {present}")


async def _impact_assessments(container: Container) -> Check:
    try:
        async with asyncio.timeout(_PATIENCE_S), container.database.sessions() as session:
            without, count = await unassessed(session)
    except (SQLAlchemyError, OSError, TimeoutError):
        return Check(ok=False, detail="the database does not answer")
    # Which ones is for who runs the installation: `tongtai doctor` names them.
    detail = f"{len(without)} of {count} institutions without one newer than their last change of purpose"
    return Check(ok=not without, detail=detail)


async def _livekit(container: Container) -> Check:
    try:
        async with httpx2.AsyncClient(timeout=_PATIENCE_S, trust_env=False) as client:
            answer = await client.get(container.settings.effective_livekit_api_url)
    except httpx2.HTTPError:
        return Check(ok=False, detail="the LiveKit server does not answer")
    return Check(ok=answer.is_success, detail=f"HTTP {answer.status_code}")
