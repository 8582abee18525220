"""Masks that make a patient, and those that do not."""

from typing import Any

import numpy as np
import pytest
from tests.support.anatomies import ellipsoid, straight_grid

from tongtai.core.trajectory.anatomy import (
    Anatomy,
    boundary_voxels,
    bounding_box,
    obstacle_masks,
    thick_parts,
)
from tongtai.core.trajectory.errors import MissingStructureError, TrajectoryError
from tongtai.core.trajectory.rules import Obstacle
from tongtai.core.volumes import Volume

GRID = straight_grid((10, 20, 22), (2.0, 1.0, 1.0))
BODY = ellipsoid(GRID, (0, 0, 0), (9, 8, 30))
LIVER = ellipsoid(GRID, (0, 0, 0), (5, 5, 8))
TUMOUR = ellipsoid(GRID, (0, 0, 0), (2, 2, 2))


def test_a_patient_needs_body_liver_and_tumour():
    assert Anatomy(GRID, {"body": BODY, "liver": LIVER}, {"t": TUMOUR}).body is BODY
    whole = {"body": BODY, "liver": LIVER}
    for structures, tumours, words in (
        ({"liver": LIVER}, {"t": TUMOUR}, "no body mask"),
        ({"body": BODY}, {"t": TUMOUR}, "no liver mask"),
        (whole, {}, "no tumour mask"),
        (whole, {"t": np.zeros_like(TUMOUR)}, "mask of t is empty"),
        (whole, {f"t{number}": TUMOUR for number in range(61)}, "61 lesions are more than the 60"),
        ({"body": BODY, "liver": np.zeros_like(LIVER)}, {"t": TUMOUR}, "no liver mask"),
    ):
        with pytest.raises(MissingStructureError, match=words):
            Anatomy(GRID, structures, tumours)


def test_masks_lie_on_the_grid_and_hold_truth_values():
    wrongs: list[Any] = [BODY[1:], BODY.astype(np.uint8)]
    for wrong in wrongs:
        with pytest.raises(TrajectoryError, match="body"):
            Anatomy(GRID, {"body": wrong, "liver": LIVER}, {"t": TUMOUR})


def test_an_oblique_grid_is_refused():
    transform = GRID.index_to_lps.copy()
    transform[1, 0] = 0.8
    with pytest.raises(TrajectoryError, match="oblique"):
        Anatomy(Volume(GRID.voxels, transform), {"body": BODY, "liver": LIVER}, {"t": TUMOUR})


def test_the_liver_holds_its_tumours_even_where_its_mask_spares_them():
    spared = LIVER & ~TUMOUR
    assert np.array_equal(Anatomy(GRID, {"body": BODY, "liver": spared}, {"t": TUMOUR}).liver, LIVER)


def test_an_obstacle_joins_its_structures_and_one_without_masks_is_named():
    anatomy = Anatomy(GRID, {"body": BODY, "liver": LIVER, "colon": TUMOUR, "bowel": LIVER}, {"t": TUMOUR})
    rules = (
        Obstacle(name="bowel", structures=("bowel", "colon"), margin_mm=5, source="test"),
        Obstacle(name="heart", structures=("heart",), margin_mm=5, source="test"),
    )
    found, unchecked = obstacle_masks(anatomy, rules)
    assert [item.obstacle.name for item in found] == ["bowel"]
    assert np.array_equal(found[0].mask, LIVER | TUMOUR)
    assert unchecked == ("heart",)


def test_thin_vessels_do_not_count():
    grid = straight_grid((60, 30, 30), (0.8, 0.8, 0.8))
    thick = ellipsoid(grid, (-5, 0, 0), (2.5, 2.5, 500))
    thin = ellipsoid(grid, (5, 0, 0), (0.7, 0.7, 500))
    kept = thick_parts(thick | thin, 3.0, grid.spacing_mm)
    assert not (kept & thin).any()
    assert (kept & thick).sum() > 0.9 * thick.sum()


def test_box_and_boundary_of_a_mask():
    mask = np.zeros((6, 7, 8), bool)
    mask[1:4, 2:5, 3:8] = True
    assert bounding_box(mask) == (slice(1, 4), slice(2, 5), slice(3, 8))
    assert bounding_box(mask, 2) == (slice(0, 6), slice(0, 7), slice(1, 8))
    assert bounding_box(np.zeros((2, 2, 2), bool)) is None
    inner = {(2, 3, i) for i in range(4, 7)}
    outer = {tuple(int(n) for n in row) for row in boundary_voxels(mask)}
    assert outer == {tuple(int(n) for n in row) for row in np.argwhere(mask)} - inner
