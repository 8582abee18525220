"""Kernels of the bioheat equation: conductivities of the faces, and the stages of one step.

Heat content H (J/m³) is what is stepped, temperature follows from it cell by cell, so boiling
neither loses energy nor skips its latent heat. Arrays of temperature carry one layer of ghost
cells that holds the surroundings' temperature; arrays of faces have one entry more along their axis.

A row of cells is worked in short loops over views of few arrays each: that is what lets the compiler
prove that they do not overlap, and use vector instructions.
"""

import numba
import numpy as np

from tongtai.core.thermal.compiled import Bools, Floats, Indices, Labels, Real, Window, parallel, serial


@parallel
def cell_conductivities(
    temperature: Floats, labels: Labels, conduction: Floats, around: Window, conductivity: Floats
) -> None:
    """Conductivity (W/(m K)) of the cells of the window and of one layer around it.

    Parameters
    ----------
    temperature : (K + 2, J + 2, I + 2) array
        °C with ghost layer.
    labels : (K, J, I) array
        Medium of each cell.
    conduction : (5, labels) array
        `MediaTable.conduction`.
    around
        The window and one layer of cells around it.
    conductivity : (K, J, I) array
        Written.
    """
    base, slope, reference, clamp = conduction[0], conduction[1], conduction[2], conduction[3]
    slices, starts, ends = around.slices, around.first, around.last
    for k in numba.prange(slices[0], slices[1]):
        for j in range(starts.shape[1]):
            first, last = starts[k, j], ends[k, j]
            warm = temperature[k + 1, j + 1, first + 1 : last + 1]
            label = labels[k, j, first:last]
            out = conductivity[k, j, first:last]
            for i in range(out.size):
                n = label[i]
                out[i] = base[n] + slope[n] * (min(warm[i], clamp[n]) - reference[n])


@serial
def _harmonic(low: Floats, high: Floats, out: Floats) -> None:
    for i in range(out.size):
        product = low[i] * high[i]
        out[i] = (product + product) / (low[i] + high[i])


@parallel
def face_conductivities(
    conductivity: Floats, around: Window, faces_k: Floats, faces_j: Floats, faces_i: Floats
) -> None:
    """Harmonic means of the cells' conductivities on every inner face that a cell of the window has.

    ``around`` is the window and one layer of cells around it, as in `cell_conductivities`.
    """
    slices, starts, ends = around.slices, around.first, around.last
    for k in numba.prange(slices[0], slices[1]):
        for j in range(starts.shape[1]):
            first, last = starts[k, j], ends[k, j]
            here = conductivity[k, j, first:last]
            if k > 0:
                _harmonic(conductivity[k - 1, j, first:last], here, faces_k[k, j, first:last])
            if j > 0:
                _harmonic(conductivity[k, j - 1, first:last], here, faces_j[k, j, first:last])
            start = max(first, 1)
            if start < last:
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


@serial
def _heating(
    t_in: Floats,
    k: int,
    j: int,
    first: int,
    last: int,
    faces_k: Floats,
    faces_j: Floats,
    faces_i: Floats,
    metric_k: Floats,
    metric_j: Floats,
    metric_i: Floats,
    perfusion: Floats,
    source: Floats,
    blood: Real,
    out: Floats,
) -> None:
    """Rates of heat content (W/m³) of one row of cells, into ``out``."""
    here = t_in[k + 1, j + 1, first + 1 : last + 1]
    low, high = t_in[k, j + 1, first + 1 : last + 1], t_in[k + 2, j + 1, first + 1 : last + 1]
    low_face, high_face = faces_k[k, j, first:last], faces_k[k + 1, j, first:last]
    low_weight, high_weight = metric_k[0, k], metric_k[1, k]
    for i in range(out.size):
        out[i] = low_weight * low_face[i] * (low[i] - here[i]) + high_weight * high_face[i] * (
            high[i] - here[i]
        )
    low, high = t_in[k + 1, j, first + 1 : last + 1], t_in[k + 1, j + 2, first + 1 : last + 1]
    low_face, high_face = faces_j[k, j, first:last], faces_j[k, j + 1, first:last]
    low_weight, high_weight = metric_j[0, j], metric_j[1, j]
    for i in range(out.size):
        out[i] += low_weight * low_face[i] * (low[i] - here[i]) + high_weight * high_face[i] * (
            high[i] - here[i]
        )
    around = t_in[k + 1, j + 1, first : last + 2]
    face = faces_i[k, j, first : last + 1]
    low_metric, high_metric = metric_i[0, first:last], metric_i[1, first:last]
    for i in range(out.size):
        out[i] += low_metric[i] * face[i] * (around[i] - around[i + 1]) + high_metric[i] * face[i + 1] * (
            around[i + 2] - around[i + 1]
        )
    power, flow = source[k, j, first:last], perfusion[k, j, first:last]
    for i in range(out.size):
        out[i] += power[i] - flow[i] * (here[i] - blood)


@serial
def _temperatures(content: Floats, label: Labels, curve: Floats, out: Floats) -> None:
    """Temperatures of one row from its heat contents: three straight parts, without branches."""
    zero = curve[0, 0] - curve[0, 0]
    common = label[0]
    others = 0
    for i in range(out.size):
        others += label[i] != common
    if others == 0:
        at_zero, first, second = curve[0, common], curve[1, common], curve[2, common]
        below, within, above = curve[3, common], curve[4, common], curve[5, common]
        for i in range(out.size):
            value = content[i]
            out[i] = (
                at_zero
                + min(value, first) * below
                + max(min(value, second) - first, zero) * within
                + max(value - second, zero) * above
            )
    else:
        for i in range(out.size):
            n = label[i]
            value = content[i]
            out[i] = (
                curve[0, n]
                + min(value, curve[1, n]) * curve[3, n]
                + max(min(value, curve[2, n]) - curve[1, n], zero) * curve[4, n]
                + max(value - curve[2, n], zero) * curve[5, n]
            )


@parallel
def first_rate(
    t_in: Floats,
    faces_k: Floats,
    faces_j: Floats,
    faces_i: Floats,
    metric_k: Floats,
    metric_j: Floats,
    metric_i: Floats,
    perfusion: Floats,
    source: Floats,
    blood: Real,
    window: Window,
    rate: Floats,
) -> None:
    """Rate of heat content (W/m³) at the start of a step, into ``rate``.

    ``metric_*`` of shape (2, cells) weigh the lower and upper face (`Axis.into_cell`).
    """
    slices, starts, ends = window.slices, window.first, window.last
    for k in numba.prange(slices[0], slices[1]):
        for j in range(starts.shape[1]):
            first, last = starts[k, j], ends[k, j]
            if first >= last:
                continue
            _heating(
                t_in, k, j, first, last, faces_k, faces_j, faces_i, metric_k, metric_j, metric_i,
                perfusion, source, blood, rate[k, j, first:last],
            )  # fmt: skip


@parallel
def first_stage(
    start: Floats,
    rate: Floats,
    labels: Labels,
    curve: Floats,
    weight: Real,
    window: Window,
    content: Floats,
    t_out: Floats,
) -> None:
    """First stage: ``content = start + weight * rate``, and its temperature."""
    slices, starts, ends = window.slices, window.first, window.last
    for k in numba.prange(slices[0], slices[1]):
        for j in range(starts.shape[1]):
            first, last = starts[k, j], ends[k, j]
            if first >= last:
                continue
            out, begin, gain = content[k, j, first:last], start[k, j, first:last], rate[k, j, first:last]
            for i in range(out.size):
                out[i] = begin[i] + weight * gain[i]
            _temperatures(out, labels[k, j, first:last], curve, t_out[k + 1, j + 1, first + 1 : last + 1])


@parallel
def next_stage(
    t_in: Floats,
    faces_k: Floats,
    faces_j: Floats,
    faces_i: Floats,
    metric_k: Floats,
    metric_j: Floats,
    metric_i: Floats,
    perfusion: Floats,
    source: Floats,
    blood: Real,
    labels: Labels,
    curve: Floats,
    weights: Floats,
    start: Floats,
    rate: Floats,
    before: Floats,
    older: Floats,
    window: Window,
    content: Floats,
    t_out: Floats,
) -> None:
    """A later stage of the Runge-Kutta-Legendre step; ``content`` may be the array ``older``.

    ``weights`` are mu, nu, 1 - mu - nu, and the two weights of the rates, times the step.
    """
    mu, nu, rest, now_weight, start_weight = weights[0], weights[1], weights[2], weights[3], weights[4]
    slices, starts, ends = window.slices, window.first, window.last
    for k in numba.prange(slices[0], slices[1]):
        work = np.zeros(start.shape[2], start.dtype)
        for j in range(starts.shape[1]):
            first, last = starts[k, j], ends[k, j]
            if first >= last:
                continue
            row = work[: last - first]
            _heating(
                t_in, k, j, first, last, faces_k, faces_j, faces_i, metric_k, metric_j, metric_i,
                perfusion, source, blood, row,
            )  # fmt: skip
            begin, gain = start[k, j, first:last], rate[k, j, first:last]
            one, two = before[k, j, first:last], older[k, j, first:last]
            for i in range(row.size):
                row[i] = now_weight * row[i] + rest * begin[i] + start_weight * gain[i]
            for i in range(row.size):
                row[i] += mu * one[i] + nu * two[i]
            out = content[k, j, first:last]
            for i in range(row.size):
                out[i] = row[i]
            _temperatures(row, labels[k, j, first:last], curve, t_out[k + 1, j + 1, first + 1 : last + 1])


@parallel
def step_limits(
    content: Floats,
    rate: Floats,
    labels: Labels,
    curve: Floats,
    ahead_s: Real,
    window: Window,
    per_slice: Floats,
) -> None:
    """Per slice of the window: fastest warming and change (K/s), and how far beyond boiling a cell gets.

    Cells that boil or are dry do not count for the first two: beyond boiling little depends on
    temperature any more. The third (J/m³) looks ``ahead_s`` ahead at the present rates; it is negative
    where all cells keep the heat capacity of wet tissue.

    Parameters
    ----------
    per_slice : (3, K) array
        Written.
    """
    zero = curve[0, 0] - curve[0, 0]
    slices, starts, ends = window.slices, window.first, window.last
    for k in numba.prange(slices[0], slices[1]):
        warming, change, driest = zero, zero, zero - curve[2].max()
        for j in range(starts.shape[1]):
            first, last = starts[k, j], ends[k, j]
            gain, label = rate[k, j, first:last], labels[k, j, first:last]
            held = content[k, j, first:last]
            for i in range(gain.size):
                n = label[i]
                if curve[3, n] == zero:
                    continue
                if held[i] < curve[1, n]:
                    warming = max(warming, gain[i] * curve[3, n])
                    change = max(change, abs(gain[i]) * curve[3, n])
                driest = max(driest, held[i] + ahead_s * max(gain[i], zero) - curve[2, n])
        per_slice[0, k], per_slice[1, k], per_slice[2, k] = warming, change, driest


@parallel
def carried_by_blood(
    temperature: Floats,
    perfusion: Floats,
    volume_k: Floats,
    volume_j: Floats,
    volume_i: Floats,
    blood: Real,
    window: Window,
    per_slice: Floats,
) -> None:
    """Power (W) that perfusion takes away, per slice of the window; ``per_slice`` is float64."""
    slices, starts, ends = window.slices, window.first, window.last
    for k in numba.prange(slices[0], slices[1]):
        power = 0.0
        for j in range(starts.shape[1]):
            first, last = starts[k, j], ends[k, j]
            warm = temperature[k + 1, j + 1, first + 1 : last + 1]
            flow, volume = perfusion[k, j, first:last], volume_i[first:last]
            along = 0.0
            for i in range(flow.size):
                along += flow[i] * (warm[i] - blood) * volume[i]
            power += along * volume_j[j]
        per_slice[k] = power * volume_k[k]


@parallel
def place_source(
    density: Floats,
    scale: float,
    heats: Bools,
    labels: Labels,
    flux: Floats,
    volume_k: Floats,
    volume_j: Floats,
    volume_i: Floats,
    out: Floats,
    per_slice: Floats,
) -> None:
    """Write ``scale * density`` plus the sides' flux into ``out``, nothing in held media.

    ``per_slice`` takes the power (W) of each slice without the flux.
    """
    for k in numba.prange(out.shape[0]):
        total = 0.0
        for j in range(out.shape[1]):
            along = 0.0
            for i in range(out.shape[2]):
                if heats[labels[k, j, i]]:
                    now = scale * density[k, j, i]
                    out[k, j, i] = now + flux[k, j, i]
                    along += now * volume_i[i]
                else:
                    out[k, j, i] = 0.0
            total += along * volume_j[j]
        per_slice[k] = total * volume_k[k]
