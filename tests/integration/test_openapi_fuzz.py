"""Schemathesis reads the OpenAPI document and sends what it allows, and some of what it does not.

Whatever arrives, the server does not fail, and its answers are what the document says.
"""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import httpx2
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import response_schema_conformance
from tests.integration.isolation_decisions import DECISIONS, InCase, Machine, Rights
from tests.support.databases import Databases
from tests.support.images import small_ct
from tests.support.server import application
from tests.support.world import PASSWORD, Inhabited, Person, World

from tongtai.features.accounts.model import Role
from tongtai.infra.settings import Settings

_EXAMPLES = 8
# The first ends the tester's own session, the second fails for want of LiveKit.
_LEFT_OUT = frozenset({"POST /api/auth/logout", "GET /readyz", "GET /deploymentz"})
_BOUNDARY = "frontier"
_RELATED = "multipart/related"


@st.composite
def _related_body(draw: st.DrawFn) -> bytes:
    """What a DICOMweb client stores: images, half images and other bytes, whole or cut somewhere."""
    whole = small_ct()[0]
    part = st.one_of(st.sampled_from([whole, whole[:900], b"not dicom"]), st.binary(max_size=300))
    head = f"--{_BOUNDARY}\r\nContent-Type: application/dicom\r\n\r\n".encode()
    body = b"".join(head + content + b"\r\n" for content in draw(st.lists(part, max_size=3)))
    body += f"--{_BOUNDARY}--\r\n".encode()
    return body[: draw(st.integers(0, len(body)))] if draw(st.booleans()) else body


schemathesis.openapi.media_type(_RELATED, _related_body())
# A PDF's first bytes with anything behind them, and anything.
schemathesis.openapi.media_type(
    "application/pdf", st.one_of(st.binary(max_size=300), st.binary(max_size=300).map(b"%PDF-1.7\n".__add__))
)


class _Server(threading.Thread):
    """Uvicorn with a loop of its own: Schemathesis calls from outside of one."""

    def __init__(self, installation: Settings) -> None:
        super().__init__(name="server under test", daemon=True)
        self.app = application(installation)
        self.server = uvicorn.Server(uvicorn.Config(self.app, port=0, log_config=None))
        self.ready = threading.Event()

    def run(self) -> None:
        """Serve until ``should_exit``."""
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        serving = asyncio.create_task(self.server.serve())
        while not self.server.started and not serving.done():
            await asyncio.sleep(0.01)
        self.ready.set()
        await serving

    @property
    def base_url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server.servers[0].sockets[0].getsockname()[1]}"


@dataclass
class Running:
    """A server that listens, its world, and who has signed in."""

    server: _Server
    world: World
    schema: schemathesis.BaseSchema
    headers: dict[str, dict[str, str]]

    def headers_of(self, person: Person) -> dict[str, str]:
        """What a browser in which this person is signed in sends."""
        if person.login not in self.headers:
            answer = httpx2.post(
                f"{self.server.base_url}/api/auth/login",
                json={"login": person.login, "password": PASSWORD},
            )
            assert answer.status_code == 200, answer.text
            self.headers[person.login] = {
                "Cookie": answer.headers["set-cookie"].partition(";")[0],
                "X-CSRF-Token": answer.json()["csrf_token"],
            }
        return self.headers[person.login]


@pytest.fixture(scope="module")
def running(
    tmp_path_factory: pytest.TempPathFactory, databases: Databases, inhabited: Inhabited
) -> Iterator[Running]:
    """The server, listening."""
    data = tmp_path_factory.mktemp("fuzz") / "data"
    url = databases.like(inhabited, data)
    server = _Server(Settings.load(data, database_url=url, livekit_url="ws://127.0.0.1:9"))
    server.start()
    assert server.ready.wait(60)
    schema = schemathesis.openapi.from_dict(server.app.openapi())
    yield Running(server, inhabited.world, schema, {})
    server.server.should_exit = True
    server.join(30)


def _tester(world: World, operation: str) -> Person:
    """Somebody who may call this."""
    match DECISIONS[operation].decision:
        case InCase(site=site, centre=centre):
            role, where = (site.split()[0], "own") if site else (centre.split()[0], "centre")
        case Rights(own=own, centre=centre):
            role, where = (own.split()[0], "own") if own else (centre.split()[0], "centre")
        case _:
            role, where = "quality_control", "own"
    return world.person(Role(role), where)


@pytest.mark.slow
@pytest.mark.parametrize("operation", sorted(DECISIONS.keys() - _LEFT_OUT))
def test_whatever_arrives(running: Running, operation: str):
    method, path = operation.split(" ")
    world = running.world
    values = {
        "case_id": world.case.id,
        "user_id": world.person(Role.OBSERVER).id,
        "institution_id": world.hospitals[0].id,
    }
    headers = {}
    if not isinstance(DECISIONS[operation].decision, Machine):
        headers = running.headers_of(_tester(world, operation))

    @given(case=running.schema[path][method].as_strategy())
    @settings(
        max_examples=_EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    def send(case: schemathesis.Case) -> None:
        case.path_parameters = (case.path_parameters or {}) | {
            name: value for name, value in values.items() if "{" + name + "}" in path
        }
        kind = {"Content-Type": f'{_RELATED}; type="application/dicom"; boundary={_BOUNDARY}'}
        more = kind if case.media_type == _RELATED else {}
        answer = case.call(base_url=running.server.base_url, headers=headers | more)
        assert answer.status_code != 500, answer.text
        case.validate_response(answer, checks=[response_schema_conformance])

    send()
