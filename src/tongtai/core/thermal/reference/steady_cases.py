"""Steady solutions in closed form: spheres, lines, slabs, and the current of a round electrode."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline, RectBivariateSpline
from scipy.special import j0

from tongtai.core.reference_case import CaseResult, compare
from tongtai.core.thermal.bioheat import Bioheat, Precision
from tongtai.core.thermal.boundaries import Boundaries, Dirichlet, Robin
from tongtai.core.thermal.grid import MM_PER_M, Axis, HeatGrid
from tongtai.core.thermal.media import Medium
from tongtai.core.thermal.potential import PotentialBox
from tongtai.core.thermal.steady import steady_temperature_c

Numbers = NDArray[np.float64]
Table = Mapping[str, Numbers]
BODY_C = 37.0
CONDUCTIVITY = 0.512
PERFUSION = 31246.0
CAPACITY = 3.7314e6
# A part in a hundred: what the grids below leave of their second-order error, with room.
RELATIVE = 5e-3
LEAST_K = 2e-3


def medium(*, perfused: bool) -> Medium:
    """The tissue of the tables: liver without boiling and with constant conductivity."""
    return Medium(
        name="liver",
        conductivity_w_mk=CONDUCTIVITY,
        capacity_j_m3k=CAPACITY,
        capacity_above_j_m3k=CAPACITY,
        perfusion_w_m3k=PERFUSION if perfused else 0.0,
    )


def one_dimensional(axis: Axis) -> HeatGrid:
    """A grid with one changing axis."""
    return HeatGrid((Axis.single(), Axis.single(), axis))


def zeros(grid: HeatGrid) -> NDArray[np.uint8]:
    """One medium everywhere."""
    return np.zeros(grid.shape, np.uint8)


def at_radii(values: Numbers, radii_mm: Numbers, centres_mm: Numbers) -> Numbers:
    """Values at radii between the cells' centres, by a cubic spline mirrored at the middle."""
    whole = np.concatenate([-centres_mm[:8][::-1], centres_mm]) if centres_mm[0] < 1.0 else centres_mm
    mirrored = np.concatenate([values[:8][::-1], values]) if centres_mm[0] < 1.0 else values
    found: Numbers = CubicSpline(whole, mirrored)(radii_mm)
    return found


def places(radii_mm: Numbers) -> list[str]:
    """Names of places at distances from the middle."""
    return [f"r = {r:g} mm" for r in radii_mm]


def _rise(
    grid: HeatGrid, power_w: Numbers, outer: Robin | Dirichlet, precision: Precision, *, perfused: bool
) -> Numbers:
    heat = Bioheat(
        grid,
        zeros(grid),
        [medium(perfused=perfused)],
        boundaries=Boundaries(i_high=outer),
        precision=precision,
    )
    heat.set_source(power_w / grid.cell_volumes_m3())
    rise: Numbers = steady_temperature_c(heat)[0, 0] - BODY_C
    return rise


def _far(radius_m: float) -> Robin:
    """Beyond this radius the rise falls like 1/r."""
    return Robin(CONDUCTIVITY / radius_m, BODY_C)


def point_source(table: Table, precision: Precision) -> list[CaseResult]:
    """10 W in a point, with and without perfusion: P/(4 pi k r) exp(-r/L)."""
    cells, step = 1200, 0.05e-3
    grid = one_dimensional(Axis.radial(cells, step))
    power = np.zeros(grid.shape)
    power[0, 0, 0] = 10.0
    centres = (np.arange(cells, dtype=np.float64) + 0.5) * step * MM_PER_M
    results = []
    for column, perfused in (("1", True), ("2", False)):
        rise = _rise(grid, power, _far(cells * step), precision, perfused=perfused)
        # The first cell stands for the point; the spline begins outside it.
        got = CubicSpline(centres[4:], rise[4:])(table["0"])
        name = f"point source, steady, {'perfused' if perfused else 'without perfusion'}"
        results += compare(
            name, places(table["0"]), "K", table[column], got, relative=RELATIVE, least=LEAST_K
        )
    return results


def heated_sphere(table: Table, precision: Precision) -> list[CaseResult]:
    """5 MW/m³ in a sphere of 10 mm."""
    cells, step = 1200, 0.05e-3
    grid = one_dimensional(Axis.radial(cells, step))
    centres = (np.arange(cells, dtype=np.float64) + 0.5) * step * MM_PER_M
    power = np.where(centres < 10.0, 5e6, 0.0) * grid.cell_volumes_m3()
    results = []
    for column, perfused in (("1", True), ("2", False)):
        rise = _rise(grid, power, _far(cells * step), precision, perfused=perfused)
        got = at_radii(rise, table["0"], centres)
        name = f"heated sphere, steady, {'perfused' if perfused else 'without perfusion'}"
        results += compare(
            name, places(table["0"]), "K", table[column], got, relative=RELATIVE, least=LEAST_K
        )
    return results


def line_source(table: Table, precision: Precision) -> list[CaseResult]:
    """500 W/m along a line: q/(2 pi k) K0(r/L)."""
    cells, step = 1500, 0.04e-3
    grid = one_dimensional(Axis.cylindrical(cells, step))
    power = np.zeros(grid.shape)
    power[0, 0, 0] = 500.0
    centres = (np.arange(cells, dtype=np.float64) + 0.5) * step * MM_PER_M
    rise = _rise(grid, power, Dirichlet(BODY_C), precision, perfused=True)
    got = CubicSpline(centres[4:], rise[4:])(table["0"])
    return compare(
        "line source, steady", places(table["0"]), "K", table["1"], got, relative=RELATIVE, least=LEAST_K
    )


def slab(table: Table, precision: Precision) -> list[CaseResult]:
    """30 mm between 37 °C and 50 °C, perfused: sinh(x/L)/sinh(30 mm/L)."""
    cells = 240
    step = 30.0 / cells
    grid = one_dimensional(Axis.straight(cells, step / MM_PER_M))
    sides = Boundaries(i_low=Dirichlet(37.0), i_high=Dirichlet(50.0))
    heat = Bioheat(grid, zeros(grid), [medium(perfused=True)], boundaries=sides, precision=precision)
    x = np.concatenate([[0.0], (np.arange(cells, dtype=np.float64) + 0.5) * step, [30.0]])
    temperature = np.concatenate([[37.0], steady_temperature_c(heat)[0, 0], [50.0]])
    got = CubicSpline(x, temperature)(table["0"])
    names = [f"x = {place:g} mm" for place in table["0"]]
    return compare("slab 37/50 °C, steady", names, "°C", table["1"], got, relative=0.0, least=5e-3)


def round_electrode(table: Table, precision: Precision) -> list[CaseResult]:
    """15 V on a sphere of 1.5 mm in 0.2 S/m: potential, Joule heat and temperature, insulated and cooled."""
    cells, step, radius, volt, sigma = 2400, 0.025e-3, 1.5e-3, 15.0, 0.2
    grid = one_dimensional(Axis.radial(cells + 1, step, inner_m=radius - step))
    centres = radius + step * (np.arange(cells + 1, dtype=np.float64) - 0.5)
    outer = radius + cells * step
    box = PotentialBox(
        grid, (centres - radius)[None, None], np.zeros(grid.shape, bool), {"i_high": 1 / outer}
    )
    unit = box.solve(np.full(grid.shape, sigma), tolerance=1e-12)
    r_mm, radii = centres[1:] * MM_PER_M, table["0"]
    heat_w = volt**2 * unit.heat_w[..., 1:]
    tissue = one_dimensional(Axis.radial(cells, step, inner_m=radius))
    beyond = sigma * volt**2 / CONDUCTIVITY * (radius / outer - radius**2 / (2 * outer**2))
    watts = unit.conductance_s * volt**2
    results = compare(
        "round electrode", ["power"], "W", np.array([0.8482]), np.array([watts]), relative=1e-3, least=0.0
    )
    potential = CubicSpline(r_mm, volt * unit.potential[0, 0, 1:])(radii)
    density = CubicSpline(r_mm, heat_w[0, 0] / tissue.cell_volumes_m3()[0, 0])(radii)
    results += compare(
        "round electrode, potential", places(radii), "V", table["1"], potential, relative=1e-3, least=0.0
    )
    results += compare(
        "round electrode, heat", places(radii), "W/m³", table["2"], density, relative=0.03, least=0.0
    )
    colder = -22.0 - sigma * volt**2 / (2 * CONDUCTIVITY)
    for column, name, inner, far in (
        ("3", "insulated", None, beyond),
        ("4", "cooled to 15 °C", 15.0, beyond + colder * radius / outer),
    ):
        sides = Boundaries(i_high=Dirichlet(BODY_C + far))
        if inner is not None:
            sides = Boundaries(i_low=Dirichlet(inner), i_high=Dirichlet(BODY_C + far))
        heat = Bioheat(tissue, zeros(tissue), [medium(perfused=False)], boundaries=sides, precision=precision)
        heat.set_source(heat_w / tissue.cell_volumes_m3())
        rise = CubicSpline(r_mm, steady_temperature_c(heat)[0, 0] - BODY_C)(radii)
        results += compare(
            f"round electrode, {name}", places(radii), "K", table[column], rise, relative=RELATIVE, least=0.05
        )
    return results


def manufactured_cylinder(table: Table, precision: Precision) -> list[CaseResult]:
    """60 J0(2.40483 r) cos(pi z/20) + 310 in a cylinder of radius 1 and height 10 (metres, kelvin)."""
    rings, layers, root = 60, 80, 2.40483
    axes = (Axis.straight(layers, 10.0 / layers), Axis.single(), Axis.cylindrical(rings, 1.0 / rings))
    grid = HeatGrid(axes)
    r, z = (np.arange(rings) + 0.5) / rings, (np.arange(layers) + 0.5) * 10.0 / layers
    exact = 60 * j0(root * r)[None, None] * np.cos(np.pi * z / 20)[:, None, None]
    conductivity, perfusion = 0.56, 0.004 * 3640.0
    tissue = Medium(name="tissue", conductivity_w_mk=conductivity, perfusion_w_m3k=perfusion)
    sides = Boundaries(k_high=Dirichlet(310.0), i_high=Dirichlet(310.0))
    heat = Bioheat(
        grid, zeros(grid), [tissue], boundaries=sides, initial_c=310.0, blood_c=310.0, precision=precision
    )
    heat.set_source((conductivity * (root**2 + (np.pi / 20) ** 2) + perfusion) * exact)
    found = steady_temperature_c(heat)[:, 0] - 310.0
    # Even in both coordinates, zero at both outer sides.
    z_all, r_all = np.concatenate([-z[::-1], z, [10.0]]), np.concatenate([-r[::-1], r, [1.0]])
    half = np.concatenate([found[:, ::-1], found, np.zeros((layers, 1))], axis=1)
    whole = np.concatenate([half[::-1], half, np.zeros((1, half.shape[1]))])
    got = 310.0 + RectBivariateSpline(z_all, r_all, whole).ev(table["1"], table["0"])
    names = [f"r = {a:g}, z = {b:g}" for a, b in zip(table["0"], table["1"], strict=True)]
    return compare("manufactured cylinder", names, "K", table["2"], got, relative=0.0, least=0.03)
