"""TG-43U1: the dose rate of one seed as a function of distance and angle.

Rivard MJ, Coursey BM, DeWerd LA, et al. Update of AAPM Task Group No. 43 Report. Med Phys
2004;31(3):633-674. Lengths are millimetres here; the reference point is 10 mm away at 90°.
"""

import numpy as np
from numpy.typing import NDArray

from tongtai.core.brachytherapy.errors import FormalismMissingError
from tongtai.core.brachytherapy.rules import DoseRules, Formalism, RadialRule
from tongtai.core.brachytherapy.seed_models import AnisotropyTable, RadialTable, SeedModel

Numbers = NDArray[np.float64]
REFERENCE_MM = 10.0
_QUARTER = np.pi / 2.0


def geometry_function_mm2(radius_mm: Numbers, theta_rad: Numbers, length_mm: float) -> Numbers:
    """G_L(r, θ) of a line source in mm⁻²: β / (L r sin θ), and 1 / (r² - L²/4) on its axis.

    β is the angle under which the line is seen. A line of no length is a point: 1 / r².

    Parameters
    ----------
    radius_mm, theta_rad : arrays that broadcast together
        From the line's centre and from its axis.
    length_mm
        L.

    Examples
    --------
    >>> round(float(geometry_function_mm2(np.array(10.0), np.array(np.pi / 2), 3.0)), 8)
    0.009926
    >>> float(geometry_function_mm2(np.array(10.0), np.array(0.3), 0.0))
    0.01
    """
    radius, theta = np.broadcast_arrays(radius_mm, theta_rad)
    squared = radius**2 - length_mm**2 / 4.0
    across = length_mm * radius * np.abs(np.sin(theta))
    near_axis = across <= 1e-9 * radius**2
    with np.errstate(divide="ignore"):
        on_axis = np.where(squared > 0.0, 1.0 / squared, np.inf)
    seen = np.arctan2(across, squared)
    found: Numbers = np.where(near_axis, on_axis, seen / np.where(near_axis, 1.0, across))
    return found


def radial_function(table: RadialTable, radius_mm: Numbers, rule: RadialRule) -> Numbers:
    """g_L(r): by the rule between the points, the first value below, exponential beyond the last two.

    Examples
    --------
    >>> table = RadialTable(radius_mm=np.array([10.0, 20.0]), value=np.array([1.0, 0.25]), source="example")
    >>> r = np.array([5.0, 15.0, 30.0])
    >>> radial_function(table, r, RadialRule.LINEAR).tolist()
    [1.0, 0.625, 0.0625]
    >>> radial_function(table, r, RadialRule.LOG_LINEAR).round(12).tolist()
    [1.0, 0.5, 0.0625]
    """
    r, logs = table.radius_mm, np.log(table.value)
    if rule is RadialRule.LINEAR:
        between = np.interp(radius_mm, r, table.value)
    else:
        between = np.exp(np.interp(radius_mm, r, logs))
    slope = (logs[-1] - logs[-2]) / (r[-1] - r[-2])
    beyond = np.exp(logs[-1] + slope * (np.maximum(radius_mm, r[-1]) - r[-1]))
    found: Numbers = np.where(radius_mm > r[-1], beyond, between)
    return found


def anisotropy_function(table: AnisotropyTable, radius_mm: Numbers, theta_rad: Numbers) -> Numbers:
    """F(r, θ): bilinear, nearest distance outside the table; both ends of the seed are alike.

    Examples
    --------
    >>> table = AnisotropyTable(
    ...     radius_mm=np.array([5.0, 10.0]),
    ...     theta_deg=np.array([0.0, 90.0]),
    ...     value=np.array([[0.2, 0.4], [1.0, 1.0]]),
    ...     source="example",
    ... )
    >>> theta = np.radians([0.0, 180.0, 45.0])
    >>> anisotropy_function(table, np.array([1.0, 99.0, 7.5]), theta).round(12).tolist()
    [0.2, 0.4, 0.65]
    """
    radius, theta = np.broadcast_arrays(radius_mm, theta_rad)
    degrees = 90.0 - np.abs(np.degrees(theta) - 90.0)
    row, down = _cell(table.theta_deg, degrees)
    column, along = _cell(table.radius_mm, radius)
    value = table.value
    near = (1.0 - along) * value[row, column] + along * value[row, column + 1]
    far = (1.0 - along) * value[row + 1, column] + along * value[row + 1, column + 1]
    found: Numbers = (1.0 - down) * near + down * far
    return found


def _cell(nodes: Numbers, at: Numbers) -> tuple[NDArray[np.int64], Numbers]:
    """Number of the interval, and how far into it; places outside go to the nearest end."""
    inside = np.clip(at, nodes[0], nodes[-1])
    number = np.clip(np.searchsorted(nodes, inside, side="right") - 1, 0, len(nodes) - 2).astype(np.int64)
    share: Numbers = (inside - nodes[number]) / (nodes[number + 1] - nodes[number])
    return number, share


def check_formalism(model: SeedModel, formalism: Formalism) -> None:
    """Refuse what the model's tables do not allow.

    Raises
    ------
    FormalismMissingError
        With what the model does offer.
    """
    if formalism in model.formalisms:
        return
    table = "F(r, θ)" if formalism is Formalism.LINE else "φ_an(r)"
    offered = " and ".join(f"the {one.value} source" for one in model.formalisms)
    rest = f"it offers only {offered}." if offered else "no dose can be computed until its file has one."
    raise FormalismMissingError(
        f"Seed model {model.id} has no {table}, which the {formalism.value} source needs; {rest}",
        model=model.id,
        formalism=formalism.value,
    )


def dose_rate_cgy_h_u(model: SeedModel, radius_mm: Numbers, theta_rad: Numbers, rules: DoseRules) -> Numbers:
    """Dose rate to water of one unit of air-kerma strength, in cGy h⁻¹ U⁻¹.

    Parameters
    ----------
    model
        The seed.
    radius_mm, theta_rad : arrays that broadcast together
        Distance from the seed's centre, angle from its axis (0 to π).
    rules
        Formalism and interpolation.

    Raises
    ------
    FormalismMissingError
        If the model lacks the table that the formalism needs.
    """
    check_formalism(model, rules.formalism)
    line = rules.formalism is Formalism.LINE
    angle = theta_rad if line else np.full_like(theta_rad, _QUARTER)
    length = model.active_length_mm
    at_reference = geometry_function_mm2(np.array(REFERENCE_MM), np.array(_QUARTER), length)
    geometry = geometry_function_mm2(radius_mm, angle, length) / at_reference
    rate = (
        model.dose_rate_constant_cgy_h_u * geometry * radial_function(model.radial, radius_mm, rules.radial)
    )
    if line and model.anisotropy is not None:
        rate = rate * anisotropy_function(model.anisotropy, radius_mm, theta_rad)
    elif model.anisotropy_1d is not None:
        around = model.anisotropy_1d
        rate = rate * np.interp(radius_mm, around.radius_mm, around.value)
    found: Numbers = rate
    return found
