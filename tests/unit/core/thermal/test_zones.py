"""Sizes of contours, the maker's zone beside them, and the band of an uncertain contour."""

import numpy as np
import pytest

from tongtai.core.needle import Needle
from tongtai.core.thermal.bioheat import EnergyBalance
from tongtai.core.thermal.comparison import Mark, TableZone, compare_with_table
from tongtai.core.thermal.result import Criterion, HeatResult, measure
from tongtai.core.thermal.uncertainty import contour_band
from tongtai.core.volumes import Volume

CELLS = 60
NEEDLE = Needle((-70.0, -20.0, 10.0), (6.0, 4.0, -3.0))
CRITERION = Criterion(id="inside", field="peak_c", level=0.0, label="inside", source="test")
LABELS = Volume(
    np.zeros((CELLS,) * 3, np.uint8),
    np.array([[0, 0, 0.9, -26.0], [0, 1.0, 0, -29.0], [1.1, 0, 0, -32.0], [0, 0, 0, 1.0]]),
)
TABLE = TableZone(short_axis_mm=24.0, long_axis_mm=36.0, middle_from_tip_mm=12.0, source="test")


def ellipsoid(short_mm: float, long_mm: float, middle_mm: float) -> np.ndarray:
    """A field that is zero on the ellipsoid and positive inside."""
    index = np.moveaxis(np.indices((CELLS,) * 3), 0, -1)
    away = LABELS.lps_of(index) - (np.asarray(NEEDLE.tip_lps_mm) - middle_mm * NEEDLE.direction)
    along = away @ NEEDLE.direction
    across = np.maximum(np.sum(away**2, axis=-1) - along**2, 0.0)
    return 1.0 - 4 * ((along / long_mm) ** 2 + across / short_mm**2)


def contour(short_mm: float = 24.0, long_mm: float = 36.0, middle_mm: float = 12.0, tissue=None):
    everywhere = np.ones((CELLS,) * 3, bool) if tissue is None else tissue
    return measure(ellipsoid(short_mm, long_mm, middle_mm), CRITERION, LABELS, NEEDLE, everywhere)


def test_axes_and_volume_of_an_ellipsoid():
    zone = contour()
    assert zone.short_axis_mm == pytest.approx(24.0, abs=0.3)
    assert zone.long_axis_mm == pytest.approx(36.0, abs=0.6)
    assert zone.middle_from_tip_mm == pytest.approx(12.0, abs=0.3)
    assert zone.volume_ml == pytest.approx(np.pi / 6 * 24**2 * 36 / 1000, rel=0.01)


def test_an_empty_zone_has_no_size():
    nothing = measure(np.full((CELLS,) * 3, -1.0), CRITERION, LABELS, NEEDLE, np.ones((CELLS,) * 3, bool))
    assert (nothing.volume_ml, nothing.short_axis_mm, nothing.long_axis_mm) == (0.0, 0.0, 0.0)


def test_the_same_zone_shows_no_difference():
    found = compare_with_table(contour(), TABLE, LABELS, NEEDLE, None)
    assert abs(found.short_axis_difference_mm) < 0.3
    assert abs(found.volume_difference_ml) < 0.02 * TABLE.volume_ml
    assert found.overlap_dice > 0.99
    assert not found.deficits


def test_a_bite_beside_a_vessel_is_found_where_it_is():
    index = np.moveaxis(np.indices((CELLS,) * 3), 0, -1)
    places = LABELS.lps_of(index)
    vessel_at = np.asarray(NEEDLE.tip_lps_mm) - 12.0 * NEEDLE.direction + np.array([0.0, 0.0, 10.0])
    distance = np.linalg.norm(places - vessel_at, axis=-1)
    vessels = distance <= 2.0
    zone = contour(tissue=distance > 6.0)
    (deficit,) = compare_with_table(zone, TABLE, LABELS, NEEDLE, vessels).deficits
    bite = TABLE.mask(LABELS, NEEDLE) & (distance <= 6.0) & ~vessels
    assert deficit.volume_ml == pytest.approx(bite.sum() * LABELS.voxel_volume_ml)
    assert deficit.vessel_distance_mm < 4.0
    assert 2.0 < deficit.depth_mm < 8.0
    assert np.linalg.norm(np.subtract(deficit.centre_lps_mm, vessel_at)) < 4.0
    compared = compare_with_table(zone, TABLE, LABELS, NEEDLE, vessels)
    marks = compared.marks
    assert np.array_equal(marks == Mark.HEAT_SINK, deficit.mask)
    assert np.array_equal(np.isin(marks, (Mark.BOTH, Mark.SIMULATED_ONLY)), zone.mask)
    in_table = np.isin(marks, (Mark.BOTH, Mark.TABLE_ONLY, Mark.HEAT_SINK))
    assert np.array_equal(in_table, TABLE.mask(LABELS, NEEDLE))
    blameless = compare_with_table(zone, TABLE, LABELS, NEEDLE, vessels, unhindered=zone.mask)
    assert not blameless.deficits


def result(short_mm: float) -> HeatResult:
    field = np.zeros((1, 1, 1))
    return HeatResult(
        labels=LABELS,
        needle=NEEDLE,
        time_s=1.0,
        peak_c=field,
        final_c=field,
        omega=field,
        dose_min=field,
        alive=field,
        dead=field,
        snapshots=(),
        energy=EnergyBalance(delivered_j=0.0, stored_j=0.0, blood_j=0.0, held_j={}, boundary_j=0.0),
        power=(),
        contours=(contour(short_mm),),
        steps=1,
        notes=(),
    )


def test_the_band_holds_every_run():
    effect = {"perfusion": -3.0, "conductivity": 1.0}
    sign = {"low": -1.0, "value": 0.0, "high": 1.0}
    band = contour_band(
        lambda ends: result(24.0 + sum(effect[name] * sign[end] for name, end in ends.items())),
        list(effect),
        "inside",
    )
    assert len(band.variations) == 2 * len(effect) + 3
    assert band.smallest.ends == {"perfusion": "high", "conductivity": "low"}
    assert band.largest.ends == {"perfusion": "low", "conductivity": "high"}
    assert band.inner.sum() < band.nominal.contour("inside").mask.sum() < band.outer.sum()
    assert not np.any(band.inner & ~band.outer)
