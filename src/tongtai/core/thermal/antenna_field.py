"""The electric field of an insulated coaxial antenna in lossy tissue.

The antenna is two arms on either side of its slot (or junction), each with a sinusoidal current that
vanishes at its end; the current's wave number is that of an insulated wire in a dense medium: King
RWP, Trembly BS, Strohbehn JW. The electromagnetic field of an insulated antenna in a conducting or
dielectric medium. IEEE Trans Microw Theory Tech 1983;31:574-583. The field is the sum of the exact
fields of short (Hertzian) dipoles: Balanis CA. Antenna theory, section 4.2, with the tissue's complex
permittivity. SAR = sigma |E|² / (2 rho), as in the antenna cases of the MITA model.
"""

from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray
from scipy.special import hankel2

from tongtai.core.thermal.applicators import MicrowaveAntenna
from tongtai.core.thermal.compiled import parallel
from tongtai.core.thermal.grid import MM_PER_M

Numbers = NDArray[np.float64]
VACUUM_PERMITTIVITY = 8.8541878128e-12
VACUUM_PERMEABILITY = 1.25663706212e-6
RING_STEPS = 56
HEIGHT_STEP_M = 1e-3
DIPOLE_M = 0.5e-3
# Where the table ends: beyond, less than a thousandth of the power is left at 2450 MHz.
REACH_M = 0.08


@dataclass(frozen=True, slots=True)
class FieldTable:
    """Power density per radiated watt, in the antenna's own cylinder coordinates.

    ``log_density`` has shape (heights, rings): natural logarithm of W/m³ per W, at heights
    ``first_height_m + n HEIGHT_STEP_M`` above the slot (towards the tip) and radii
    ``inner_m * ratio^n``.
    """

    log_density: Numbers
    first_height_m: float
    inner_m: float
    log_ratio: float


def complex_permittivity(permittivity: float, conductivity_s_m: float, frequency_mhz: float) -> complex:
    """Relative complex permittivity, time factor exp(j omega t)."""
    omega = 2e6 * np.pi * frequency_mhz
    return complex(permittivity, -conductivity_s_m / (omega * VACUUM_PERMITTIVITY))


def wave_number_1_m(relative: complex, frequency_mhz: float) -> complex:
    """Wave number in a medium; its imaginary part is negative (attenuation).

    Examples
    --------
    >>> k = wave_number_1_m(complex_permittivity(43.0, 1.69, 2450.0), 2450.0)
    >>> round(-1000 / k.imag, 1)  # field penetration depth in mm
    20.8
    """
    omega = 2e6 * np.pi * frequency_mhz
    return complex(omega * np.sqrt(VACUUM_PERMEABILITY * VACUUM_PERMITTIVITY) * np.sqrt(relative))


def current_wave_number_1_m(antenna: MicrowaveAntenna, tissue: complex) -> complex:
    """Wave number of the current on the insulated conductor (King, Trembly and Strohbehn 1983)."""
    wire = wave_number_1_m(complex(antenna.insulation_permittivity), antenna.frequency_mhz)
    around = wave_number_1_m(tissue, antenna.frequency_mhz) * antenna.insulation_mm / MM_PER_M
    ratio = np.log(antenna.insulation_mm / antenna.conductor_mm)
    return complex(wire * np.sqrt(1 + hankel2(0, around) / (around * ratio * hankel2(1, around))))


def field_table(antenna: MicrowaveAntenna, tissue: complex, at_37_c: complex) -> FieldTable:
    """Power density per watt in homogeneous tissue, normalised to one watt in all.

    Parameters
    ----------
    tissue, at_37_c
        Relative complex permittivity of the medium now, and of warm tissue; the current on the wire
        keeps the latter's wave number (the formula needs a medium denser than the insulation).
    """
    heights, moments = _dipoles(antenna, current_wave_number_1_m(antenna, at_37_c))
    inner = antenna.insulation_mm / MM_PER_M
    log_ratio = np.log(REACH_M / inner) / (RING_STEPS - 1)
    rings = inner * np.exp(log_ratio * np.arange(RING_STEPS))
    first = -(antenna.proximal_mm / MM_PER_M + REACH_M)
    count = int(np.ceil((antenna.distal_mm / MM_PER_M + REACH_M - first) / HEIGHT_STEP_M)) + 1
    levels: Numbers = first + HEIGHT_STEP_M * np.arange(count, dtype=np.float64)
    squared = np.zeros((count, RING_STEPS))
    _field_squared(levels, rings, heights, moments, wave_number_1_m(tissue, antenna.frequency_mhz), squared)
    # Rings are equally spaced in ln r: d(volume) = 2 pi r² d(ln r) dz.
    weights = 2 * np.pi * rings**2 * log_ratio * HEIGHT_STEP_M
    weights[[0, -1]] *= 0.5
    density = squared / float(np.sum(squared @ weights))
    return FieldTable(np.log(density), first, inner, log_ratio)


def _dipoles(antenna: MicrowaveAntenna, wave_number: complex) -> tuple[Numbers, NDArray[np.complex128]]:
    """Heights of short dipoles above the slot, and their current times length."""
    heights, moments = [], []
    for arm_mm, sign in ((antenna.distal_mm, 1.0), (antenna.proximal_mm, -1.0)):
        length = arm_mm / MM_PER_M
        count = max(int(np.ceil(length / DIPOLE_M)), 2)
        along = (np.arange(count) + 0.5) * length / count
        current = np.sin(wave_number * (length - along)) / np.sin(wave_number * length)
        heights.append(sign * along)
        moments.append(current * length / count)
    return np.concatenate(heights), np.concatenate(moments).astype(np.complex128)


@parallel
def _field_squared(
    levels: Numbers,
    rings: Numbers,
    heights: Numbers,
    moments: NDArray[np.complex128],
    wave_number: complex,
    out: Numbers,
) -> None:
    """|E|² up to a constant; every dipole's far, inductive and near terms."""
    for a in numba.prange(levels.size):
        for b in range(rings.size):
            radial, axial = 0j, 0j
            for n in range(heights.size):
                up = levels[a] - heights[n]
                distance = np.sqrt(up * up + rings[b] * rings[b])
                cosine, sine = up / distance, rings[b] / distance
                phase = wave_number * distance
                wave = moments[n] * np.exp(-1j * phase) / distance
                inverse = 1 / (1j * phase)
                along = 2 * cosine * wave * (inverse + inverse * inverse)
                turned = sine * wave * (1 + inverse + inverse * inverse)
                axial += along * cosine - turned * sine
                radial += along * sine + turned * cosine
            out[a, b] = axial.real**2 + axial.imag**2 + radial.real**2 + radial.imag**2
