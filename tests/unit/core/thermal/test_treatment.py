"""Whole treatments on small grids: what goes in, what comes out, and what must follow from what."""

import numpy as np
import pytest

from tongtai.core.needle import Needle
from tongtai.core.thermal.applicators import RfElectrode, place
from tongtai.core.thermal.errors import HeatCancelledError, HeatTableError, PropertyMissingError, ThermalError
from tongtai.core.thermal.media import Medium, Quantity, Tissue
from tongtai.core.thermal.microwave import MicrowaveGenerator
from tongtai.core.thermal.radiofrequency import RfGenerator
from tongtai.core.thermal.scene import HeatScene, crop, large_vessels
from tongtai.core.thermal.treatment import HeatOptions, simulate_mwa, simulate_rfa
from tongtai.core.volumes import Volume
from tongtai.formats.heat_tables.reading import antennas, damage_rules, electrodes, generators, tissues

CELLS = 28
NEEDLE = Needle((-60.0, 0.0, 0.0), (12.0, 0.0, 0.0))
POWER = RfGenerator(id="test", control="power", power_w=40.0, source="test")


def scene(cells: int = CELLS, spacing: float = 2.0, **options) -> HeatScene:
    half = (cells - 1) / 2 * spacing
    transform = np.array(
        [[0, 0, spacing, -half], [0, spacing, 0, -half], [spacing, 0, 0, -half], [0, 0, 0, 1.0]]
    )
    labels = Volume(np.zeros((cells, cells, cells), np.uint8), transform)
    return HeatScene(labels=labels, tissues=[tissues()["liver"]], blood=tissues()["blood"], **options)


def rfa(where: HeatScene, duration_s: float = 60.0, **options):
    return simulate_rfa(
        where,
        electrodes()["cooled_single_30"],
        NEEDLE,
        POWER,
        damage_rules(),
        duration_s=duration_s,
        **options,
    )


@pytest.fixture(scope="module")
def plain():
    return rfa(scene(), options=HeatOptions(snapshots_s=(20.0,)))


def test_energy_of_a_treatment_is_accounted_for(plain):
    energy = plain.energy
    in_grid = sum(
        record.in_grid_w * (later.time_s - record.time_s)
        for record, later in zip(plain.power, plain.power[1:], strict=False)
    )
    assert energy.delivered_j == pytest.approx(in_grid, rel=1e-4)
    assert abs(energy.residual_j) < 0.01 * energy.delivered_j
    assert energy.held_j["coolant"] > 0.0


def test_contours_are_nested_and_lie_along_the_needle(plain):
    volumes = [plain.contour(name).volume_ml for name in ("peak_50", "peak_54", "peak_60")]
    assert volumes[0] > volumes[1] > volumes[2] > 0.0
    zone = plain.contour("peak_50")
    assert zone.long_axis_mm > zone.short_axis_mm > 0.0
    assert zone.middle_from_tip_mm == pytest.approx(15.0, abs=4.0)


def test_snapshots_are_taken_at_their_time(plain):
    (shot,) = plain.snapshots
    assert shot.time_s == pytest.approx(20.0)
    assert 37.0 < shot.temperature_c.max() <= plain.peak_c.max()


def test_a_vessel_takes_heat_and_shrinks_the_zone_beside_it(plain):
    x = np.indices((CELLS,) * 3)[1] * 2.0 - (CELLS - 1)
    vessels = np.abs(x - 9.0) <= 2.0
    cooled = rfa(scene(vessels=vessels))
    assert cooled.energy.held_j["vessels"] > 0.0
    assert cooled.contour("peak_54").volume_ml < plain.contour("peak_54").volume_ml


def test_no_power_beyond_the_first_sign_of_roll_off():
    steep = RfGenerator(
        id="t", control="power", power_w=120.0, roll_off_ohm=1e-6, low_time_s=5.0, source="test"
    )
    result = simulate_rfa(
        scene(), electrodes()["mita_single_30"], NEEDLE, steep, damage_rules(), duration_s=120.0
    )
    reduced = [record for record in result.power if record.reduced]
    assert reduced
    assert all(record.power_w == steep.low_power_w for record in reduced)


@pytest.mark.parametrize("name", sorted(electrodes()))
def test_every_electrode_of_the_table_heats(name):
    result = simulate_rfa(
        scene(), electrodes()[name], NEEDLE, generators()["power_60"], damage_rules(), duration_s=6.0
    )
    assert result.peak_c.max() > 40.0
    assert 10.0 < result.power[0].resistance_ohm < 400.0


@pytest.mark.parametrize("name", sorted(antennas()))
def test_every_antenna_of_the_table_delivers_its_power(name):
    antenna = antennas()[name]
    result = simulate_mwa(
        scene(40), antenna, NEEDLE, MicrowaveGenerator(power_w=50.0), damage_rules(), duration_s=4.0
    )
    radiated = 50.0 * antenna.efficiency
    assert result.power[0].power_w == pytest.approx(radiated)
    assert 0.6 * radiated < result.power[0].in_grid_w <= radiated * 1.0001


def test_the_needle_may_point_anywhere():
    along = simulate_rfa(
        scene(), electrodes()["mita_single_30"], NEEDLE, POWER, damage_rules(), duration_s=30.0
    )
    slanted = Needle((-40.0, -40.0, -40.0), (7.0, 7.0, 7.0))
    other = simulate_rfa(
        scene(), electrodes()["mita_single_30"], slanted, POWER, damage_rules(), duration_s=30.0
    )
    assert other.contour("peak_50").volume_ml == pytest.approx(along.contour("peak_50").volume_ml, rel=0.15)
    assert other.power[0].resistance_ohm == pytest.approx(along.power[0].resistance_ohm, rel=0.1)


def test_cancelling_and_progress():
    told: list[float] = []
    with pytest.raises(HeatCancelledError):
        rfa(scene(), progress=told.append, cancelled=lambda: len(told) > 2)
    assert len(told) == 3
    assert told == sorted(told)


def test_nothing_is_guessed():
    bare = Tissue("liver", {"density": Quantity(1080.0, 1080.0, 1080.0, "kg/m3", "test")})
    with pytest.raises(PropertyMissingError, match="electrical_conductivity"):
        rfa(HeatScene(labels=scene().labels, tissues=[bare], blood=tissues()["blood"]))
    with pytest.raises(PropertyMissingError, match="water_fraction"):
        Medium.of_tissue(bare)
    with pytest.raises(HeatTableError):
        Quantity(1.0, 2.0, 3.0, "W", "low above value")
    with pytest.raises(ThermalError, match="outside"):
        rfa(
            HeatScene(
                labels=crop(scene().labels, np.full(3, 20.0), 6.0),
                tissues=[tissues()["liver"]],
                blood=tissues()["blood"],
            )
        )


def test_umbrella_tines_end_at_the_deployed_diameter():
    umbrella: RfElectrode = electrodes()["umbrella_35_10"]
    placed = place(umbrella, NEEDLE)
    away = placed.bare[:, 1] - np.asarray(NEEDLE.tip_lps_mm)
    across = np.linalg.norm(away - np.outer(away @ NEEDLE.direction, NEEDLE.direction), axis=1)
    assert 2 * across.max() == pytest.approx(35.0)


def test_vessels_below_three_millimetres_are_left_out():
    tube = np.zeros((11, 30, 11), bool)
    tube[3:8, :15, 3:8] = True
    tube[5, :, 5] = True
    wide = large_vessels(Volume(tube, np.eye(4)))
    assert wide[5, 7, 5]
    assert not wide[5, 25, 5]


def test_crop_keeps_places():
    volume = scene(spacing=1.5).labels
    marked = volume.with_voxels(np.arange(volume.voxels.size, dtype=np.int64).reshape(volume.voxels.shape))
    box = crop(marked, np.array([3.0, -4.5, 6.0]), 9.0, spacing_mm=1.5)
    place_lps = box.lps_of(np.array([2.0, 3.0, 1.0]))
    index = np.rint(marked.index_of(place_lps)).astype(int)
    assert box.voxels[2, 3, 1] == marked.voxels[tuple(index)]
