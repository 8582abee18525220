"""Frames as pictures: every colour form against the same truth, and the PNG that is made of them."""

import asyncio
from io import BytesIO

import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom.data import get_testdata_file
from tests.support.images import REAL_ULTRASOUND, edited, small_ct

from tongtai.formats.dicom import errors
from tongtai.formats.dicom.negotiation import accepted_pictures
from tongtai.formats.dicom.reading import open_dataset
from tongtai.formats.dicom.rendering import JPEG, PNG, displayed, png, rendered_frame

pytestmark = pytest.mark.filterwarnings("ignore")
BARS_LOSSLESS = ["SC_rgb_rle.dcm", "SC_rgb_gdcm_KY.dcm", "SC_rgb_jpeg_gdcm.dcm", "SC_rgb_rle_16bit.dcm"]
BARS_LOSSY = ["SC_ybr_full_422_uncompressed.dcm", "SC_rgb_dcmtk_+eb+cr.dcm", "SC_rgb_dcmtk_+eb+cy+np.dcm"]
# The pixels that pydicom's makers document for this picture: ten bars of ten rows.
BARS = {5: (255, 0, 0), 15: (255, 128, 128), 25: (0, 255, 0), 35: (128, 255, 128), 45: (0, 0, 255),
        55: (128, 128, 255), 65: (0, 0, 0), 75: (64, 64, 64), 85: (192, 192, 192), 95: (255, 255, 255)}  # fmt: skip


def _bundled(name: str) -> bytes:
    path = get_testdata_file(name, download=False)
    assert path is not None
    with open(path, "rb") as stream:  # noqa: PTH123
        return stream.read()


def _render(content: bytes, number: int = 1, accepted: frozenset[str] = frozenset({PNG})):
    return asyncio.run(rendered_frame(content, number, accepted=accepted))


def _decoded(content: bytes) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(content)))


@pytest.mark.parametrize("name", BARS_LOSSLESS + BARS_LOSSY)
def test_every_colour_form_shows_the_same_bars(name):
    shown = _decoded(_render(_bundled(name)).content)
    tolerance = 1 if name in BARS_LOSSLESS else 6
    for row, colour in BARS.items():
        assert np.abs(shown[row, 50].astype(int) - colour).max() <= tolerance, (name, row)


def test_a_palette_gives_the_colours_of_its_table():
    content = _bundled("examples_palette.dcm")
    dataset = pydicom.dcmread(BytesIO(content))
    table = np.stack(
        [
            np.frombuffer(dataset[f"{colour}PaletteColorLookupTableData"].value, "<u2")
            for colour in ("Red", "Green", "Blue")
        ],
        axis=-1,
    )
    shift = 8 if table.max() > 255 else 0
    expected = (table[dataset.pixel_array] >> shift).astype(np.uint8)
    assert np.array_equal(displayed(open_dataset(content), 1), expected)


def test_a_browser_gets_the_stored_jpeg_and_others_get_png():
    content = _bundled("SC_rgb_jpeg_dcmtk.dcm")
    stored = _render(content, accepted=frozenset({PNG, JPEG}))
    assert stored.media_type == JPEG
    assert stored.content.startswith(b"\xff\xd8")
    assert _render(content).media_type == PNG
    # Its three components are RGB, which a browser would take for YCbCr.
    assert _render(_bundled("SC_rgb_dcmtk_+eb+cr.dcm"), accepted=frozenset({PNG, JPEG})).media_type == PNG


def test_grey_is_shown_in_the_window_and_inverted_when_the_object_says_so():
    content = small_ct()[0]

    def narrow(dataset):
        dataset.WindowCenter, dataset.WindowWidth = 40, 80

    grey = _decoded(_render(edited(content, narrow)).content)
    values = pydicom.dcmread(BytesIO(content)).pixel_array
    assert grey.ndim == 2
    assert (grey[values < -60] == 0).all()
    inverted = edited(content, lambda dataset: setattr(dataset, "PhotometricInterpretation", "MONOCHROME1"))
    plain = _decoded(_render(content).content)
    assert np.array_equal(255 - plain, _decoded(_render(inverted).content))


@pytest.mark.parametrize("shape", [(1, 1), (5, 7), (5, 7, 3), (300, 200, 3)])
def test_png_is_read_back_by_another_library(shape):
    pixels = np.random.default_rng(5).integers(0, 256, shape, dtype=np.uint8)
    assert np.array_equal(_decoded(png(pixels)), pixels)


def test_damage_is_named():
    with pytest.raises(errors.FrameMissingError):
        _render(small_ct()[0], number=2)
    broken = edited(
        _bundled("examples_palette.dcm"), lambda dataset: delattr(dataset, "RedPaletteColorLookupTableData")
    )
    with pytest.raises(errors.UndecodableFrameError):
        _render(broken)


def test_what_a_client_accepts():
    assert accepted_pictures("text/html") == frozenset()
    assert accepted_pictures("image/jpeg, image/png") == {JPEG, PNG}
    # JPEG is the default of a single frame (PS3.18 table 8.7.4-1).
    for whatever in ("", "*/*", "image/*;q=0.8", "image/avif, image/webp, image/*, */*;q=0.8"):
        assert accepted_pictures(whatever) == {JPEG}
    assert accepted_pictures("image/jpeg;q=0.5, image/png") == {PNG}
    assert accepted_pictures("image/png;q=0.5, */*;q=0.8") == {JPEG}
    assert accepted_pictures("image/jpeg;q=0, image/*") == {PNG}
    assert accepted_pictures('multipart/related; type="image/png", */*;q=0.1') == {PNG}


@pytest.mark.shared
@pytest.mark.skipif(not REAL_ULTRASOUND.is_dir(), reason="no ../shared/data/ultrasound-dicom")
def test_every_real_ultrasound_that_is_taken_in_has_a_picture():
    shown = set()
    for path in sorted(REAL_ULTRASOUND.glob("*.dcm")):
        if path.name.startswith("sonoque"):  # Refused when it is read: its header is broken.
            continue
        picture = _decoded(_render(path.read_bytes(), accepted=frozenset({PNG, JPEG})).content)
        assert picture.max() > 200, path.name
        assert picture.mean() > 5, path.name
        shown.add(path.name)
    assert len(shown) >= 8
