"""Kernels of the bioheat equation: conductivities of the faces, and the stages of one step.

Heat content H (J/m³) is what is stepped, temperature follows from it cell by cell, so boiling
neither loses energy nor skips its latent heat. Arrays of temperature carry one layer of ghost
cells that holds the surroundings' temperature; arrays of faces have one entry more along their axis.
"""

import numba

from tongtai.core.thermal.compiled import Floats, Labels, Window, parallel, serial


@serial
def _conductivity(temperature, label, conduction):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    clamped = min(temperature, conduction[label, 3])
    return conduction[label, 0] + conduction[label, 1] * (clamped - conduction[label, 2])


@serial
def _between(warm, first, cold, second, spacing, conduction, one):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Conductivity of a face: harmonic mean, or wall and half a cell in series beside a held cell."""
    first_wall = conduction[first, 4]
    second_wall = conduction[second, 4]
    if first_wall > 0 and second_wall > 0:
        return one - one
    if first_wall > 0:
        tissue = _conductivity(cold, second, conduction)
        return one / (one / (first_wall * spacing) + one / (tissue + tissue))
    tissue = _conductivity(warm, first, conduction)
    if second_wall > 0:
        return one / (one / (second_wall * spacing) + one / (tissue + tissue))
    other = _conductivity(cold, second, conduction)
    return (tissue + tissue) * other / (tissue + other)


@parallel
def face_conductivities(
    temperature: Floats,
    labels: Labels,
    conduction: Floats,
    spacing: Floats,
    window: Window,
    faces_k: Floats,
    faces_j: Floats,
    faces_i: Floats,
) -> None:
    """Conductivity (W/(m K)) of every inner face that a cell of the window has.

    Parameters
    ----------
    temperature : (K + 2, J + 2, I + 2) array
        °C with ghost layer.
    labels : (K, J, I) array
        Medium of each cell.
    conduction : (labels, 5) array
        `MediaTable.conduction`.
    spacing : (3,) array
        Metres, in the precision of the other arrays.
    window : (6,) array
        First and one past the last cell along k, j, i.
    faces_k, faces_j, faces_i : arrays
        Written; the outermost faces are left alone.
    """
    one = spacing[0] / spacing[0]
    slices, rows, columns = labels.shape
    for k in numba.prange(window[0], window[1] + 1):
        for j in range(window[2], window[3] + 1):
            for i in range(window[4], window[5] + 1):
                if k == slices or j == rows or i == columns:
                    continue
                here = temperature[k + 1, j + 1, i + 1]
                label = labels[k, j, i]
                if k > 0:
                    faces_k[k, j, i] = _between(
                        temperature[k, j + 1, i + 1], labels[k - 1, j, i], here, label, spacing[0], conduction, one
                    )
                if j > 0:
                    faces_j[k, j, i] = _between(
                        temperature[k + 1, j, i + 1], labels[k, j - 1, i], here, label, spacing[1], conduction, one
                    )
                if i > 0:
                    faces_i[k, j, i] = _between(
                        temperature[k + 1, j + 1, i], labels[k, j, i - 1], here, label, spacing[2], conduction, one
                    )


@serial
def _heating(t_in, k, j, i, faces_k, faces_j, faces_i, metric_k, metric_j, metric_i, perfusion, source, blood):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Rate of heat content (W/m³) of one cell."""
    here = t_in[k + 1, j + 1, i + 1]
    return (
        metric_k[0, k] * faces_k[k, j, i] * (t_in[k, j + 1, i + 1] - here)
        + metric_k[1, k] * faces_k[k + 1, j, i] * (t_in[k + 2, j + 1, i + 1] - here)
        + metric_j[0, j] * faces_j[k, j, i] * (t_in[k + 1, j, i + 1] - here)
        + metric_j[1, j] * faces_j[k, j + 1, i] * (t_in[k + 1, j + 2, i + 1] - here)
        + metric_i[0, i] * faces_i[k, j, i] * (t_in[k + 1, j + 1, i] - here)
        + metric_i[1, i] * faces_i[k, j, i + 1] * (t_in[k + 1, j + 1, i + 2] - here)
        + source[k, j, i]
        - perfusion[k, j, i] * (here - blood)
    )


@serial
def _temperature(content, label, curve, zero):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    first = curve[label, 1]
    second = curve[label, 2]
    return (
        curve[label, 0]
        + min(content, first) * curve[label, 3]
        + max(min(content, second) - first, zero) * curve[label, 4]
        + max(content - second, zero) * curve[label, 5]
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
    blood: float,
    window: Window,
    rate: Floats,
) -> None:
    """Rate of heat content (W/m³) at the start of a step, into ``rate``.

    ``metric_*`` of shape (2, cells) weigh the lower and upper face (`Axis.into_cell`).
    """
    for k in numba.prange(window[0], window[1]):
        for j in range(window[2], window[3]):
            for i in range(window[4], window[5]):
                rate[k, j, i] = _heating(
                    t_in, k, j, i, faces_k, faces_j, faces_i, metric_k, metric_j, metric_i, perfusion, source, blood
                )


@parallel
def first_stage(
    start: Floats,
    rate: Floats,
    labels: Labels,
    curve: Floats,
    weight: float,
    window: Window,
    content: Floats,
    t_out: Floats,
) -> None:
    """First stage: ``content = start + weight * rate``, and its temperature."""
    zero = curve[0, 0] - curve[0, 0]
    for k in numba.prange(window[0], window[1]):
        for j in range(window[2], window[3]):
            for i in range(window[4], window[5]):
                now = start[k, j, i] + weight * rate[k, j, i]
                content[k, j, i] = now
                t_out[k + 1, j + 1, i + 1] = _temperature(now, labels[k, j, i], curve, zero)


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
    blood: float,
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
    zero = curve[0, 0] - curve[0, 0]
    mu, nu, rest, now_weight, start_weight = weights[0], weights[1], weights[2], weights[3], weights[4]
    for k in numba.prange(window[0], window[1]):
        for j in range(window[2], window[3]):
            for i in range(window[4], window[5]):
                heating = _heating(
                    t_in, k, j, i, faces_k, faces_j, faces_i, metric_k, metric_j, metric_i, perfusion, source, blood
                )
                now = (
                    mu * before[k, j, i]
                    + nu * older[k, j, i]
                    + rest * start[k, j, i]
                    + now_weight * heating
                    + start_weight * rate[k, j, i]
                )
                content[k, j, i] = now
                t_out[k + 1, j + 1, i + 1] = _temperature(now, labels[k, j, i], curve, zero)


@parallel
def fastest_rise(rate: Floats, labels: Labels, curve: Floats, window: Window, per_slice: Floats) -> None:
    """Largest |dT/dt| (K/s) below boiling, per slice of the window, into ``per_slice``."""
    for k in numba.prange(window[0], window[1]):
        largest = curve[0, 0] - curve[0, 0]
        for j in range(window[2], window[3]):
            for i in range(window[4], window[5]):
                largest = max(largest, abs(rate[k, j, i]) * curve[labels[k, j, i], 3])
        per_slice[k] = largest


@parallel
def carried_by_blood(
    temperature: Floats,
    perfusion: Floats,
    volume_k: Floats,
    volume_j: Floats,
    volume_i: Floats,
    blood: float,
    window: Window,
    per_slice: Floats,
) -> None:
    """Power (W) that perfusion takes away, per slice of the window; ``per_slice`` is float64."""
    for k in numba.prange(window[0], window[1]):
        power = 0.0
        for j in range(window[2], window[3]):
            along = 0.0
            for i in range(window[4], window[5]):
                along += perfusion[k, j, i] * (temperature[k + 1, j + 1, i + 1] - blood) * volume_i[i]
            power += along * volume_j[j]
        per_slice[k] = power * volume_k[k]
