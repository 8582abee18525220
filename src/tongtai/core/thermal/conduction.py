"""Kernels of the bioheat equation: the rate at the start of a step, and the step's stages.

Heat content H (J/m³) is what is stepped, temperature follows from it cell by cell, so boiling
neither loses energy nor skips its latent heat. Arrays of temperature carry one layer of ghost
cells that holds the surroundings' temperature; arrays of faces have one entry more along their axis.

A row of cells is worked in short loops over views of few arrays each: that is what lets the compiler
prove that they do not overlap, and use vector instructions.
"""

import numba
import numpy as np

from tongtai.core.thermal.compiled import Floats, Labels, Real, Window, parallel, serial

# Medium of a row that has several.
MIXED = 255


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
def _end_of_run(label: Labels, start: int) -> int:
    """One past the last of the cells from ``start`` on that have the same medium."""
    end = start + 1
    while end < label.size and label[end] == label[start]:
        end += 1
    return end


@parallel
def rows_media(labels: Labels, window: Window, media: Labels) -> None:
    """Write the medium of each row of the window, `MIXED` where it has several, into ``media`` of shape (K, J)."""
    slices, starts, ends = window.slices, window.first, window.last
    for k in numba.prange(slices[0], slices[1]):
        for j in range(starts.shape[1]):
            row = labels[k, j, starts[k, j] : ends[k, j]]
            if row.size > 0:
                media[k, j] = row[0] if _end_of_run(row, 0) == row.size else MIXED


@serial
def _temperatures_of_run(content: Floats, curve: Floats, out: Floats) -> None:
    """Temperatures of cells of one medium from their heat contents: three straight parts, without branches."""
    zero = curve[0] - curve[0]
    at_zero, first, second, below, within, above = curve[0], curve[1], curve[2], curve[3], curve[4], curve[5]
    for i in range(out.size):
        value = content[i]
        out[i] = (
            at_zero
            + min(value, first) * below
            + max(min(value, second) - first, zero) * within
            + max(value - second, zero) * above
        )


@serial
def _temperatures(content: Floats, medium: int, label: Labels, curve: Floats, out: Floats) -> None:
    """Temperatures of one row from its heat contents."""
    if medium != MIXED:
        _temperatures_of_run(content, curve[:, medium], out)
        return
    start = 0
    while start < out.size:
        end = _end_of_run(label, start)
        _temperatures_of_run(content[start:end], curve[:, label[start]], out[start:end])
        start = end


@serial
def _raise(here: Floats, most: Floats) -> None:
    for i in range(here.size):
        most[i] = max(most[i], here[i])


@serial
def _carried(here: Floats, flow: Floats, blood: Real, area_m2: float, out: Floats) -> None:
    """Add what perfusion takes from a row of cells, per length along it (W/m)."""
    for i in range(out.size):
        out[i] += area_m2 * (flow[i] * (here[i] - blood))


@serial
def _limits_of_run(
    held: Floats, gain: Floats, curve: Floats, ahead_s: Real, rise: Floats, fall: Floats, driest: Floats
) -> None:
    """Raise ``rise``, ``fall`` (K/s) and ``driest`` (J/m³) to those of cells of one medium; see `first_rate`."""
    zero = curve[0] - curve[0]
    first, second, below = curve[1], curve[2], curve[3]
    if below == zero:
        return
    for i in range(gain.size):
        now = gain[i] * below if held[i] < first else zero
        rise[i] = max(rise[i], now)
        fall[i] = max(fall[i], -now)
    for i in range(gain.size):
        driest[i] = max(driest[i], held[i] + ahead_s * max(gain[i], zero) - second)


@serial
def _limits(
    held: Floats,
    gain: Floats,
    medium: int,
    label: Labels,
    curve: Floats,
    ahead_s: Real,
    rise: Floats,
    fall: Floats,
    driest: Floats,
) -> None:
    """Limits of one row."""
    if medium != MIXED:
        _limits_of_run(held, gain, curve[:, medium], ahead_s, rise, fall, driest)
        return
    start = 0
    while start < gain.size:
        end = _end_of_run(label, start)
        _limits_of_run(
            held[start:end], gain[start:end], curve[:, label[start]], ahead_s,
            rise[start:end], fall[start:end], driest[start:end],
        )  # fmt: skip
        start = end


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
    content: Floats,
    labels: Labels,
    media: Labels,
    curve: Floats,
    ahead_s: Real,
    window: Window,
    rate: Floats,
    per_slice: Floats,
    volume_k: Floats,
    volume_j: Floats,
    volume_i: Floats,
    carried: Floats,
) -> None:
    """Rate of heat content (W/m³) at the start of a step, into ``rate``, and what the step's length follows from.

    The extremes are kept along a row over all rows of a slice: so they are found by vector instructions. Cells that boil or are dry do not count for warming and change: beyond boiling little depends on
    temperature any more.

    Parameters
    ----------
    metric_k, metric_j, metric_i : (2, cells) arrays
        Weights of the lower and upper face (`Axis.into_cell`).
    ahead_s
        How far ahead is looked for cells beyond boiling, at the present rates.
    per_slice : (4, K) array
        Written: highest temperature (°C), fastest warming and cooling (K/s), and how far beyond boiling a cell
        gets (J/m³), which is negative where all cells keep the heat capacity of wet tissue.
    volume_k, volume_j, volume_i
        The cells' volumes along each axis (`Axis.volumes`).
    carried : (K,) array of float64
        Written: power (W) that perfusion takes away.
    """
    slices, starts, ends = window.slices, window.first, window.last
    for k in numba.prange(slices[0], slices[1]):
        most, cooling = np.zeros((4, content.shape[2]), content.dtype), np.zeros(content.shape[2])
        most[0], most[3] = -np.inf, -curve[2].max()
        for j in range(starts.shape[1]):
            first, last = starts[k, j], ends[k, j]
            if first >= last:
                continue
            gain, here = rate[k, j, first:last], t_in[k + 1, j + 1, first + 1 : last + 1]
            _heating(
                t_in, k, j, first, last, faces_k, faces_j, faces_i, metric_k, metric_j, metric_i,
                perfusion, source, blood, gain,
            )  # fmt: skip
            _raise(here, most[0, first:last])
            _carried(here, perfusion[k, j, first:last], blood, volume_j[j], cooling[first:last])
            _limits(
                content[k, j, first:last], gain, media[k, j], labels[k, j, first:last], curve, ahead_s,
                most[1, first:last], most[2, first:last], most[3, first:last],
            )  # fmt: skip
        for n in range(4):
            per_slice[n, k] = most[n].max()
        carried[k] = volume_k[k] * np.sum(cooling * volume_i)


@parallel
def first_stage(
    start: Floats,
    rate: Floats,
    labels: Labels,
    media: Labels,
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
            _temperatures(
                out, media[k, j], labels[k, j, first:last], curve, t_out[k + 1, j + 1, first + 1 : last + 1]
            )


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
    media: Labels,
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
            _temperatures(
                row, media[k, j], labels[k, j, first:last], curve, t_out[k + 1, j + 1, first + 1 : last + 1]
            )


@parallel
def place_source(
    density: Floats,
    heats: Floats,
    labels: Labels,
    flux: Floats,
    volume_k: Floats,
    volume_j: Floats,
    volume_i: Floats,
    out: Floats,
    per_slice: Floats,
) -> None:
    """Write a density times ``heats`` plus the sides' flux into ``out``, nothing in held media.

    ``heats`` is by label: a factor where a medium takes power, zero where it is held. ``per_slice`` takes the power
    (W) of each slice without the flux.
    """
    for k in numba.prange(out.shape[0]):
        row, total = np.zeros(out.shape[2], out.dtype), 0.0
        for j in range(out.shape[1]):
            along = 0.0
            given, label, power, beside = density[k, j], labels[k, j], out[k, j], flux[k, j]
            for i in range(row.size):
                row[i] = heats[label[i]] * given[i]
                along += row[i] * volume_i[i]
            for i in range(row.size):
                power[i] = row[i] + (beside[i] if heats[label[i]] != 0 else row[i] - row[i])
            total += along * volume_j[j]
        per_slice[k] = total * volume_k[k]
