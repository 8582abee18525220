"""Kernels for the conductivities of the cells and of the faces between them, renewed where they have changed."""

import numba
import numpy as np

from tongtai.core.thermal.compiled import Bools, Floats, Indices, Labels, Real, Window, parallel, serial


@parallel
def cell_conductivities(
    temperature: Floats,
    labels: Labels,
    conduction: Floats,
    tolerance: Real,
    around: Window,
    conductivity: Floats,
    renewed: Bools,
) -> None:
    """Conductivity (W/(m K)) of the cells of the window and of one layer around it, where it has changed.

    Each cell decides for itself, so that turning the patient changes nothing.

    Parameters
    ----------
    temperature : (K + 2, J + 2, I + 2) array
        °C with ghost layer.
    labels : (K, J, I) array
        Medium of each cell.
    conduction : (5, labels) array
        `MediaTable.conduction`.
    tolerance
        Relative change that is let be.
    around
        The window and one layer of cells around it.
    conductivity : (K, J, I) array
        Written; zero where it was not yet computed.
    renewed : (K, J) array
        Written: whether any cell of the row has changed.
    """
    base, slope, reference, clamp = conduction[0], conduction[1], conduction[2], conduction[3]
    slices, starts, ends = around.slices, around.first, around.last
    for k in numba.prange(slices[0], slices[1]):
        work = np.zeros(conductivity.shape[2], conductivity.dtype)
        for j in range(starts.shape[1]):
            first, last = starts[k, j], ends[k, j]
            warm = temperature[k + 1, j + 1, first + 1 : last + 1]
            label, now = labels[k, j, first:last], work[: last - first]
            for i in range(now.size):
                n = label[i]
                now[i] = base[n] + slope[n] * (min(warm[i], clamp[n]) - reference[n])
            renewed[k, j] = _take(now, tolerance, conductivity[k, j, first:last]) > 0


@serial
def _take(now: Floats, tolerance: Real, out: Floats) -> int:
    """Write the numbers that have changed, and count them."""
    count = 0
    for i in range(out.size):
        count += abs(now[i] - out[i]) > tolerance * out[i]
    if count > 0:
        for i in range(out.size):
            out[i] = now[i] if abs(now[i] - out[i]) > tolerance * out[i] else out[i]
    return count


@serial
def _harmonic(low: Floats, high: Floats, out: Floats) -> None:
    for i in range(out.size):
        product = low[i] * high[i]
        out[i] = (product + product) / (low[i] + high[i])


@parallel
def face_conductivities(
    conductivity: Floats, renewed: Bools, around: Window, faces_k: Floats, faces_j: Floats, faces_i: Floats
) -> None:
    """Harmonic means of the cells' conductivities on every inner face beside a cell of a renewed row.

    ``renewed`` and ``around`` as in `cell_conductivities`.
    """
    slices, starts, ends = around.slices, around.first, around.last
    for k in numba.prange(slices[0], slices[1]):
        for j in range(starts.shape[1]):
            first, last = starts[k, j], ends[k, j]
            here = conductivity[k, j, first:last]
            if k > 0 and (renewed[k, j] or renewed[k - 1, j]):
                _harmonic(conductivity[k - 1, j, first:last], here, faces_k[k, j, first:last])
            if j > 0 and (renewed[k, j] or renewed[k, j - 1]):
                _harmonic(conductivity[k, j - 1, first:last], here, faces_j[k, j, first:last])
            start = max(first, 1)
            if start < last and renewed[k, j]:
                _harmonic(
                    conductivity[k, j, start - 1 : last - 1],
                    conductivity[k, j, start:last],
                    faces_i[k, j, start:last],
                )


@parallel
def wall_conductivities(
    tissue: Indices, face: Indices, wall: Floats, conductivity: Floats, faces: Floats
) -> None:
    """Faces beside held cells: the wall's resistance and half a cell of tissue in series.

    ``tissue`` and ``face`` are flat indices into ``conductivity`` and ``faces``; ``wall`` is the
    coefficient times the spacing (W/(m K)), zero between two held cells.
    """
    cells, flat = conductivity.ravel(), faces.ravel()
    for n in numba.prange(face.size):
        double = cells[tissue[n]] + cells[tissue[n]]
        both_held = wall[n] == 0
        flat[face[n]] = wall[n] if both_held else wall[n] * double / (wall[n] + double)
