"""A copy of everything for the patient, and a case without its patient for teaching."""

import asyncio
import hashlib
import json
from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pydicom
import pytest
from pydicom.dataset import Dataset
from sqlalchemy import select
from tests.integration.workflow.steps import case_url, consented, submitted
from tests.integration.workflow.walk import Walker
from tests.support.phases import phase_series
from tests.support.server import Server
from tests.support.world import PASSWORD, Person, World
from typer.testing import CliRunner, Result

from tongtai.core.deidentification import Disguise
from tongtai.entrypoints.cli.main import app
from tongtai.features.accounts.model import Role
from tongtai.features.archive.errors import CopyRefusedError
from tongtai.features.audit.sql import AuditEntryRow
from tongtai.features.cases.errors import CaseNotFoundError
from tongtai.formats.dicom.deidentified import deidentified

_NAME, _NUMBER, _BIRTH = "王小明", "H0-0001", "1957-03-02"


@cache
def _simulated() -> bytes:
    return phase_series("shancheng", "arterial")[0]


def _image() -> Dataset:
    image = pydicom.dcmread(BytesIO(_simulated()))
    image.PatientName, image.PatientID, image.PatientBirthDate = _NAME, _NUMBER, "19570302"
    image.PatientSex = "M"
    # A simulated slice says so in its picture; a scanner's does not.
    image.BurnedInAnnotation = "NO"
    image.SpecificCharacterSet = "ISO_IR 192"
    return image


def _bytes(image: Dataset) -> bytes:
    out = BytesIO()
    image.save_as(out, enforce_file_format=True)
    return out.getvalue()


async def _send_image(server: Server, world: World) -> None:
    pushes = case_url(world, "/imaging/pushes")
    async with server.sign_in(world.person(Role.TECHNICIAN)) as browser:
        push = (await browser.post(pushes, json={"source": "ct", "declared_files": 1})).json()["push_id"]
        sent = await browser.put(f"{pushes}/{push}/files/1.dcm", content=_bytes(_image()))
        assert sent.status_code < 300, sent.text
        finished = await browser.post(f"{pushes}/{push}/finish")
        assert finished.status_code < 300, finished.text


async def _copied(server: Server, world: World, who: Person, part: str, body: dict | None = None):
    async with server.sign_in(who) as browser:
        return await browser.post(case_url(world, f"/archive/{part}"), json=body)


@pytest.fixture
async def filled(server: Server, world: World) -> World:
    """A case with answers, files, images and a signed meeting."""
    walker = Walker(server, world)
    await walker.fill_in()
    await submitted(server, world)
    await walker.meet()
    await _send_image(server, world)
    return world


async def test_f25_the_copy_holds_every_part_and_says_that_it_is_one(server: Server, filled: World):
    office = filled.person(Role.MEDICAL_AFFAIRS)
    answer = await _copied(server, filled, office, "copy", {"recipient": "patient"})
    assert answer.status_code == 200, answer.text
    archive = ZipFile(BytesIO(answer.content))
    names = set(archive.namelist())
    assert {"COPY.txt", "patient.json", "record/intake.json", "record/mdt.json", "record/care.json"} <= names
    assert sum(name.startswith("attachments/") for name in names) == 3
    assert "非原件" in archive.read("COPY.txt").decode()
    assert json.loads(archive.read("record/intake.json"))["phone"]["answer"]["value"] == "无"
    (image,) = [name for name in names if name.startswith("images/")]
    assert pydicom.dcmread(BytesIO(archive.read(image))).PatientName == _NAME
    for line in archive.read("SHA256SUMS").decode().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256(archive.read(name)).hexdigest() == digest
    async with server.container.database.transaction() as session:
        logged = list(await session.scalars(select(AuditEntryRow.action)))
    assert "archive:record:copy" in logged
    assert (
        await _copied(server, filled, filled.lead_guide, "copy", {"recipient": "patient"})
    ).status_code == 403


async def test_the_shell_makes_the_same_copies(server: Server, filled: World, tmp_path: Path):
    data = str(server.container.settings.data)

    async def run(*arguments: str) -> Result:
        command = ["case", *arguments, "--out", str(tmp_path), "--data", data]
        url = server.container.settings.database_url
        env = {"COLUMNS": "300", "TONGTAI_DATABASE_URL": url}
        return await asyncio.to_thread(CliRunner().invoke, app, command, env=env)

    assert isinstance((await run("copy", "none", "--for", "patient")).exception, CaseNotFoundError)
    done = await run("copy", filled.case.number, "--for", "authority")
    assert done.exit_code == 0, done.output
    assert "主管机关" in ZipFile(done.output.strip()).read("COPY.txt").decode()
    assert isinstance((await run("teach", filled.case.number)).exception, CopyRefusedError)
    await consented(server, filled, "broadcast")
    taught = await run("teach", filled.case.number)
    assert "case.json" in ZipFile(taught.output.strip()).namelist()
    async with server.container.database.transaction() as session:
        rows = await session.scalars(select(AuditEntryRow).where(AuditEntryRow.actor_kind == "system"))
        assert {"archive:record:copy", "archive:record:deidentify"} <= {row.action for row in rows}


async def test_a_case_for_teaching_holds_nothing_of_the_patient(server: Server, filled: World):
    office = filled.person(Role.MEDICAL_AFFAIRS)
    refused = await _copied(server, filled, office, "deidentified")
    assert refused.json()["error"]["code"] == "copy_refused"
    assert refused.json()["error"]["values"]["lacks"][0]["code"] == "consent_missing"
    await consented(server, filled, "broadcast")
    answer = await _copied(server, filled, office, "deidentified")
    assert answer.status_code == 200, answer.text
    archive = ZipFile(BytesIO(answer.content))
    case = filled.case
    for name in archive.namelist():
        content = archive.read(name)
        for secret in (_NAME, _NUMBER, _BIRTH, case.id, case.number, PASSWORD, "无", "19570302"):
            assert secret.encode() not in content, (name, secret)
    told = json.loads(archive.read("case.json"))
    disguise = Disguise(server.container.settings.secret("deidentification").encode(), case.id)
    today = server.container.clock.now().date()
    assert told["number"] == disguise.number
    assert told["answers"]["platelets"]["observed_on"] == disguise.day(today).isoformat()
    assert "phone" not in told["answers"]
    (image,) = [name for name in archive.namelist() if name.startswith("images/")]
    shown = pydicom.dcmread(BytesIO(archive.read(image)))
    assert (shown.PatientIdentityRemoved, shown.PatientName) == ("YES", disguise.number)
    assert [item.CodeValue for item in shown.DeidentificationMethodCodeSequence] == ["113100", "113107"]
    before = _image()
    assert (shown.pixel_array == before.pixel_array).all()
    assert shown.SOPInstanceUID == disguise.uid(before.SOPInstanceUID)
    taken = datetime.strptime(shown.StudyDate, "%Y%m%d").date()  # noqa: DTZ007  (a day has no zone)
    assert taken == disguise.day(date.today())  # noqa: DTZ011  (the series is taken today)


@pytest.mark.parametrize("change", [{"BurnedInAnnotation": "YES"}, {"Modality": "US"}, {"Modality": "SC"}])
def test_pictures_that_may_show_the_name_are_left_out(change: dict[str, str]):
    image = _image()
    for keyword, value in change.items():
        setattr(image, keyword, value)
    assert deidentified(_bytes(image), Disguise(b"s", "c")) is None


def test_private_groups_and_free_texts_are_not_kept():
    image = _image()
    image.add_new(0x00111001, "LO", _NAME)
    image.ImageComments = image.StudyDescription = image.InstitutionName = _NAME
    kept = deidentified(_bytes(image), Disguise(b"s", "c"))
    assert kept is not None
    assert _NAME.encode() not in kept
    assert not [tag for tag in pydicom.dcmread(BytesIO(kept)).keys() if tag.is_private]  # noqa: SIM118
