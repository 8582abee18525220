"""The application under test, and browsers that use it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import httpx2
from fastapi import FastAPI
from tests.support.world import PASSWORD, Person

from tongtai.infra.container import Container

ORIGIN = "http://127.0.0.1:8000"


class SteppedClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        """The present instant."""
        return self._now

    def advance(self, **amount: float) -> None:
        """Move on, by ``minutes=…`` or the like."""
        self._now += timedelta(**amount)


class Server:
    """The application, started."""

    def __init__(self, app: FastAPI, container: Container) -> None:
        self.app = app
        self.container = container

    def stop_clock(self) -> SteppedClock:
        """Replace the server's clock by one that this test moves."""
        clock = SteppedClock(self.container.clock.now())
        self.container.clock = clock
        return clock

    @asynccontextmanager
    async def browser(self, address: str = "192.0.2.1") -> AsyncIterator[httpx2.AsyncClient]:
        """A browser that is not signed in."""
        transport = httpx2.ASGITransport(app=self.app, client=(address, 50000), raise_app_exceptions=False)
        async with httpx2.AsyncClient(
            transport=transport, base_url=ORIGIN, headers={"Origin": ORIGIN}
        ) as client:
            yield client

    @asynccontextmanager
    async def sign_in(self, person: Person, *, password: str = PASSWORD) -> AsyncIterator[httpx2.AsyncClient]:
        """A browser in which this person is signed in; it sends the CSRF token."""
        async with self.browser() as client:
            answer = await client.post("/api/auth/login", json={"login": person.login, "password": password})
            assert answer.status_code == 200, answer.text
            client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
            yield client
