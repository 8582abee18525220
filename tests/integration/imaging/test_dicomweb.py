"""DICOMweb as third-party clients use it, over a real socket."""

import asyncio
from io import BytesIO

import numpy as np
import pydicom
import pytest
import requests
from PIL import Image
from pydicom.pixels.processing import apply_rescale, apply_windowing
from pydicom.uid import JPEG2000Lossless, JPEGLSLossless, RLELossless
from tests.support.images import SOMEBODY_ELSE, edited, small_ct
from tests.support.listening import listening
from tests.support.world import PASSWORD

from tongtai.formats.dicom.pixels import extract_frame
from tongtai.formats.dicom.reading import open_dataset

dicomweb_client = pytest.importorskip("dicomweb_client")
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
async def origin(server):
    async with listening(server.app) as address:
        yield address


def _client(origin, person, case_id):
    session = requests.Session()
    answer = session.post(
        f"{origin}/api/auth/login", json={"login": person.login, "password": PASSWORD}, timeout=10
    )
    session.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
    url = f"{origin}/api/cases/{case_id}/dicomweb"
    return dicomweb_client.DICOMwebClient(url, session=session)


def _datasets(*contents):
    return [pydicom.dcmread(BytesIO(content)) for content in contents]


async def test_a_dicomweb_client_stores_searches_and_retrieves(origin, world):
    def use():
        client = _client(origin, world.operator, world.case.id)
        stored = client.store_instances(_datasets(*small_ct()))
        assert len(stored.ReferencedSOPSequence) == 6
        (study,) = client.search_for_studies(search_filters={"PatientID": "H0-*"})
        assert study["00201208"]["Value"] == [6]
        assert client.search_for_studies(search_filters={"PatientID": "nobody"}) == []
        study_uid = study["0020000D"]["Value"][0]
        (series,) = client.search_for_series(study_uid)
        series_uid = series["0020000E"]["Value"][0]
        found = client.search_for_instances(study_uid, series_uid, limit=4)
        assert len(found) == 4
        metadata = client.retrieve_series_metadata(study_uid, series_uid)
        positions = [header["00200032"]["Value"][2] for header in metadata]
        assert positions == sorted(positions)
        whole = client.retrieve_series(study_uid, series_uid)
        assert {dataset.SOPInstanceUID for dataset in whole} == {
            dataset.SOPInstanceUID for dataset in _datasets(*small_ct())
        }
        sop_uid = whole[0].SOPInstanceUID
        one = client.retrieve_instance(study_uid, series_uid, sop_uid)
        assert one.PixelData == whole[0].PixelData
        (frame,) = client.retrieve_instance_frames(study_uid, series_uid, sop_uid, [1])
        assert bytes(frame) == whole[0].PixelData

    await asyncio.to_thread(use)


@pytest.mark.parametrize(
    ("syntax", "media_type"),
    [(JPEG2000Lossless, "image/jp2"), (JPEGLSLossless, "image/jls"), (RLELossless, "image/dicom-rle")],
)
async def test_compressed_frames_go_out_as_stored_and_decoded(origin, world, syntax, media_type):
    plain = small_ct()[0]
    packed = edited(plain, lambda dataset: dataset.compress(syntax, generate_instance_uid=False))

    def use():
        client = _client(origin, world.operator, world.case.id)
        client.store_instances(_datasets(packed))
        header = _datasets(plain)[0]
        path = (
            f"{client.base_url}/studies/{header.StudyInstanceUID}/series/{header.SeriesInstanceUID}"
            f"/instances/{header.SOPInstanceUID}"
        )
        http = client._session

        def get(url, accept):
            answer = http.get(url, headers={"Accept": accept}, timeout=10)
            assert answer.status_code == 200, answer.text
            return answer

        stored = get(f"{path}/frames/1", media_type)
        assert stored.headers["content-type"] == media_type
        assert stored.content == extract_frame(open_dataset(packed), 1).content
        decoded = get(f"{path}/frames/1", "application/octet-stream")
        assert decoded.content == header.PixelData
        viewer = get(
            f"{path}/frames/1", "multipart/related; type=application/octet-stream; transfer-syntax=*"
        )
        assert media_type in viewer.headers["content-type"]
        assert f"transfer-syntax={syntax}".encode() in viewer.content
        whole = get(path, "application/dicom; transfer-syntax=1.2.840.10008.1.2.1")
        assert pydicom.dcmread(BytesIO(whole.content)).PixelData == header.PixelData
        assert http.get(f"{path}/frames/2", timeout=10).status_code == 404
        assert http.get(f"{path}/frames/x", timeout=10).status_code == 404
        refused = http.get(f"{path}/frames/1", headers={"Accept": "image/png"}, timeout=10)
        assert refused.status_code == 406

    await asyncio.to_thread(use)


async def test_store_says_which_images_it_did_not_take(origin, world):
    def use():
        client = _client(origin, world.operator, world.case.id)
        url = f"{client.base_url}/studies"
        parts = [small_ct()[0], b"not dicom", small_ct(SOMEBODY_ELSE)[0]]
        body = b"".join(b"--X\r\nContent-Type: application/dicom\r\n\r\n" + part + b"\r\n" for part in parts)
        headers = {"Content-Type": 'multipart/related; type="application/dicom"; boundary=X'}
        http = client._session
        answer = http.post(url, data=body + b"--X--\r\n", headers=headers, timeout=10)
        assert answer.status_code == 202
        failed = answer.json()["00081198"]["Value"]
        assert [item["00081197"]["Value"][0] for item in failed] == [0xC000, 0xA900]
        cut = http.post(url, data=body, headers=headers, timeout=10)
        assert cut.json()["error"]["code"] == "multipart_malformed"
        plain = http.post(url, data=body, headers={"Content-Type": "text/plain"}, timeout=10)
        assert plain.status_code == 415

    await asyncio.to_thread(use)


async def test_the_centre_sees_the_patient_as_the_case_says(origin, world):
    def use():
        site = _client(origin, world.operator, world.case.id)
        site.store_instances(_datasets(*small_ct()))
        header = _datasets(small_ct()[0])[0]
        uids = (header.StudyInstanceUID, header.SeriesInstanceUID, header.SOPInstanceUID)
        guide = _client(origin, world.lead_guide, world.case.id)
        metadata = guide.retrieve_instance_metadata(*uids)
        whole = guide.retrieve_instance(*uids)
        (study,) = guide.search_for_studies()
        for shown in (str(metadata), str(whole), str(study)):
            assert "王小明" not in shown
            assert "H0-0001" not in shown
            assert "19570302" not in shown
        assert str(whole.PatientName) == "王**"
        assert whole.PixelData == header.PixelData
        assert "王小明" in str(site.retrieve_instance_metadata(*uids))

    await asyncio.to_thread(use)


async def test_a_store_into_a_study_takes_that_study_alone(origin, world):
    foreign = edited(small_ct()[1], lambda dataset: setattr(dataset, "StudyInstanceUID", "1.2.3.4"))

    def use():
        client = _client(origin, world.operator, world.case.id)
        study_uid = _datasets(small_ct()[0])[0].StudyInstanceUID
        answer = client.store_instances(_datasets(small_ct()[0], foreign), study_instance_uid=study_uid)
        (stored,) = answer.ReferencedSOPSequence
        assert f"/studies/{study_uid}/series/" in stored.RetrieveURL
        (failed,) = answer.FailedSOPSequence
        assert failed.FailureReason == 0xC409
        assert client._session.get(
            client.base_url + stored.RetrieveURL.partition("/dicomweb")[2], timeout=10
        ).ok
        assert len(client.search_for_studies()) == 1

    await asyncio.to_thread(use)


async def test_rendered_frames_show_the_window(origin, world):
    """Against pydicom's own windowing of the same values."""
    content = small_ct()[0]

    def use():
        client = _client(origin, world.operator, world.case.id)
        client.store_instances(_datasets(content))
        dataset = _datasets(content)[0]
        uids = (dataset.StudyInstanceUID, dataset.SeriesInstanceUID, dataset.SOPInstanceUID)
        hounsfield = apply_rescale(dataset.pixel_array, dataset)
        png = client.retrieve_instance_frames_rendered(
            *uids, [1], media_types=("image/png",), params={"window": "50,350"}
        )
        dataset.WindowCenter, dataset.WindowWidth = 50, 350
        windowed = apply_windowing(hounsfield, dataset)
        # pydicom's output has the range of the stored values; the picture's is 0 to 255.
        truth = (windowed - windowed.min()) / (windowed.max() - windowed.min()) * 255
        shown = np.asarray(Image.open(BytesIO(png)))
        assert shown.dtype == np.uint8
        assert np.abs(shown - truth).max() <= 1
        http, path = (
            client._session,
            f"{client.base_url}/studies/{uids[0]}/series/{uids[1]}/instances/{uids[2]}",
        )
        jpeg = http.get(
            f"{path}/rendered", params={"viewport": "32,100"}, headers={"Accept": "image/jpeg"}, timeout=10
        )
        assert jpeg.headers["content-type"] == "image/jpeg"
        assert Image.open(BytesIO(jpeg.content)).size == (32, 32)
        whatever = http.get(f"{path}/rendered", headers={"Accept": "*/*"}, timeout=10)
        assert whatever.headers["content-type"] == "image/jpeg"
        for params, status in ({"window": "x"}, 422), ({"window": "50,0"}, 422), ({"viewport": "0,0"}, 422):
            assert http.get(f"{path}/rendered", params=params, timeout=10).status_code == status
        assert http.get(f"{path}/frames/2/rendered", timeout=10).status_code == 404
        video = http.get(f"{path}/rendered", headers={"Accept": "video/mp4"}, timeout=10)
        assert video.status_code == 406

    await asyncio.to_thread(use)
