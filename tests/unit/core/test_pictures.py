"""Simulated pictures and the time code."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongtai.core.pictures.consoles import ct_console_picture, monitor_picture
from tongtai.core.pictures.lettering import draw_text, text_mask
from tongtai.core.pictures.theatre import room_picture
from tongtai.core.pictures.timecode import WRAP_MS, draw_timecode, elapsed_ms, read_timecode
from tongtai.core.pictures.ultrasound import ultrasound_picture, ultrasound_scene

PICTURES = [ct_console_picture, monitor_picture, room_picture, ultrasound_picture]


@given(st.integers(0, 2**40), st.sampled_from([(180, 320), (360, 640), (540, 960), (720, 1280)]))
def test_time_code_is_read_as_drawn_modulo_its_range(time_ms, size):
    plane = np.full(size, 90, np.uint8)
    draw_timecode(plane, time_ms)
    assert read_timecode(plane) == time_ms % WRAP_MS


@given(st.integers(0, WRAP_MS - 1), st.integers(0, 600_000))
def test_elapsed_time_survives_the_wrap(sent_ms, later_ms):
    assert elapsed_ms(sent_ms, (sent_ms + later_ms) % WRAP_MS) == later_ms


def test_no_time_code_is_none():
    assert read_timecode(np.full((720, 1280), 128, np.uint8)) is None
    assert read_timecode(np.random.default_rng(0).integers(0, 256, (720, 1280), dtype=np.uint8)) is None


@pytest.mark.parametrize("draw", PICTURES)
def test_pictures_move_repeat_and_are_marked(draw):
    first, later, again = draw(0.0), draw(2.7), draw(10.0)
    assert first.shape == (720, 1280, 3)
    assert first.dtype == np.uint8
    assert not np.array_equal(first, later)
    assert np.array_equal(first, again)
    # The mark's own colours, where the mark is.
    assert (first[680:, 1050:] == (255, 210, 90)).all(axis=2).sum() > 500


@pytest.mark.parametrize("seed", range(5))
def test_each_scene_is_another_patient_with_the_needle_in_the_lesion(seed):
    scene = ultrasound_scene(np.random.default_rng(seed))
    other = ultrasound_scene(np.random.default_rng(seed + 1))
    far, near = ultrasound_picture(0.0, scene), ultrasound_picture(5.0, scene)
    # Six rows of the sector's middle: two patients do not share them.
    assert not np.array_equal(far[300:306], ultrasound_picture(0.0, other)[300:306])
    px_per_mm = 580 / (10 * scene.depth_cm)
    row = round(70 + scene.lesion.depth_mm * px_per_mm)
    column = round(640 + scene.lesion.lateral_mm * px_per_mm)
    tip = (slice(row - 8, row + 9), slice(column - 8, column + 9))
    assert near[tip].max() > 235  # The needle has arrived,
    assert far[tip].max() < 235  # and was not there before.


def test_the_echo_falls_with_depth_and_the_lesion_is_darker_than_the_liver():
    scene = ultrasound_scene(np.random.default_rng(2))
    picture = ultrasound_picture(2.5, scene)[..., 0].astype(float)
    assert picture[180:230, 600:680].mean() > 1.08 * picture[520:570, 600:680].mean()
    scale = 580 / (10 * scene.depth_cm)
    row, column = round(70 + scene.lesion.depth_mm * scale), round(640 + scene.lesion.lateral_mm * scale)
    half = round(0.5 * scene.lesion.radius_mm * scale)
    inside = picture[row : row + half, column - half : column + half].mean()
    away = round(1.6 * scene.lesion.radius_mm * scale)
    assert inside < 0.75 * picture[row - away - 15 : row - away, column - half : column + half].mean()


def test_text_is_cut_at_the_edge_and_unknown_letters_show():
    picture = np.zeros((30, 30, 3), np.uint8)
    draw_text(picture, "MMMM", left=20, top=20)
    assert picture.any()
    assert np.array_equal(text_mask("\N{SNOWMAN}"), text_mask("?"))
