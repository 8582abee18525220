"""Role × institution × endpoint, generated from the OpenAPI document.

A new endpoint without a decision in ``isolation_decisions.py`` fails.
"""

import json
from dataclasses import dataclass

import httpx2
import pytest
from tests.integration.isolation_decisions import (
    DECISIONS,
    KNOWS_AT_CENTRE,
    KNOWS_AT_SITE,
    Endpoint,
    InCase,
    Machine,
    Public,
    Rights,
    SignedIn,
)
from tests.support.gateways import enrolled
from tests.support.server import ORIGIN, Server
from tests.support.world import Person, World

from tongtai.features.accounts.api.identity import COOKIE, csrf_token
from tongtai.features.accounts.model import Principal, Role
from tongtai.features.gateways.api import gateway_service
from tongtai.features.institutions.api import institution_service

ALLOWED, FORBIDDEN, HIDDEN, UNKNOWN = "allowed", "forbidden", "hidden", "not signed in"
# Codes that say "this does not exist" of what these requests are about.
_HIDDEN_CODES = frozenset(
    {
        "case_not_found",
        "user_not_found",
        "institution_not_found",
        "operating_room_not_found",
        "gateway_not_found",
    }
)


# What stands for parameters that need not exist: refusals come before anything is looked for.
_NAMED = {
    "recording_id": "rec_1",
    "play_id": "play_1",
    "push_id": "push_1",
    "plan_id": "plan_1",
    "job_id": "job_1",
    "document_id": "doc_1",
    "rule_id": "R1",
    "code": "local_control",
    "task_id": "task_1",
    "name": "a.dcm",
    "study_uid": "1.2",
    "series_uid": "1.2.3",
    "sop_uid": "1.2.3.4",
    "numbers": "1",
    "agreement_id": "agr_1",
    "key": "line_test_h",
    "qualification_id": "qual_1",
    "notice_id": "note_1",
    "consent_id": "cons_1",
    "attachment_id": "att_1",
    "meeting_id": "mdt_1",
    "opinion_id": "opi_1",
    "bundle_id": "bun_1",
    "review_id": "rev_1",
    "incident_id": "inc_1",
    "leave_id": "leave_1",
    "assessment_id": "pia_1",
    "form_key": "incident",
    "finding_id": "find_1",
    "hold_id": "hold_1",
    "sheet": "readiness",
    "view": "mine",
}


@dataclass(frozen=True)
class Prepared:
    """The world with everybody signed in."""

    world: World
    tokens: dict[str, str]
    gateway_id: str

    @property
    def path_values(self) -> dict[str, str]:
        """What stands for the parameters of paths and bodies."""
        return {
            "case_id": self.world.case.id,
            "number": self.world.case.number,
            "user_id": self.world.person(Role.OBSERVER).id,
            "institution_id": self.world.hospitals[0].id,
            "centre_id": self.world.centre.id,
            "operating_room_id": self.world.rooms[0].id,
            "gateway_id": self.gateway_id,
            **_NAMED,
        }

    def everybody(self) -> list[tuple[str, Person]]:
        """Each person with where they are."""
        return [(where, person) for where, people in self.world.people.items() for person in people.values()]


@pytest.fixture
async def prepared(server: Server, world: World) -> Prepared:
    """Sign everybody in, and announce a gateway."""
    container = server.container
    people = [person for people in world.people.values() for person in people.values()]
    tokens = await server.sessions_of(people)
    async with container.database.transaction() as session:
        engineer = world.person(Role.ENGINEER)
        principal = Principal(
            user_id=engineer.id,
            institution_id=engineer.institution_id,
            roles=frozenset({Role.ENGINEER}),
            display_name="",
            display_name_en="",
            session_id="",
        )
        gateway, _ = await gateway_service(container, session).create(
            principal, name="Table", operating_room_id=world.rooms[0].id
        )
    return Prepared(world=world, tokens=tokens, gateway_id=gateway.id)


def _operations(server: Server) -> list[str]:
    paths = server.app.openapi()["paths"]
    return [f"{method.upper()} {path}" for path, item in paths.items() for method in item]


async def test_every_endpoint_has_a_decision(server: Server):
    operations = set(_operations(server))
    missing = sorted(operations - DECISIONS.keys())
    assert not missing, f"decide who may call these, in isolation_decisions.py: {missing}"
    assert not sorted(DECISIONS.keys() - operations), "these decisions are about nothing"


def _expected(endpoint: Endpoint, where: str, role: str) -> str:
    match endpoint.decision:
        case Public() | SignedIn():
            return ALLOWED
        case Machine():
            return UNKNOWN
        case Rights() as rights:
            if role in getattr(rights, where).split():
                return ALLOWED
            hidden = getattr(rights, f"hidden_{where}", "").split()
            return HIDDEN if role in hidden else FORBIDDEN
        case InCase(site=site, centre=centre):
            allowed, knows = {
                "own": (site, KNOWS_AT_SITE),
                "centre": (centre, KNOWS_AT_CENTRE),
                "other": ("", ""),
            }[where]
            if role in allowed.split():
                return ALLOWED
            return FORBIDDEN if role in knows.split() else HIDDEN
    raise AssertionError(endpoint)


def _seen(answer: httpx2.Response) -> str:
    code = ""
    if answer.status_code >= 400 and "json" in answer.headers.get("content-type", ""):
        code = answer.json().get("error", {}).get("code", "")
    if answer.status_code == 401 or code == "enrolment_refused":
        return UNKNOWN if code != "login_failed" else ALLOWED
    if answer.status_code == 403:
        return FORBIDDEN
    if answer.status_code == 404 and code in _HIDDEN_CODES:
        return HIDDEN
    assert code != "csrf_refused"
    # These may fail here: there is no LiveKit and no built web application.
    is_excused = answer.request.url.path in ("/readyz", "/deploymentz") or code == "report_font_missing"
    assert answer.status_code < 500 or is_excused, answer.text
    return ALLOWED


def _request(prepared: Prepared, operation: str, login: str | None, server: Server) -> httpx2.Request:
    endpoint = DECISIONS[operation]
    method, path = operation.split(" ")
    values = prepared.path_values
    headers = dict(endpoint.headers)
    headers["Origin"] = ORIGIN
    if login is not None:
        token = prepared.tokens[login]
        headers["Cookie"] = f"{COOKIE}={token}"
        headers["X-CSRF-Token"] = csrf_token(server.container, token)
    content = endpoint.content
    if endpoint.json is not None:
        text = json.dumps(endpoint.json)
        for name, value in values.items():
            text = text.replace("{" + name + "}", value)
        content = text.encode()
        headers["Content-Type"] = "application/json"
    url = ORIGIN + path.format(**values)
    return httpx2.Request(method, url, headers=headers, content=content, params=endpoint.query or None)


async def _by_role(
    server: Server, prepared: Prepared, operation: str
) -> tuple[dict[str, str], dict[str, str]]:
    """What each person sees at this endpoint, and what they should."""
    endpoint = DECISIONS[operation]
    expected = {
        person.login: _expected(endpoint, where, person.role) for where, person in prepared.everybody()
    }
    # Who may goes last: what they do must not change the others' answers.
    order = sorted(expected, key=lambda login: expected[login] == ALLOWED)
    seen = {}
    async with server.browser() as browser:
        for login in order:
            seen[login] = _seen(await browser.send(_request(prepared, operation, login, server)))
    return seen, expected


_READING = sorted(operation for operation in DECISIONS if operation.startswith("GET "))


async def test_reading_by_role_and_institution(server: Server, prepared: Prepared):
    """One server for all of it: what is read changes nothing."""
    answers = {operation: await _by_role(server, prepared, operation) for operation in _READING}
    assert {op: seen for op, (seen, _) in answers.items()} == {
        op: right for op, (_, right) in answers.items()
    }


@pytest.mark.parametrize("operation", sorted(DECISIONS.keys() - _READING))
async def test_changing_by_role_and_institution(server: Server, prepared: Prepared, operation: str):
    seen, expected = await _by_role(server, prepared, operation)
    assert seen == expected


async def test_without_signing_in(server: Server, prepared: Prepared):
    seen, expected = {}, {}
    async with server.browser() as browser:
        for operation, endpoint in sorted(DECISIONS.items()):
            answer = await browser.send(_request(prepared, operation, None, server))
            seen[operation] = _seen(answer)
            expected[operation] = ALLOWED if isinstance(endpoint.decision, Public) else UNKNOWN
            browser.cookies.clear()
    assert seen == expected


# The gateway of which operating room, and what it gets of the case of hospital 1's first room.
_GATEWAYS = {"its table": ALLOWED, "next room": HIDDEN, "other hospital": HIDDEN}


async def test_gateway_by_operating_room(server: Server, prepared: Prepared):
    """With a gateway's token: images of cases of its own room; of everything else it is nobody."""
    world = prepared.world
    async with server.container.database.transaction() as session:
        next_room = await institution_service(session).create_room(
            institution_id=world.hospitals[0].id, name="手术间 2", name_en="OR 2"
        )
    rooms = (world.rooms[0], next_room, world.rooms[1])
    tokens = dict(zip(_GATEWAYS, [await enrolled(server, room) for room in rooms], strict=True))
    of_people = [op for op, end in DECISIONS.items() if not isinstance(end.decision, Public | Machine)]
    seen, expected = {}, {}
    async with server.browser() as browser:
        for operation in ("GET /api/gateway/cases/{number}", *sorted(of_people)):
            admitted = DECISIONS[operation].by_gateway or operation.startswith("GET /api/gateway/")
            for where, token in tokens.items():
                request = _request(prepared, operation, None, server)
                request.headers["Authorization"] = f"Bearer {token}"
                seen[operation, where] = _seen(await browser.send(request))
                expected[operation, where] = _GATEWAYS[where] if admitted else UNKNOWN
    assert seen == expected


async def test_every_change_needs_the_csrf_token(server: Server, prepared: Prepared):
    login = prepared.world.operator.login
    for operation, endpoint in DECISIONS.items():
        if operation.startswith("GET") or isinstance(endpoint.decision, Public | Machine):
            continue
        request = _request(prepared, operation, login, server)
        del request.headers["X-CSRF-Token"]
        async with server.browser() as browser:
            answer = await browser.send(request)
        assert (operation, answer.json()["error"]["code"]) == (operation, "csrf_refused")


async def test_no_answer_names_anything_of_another_hospital(server: Server, prepared: Prepared):
    world = prepared.world
    theirs = {
        "case": world.other_case.id,
        "hospital": world.hospitals[1].id,
        "hospital's name": "海滨医院",
        "operating room": world.rooms[1].id,
        "patient": "李小红",
    }
    theirs |= {f"user {p.login}": p.id for p in world.people["other"].values()}
    for person in world.people["own"].values():
        async with server.browser() as browser:
            for operation in DECISIONS:
                if not operation.startswith("GET"):
                    continue
                answer = await browser.send(_request(prepared, operation, person.login, server))
                found = [what for what, text in theirs.items() if text in answer.text]
                assert not found, f"{operation} tells {person} of another hospital's {found}"
