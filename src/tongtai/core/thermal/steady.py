"""Steady temperatures: the bioheat equation without the time, solved by multigrid."""

import numpy as np
from numpy.typing import NDArray

from tongtai.core.thermal.bioheat import Bioheat
from tongtai.core.thermal.boundary_faces import layer
from tongtai.core.thermal.multigrid import build_levels, solve

Numbers = NDArray[np.float64]


def steady_temperature_c(heat: Bioheat, *, tolerance: float = 1e-10) -> Numbers:
    """Temperature that the present source and perfusion lead to, with the present conductivities.

    Phase changes are ignored; what holds a temperature (Dirichlet or Robin sides, perfusion, held cells)
    must exist somewhere, or there is no steady state.

    Returns
    -------
    (K, J, I) array
        °C.

    Raises
    ------
    NotConvergedError
        If there is nothing that holds a temperature.

    Examples
    --------
    >>> from tongtai.core.thermal.boundaries import Boundaries, Dirichlet
    >>> from tongtai.core.thermal.grid import Axis, HeatGrid
    >>> from tongtai.core.thermal.media import Medium
    >>> rod = HeatGrid((Axis.single(), Axis.single(), Axis.straight(4, 1e-3)))
    >>> steel = Medium(name="steel", conductivity_w_mk=15.0)
    >>> ends = Boundaries(i_low=Dirichlet(20.0), i_high=Dirichlet(60.0))
    >>> heat = Bioheat(rod, np.zeros(rod.shape, np.uint8), [steel], boundaries=ends, precision="double")
    >>> steady_temperature_c(heat).ravel().round(3).tolist()
    [25.0, 35.0, 45.0, 55.0]
    """
    base = heat.blood_c
    held = heat.table.held[heat.labels]
    volumes = heat.grid.cell_volumes_m3()
    sink, power = heat.perfusion * volumes, heat.source * volumes
    rise = heat.padded_c.astype(np.float64) - base
    fixed = np.pad(held, 1, constant_values=True)
    faces = [
        _inner_faces(axis, conductance, fixed, rise, sink, power)
        for axis, conductance in enumerate(heat.conductances_w_k())
    ]
    levels = build_levels(faces, np.where(held, 0.0, sink))
    found, _ = solve(
        levels, np.where(held, 0.0, power), np.zeros(held.shape), tolerance=tolerance, most_iterations=500
    )
    return np.where(held, heat.temperature_c, base + found)


def _inner_faces(
    axis: int, conductance: Numbers, fixed: NDArray[np.bool_], rise: Numbers, sink: Numbers, power: Numbers
) -> Numbers:
    """Conductances between free cells; those to a fixed neighbour go into ``sink`` and ``power``."""
    inside = [slice(1, -1)] * 3
    for lower in (True, False):
        beside = inside.copy()
        beside[axis] = slice(None, -2) if lower else slice(2, None)
        count = conductance.shape[axis] - 1
        own = conductance[layer(axis, slice(0, count) if lower else slice(1, None))]
        lost = np.where(fixed[tuple(beside)], own, 0.0)
        sink += lost
        power += lost * rise[tuple(beside)]
    along = inside.copy()
    along[axis] = slice(None)
    free = ~fixed[tuple(along)]
    open_faces: Numbers = np.where(
        free[layer(axis, slice(None, -1))] & free[layer(axis, slice(1, None))], conductance, 0.0
    )
    return open_faces
