"""Gateways over HTTP: enrolment, revocation, status, recordings in pieces."""

import hashlib
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from tests.integration.workflow.steps import consented

from tongtai.features.accounts.model import Role
from tongtai.features.gateways.ports import GatewayLinks
from tongtai.features.gateways.tasks import SilenceWatch


class Ear:
    """Hears what the session would."""

    def __init__(self):
        self.feeds, self.recordings, self.lost = [], [], []

    async def feed_changed(self, *, case_id, gateway, report, clock_offset_ms):
        self.feeds.append((case_id, report.feed, report.state.value, clock_offset_ms))

    async def feed_lost(self, *, case_id, report):
        self.lost.append((case_id, report.feed, report.state.value))

    async def recording_uploaded(self, *, case_id, gateway, recording):
        self.recordings.append((case_id, recording.sha256))


class Door:
    """A media server that notes whom it throws out."""

    url = "ws://media.test"

    def __init__(self):
        self.removed = []

    def token(self, *, gateway, case_id, room, identity, lifetime):
        return f"{room}/{identity}"

    async def remove(self, gateway_id):
        self.removed.append(gateway_id)


@pytest.fixture
def links(server):
    links = GatewayLinks(events=Ear(), media=Door())
    server.container.services[GatewayLinks] = links
    return links


@asynccontextmanager
async def machine(server, code):
    async with server.browser("198.51.100.7") as client:
        answer = await client.post("/api/gateway/enrol", json={"code": code})
        assert answer.status_code == 200, answer.text
        client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        yield client


# A report of a gateway without a source.
_QUIET = {"feeds": [], "clock_offset_ms": 0.0, "disk_free_bytes": 10**9}


async def announce(server, world):
    async with server.sign_in(world.person(Role.ENGINEER)) as engineer:
        body = {"name": "Table 1", "operating_room_id": world.rooms[0].id}
        answer = await engineer.post("/api/gateways", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()


def recording(world, content, **changes):
    return {
        "case_id": world.case.id,
        "feed": "ultrasound",
        "segment": "20260101T000000Z-abc",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "started_at": datetime.now(UTC).isoformat(),
        "duration_s": 2.0,
        "clock_offset_ms": -3_600_000.0,
    } | changes


async def test_a_code_works_once(server, world, links):
    made = await announce(server, world)
    async with machine(server, made["code"]) as gateway:
        assert (await gateway.post("/api/gateway/status", json=_QUIET)).json()["case_id"] == world.case.id
        again = await gateway.post("/api/gateway/enrol", json={"code": made["code"]})
    assert (again.status_code, again.json()["error"]["code"]) == (403, "enrolment_refused")


async def test_a_gateway_hears_whether_the_patient_lets_it_record(server, world, links):
    made = await announce(server, world)
    async with machine(server, made["code"]) as gateway:
        told = [(await gateway.post("/api/gateway/status", json=_QUIET)).json()["recording"]]
        signed = await consented(server, world, "recording")
        told.append((await gateway.post("/api/gateway/status", json=_QUIET)).json()["recording"])
        async with server.sign_in(world.attending) as site:
            path = f"/api/cases/{world.case.id}/consents/{signed['recording']}/withdraw"
            assert (await site.post(path, json={"reason": ""})).status_code == 200
        told.append((await gateway.post("/api/gateway/status", json=_QUIET)).json()["recording"])
    assert told == [False, True, False]


async def test_a_code_expires(server, world, links):
    clock = server.stop_clock()
    made = await announce(server, world)
    clock.advance(hours=25)
    async with server.browser() as client:
        answer = await client.post("/api/gateway/enrol", json={"code": made["code"]})
    assert answer.status_code == 403


async def test_a_revoked_gateway_is_out_at_once(server, world, links):
    made = await announce(server, world)
    async with machine(server, made["code"]) as gateway:
        async with server.sign_in(world.person(Role.ENGINEER)) as engineer:
            assert (await engineer.delete(f"/api/gateways/{made['id']}")).status_code == 204
            renewed = await engineer.post(f"/api/gateways/{made['id']}/code")
        refused = await gateway.post("/api/gateway/media-token")
    assert links.media.removed == [made["id"]]
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "gateway_token")
    assert renewed.status_code == 404


@pytest.mark.parametrize("authorization", ["", "Bearer ", "Bearer abc", "Basic eDp5", "Bearer " + "x" * 43])
async def test_without_a_good_token_nothing(server, world, links, authorization):
    async with server.browser() as client:
        headers = {"Authorization": authorization}
        answer = await client.post("/api/gateway/status", json=_QUIET, headers=headers)
    assert answer.status_code == 401


async def test_another_hospital_neither_sees_nor_revokes(server, world, links):
    made = await announce(server, world)
    async with server.sign_in(world.person(Role.ENGINEER, "other")) as stranger:
        assert (await stranger.get("/api/gateways")).json() == []
        assert (await stranger.delete(f"/api/gateways/{made['id']}")).status_code == 404
        body = {"name": "x", "operating_room_id": world.rooms[0].id}
        assert (await stranger.post("/api/gateways", json=body)).status_code == 404
    assert links.media.removed == []


async def test_media_token_names_the_present_case(server, world, links):
    made = await announce(server, world)
    async with machine(server, made["code"]) as gateway:
        ticket = (await gateway.post("/api/gateway/media-token")).json()
    assert ticket["room"] == f"or.{world.case.id}"
    assert ticket["identity"].startswith(f"gateway.{made['id']}.")


async def test_the_session_hears_changes_only(server, world, links):
    made = await announce(server, world)
    status = {"clock_offset_ms": 3.6e6, "disk_free_bytes": 10**9}
    live = {"feeds": [{"feed": "room", "state": "live"}, {"feed": "ct", "state": "no_source"}]} | status
    ended = {"feeds": [{"feed": "room", "state": "live"}, {"feed": "ct", "state": "ended"}]} | status
    async with machine(server, made["code"]) as gateway:
        for body in (live, live, ended):
            assert (await gateway.post("/api/gateway/status", json=body)).status_code == 200
    heard = [(feed, state) for _, feed, state, _ in links.events.feeds]
    assert heard == [("room", "live"), ("ct", "no_source"), ("ct", "ended")]
    async with server.sign_in(world.person(Role.ENGINEER)) as engineer:
        (shown,) = (await engineer.get("/api/gateways")).json()
    assert shown["online"]
    assert shown["clock_offset_ms"] == 3.6e6


async def test_an_upload_goes_on_after_a_cut(server, world, links):
    made, content = await announce(server, world), bytes(range(256)) * 5000
    async with machine(server, made["code"]) as gateway:
        begun = (await gateway.post("/api/gateway/recordings", json=recording(world, content))).json()
        path = f"/api/gateway/recordings/{begun['id']}"
        await gateway.patch(path, params={"offset": 0}, content=content[:500_000])
        wrong = await gateway.patch(path, params={"offset": 0}, content=content[:10])
        resumed = (await gateway.post("/api/gateway/recordings", json=recording(world, content))).json()
        await gateway.patch(path, params={"offset": resumed["offset"]}, content=content[500_000:])
        done = await gateway.post(f"{path}/complete")
        twice = await gateway.post(f"{path}/complete")
    assert resumed == {"id": begun["id"], "offset": 500_000}
    assert (wrong.status_code, wrong.json()["error"]["values"]) == (409, {"offset": 500_000})
    assert (done.status_code, twice.status_code) == (200, 200), done.text
    async with server.sign_in(world.operator) as site:
        (listed,) = (await site.get(f"/api/cases/{world.case.id}/recordings")).json()
        url = f"/api/cases/{world.case.id}/recordings/{listed['id']}/content"
        assert (await site.get(url)).json()["error"]["code"] == "recording_consent_missing"
        await consented(server, world, "recording")
        assert (await site.get(url)).content == content
    async with server.sign_in(world.other_operator) as stranger:
        assert (await stranger.get(f"/api/cases/{world.case.id}/recordings")).status_code == 404
        assert (await stranger.get(url)).status_code == 404


async def test_a_wrong_hash_is_refused_and_discarded(server, world, links):
    made, content = await announce(server, world), b"picture" * 1000
    body = recording(world, content, sha256="0" * 64)
    async with machine(server, made["code"]) as gateway:
        begun = (await gateway.post("/api/gateway/recordings", json=body)).json()
        path = f"/api/gateway/recordings/{begun['id']}"
        await gateway.patch(path, params={"offset": 0}, content=content)
        refused = await gateway.post(f"{path}/complete")
        again = (await gateway.post("/api/gateway/recordings", json=body)).json()
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "recording_hash")
    assert again["offset"] == 0
    assert links.events.recordings == []


async def test_a_recording_of_a_foreign_case_is_refused(server, world, links):
    made = await announce(server, world)
    async with machine(server, made["code"]) as gateway:
        body = recording(world, b"x", case_id=world.other_case.id)
        assert (await gateway.post("/api/gateway/recordings", json=body)).status_code == 404


async def test_too_much_is_refused(server, world, links):
    made = await announce(server, world)
    async with machine(server, made["code"]) as gateway:
        huge = await gateway.post("/api/gateway/recordings", json=recording(world, b"x", size=10**12))
        begun = (await gateway.post("/api/gateway/recordings", json=recording(world, b"abc"))).json()
        path = f"/api/gateway/recordings/{begun['id']}"
        more = await gateway.patch(path, params={"offset": 0}, content=b"abcd")
    assert (huge.status_code, more.status_code) == (413, 413)


async def test_a_gateway_that_stops_reporting_is_lost_until_it_reports_again(server, world, links):
    clock = server.stop_clock()
    made = await announce(server, world)
    watch = SilenceWatch(server.container)
    body = {
        "feeds": [{"feed": "ct", "state": "off"}, {"feed": "room", "state": "live"}],
        "clock_offset_ms": 0,
        "disk_free_bytes": 1,
    }
    async with machine(server, made["code"]) as gateway:
        await gateway.post("/api/gateway/status", json=body)
        clock.advance(seconds=14)
        await watch.look()
        assert links.events.lost == []
        clock.advance(seconds=2)
        await watch.look()
        await watch.look()
        # Once, and not of what was off anyway.
        assert links.events.lost == [(world.case.id, "room", "lost")]
        links.events.feeds.clear()
        await gateway.post("/api/gateway/status", json=body)
        assert links.events.feeds == [(world.case.id, "room", "live", 0)]
        own_word = body | {"feeds": [{"feed": "room", "state": "lost"}]}
        assert (await gateway.post("/api/gateway/status", json=own_word)).status_code == 422


async def test_a_server_that_was_away_itself_loses_nobody(server, world, links):
    clock = server.stop_clock()
    made = await announce(server, world)
    async with machine(server, made["code"]) as gateway:
        body = {"feeds": [{"feed": "room", "state": "live"}], "clock_offset_ms": 0, "disk_free_bytes": 1}
        await gateway.post("/api/gateway/status", json=body)
    clock.advance(minutes=10)
    await SilenceWatch(server.container).look()
    assert links.events.lost == []
