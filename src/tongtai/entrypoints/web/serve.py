"""Serve the application with uvicorn."""

import gc

import uvicorn

from tongtai.entrypoints.web.app import create_app
from tongtai.infra.kernel_cache import keep_kernels_in
from tongtai.infra.migrations import migrate
from tongtai.infra.settings import Settings
from tongtai.infra.telemetry import configure_logging

_GRACE_S = 5


def server(settings: Settings) -> uvicorn.Server:
    """A server that is ready to run: in this thread by ``run``, or in a loop by ``serve``."""
    return uvicorn.Server(
        uvicorn.Config(
            create_app(settings),
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            server_header=False,
            # Only these proxies may say who the reader is; the lock-out counts by the reader's address.
            proxy_headers=True,
            forwarded_allow_ips=settings.trusted_proxies,
            # Streams stay open for hours; when the server stops they get this long to close.
            timeout_graceful_shutdown=_GRACE_S,
            ws_max_size=1 << 20,
        )
    )


def serve(settings: Settings) -> None:
    """Migrate the database, then serve until the process is told to stop."""
    configure_logging(level=settings.log_level, style=settings.log_format)
    keep_kernels_in(settings.data)
    migrate(settings.effective_database_url)
    ready = server(settings)
    # The program itself is no garbage: no collection looks through it from here on.
    gc.freeze()
    gc.enable()
    ready.run()
