"""Sessions seen again (F47) and shown for teaching (F41), over HTTP, from recordings that the recorder made."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import av
import httpx2
import numpy as np
import pytest
from tests.integration.guidance.commands import advice, done, stroke
from tests.integration.workflow.steps import case_url, consented
from tests.support.recorded import record, record_sound, table
from tests.support.server import Server
from tests.support.world import PASSWORD, World

from tongtai.core.pictures.timecode import WRAP_MS, read_timecode
from tongtai.entrypoints.gateway.feed import Feed
from tongtai.entrypoints.gateway.options import GatewayOptions
from tongtai.entrypoints.gateway.recordings import sidecars
from tongtai.entrypoints.gateway.uploads import upload
from tongtai.features.accounts.model import Role

# WS/T 529: what is replayed and what is in the log belong together to a fifth of a second.
_ALIGNED_MS = 200
_TABLE_CLOCK_BEHIND_S = 5.0
_LABEL = {"left": 0, "top": 0, "right": 0.4, "bottom": 0.25}


async def begun(browser: httpx2.AsyncClient, world: World, view: str = "full") -> dict[str, Any]:
    answer = await browser.post(case_url(world, "/replays"), json={"view": view})
    assert answer.status_code == 201, answer.text
    return answer.json()


def lacks(answer: httpx2.Response) -> list[str]:
    assert answer.status_code == 409, answer.text
    return [one["code"] for one in answer.json()["error"]["values"]["lacks"]]


async def uploaded(server: Server, world: World, folder: Path, *feeds: str) -> None:
    """Record these feeds of the case and upload them."""
    async with table(server, world) as gateway:
        for feed in feeds:
            made = (
                record_sound(folder / feed, case_id=world.case.id, started_at=datetime.now(UTC))
                if feed == "mic"
                else record(folder / feed, feed=feed, case_id=world.case.id, started_at=datetime.now(UTC))
            )
            await upload(gateway, folder / feed, made)


def pictures(content: bytes, path: Path) -> list[tuple[float, np.ndarray]]:
    """Time (ms) and luma of each picture of an MP4."""
    path.write_bytes(content)
    with av.open(str(path)) as container:
        return [
            (float(frame.time) * 1000, frame.to_ndarray(format="gray")) for frame in container.decode(video=0)
        ]


async def recorded_beside(feed: Feed, root: Path, event: Any) -> Any:
    """Run a feed, let something happen in the middle of its recording, end it when a segment is whole."""

    async def until(condition: Any) -> None:
        async with asyncio.timeout(30):
            while not condition():
                await asyncio.sleep(0.02)

    feed.start()
    try:
        await until(lambda: any(path.stat().st_size > 60_000 for path in root.glob("*/*.mkv")))
        happened = await event()
        await until(lambda: any(one.state == "complete" for _, one in sidecars(root)))
    finally:
        await asyncio.to_thread(feed.stop)
    return happened


async def test_f47_replay_is_aligned_with_the_event_log(server: Server, world: World, tmp_path: Path) -> None:
    """The picture at the time of an event carries that time, though the table's clock is seconds behind."""
    await consented(server, world, "recording")
    root = tmp_path / "recordings"
    options = GatewayOptions(server="http://127.0.0.1:9", feeds={}, data=tmp_path, segment_s=2.0)
    feed = Feed(
        "ultrasound",
        "test:320x180@25",
        options=options,
        case_id=lambda: world.case.id,
        clock_offset_ms=lambda: _TABLE_CLOCK_BEHIND_S * 1000,
        cache=tmp_path / "pictures",
    )
    async with server.sign_in(world.operator) as site:
        await done(site, world.case.id, "session.opened")
        (marked,) = await recorded_beside(
            feed, root, lambda: done(site, world.case.id, "mark.added", {"text": "针尖可见"})
        )
    async with table(server, world) as gateway:
        for folder, made in sidecars(root):
            behind = replace(made, started_at=made.started_at - timedelta(seconds=_TABLE_CLOCK_BEHIND_S))
            await upload(gateway, folder, behind)
    async with server.sign_in(world.lead_guide) as expert:
        seen = await begun(expert, world)
        assert marked["seq"] in [event["seq"] for event in seen["events"]]
        at_ms = marked["t_server_ms"]
        ((clip, shown),) = [
            (clip, picture)
            for clip in seen["feeds"][0]["clips"]
            for time_ms, picture in pictures((await expert.get(clip["url"])).content, tmp_path / "seen.mp4")
            if 0 <= at_ms - (clip["started_ms"] + time_ms) < 40
        ] or pytest.fail("no picture of that moment")
    drawn_ms = read_timecode(shown)
    assert drawn_ms is not None
    off_ms = (drawn_ms - at_ms + WRAP_MS // 2) % WRAP_MS - WRAP_MS // 2
    assert abs(off_ms) <= _ALIGNED_MS, f"{off_ms} ms off"
    assert clip["started_ms"] < at_ms < clip["started_ms"] + clip["duration_ms"]


async def test_f47_a_segment_is_served_by_ranges(server: Server, world: World, tmp_path: Path) -> None:
    await consented(server, world, "recording")
    await uploaded(server, world, tmp_path, "ultrasound", "room", "mic")
    async with server.sign_in(world.operator) as site:
        seen = await begun(site, world)
        assert [feed["feed"] for feed in seen["feeds"]] == ["mic", "room", "ultrasound"]
        (clip,) = seen["feeds"][2]["clips"]
        whole = await site.get(clip["url"])
        assert (whole.headers["content-type"], whole.headers["accept-ranges"]) == ("video/mp4", "bytes")
        half = len(whole.content) // 2
        first = await site.get(clip["url"], headers={"Range": f"bytes=0-{half - 1}"})
        rest = await site.get(clip["url"], headers={"Range": f"bytes={half}-"})
    assert (first.status_code, rest.status_code) == (206, 206)
    assert rest.headers["content-range"] == f"bytes {half}-{len(whole.content) - 1}/{len(whole.content)}"
    assert first.content + rest.content == whole.content
    assert len(pictures(whole.content, tmp_path / "seen.mp4")) == 50


async def test_f47_nobody_plays_without_the_patients_consent(
    server: Server, world: World, tmp_path: Path
) -> None:
    await uploaded(server, world, tmp_path, "ultrasound")
    async with server.sign_in(world.lead_guide) as expert, server.sign_in(world.attending) as site:
        assert lacks(await expert.post(case_url(world, "/replays"), json={})) == ["consent_missing"]
        (kept,) = (await site.get(case_url(world, "/recordings"))).json()
        raw = case_url(world, f"/recordings/{kept['id']}/content")
        assert (await site.get(raw)).json()["error"]["code"] == "recording_consent_missing"
        signed = await consented(server, world, "telemedicine", "data_sharing", "recording")
        assert (await site.get(raw)).status_code == 200
        seen = await begun(expert, world)
        url = seen["feeds"][0]["clips"][0]["url"]
        assert (await expert.get(url)).status_code == 200
        assert (await expert.get(f"/api/replays/{seen['play_id']}")).status_code == 204
        # A replay is that of who began it.
        assert (await site.get(url)).json()["error"]["code"] == "replay_not_found"
        withdrawal = case_url(world, f"/consents/{signed['recording']}/withdraw")
        assert (await site.post(withdrawal, json={"reason": ""})).status_code == 200
        assert lacks(await expert.get(url)) == ["consent_withdrawn"]
        assert lacks(await expert.get(f"/api/replays/{seen['play_id']}")) == ["consent_withdrawn"]
        assert (await site.get(raw)).status_code == 409


async def test_f47_who_replays_is_in_the_audit_log(server: Server, world: World, tmp_path: Path) -> None:
    await consented(server, world, "recording")
    clock = server.stop_clock()
    async with server.sign_in(world.lead_guide) as expert, server.sign_in(world.person(Role.NURSE)) as nurse:
        seen = await begun(expert, world)
        assert seen["feeds"] == []
        assert (await nurse.post(case_url(world, "/replays"), json={})).status_code == 403
    async with server.sign_in(world.person(Role.AUDITOR)) as auditor:
        entries = (await auditor.get("/api/audit", params={"limit": 50})).json()["entries"]
    plays = {(e["outcome"], e["actor_name"]) for e in entries if e["action"] == "replays:session:play"}
    assert {outcome for outcome, _ in plays} == {"allowed", "denied"}
    clock.advance(hours=12)
    async with server.sign_in(world.lead_guide) as expert:
        over = await expert.get(f"/api/replays/{seen['play_id']}")
    assert over.json()["error"]["code"] == "replay_not_found"


async def approve(
    server: Server, world: World, *, number: int = 0, look: bool = True, **changes: Any
) -> httpx2.Response:
    """Medical affairs look at the recordings and approve the ultrasound with a covered corner."""
    body = {
        "purpose": "进修医师教学",
        "feeds": [{"feed": "ultrasound", "masks": [_LABEL]}],
        "number": number,
        "password": PASSWORD,
    } | changes
    async with server.sign_in(world.person(Role.MEDICAL_AFFAIRS)) as office:
        if look:
            await begun(office, world)
        return await office.post(case_url(world, "/teaching"), json=body)


@pytest.fixture
async def taught(server: Server, world: World, tmp_path: Path) -> dict[str, str]:
    """A session with pictures, words and drawings whose patient consents to teaching; returns the consents' ids."""
    case = world.case.id
    async with server.sign_in(world.operator) as site, server.sign_in(world.lead_guide) as expert:
        await done(site, case, "session.opened")
        await done(site, case, "step.marked", {"step": "puncture", "note": "王小明配合良好"})
        await done(expert, case, "advice.given", advice(text="王小明，退 5 mm"))
        await done(expert, case, "draw.added", stroke("on_ultrasound"))
        await done(expert, case, "draw.added", stroke("on_room", feed="room"))
        words = stroke("in_words") | {"tool": "text", "text": "王小明"}
        await done(expert, case, "draw.added", words)
    await uploaded(server, world, tmp_path, "ultrasound", "room", "mic")
    return await consented(server, world, "recording", "broadcast")


async def test_f41_teaching_is_off_until_consent_and_approval(
    server: Server, world: World, tmp_path: Path
) -> None:
    await uploaded(server, world, tmp_path, "ultrasound")
    observer = world.person(Role.OBSERVER)
    async with server.sign_in(observer) as guest:
        wanted = {"view": "teaching"}
        missing = lacks(await guest.post(case_url(world, "/replays"), json=wanted))
        assert missing == ["consent_missing", "consent_missing", "teaching_not_approved"]
        assert (await guest.get("/api/teaching")).json() == []
        refused = await approve(server, world, look=False)
        assert lacks(refused) == ["consent_missing", "consent_missing", "teaching_not_looked_at"]
        await consented(server, world, "recording", "broadcast")
        assert lacks(await guest.post(case_url(world, "/replays"), json=wanted)) == ["teaching_not_approved"]
        assert (await approve(server, world)).status_code == 200
        assert [one["case_id"] for one in (await guest.get("/api/teaching")).json()] == [world.case.id]
        await begun(guest, world, "teaching")
        # Nothing covers what comes live, and what was not approved is not for guests.
        assert (await guest.post(f"/api/sessions/{world.case.id}/join")).status_code == 403
        assert (await guest.get(f"/api/sessions/{world.case.id}")).status_code == 403
        assert (await guest.post(case_url(world, "/replays"), json={})).status_code == 403


async def test_f41_what_names_the_patient_is_covered_before_it_leaves(
    server: Server, world: World, taught: dict[str, str], tmp_path: Path
) -> None:
    assert (await approve(server, world)).status_code == 200
    async with server.sign_in(world.operator) as site:
        full = await begun(site, world)
    async with server.sign_in(world.person(Role.OBSERVER)) as guest:
        answer = await guest.post(case_url(world, "/replays"), json={"view": "teaching"})
        seen = answer.json()
        # Neither a name that somebody wrote nor the case's number, neither the sound nor what was not approved.
        assert not [
            word for word in ("王小明", "王**", world.case.number, "mic", "room") if word in answer.text
        ]
        assert [feed["feed"] for feed in seen["feeds"]] == ["ultrasound"]
        drawn = [e["payload"]["stroke_id"] for e in seen["events"] if e["type"] == "draw.added"]
        assert drawn == ["on_ultrasound"]
        covered = await guest.get(seen["feeds"][0]["clips"][0]["url"])
        others = {clip["recording_id"] for feed in full["feeds"] for clip in feed["clips"]}
        others -= {seen["feeds"][0]["clips"][0]["recording_id"]}
        for recording_id in others:
            other = await guest.get(f"/api/replays/{seen['play_id']}/clips/{recording_id}")
            assert other.json()["error"]["code"] == "recording_not_found"
    shown = pictures(covered.content, tmp_path / "seen.mp4")
    assert len(shown) == 50
    # White letters stood there: all pictures are black there now, and only there.
    assert max(picture[:24, :64].max() for _, picture in shown) < 20
    assert min(picture[40:].min() for _, picture in shown) > 70


@pytest.mark.parametrize("ended_by", ["withdrawal", "office"])
async def test_f41_withdrawal_ends_it_at_once(
    server: Server, world: World, taught: dict[str, str], ended_by: str
) -> None:
    assert (await approve(server, world)).status_code == 200
    async with server.sign_in(world.person(Role.OBSERVER)) as guest:
        seen = await begun(guest, world, "teaching")
        url = seen["feeds"][0]["clips"][0]["url"]
        assert (await guest.get(url)).status_code == 200
        if ended_by == "office":
            async with server.sign_in(world.person(Role.MEDICAL_AFFAIRS)) as office:
                answer = await office.post(case_url(world, "/teaching/end"), json={"reason": "家属来电"})
        else:
            async with server.sign_in(world.attending) as site:
                path = case_url(world, f"/consents/{taught['broadcast']}/withdraw")
                answer = await site.post(path, json={"reason": ""})
        assert answer.status_code == 200, answer.text
        reason = "teaching_not_approved" if ended_by == "office" else "consent_withdrawn"
        assert lacks(await guest.get(url)) == [reason]
        assert lacks(await guest.get(f"/api/replays/{seen['play_id']}")) == [reason]
        assert (await guest.get("/api/teaching")).json() == []
    # Who treats the patient goes on seeing what was recorded: each consent has its own power.
    async with server.sign_in(world.operator) as site:
        assert await begun(site, world)


async def test_f41_what_is_uploaded_after_the_approval_is_not_shown(
    server: Server, world: World, taught: dict[str, str], tmp_path: Path
) -> None:
    assert (await approve(server, world)).status_code == 200
    await uploaded(server, world, tmp_path / "later", "ultrasound")
    async with server.sign_in(world.person(Role.OBSERVER)) as guest:
        assert len((await begun(guest, world, "teaching"))["feeds"][0]["clips"]) == 1
        assert (await approve(server, world, number=0)).json()["error"]["code"] == "teaching_changed"
        assert (await approve(server, world, number=1)).status_code == 200
        assert len((await begun(guest, world, "teaching"))["feeds"][0]["clips"]) == 2


@pytest.mark.parametrize(
    ("feed", "lack"),
    [("mic", "teaching_sound"), ("dsa", "teaching_not_recorded"), (None, "teaching_feed_missing")],
)
async def test_f41_only_what_was_looked_at_can_be_approved(
    server: Server, world: World, taught: dict[str, str], feed: str | None, lack: str
) -> None:
    feeds = [{"feed": feed, "masks": []}] if feed else []
    assert lacks(await approve(server, world, feeds=feeds)) == [lack]
    wrong = await approve(server, world, password="not this one")
    assert wrong.json()["error"]["code"] == "password_wrong"
