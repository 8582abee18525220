"""One log line and one measurement for each request, with the route's template only.

A URL holds identifiers and searches; they stay out of logs.
"""

import time
from typing import Final

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tongtai.infra.identifiers import new_id

log = structlog.get_logger(__name__)
_QUIET: Final = frozenset({"/healthz", "/readyz", "/metrics"})
_UNMATCHED = "(unmatched)"
_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """The server's measurements, in a registry of their own: two applications do not mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self.requests = Counter("tongtai_http_requests", "Requests answered.", labels, registry=self.registry)
        self.seconds = Histogram(
            "tongtai_http_request_seconds",
            "Time from a request to its whole answer.",
            ("method", "route"),
            buckets=_BUCKETS_S,
            registry=self.registry,
        )


class Observability:
    """ASGI middleware that logs and measures.

    Parameters
    ----------
    app : ASGIApp
        What is observed.
    metrics : Metrics
        Where measurements go.
    """

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, then log and measure."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = new_id("req")
        status = 500

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, observed)
            finally:
                self._observe(scope, status, time.perf_counter() - started)

    def _observe(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", _UNMATCHED)
        method = scope["method"] if route != _UNMATCHED else "-"
        self._metrics.requests.labels(method, route, str(status)).inc()
        self._metrics.seconds.labels(method, route).observe(seconds)
        if route in _QUIET:
            return
        log.info(
            "request",
            method=method,
            route=route,
            status=status,
            milliseconds=round(seconds * 1000, 1),
        )
