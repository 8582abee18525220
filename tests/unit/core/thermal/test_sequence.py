"""Activations that follow each other: heat, damage and stopped perfusion go on."""

import numpy as np
import pytest

from tongtai.core.needle import Needle
from tongtai.core.thermal.errors import HeatCancelledError, ThermalError
from tongtai.core.thermal.microwave import MicrowaveGenerator
from tongtai.core.thermal.radiofrequency import RfGenerator
from tongtai.core.thermal.scene import HeatScene
from tongtai.core.thermal.sequence import MwActivation, RfActivation, simulate
from tongtai.core.thermal.treatment import HeatOptions
from tongtai.core.volumes import Volume
from tongtai.formats.heat_tables.reading import antennas, damage_rules, electrodes, tissues

CELLS, SPACING_MM = 26, 2.0
FIRST = Needle((-60.0, 0.0, 0.0), (10.0, 0.0, 0.0))
SECOND = Needle((-60.0, 8.0, 0.0), (10.0, 8.0, 0.0))
POWER = RfGenerator(id="test", control="power", power_w=30.0, source="test")


def scene(cells: int = CELLS) -> HeatScene:
    half = (cells - 1) / 2 * SPACING_MM
    transform = np.array(
        [
            [0, 0, SPACING_MM, -half],
            [0, SPACING_MM, 0, -half],
            [SPACING_MM, 0, 0, -half],
            [0, 0, 0, 1.0],
        ]
    )
    labels = Volume(np.zeros((cells,) * 3, np.uint8), transform)
    return HeatScene(labels=labels, tissues=[tissues()["liver"]], blood=tissues()["blood"])


def rf(needle: Needle = FIRST, duration_s: float = 30.0, pause_s: float = 0.0) -> RfActivation:
    return RfActivation(
        needle=needle,
        electrode=electrodes()["mita_single_30"],
        generator=POWER,
        duration_s=duration_s,
        pause_s=pause_s,
    )


def peak_ml(result) -> float:
    return result.contour("peak_54").volume_ml


def test_two_halves_are_the_whole():
    (whole,) = simulate(scene(), [rf(duration_s=60.0)], damage_rules())
    first, second = simulate(scene(), [rf(), rf()], damage_rules())
    assert first.time_s == second.time_s == 30.0
    assert np.abs(second.final_c - whole.final_c).max() < 0.05 * (whole.final_c.max() - 37.0)
    assert peak_ml(second) == pytest.approx(peak_ml(whole), rel=0.05)
    assert np.abs(second.dead - whole.dead).max() < 0.02


def test_what_was_reached_stays_reached_and_the_second_adds_to_it():
    first, second = simulate(scene(), [rf(pause_s=20.0), rf(SECOND)], damage_rules())
    for name in ("peak_50", "peak_54", "omega_1", "dose_240"):
        assert not np.any(first.contour(name).mask & ~second.contour(name).mask)
    assert peak_ml(second) > 1.3 * peak_ml(first)
    (alone,) = simulate(scene(), [rf(SECOND)], damage_rules())
    warm = second.contour("peak_54").mask & ~first.contour("peak_54").mask
    assert warm.sum() > (alone.contour("peak_54").mask & ~first.contour("peak_54").mask).sum()


def test_techniques_may_be_mixed_and_progress_runs_once():
    told: list[float] = []
    microwaves = MwActivation(
        needle=SECOND,
        antenna=antennas()["monopole_2450"],
        generator=MicrowaveGenerator(power_w=30.0),
        duration_s=6.0,
    )
    results = simulate(
        scene(),
        [rf(duration_s=6.0), microwaves],
        damage_rules(),
        options=HeatOptions(cool_down_s=4.0),
        progress=told.append,
    )
    assert [one.time_s for one in results] == [6.0, 10.0]
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0)


def test_refusals_and_cancelling():
    with pytest.raises(ThermalError, match="at least one"):
        simulate(scene(), [], damage_rules())
    with pytest.raises(HeatCancelledError):
        simulate(scene(), [rf()], damage_rules(), cancelled=lambda: True)
