"""Exact solutions in time: a point source, a laser pulse, and a freezing front."""

import numpy as np
from scipy.interpolate import CubicSpline, RectBivariateSpline

from tongtai.core.reference_case import CaseResult, compare
from tongtai.core.thermal.bioheat import Bioheat, Precision
from tongtai.core.thermal.grid import MM_PER_M, Axis, HeatGrid
from tongtai.core.thermal.media import Medium
from tongtai.core.thermal.reference.steady_cases import (
    BODY_C,
    LEAST_K,
    Numbers,
    Table,
    medium,
    one_dimensional,
    zeros,
)

# The window of computed cells leaves out less than this.
QUIET_K = 5e-3


def point_source_in_time(table: Table, precision: Precision) -> list[CaseResult]:
    """10 W in a point from rest: error functions, with and without perfusion."""
    cells, step = 700, 0.08e-3
    grid = one_dimensional(Axis.radial(cells, step))
    power = np.zeros(grid.shape)
    power[0, 0, 0] = 10.0 / grid.cell_volumes_m3()[0, 0, 0]
    centres = (np.arange(cells) + 0.5) * step * MM_PER_M
    results = []
    for column, perfused in (("2", True), ("3", False)):
        heat = Bioheat(grid, zeros(grid), [medium(perfused=perfused)], precision=precision)
        heat.set_source(power)
        for time_s in np.unique(table["1"]):
            heat.advance(time_s - heat.time_s, max_step_s=0.02 * float(time_s), max_rise_k=np.inf)
            now = table["1"] == time_s
            got = CubicSpline(centres[4:], heat.temperature_c[0, 0, 4:] - BODY_C)(table["0"][now])
            names = [f"r = {r:g} mm, t = {time_s:g} s" for r in table["0"][now]]
            name = f"point source in time, {'perfused' if perfused else 'without perfusion'}"
            results += compare(name, names, "K", table[column][now], got, relative=1e-2, least=QUIET_K)
    return results


def laser_pulse(table: Table, precision: Precision) -> list[CaseResult]:
    """A laser pulse of 0.3 s into a half space of an infinite medium.

    Vyas R, Rustgi ML. Green's function solution to the tissue bioheat equation. Med Phys 1992;19:1319.
    Absorption 0.06/mm as in the MITA test; the power density is
    2 K/a² exp(-2 r²/a² - 0.06 z) kelvin a second for z > 0, K = 350, a = 4.5 mm.
    """
    diffusivity, loss, beam, absorption, pulse_s = 0.12e-6, 0.0013, 4.5, 0.06, 0.3
    rings, layers = 60, 150
    axes = (Axis.straight(layers, 0.1e-3), Axis.single(), Axis.cylindrical(rings, 0.2e-3))
    grid = HeatGrid(axes)
    r, z = (np.arange(rings) + 0.5) * 0.2, (np.arange(layers) + 0.5) * 0.1 - 6.0
    rate = np.where(z > 0, np.exp(-absorption * z), 0.0)[:, None] * np.exp(-2 * r**2 / beam**2)[None]
    capacity = 3.8e6
    tissue = Medium(
        name="tissue",
        conductivity_w_mk=diffusivity * capacity,
        capacity_j_m3k=capacity,
        capacity_above_j_m3k=capacity,
        perfusion_w_m3k=loss * capacity,
    )
    heat = Bioheat(grid, zeros(grid), [tissue], precision=precision)
    heat.set_source(capacity * 2 * 350.0 / beam**2 * rate[:, None, :])
    heat.advance(pulse_s, max_step_s=0.05)
    heat.set_source(np.zeros(grid.shape))
    results = []
    for time_s in np.unique(table["2"]):
        heat.advance(time_s - heat.time_s, max_step_s=0.05)
        now = table["2"] == time_s
        rise = heat.temperature_c[:, 0].astype(np.float64) - BODY_C
        spline = RectBivariateSpline(z, np.concatenate([-r[::-1], r]), np.hstack([rise[:, ::-1], rise]))
        got = spline.ev(table["1"][now], table["0"][now])
        names = [
            f"r = {a:g}, z = {b:g} mm, t = {time_s:g} s"
            for a, b in zip(table["0"][now], table["1"][now], strict=True)
        ]
        results += compare("laser pulse", names, "K", table["3"][now], got, relative=1e-2, least=LEAST_K)
    return results


def freezing_front(table: Table, precision: Precision) -> list[CaseResult]:
    """A line sink of 10 kW/m freezes water that is at 310 K: tests the latent heat.

    Hahn DW, Ozisik MN. Heat conduction, 3rd edition, p. 472; constants as in the MITA test (both
    phases alike, 2.22 W/(m K), 1.762 MJ/(m³ K), 338 MJ/m³). The front melts over 0.2 K here.
    """
    cells, step = 500, 0.02e-3
    grid = one_dimensional(Axis.cylindrical(cells, step))
    water = Medium(
        name="water",
        conductivity_w_mk=2.22,
        capacity_j_m3k=1.762e6,
        capacity_above_j_m3k=1.762e6,
        latent_j_m3=338e6,
        change_low_c=272.9,
        change_high_c=273.1,
    )
    heat = Bioheat(
        grid, zeros(grid), [water], initial_c=310.0, blood_c=310.0, precision=precision, whole_grid=True
    )
    sink = np.zeros(grid.shape)
    sink[0, 0, 0] = -1e4 / grid.cell_volumes_m3()[0, 0, 0]
    heat.set_source(sink)
    centres = (np.arange(cells) + 0.5) * step * MM_PER_M
    fronts: list[float] = []
    temperature: Numbers = np.full(cells, 310.0)
    for _ in range(5):
        heat.advance(0.2, max_step_s=0.002, max_rise_k=np.inf)
        temperature = heat.temperature_c[0, 0].astype(np.float64)
        fronts.append(float(np.interp(273.0, temperature, centres)))
    times = (0.2, 0.4, 0.6, 0.8, 1.0)
    names = [f"front at {t:g} s" for t in times]
    # Half a cell: the front lies somewhere in the cell that is freezing.
    results = compare(
        "freezing front", names, "mm", table["2"][1:6], np.array(fronts), relative=5e-3, least=step * MM_PER_M
    )
    radii = np.array([2.0, 3.0, 4.0, 5.0, 8.0])
    got: Numbers = np.interp(radii, centres, temperature)
    names = [f"r = {r:g} mm at 1 s" for r in radii]
    return results + compare(
        "freezing front, temperature", names, "K", table["2"][6:11], got, relative=0.0, least=0.3
    )
