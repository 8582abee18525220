"""The application under test, and browsers that use it."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import httpx2
from fastapi import FastAPI
from sqlalchemy import insert
from starlette.routing import BaseRoute
from tests.support.world import Person, cheap_passwords

from tongtai.entrypoints.web.app import create_app
from tongtai.features.accounts.api.identity import COOKIE, csrf_token
from tongtai.features.accounts.model import SESSION_LIFETIME
from tongtai.features.accounts.sql import WebSessionRow
from tongtai.infra.container import Container
from tongtai.infra.credentials import Passwords, new_token, token_hash
from tongtai.infra.identifiers import new_id
from tongtai.infra.settings import Settings

ORIGIN = "http://127.0.0.1:8000"

_routes: list[BaseRoute] = []


def application(settings: Settings) -> FastAPI:
    """The application of an installation, with cheap passwords.

    FastAPI prepares all endpoints at an application's first request. That takes a quarter of a second and
    comes out alike for every installation, so that all applications of this process share the first one's.
    """
    app = create_app(settings)
    if not _routes:
        _routes.extend(app.router.routes)
    app.router.routes[:] = _routes
    app.state.container.services[Passwords] = cheap_passwords()
    return app


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
            transport=transport, base_url=ORIGIN, headers={"Origin": ORIGIN}, trust_env=False
        ) as client:
            yield client

    @asynccontextmanager
    async def sign_in(
        self, person: Person, *, password: str | None = None
    ) -> AsyncIterator[httpx2.AsyncClient]:
        """A browser in which this person is signed in; it sends the CSRF token.

        With ``password`` the person signs in as people do; without, the session is put into the
        database, which is what signing in leads to and costs a tenth.
        """
        async with self.browser() as client:
            if password is None:
                token = (await self.sessions_of([person]))[person.login]
                client.cookies.set(COOKIE, token)
                client.headers["X-CSRF-Token"] = csrf_token(self.container, token)
            else:
                answer = await client.post(
                    "/api/auth/login", json={"login": person.login, "password": password}
                )
                assert answer.status_code == 200, answer.text
                client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
            yield client

    async def sessions_of(self, people: Collection[Person]) -> dict[str, str]:
        """Begin a session of each of these; return the tokens by login."""
        now = self.container.clock.now()
        tokens = {person.login: new_token() for person in people}
        rows = [
            {
                "id": new_id("web"),
                "token_hash": token_hash(tokens[person.login]),
                "user_id": person.id,
                "created_at": now,
                "expires_at": now + SESSION_LIFETIME,
                "address": "192.0.2.1",
            }
            for person in people
        ]
        async with self.container.database.transaction() as session:
            await session.execute(insert(WebSessionRow), rows)
        return tokens
