"""``tongtai push-ct`` against a real port."""

import asyncio

import httpx2
import pytest
import typer
from tests.support.gateways import enrolled
from tests.support.images import SOMEBODY_ELSE, small_ct
from tests.support.listening import listening
from tests.support.world import PASSWORD
from typer.testing import CliRunner

from tongtai.entrypoints.cli.push_client import LocalFile, PushClient, ServerUnreachableError, files_in
from tongtai.entrypoints.cli.push_ct import ExitCode, push_ct

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


@pytest.fixture
async def origin(server):
    async with listening(server.app) as address:
        yield address


@pytest.fixture
def run(origin, world):
    """Run the command as the operator in a thread; the server lives in this one."""
    app = typer.Typer()
    app.command()(push_ct)

    async def run_command(folder, *options, password=PASSWORD):
        arguments = [str(folder), "--server", origin, "--login", world.operator.login]
        arguments += ["--case", world.case.number, *options]
        environment = {"TONGTAI_PASSWORD": password, "NO_COLOR": "1", "COLUMNS": "200"}
        return await asyncio.to_thread(CliRunner().invoke, app, arguments, env=environment)

    return run_command


def _folder(tmp_path, contents):
    folder = tmp_path / "DICOM"
    (folder / "S1").mkdir(parents=True)
    for number, content in enumerate(contents):
        (folder / "S1" / f"IM {number}").write_bytes(content)
    (folder / ".hidden").write_text("not sent")
    return folder


async def test_a_folder_is_stored_and_a_second_run_sends_nothing_new(run, tmp_path):
    folder = _folder(tmp_path, small_ct())
    first = await run(folder)
    assert first.exit_code == ExitCode.STORED, first.output
    assert "6 stored, 0 known before, 0 rejected" in first.output
    second = await run(folder)
    assert second.exit_code == ExitCode.STORED
    assert "0 stored, 6 known before" in second.output


async def test_rejects_are_named_and_the_rest_is_kept(run, tmp_path):
    folder = _folder(tmp_path, [*small_ct()[:2], b"not dicom"])
    result = await run(folder)
    assert result.exit_code == ExitCode.SOME_REJECTED
    assert "rejected S1/IM 2: The file is not a DICOM file." in result.output
    assert "2 stored" in result.output


async def test_another_patient_needs_the_name(run, tmp_path):
    folder = _folder(tmp_path, small_ct(SOMEBODY_ELSE))
    waiting = await run(folder)
    assert waiting.exit_code == ExitCode.PATIENT_DIFFERS
    assert "6 waiting" in waiting.output
    confirmed = await run(folder, "--confirm-patient", "王小明")
    assert confirmed.exit_code == ExitCode.STORED, confirmed.output


async def test_refusals_and_wrong_use_have_their_own_exit_codes(run, tmp_path):
    folder = _folder(tmp_path, small_ct()[:1])
    assert (await run(folder, password="wrong password 11")).exit_code == ExitCode.REFUSED
    assert (await run(folder, "--case", "1999-0001")).exit_code == ExitCode.REFUSED
    empty = tmp_path / "empty"
    empty.mkdir()
    assert (await run(empty)).exit_code == ExitCode.WRONG_USE


@pytest.fixture
def run_as_gateway(origin, server, tmp_path):
    """Run the command with the enrolment of a gateway in an operating room."""
    app = typer.Typer()
    app.command()(push_ct)

    async def run_command(folder, room, case, *options):
        data = tmp_path / f"gateway-{room.id}"
        data.mkdir(exist_ok=True)
        (data / "gateway-token").write_text(await enrolled(server, room))
        arguments = [str(folder), "--server", origin, "--gateway", str(data), "--case", case.number, *options]
        return await asyncio.to_thread(CliRunner().invoke, app, arguments, env={"COLUMNS": "200"})

    return run_command


async def test_a_gateway_sends_to_a_case_of_its_room_without_a_password(
    run_as_gateway, server, world, tmp_path
):
    folder = _folder(tmp_path, small_ct())
    result = await run_as_gateway(folder, world.rooms[0], world.case)
    assert result.exit_code == ExitCode.STORED, result.output
    assert "6 stored" in result.output
    async with server.sign_in(world.operator) as site:
        (series,) = (await site.get(f"/api/cases/{world.case.id}/imaging/series")).json()
        assert series["instances"] == 6
        events = (await site.get(f"/api/sessions/{world.case.id}/events?limit=50")).json()
    senders = {(event["actor"]["kind"], event["actor"]["side"]) for event in events}
    assert senders == {("gateway", "site")}


async def test_a_gateway_does_not_reach_the_case_of_another_room(run_as_gateway, world, tmp_path):
    folder = _folder(tmp_path, small_ct())
    result = await run_as_gateway(folder, world.rooms[1], world.case)
    assert result.exit_code == ExitCode.REFUSED
    assert "There is no such case" in result.output


async def test_a_gateway_cannot_state_whose_images_they_are(run_as_gateway, world, tmp_path):
    folder = _folder(tmp_path, small_ct(SOMEBODY_ELSE))
    stated = await run_as_gateway(folder, world.rooms[0], world.case, "--confirm-patient", "王小明")
    assert stated.exit_code == ExitCode.WRONG_USE
    waiting = await run_as_gateway(folder, world.rooms[0], world.case)
    assert waiting.exit_code == ExitCode.PATIENT_DIFFERS


async def test_what_arrived_before_a_cut_is_not_sent_again(origin, world, tmp_path):
    folder = _folder(tmp_path, small_ct())
    half = files_in(folder)[:3]

    def before_the_cut():
        with PushClient(origin) as client:
            client.sign_in(world.operator.login, PASSWORD)
            push = client.start(client.find_case(world.case.number), source="x", files=6)
            for file in half:
                client.send(push, file, file.sha256())

    def after_the_cut():
        with PushClient(origin) as client:
            client.sign_in(world.operator.login, PASSWORD)
            push = client.start(client.find_case(world.case.number), source="x", files=6)
            return {file["name"] for file in push["files"]}

    await asyncio.to_thread(before_the_cut)
    assert await asyncio.to_thread(after_the_cut) == {file.name for file in half}


def test_a_server_that_stays_away_is_called_unreachable(tmp_path, monkeypatch):
    waited: list[float] = []
    monkeypatch.setattr("tongtai.entrypoints.cli.push_client.time.sleep", waited.append)

    def away(request):
        raise httpx2.ConnectError("refused")

    path = tmp_path / "IM"
    path.write_bytes(b"x")
    push = {"case_id": "c", "push_id": "p", "files": []}
    with (
        PushClient("http://tongtai.invalid", transport=httpx2.MockTransport(away)) as client,
        pytest.raises(ServerUnreachableError),
    ):
        client.send(push, LocalFile(path, "IM"), "0" * 64)
    assert waited == sorted(waited)
    assert len(waited) >= 4
