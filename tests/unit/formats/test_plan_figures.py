"""Pictures show what lies where: sides, contours, skin, margins, the scene."""

import re
from base64 import b64decode
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from tests.support.anatomies import ellipsoid, straight_grid
from tests.support.plans import planned

from tongtai.core.coverage.zones import Zone
from tongtai.core.needle import Needle
from tongtai.formats.plan_book import scene
from tongtai.formats.plan_book.cuts import along_axial, along_upright, axial, needles_eye
from tongtai.formats.plan_book.margin_map import SurfaceMargins, _direction, _projected, globe_figure
from tongtai.formats.plan_book.needle_figures import eye_figures, needle_scene, plane_figures
from tongtai.formats.plan_book.palette import MARGIN_CLASSES, OPEN_SKIN, constraint_colours
from tongtai.formats.plan_book.skin_map import BACK, FRONT, LEFT, RIGHT, skin_figure

OBLIQUE = Needle((-90.0, -80.0, 20.0), (-50.0, -10.0, -15.0))


def test_pictures_hang_as_radiologists_hang_them():
    assert axial(np.zeros(3), 100.0).sides() == ("R", "L", "A", "P")
    assert along_axial(OBLIQUE, 100.0).sides()[:2] == ("R", "L")
    assert along_upright(OBLIQUE, 100.0).sides()[2][0] == "H"
    from_front = needles_eye(Needle((0.0, -100.0, 0.0), (0.0, 0.0, 0.0)), 50.0, 60.0)
    assert from_front.sides() == ("R", "L", "H", "F")
    from_right = needles_eye(Needle((-100.0, 0.0, 0.0), (0.0, 0.0, 0.0)), 50.0, 60.0)
    assert from_right.sides() == ("P", "A", "H", "F")


@pytest.mark.parametrize("cut", [along_axial(OBLIQUE, 140.0), along_upright(OBLIQUE, 140.0)])
def test_a_needle_lies_in_its_planes(cut):
    ends = np.array([OBLIQUE.entry_lps_mm, OBLIQUE.tip_lps_mm])
    assert np.allclose(cut.height_above(ends), 0.0, atol=1e-9)
    on_paper = cut.place(ends)
    assert np.linalg.norm(on_paper[1] - on_paper[0]) == pytest.approx(OBLIQUE.length_mm)
    assert np.allclose(np.linalg.norm([cut.right, cut.down, cut.away], axis=1), 1.0)


def test_contours_lie_where_the_mask_and_the_zone_are():
    grid = straight_grid((60, 60, 60), (1.5, 1.0, 1.0))
    ball = grid.with_voxels(ellipsoid(grid, (5.0, -4.0, 3.0), (12.0, 12.0, 12.0)))
    cut = axial(np.array([5.0, -4.0, 3.0]), 50.0)
    (line,) = cut.outlines(ball)
    radius = np.linalg.norm(line - 25.0, axis=1)
    assert radius.mean() == pytest.approx(12.0, abs=0.4)
    (line,) = cut.zone_outlines([Zone((5.0, -4.0, 3.0), (1.0, 0.0, 0.0), 20.0, 30.0)])
    assert np.abs(line - 25.0).max(axis=0) == pytest.approx([15.0, 10.0], abs=0.3)


def test_the_picture_shows_the_voxel_that_lies_there():
    grid = straight_grid((20, 30, 40), (2.0, 1.0, 1.0))
    voxels = np.full((20, 30, 40), -1000, np.int16)
    voxels[12, 7, 31] = 2000
    place = grid.lps_of(np.array([12, 7, 31]))
    picture = axial(place, 20.0).grey(grid.with_voxels(voxels))
    assert picture[19:21, 19:21].min() > picture[:10].max()


def test_each_needle_has_its_planes_and_views():
    result = planned()
    shared = needle_scene(result)
    for needle in result.plan.needles:
        planes, eyes = plane_figures(shared, needle.id), eye_figures(shared, needle.id)
        assert set(planes) == {"along_axial", "along_upright", "axial"}
        assert {"target", "tip"} <= set(eyes)
        for drawn in (*planes.values(), eyes["target"]):
            assert shared.zone_stroke.colour in drawn
        for drawn in (*planes.values(), *eyes.values()):
            assert f">{needle.id}<" in drawn
            assert " mm<" in drawn
        assert "#ff3b30" in planes["along_axial"]


def test_the_skin_is_coloured_by_what_closes_it():
    result = planned()
    colours = constraint_colours(result.plan.reach)
    assert len(set(colours.values())) == len(colours)
    entries = [(one.id, one.entry_lps_mm) for one in result.plan.needles]
    drawn = {
        side.name: skin_figure(result.reached, side, colours, entries, scale=0.3)
        for side in (FRONT, BACK, LEFT, RIGHT)
    }
    assert ">N1<" in drawn["front"].content() or ">N1<" in drawn["right"].content()
    assert not re.search(r">N\d<", drawn["back"].content())
    assert drawn["front"].width_mm == pytest.approx(drawn["back"].width_mm)


def test_the_map_of_margins_is_a_projection_of_the_sphere():
    azimuth, height = np.linspace(-3.1, 3.1, 40), np.linspace(-1.5, 1.5, 40)
    ways = np.stack(
        [np.cos(height) * np.sin(azimuth), -np.cos(height) * np.cos(azimuth), np.sin(height)], axis=-1
    )
    flat = _projected(ways)
    assert np.all(np.linalg.norm(flat, axis=1) <= 1.0)
    assert np.allclose(_direction(flat[:, 0], flat[:, 1]), ways, atol=1e-9)
    assert np.allclose(_projected(np.array([[0.0, -1.0, 0.0]])), 0.0)


def test_thin_margins_are_seen_on_the_side_where_they_are():
    ways = np.random.default_rng(1).normal(size=(2000, 3))
    points = 10.0 * ways / np.linalg.norm(ways, axis=1, keepdims=True)
    left = points[:, 0] > 0.0
    margins = SurfaceMargins(
        points_lps_mm=points,
        margin_mm=np.where(left, 7.0, 2.0),
        at_capsule=points[:, 2] > 9.0,
        asked_mm=5.0,
        thinnest_lps_mm=(-10.0, 0.0, 0.0),
    )
    drawn = globe_figure(margins)
    pixels = np.asarray(Image.open(BytesIO(_png(drawn))))
    middle = pixels[pixels.shape[0] // 2]
    assert tuple(middle[100]) == _rgb(MARGIN_CLASSES["thin"])
    assert tuple(middle[348]) == _rgb(MARGIN_CLASSES["held"])
    assert "2.0 mm" in drawn


def test_the_scene_shows_tumour_and_needles_and_is_the_same_twice(monkeypatch):
    monkeypatch.setattr(scene, "_SIZE", (320, 260))
    result = planned()
    parts = [
        part for part in scene.plan_parts(result) if part.name in {"liver", "liver_tumour", "bone", "zones"}
    ]
    needles = scene.needle_tubes(result)
    first = scene.scene_picture(parts, needles, scene.FRONT)
    assert first == scene.scene_picture(parts, needles, scene.FRONT)
    pixels = np.asarray(Image.open(BytesIO(first))).astype(int)
    red, green, blue = np.moveaxis(pixels, -1, 0)
    assert np.count_nonzero((red > 150) & (green < 80) & (blue < 90)) > 10, "no entry is seen"
    assert np.count_nonzero(pixels.sum(axis=-1) < 200) > 50, "no needle is seen"
    assert np.count_nonzero(pixels.min(axis=-1) == 255) > 1000, "the ground is not white"


def _png(drawn: str) -> bytes:
    found = re.search(r"base64,([^\"]+)", drawn)
    assert found is not None
    return b64decode(found[1])


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def test_open_skin_has_a_colour_of_its_own():
    assert OPEN_SKIN not in constraint_colours(planned().plan.reach).values()
