"""What one server process is made of: built once by the entry point, reached by the adapters."""

from dataclasses import dataclass, field
from typing import Any, TypeVar

from fastapi import Request, WebSocket
from starlette.requests import HTTPConnection

from tongtai.core.clock import Clock
from tongtai.infra.blobs import Blobs
from tongtai.infra.database import Database
from tongtai.infra.settings import Settings

T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class Container:
    """The parts of a running server.

    ``services`` holds the long-lived objects that a feature's adapters need in every request, by
    the type that they are asked for; the web entry point fills it.
    """

    settings: Settings
    database: Database
    blobs: Blobs
    clock: Clock
    services: dict[type[Any], Any] = field(default_factory=dict)

    def get(self, kind: type[T]) -> T:
        """The service of this type."""
        service: T = self.services[kind]
        return service


def container_of(connection: HTTPConnection) -> Container:
    """The container of the application that received this request or WebSocket."""
    container: Container = connection.app.state.container
    return container


async def http_container(request: Request) -> Container:
    """FastAPI dependency for HTTP routes."""
    return container_of(request)


async def websocket_container(websocket: WebSocket) -> Container:
    """FastAPI dependency for WebSocket routes."""
    return container_of(websocket)
