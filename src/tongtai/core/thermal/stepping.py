"""Runge-Kutta-Legendre super time stepping (RKL2): explicit, second order, steps of many cells' limits.

A step of s stages is stable up to (s² + s - 2)/4 times the step of the explicit Euler method and
costs s evaluations. Meyer CD, Balsara DS, Aslam TD. A stabilized Runge-Kutta-Legendre method for
explicit super-time-stepping of parabolic and mixed equations. J Comput Phys 2014;257:594-626.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

SAFETY = 0.9
MOST_STAGES = 99


def stages_for(step_s: float, euler_limit_s: float) -> int:
    """Two stages, or the smallest odd number of them, whose step is stable.

    Even numbers above two damp the quickest waves less than odd ones; two stages are only taken for steps
    that the explicit Euler method could make, in which these waves never change their sign.

    Examples
    --------
    >>> stages_for(1.0, 10.0), stages_for(2.0, 1.0), stages_for(5.0, 1.0)
    (2, 3, 5)
    """
    if step_s <= SAFETY * euler_limit_s:
        return 2
    stages = 3
    while SAFETY * euler_limit_s * (stages**2 + stages - 2) / 4 < step_s and stages < MOST_STAGES:
        stages += 2
    return stages


def longest_step_s(euler_limit_s: float) -> float:
    """The step that `MOST_STAGES` allow."""
    return SAFETY * euler_limit_s * (MOST_STAGES**2 + MOST_STAGES - 2) / 4


@dataclass(frozen=True, slots=True)
class LegendreScheme:
    """Weights of one number of stages, for a step of one second.

    ``first`` weighs the rate in stage 1; row n of ``later`` holds, for stage n + 2, mu, nu,
    1 - mu - nu, and the weights of the rate now and at the start.
    """

    first: float
    later: NDArray[np.float64]


@lru_cache
def legendre_scheme(stages: int) -> LegendreScheme:
    """Weights of the scheme with the given number of stages (two or more)."""
    number = np.arange(stages + 1, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        b = (number**2 + number - 2) / (2 * number * (number + 1))
    b[:3] = 1 / 3
    scale = 4 / (stages**2 + stages - 2)
    later = []
    for n in range(2, stages + 1):
        mu = (2 * n - 1) / n * b[n] / b[n - 1]
        nu = -(n - 1) / n * b[n] / b[n - 2]
        later.append((mu, nu, 1 - mu - nu, mu * scale, -(1 - b[n - 1]) * mu * scale))
    return LegendreScheme(first=scale / 3, later=np.array(later))
