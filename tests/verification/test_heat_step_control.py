"""The zone of a radiofrequency treatment does not depend on how the time is cut into steps."""

import numpy as np
import pytest

from tongtai.core.needle import Needle
from tongtai.core.thermal import radiofrequency
from tongtai.core.thermal.scene import HeatScene
from tongtai.core.thermal.treatment import HeatOptions, simulate_rfa
from tongtai.core.volumes import Volume
from tongtai.formats.heat_tables.reading import damage_rules, electrodes, generators, tissues

pytestmark = [pytest.mark.verification, pytest.mark.long_proof]

CELLS, CELL_MM = 48, 1.8
NEEDLE = Needle((-60.0, -30.0, 5.0), (8.0, 6.0, -4.0))
# By generator: seconds, and how far the usual steps may be from many small ones with a potential always new.
CASES = [("impedance_200", 120.0, 0.02), ("load_200", 90.0, 0.03), ("power_60", 90.0, 0.01)]


def _volumes_ml(generator: str, duration_s: float, options: HeatOptions) -> np.ndarray:
    half = (CELLS - 1) / 2 * CELL_MM
    to_lps = np.array(
        [[0, 0, CELL_MM, -half], [0, CELL_MM, 0, -half], [CELL_MM, 0, 0, -half], [0, 0, 0, 1.0]]
    )
    labels = Volume(np.zeros((CELLS,) * 3, np.uint8), to_lps)
    scene = HeatScene(labels=labels, tissues=[tissues()["liver"]], blood=tissues()["blood"], vessels=None)
    result = simulate_rfa(
        scene,
        electrodes()["cooled_single_30"],
        NEEDLE,
        generators()[generator],
        damage_rules(),
        duration_s=duration_s,
        options=options,
    )
    return np.array([result.contour(name).volume_ml for name in ("omega_1", "dose_240", "peak_50")])


@pytest.mark.parametrize(("generator", "duration_s", "tolerance"), CASES, ids=[row[0] for row in CASES])
def test_the_usual_steps_give_the_zone_of_many_small_ones(monkeypatch, generator, duration_s, tolerance):
    usual = _volumes_ml(generator, duration_s, HeatOptions())
    for name, value in {
        "STALE": 1e-4,
        "STALE_WATCHED": 1e-4,
        "STALE_REDUCED": 1e-3,
        "NEAREST_S": 0.02,
        "RESISTANCE_CHANGE": 0.005,
    }.items():
        monkeypatch.setattr(radiofrequency, name, value)
    fine = _volumes_ml(generator, duration_s, HeatOptions(max_rise_k=2.0, max_step_s=1.0))
    print(f"\n{generator}: usual {usual.round(3)} ml, fine {fine.round(3)} ml, {100 * (usual / fine - 1)} %")
    np.testing.assert_allclose(usual, fine, rtol=tolerance)
