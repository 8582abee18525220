"""Sending images: what is kept, what is named, what waits, what continues."""

import asyncio
import hashlib
import zipfile
from urllib.parse import quote

import pytest
from sqlalchemy import func, select
from tests.support.images import PATIENT, REAL_CT, SOMEBODY_ELSE, edited, small_ct, zipped
from tests.support.listening import listening

from tongtai.features.imaging.api.uploads import Spool
from tongtai.features.imaging.errors import UploadTooLargeError
from tongtai.features.imaging.sql import InstanceRow

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


class Sender:
    """Somebody who sends images of a case."""

    def __init__(self, client, case_id):
        self.client = client
        self.root = f"/api/cases/{case_id}/imaging"
        self.push_id = ""

    async def start(self, source="test", declared=None):
        answer = await self.client.post(
            f"{self.root}/pushes", json={"source": source, "declared_files": declared}
        )
        assert answer.status_code == 201, answer.text
        self.push_id = answer.json()["push_id"]
        return answer.json()

    async def put(self, name, content, **query):
        return await self.client.put(
            f"{self.root}/pushes/{self.push_id}/files/{quote(name, safe='')}",
            content=content,
            params=query,
            headers={"Content-Type": "application/octet-stream"},
        )

    async def send(self, name, content):
        answer = await self.put(name, content)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def act(self, action, **body):
        return await self.client.post(f"{self.root}/pushes/{self.push_id}/{action}", json=body)

    async def series(self):
        return (await self.client.get(f"{self.root}/series")).json()


@pytest.fixture
async def sender(server, world):
    async with server.sign_in(world.operator) as client:
        yield Sender(client, world.case.id)


async def _events(sender, case_id):
    answer = await sender.client.get(f"/api/sessions/{case_id}/events", params={"after": 0, "limit": 500})
    assert answer.status_code == 200, answer.text
    return [(event["type"], event["payload"]) for event in answer.json() if event["type"].startswith("ct.")]


async def test_each_file_can_be_seen_at_once(sender):
    await sender.start(declared=6)
    for count, content in enumerate(small_ct(), start=1):
        answer = await sender.send(f"IM{count}", content)
        assert len(answer["accepted"]) == 1
        (series,) = await sender.series()
        assert series["instances"] == count
    summary = (await sender.act("finish")).json()
    assert (summary["received"], summary["rejected"], summary["duplicates"]) == (6, 0, 0)
    again = await sender.put("late", small_ct()[0])
    assert again.status_code == 409
    assert again.json()["error"]["code"] == "push_finished"


async def test_a_zip_keeps_the_good_files_and_names_the_bad_ones(sender):
    good = small_ct()
    files = [(f"CT/IM{n}", content) for n, content in enumerate(good)]
    files += [
        ("CT/readme.txt", b"hello"),
        ("CT/cut", good[0][:2000]),
        ("../../etc/passwd", good[1]),
        ("CT/no-pixels", edited(good[2], lambda dataset: delattr(dataset, "PixelData"))),
        ("CT/inner.zip", zipped([("a", b"b")])),
    ]
    await sender.start()
    answer = await sender.send("study.zip", zipped(files))
    assert len(answer["accepted"]) == 6
    assert {file["name"]: file["code"] for file in answer["rejected"]} == {
        "CT/readme.txt": "not_dicom",
        "CT/cut": "dicom_truncated",
        "../../etc/passwd": "archive_entry_unsafe",
        "CT/no-pixels": "dicom_pixel_data_missing",
        "CT/inner.zip": "archive_nested",
    }


async def test_a_zip_bomb_is_named_and_nothing_is_kept(sender):
    await sender.start()
    answer = await sender.send("bomb.zip", zipped([("zeros", bytes(40 << 20))]))
    assert [file["code"] for file in answer["rejected"]] == ["archive_too_large"]


async def test_another_patients_images_wait_until_the_name_is_typed(server, sender):
    await sender.start()
    answer = await sender.send("a", small_ct(SOMEBODY_ELSE)[0])
    assert len(answer["quarantined"]) == 1
    assert await sender.series() == []
    status = (await sender.client.get(f"{sender.root}/pushes/{sender.push_id}")).json()
    (waiting,) = status["quarantined"]
    assert set(waiting["differing"]) == {"birth_date", "patient_id"}
    assert waiting["patient"]["patient_id"] == "X9"
    wrong = await sender.act("confirm-patient", typed_name="Li Xiaohong")
    assert wrong.json()["error"]["code"] == "patient_name_differs"
    confirmed = await sender.act("confirm-patient", typed_name=" 王小明 ")
    assert confirmed.json()["received"] == 1
    # What follows from the same person is not asked about again.
    answer = await sender.send("b", small_ct(SOMEBODY_ELSE)[1])
    assert len(answer["accepted"]) == 1
    assert (await sender.series())[0]["instances"] == 2


async def test_two_strangers_are_confirmed_one_by_one(sender):
    await sender.start()
    other = type(SOMEBODY_ELSE)(**{**_fields(SOMEBODY_ELSE), "name": "Zhao^Liu"})
    await sender.send("a", small_ct(SOMEBODY_ELSE)[0])
    await sender.send("b", small_ct(other)[0])
    refused = await sender.act("confirm-patient", typed_name="王小明")
    assert refused.json()["error"]["code"] == "patient_ambiguous"
    chosen = refused.json()["error"]["values"]["identities"][0]
    confirmed = await sender.act("confirm-patient", typed_name="王小明", identity=chosen)
    assert confirmed.json()["received"] == 1
    assert len(confirmed.json()["quarantined"]) == 1


def _fields(patient):
    return {name: getattr(patient, name) for name in patient.__slots__}


async def test_the_same_image_is_stored_once_and_a_forged_twin_is_refused(server, sender):
    content = small_ct()[0]
    await sender.start()
    await sender.send("a", content)
    assert (await sender.send("b", content))["duplicates"] == 1
    twin = edited(content, lambda dataset: setattr(dataset, "SeriesDescription", "other"))
    assert (await sender.send("c", twin))["rejected"][0]["code"] == "dicom_instance_conflict"
    stray = edited(small_ct()[1], lambda dataset: setattr(dataset, "StudyInstanceUID", "1.2.3"))
    assert (await sender.send("d", stray))["rejected"][0]["code"] == "dicom_series_conflict"
    async with server.container.database.transaction() as session:
        assert await session.scalar(select(func.count()).select_from(InstanceRow)) == 1


async def test_a_cut_push_goes_on_where_it_was(sender):
    files = small_ct()
    first = await sender.start(source="/media/cd")
    await sender.send("IM0", files[0])
    again = await sender.start(source="/media/cd")
    assert again["push_id"] == first["push_id"]
    assert [(file["name"], file["sha256"]) for file in again["files"]] == [
        ("IM0", hashlib.sha256(files[0]).hexdigest())
    ]
    damaged = await sender.put("IM1", files[1][:-1], sha256=hashlib.sha256(files[1]).hexdigest())
    assert (damaged.status_code, damaged.json()["error"]["code"]) == (422, "checksum_mismatch")
    assert len((await sender.send("IM1", files[1]))["accepted"]) == 1


async def test_parallel_uploads_all_arrive_and_the_session_is_told(world, sender):
    await sender.start(declared=6)
    await asyncio.gather(*(sender.send(f"IM{n}", content) for n, content in enumerate(small_ct())))
    await sender.act("finish")
    events = await _events(sender, world.case.id)
    kinds = [kind for kind, _ in events]
    assert kinds[0] == "ct.push_started"
    assert kinds[-1] == "ct.push_finished"
    assert events[-1][1]["received"] == 6
    assert events[-2][1]["received"] == 6
    assert 1 <= kinds.count("ct.series_progress") <= 6


async def test_two_gigabytes_are_refused_before_they_are_read(server, sender):
    await sender.start()
    path = f"{sender.root}/pushes/{sender.push_id}/files/big"
    cookies = "; ".join(f"{name}={value}" for name, value in sender.client.cookies.items())
    head = (
        f"PUT {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\n"
        f"X-CSRF-Token: {sender.client.headers['X-CSRF-Token']}\r\n"
    )
    async with listening(server.app) as origin:
        port = int(origin.rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"{head}Content-Length: {2 << 30}\r\n\r\n".encode())
        status = await asyncio.wait_for(reader.readline(), 10)
        writer.close()
    assert status.split()[1] == b"413"


async def test_an_upload_that_does_not_say_its_size_is_stopped_at_the_limit(server, tmp_path):
    spooled = Spool(tmp_path / "body", limit_bytes=5 << 20)
    for _ in range(5):
        await spooled.write(bytes(1 << 20))
    with pytest.raises(UploadTooLargeError):
        await spooled.write(b"1")
    assert (tmp_path / "body").stat().st_size <= 5 << 20
    spooled.discard()
    assert not (tmp_path / "body").exists()


async def test_another_hospital_cannot_know_of_the_case(server, world, sender):
    await sender.start()
    await sender.send("a", small_ct()[0])
    (series,) = await sender.series()
    dicomweb = f"/api/cases/{world.case.id}/dicomweb"
    study = f"{dicomweb}/studies/{series['study_uid']}"
    async with server.sign_in(world.other_operator) as stranger:
        for path in (
            f"{sender.root}/series",
            f"{sender.root}/pushes/{sender.push_id}",
            f"{dicomweb}/studies",
            f"{study}/metadata",
            f"{study}/series/{series['series_uid']}",
        ):
            answer = await stranger.get(path)
            assert answer.status_code == 404, path
            assert answer.json()["error"]["code"] == "case_not_found"
        intruder = Sender(stranger, world.case.id)
        intruder.push_id = sender.push_id
        assert (await intruder.put("x", small_ct()[1])).status_code == 404
        # Nor through a case of their own.
        own = f"/api/cases/{world.other_case.id}"
        assert (await stranger.get(f"{own}/imaging/pushes/{sender.push_id}")).status_code == 404
        path = f"{own}/dicomweb/studies/{series['study_uid']}/metadata"
        assert (await stranger.get(path)).json()["error"]["code"] == "image_not_found"


async def test_guides_read_and_do_not_push(server, world, sender):
    async with server.sign_in(world.lead_guide) as guide:
        answer = await guide.post(f"{sender.root}/pushes", json={"source": "x"})
        assert answer.status_code == 403
        assert (await guide.get(f"{sender.root}/series")).status_code == 200


@pytest.mark.shared
@pytest.mark.skipif(not REAL_CT.is_dir(), reason="no ../shared/data/ct-liver-lesions")
async def test_a_real_ct_of_99_slices_arrives_whole(sender):
    await sender.start(declared=99)
    files = [(path.name, path.read_bytes()) for path in sorted(REAL_CT.iterdir())]
    answer = await sender.send("ct.zip", zipped(files, zipfile.ZIP_STORED))
    assert len(answer["quarantined"]) == 99
    confirmed = (await sender.act("confirm-patient", typed_name="王小明")).json()
    assert (confirmed["received"], confirmed["quarantined"]) == (99, [])
    (series,) = await sender.series()
    assert (series["instances"], series["rows"]) == (99, 512)


def test_the_world_of_these_tests_is_the_patient_of_the_files(world):
    assert world.case.patient.name == PATIENT.name
