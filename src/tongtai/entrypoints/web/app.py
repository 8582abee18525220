"""The server's application: built from settings, with nothing of it global."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI

from tongtai import __version__
from tongtai.entrypoints.web import health, static
from tongtai.entrypoints.web.errors import ErrorBody, install_error_handlers
from tongtai.entrypoints.web.features import FEATURES
from tongtai.entrypoints.web.observability import Metrics, Observability
from tongtai.entrypoints.web.security import Security
from tongtai.features.accounts.service import RevocationHub
from tongtai.infra.blobs import Blobs
from tongtai.infra.clock import SystemClock
from tongtai.infra.container import Container
from tongtai.infra.credentials import Passwords
from tongtai.infra.database import Database
from tongtai.infra.settings import Settings

_DESCRIPTION = "One expert team, at many operating tables at once."


def create_app(settings: Settings) -> FastAPI:
    """Build the application. The database must have been migrated (``tongtai.infra.migrations``).

    Parameters
    ----------
    settings : Settings
        The installation's settings.
    """
    app = FastAPI(
        title="Tongtai",
        description=_DESCRIPTION,
        version=__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        responses={"4XX": {"model": ErrorBody}, "5XX": {"model": ErrorBody}},
    )
    app.state.container = build_container(settings)
    install_error_handlers(app)
    app.include_router(health.router)
    for feature in FEATURES:
        app.include_router(feature.router)
    app.include_router(static.router)
    # The last one added sees a request first.
    app.add_middleware(Security, settings=settings)
    app.add_middleware(Observability, metrics=app.state.container.get(Metrics))
    return app


def build_container(settings: Settings) -> Container:
    """The parts of a server process: also what the command line works with."""
    blobs = settings.blob_url or settings.data / "blobs"
    return Container(
        settings=settings,
        database=Database(settings.effective_database_url),
        blobs=Blobs(blobs),
        clock=SystemClock(),
        services={
            Passwords: Passwords(),
            RevocationHub: RevocationHub(),
            Metrics: Metrics(),
        },
    )


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    container: Container = app.state.container
    async with AsyncExitStack() as stack:
        stack.push_async_callback(container.database.close)
        for feature in FEATURES:
            if feature.lifespan is not None:
                await stack.enter_async_context(feature.lifespan(container))
        _prepare_routes(app)
        yield


def _prepare_routes(app: FastAPI) -> None:
    """FastAPI builds the routes of a router when it is first asked for one: no reader has to wait for that."""
    nowhere = {"type": "http", "method": "GET", "path": "/", "root_path": "", "headers": []}
    for route in app.routes:
        route.matches(nowhere)
