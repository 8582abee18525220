"""Needles that stand in the patient together: how near they come, and sets that do not cross."""

from collections.abc import Sequence

import numpy as np

from tongtai.core.needle import Needle
from tongtai.core.trajectory.anatomy import Mask, Points
from tongtai.core.trajectory.candidates import Candidate


def segment_distance_mm(first: tuple[Points, Points], second: tuple[Points, Points]) -> float:
    """Smallest distance between two segments in space.

    The distance is a convex function of the two places along the segments, so that its least value
    lies either where both are free, or at an end of one of them.

    Examples
    --------
    >>> a = (np.array([0.0, 0, 0]), np.array([10.0, 0, 0]))
    >>> b = (np.array([5.0, -5, 3]), np.array([5.0, 5, 3]))
    >>> segment_distance_mm(a, b)
    3.0
    """
    (p, p_end), (q, q_end) = first, second
    u, v, w = p_end - p, q_end - q, p - q
    a, b, c, d, e = u @ u, u @ v, v @ v, u @ w, v @ w
    found = [
        _point_to_segment(p, second),
        _point_to_segment(p_end, second),
        _point_to_segment(q, first),
        _point_to_segment(q_end, first),
    ]
    determinant = a * c - b * b
    if determinant > 1e-12 * a * c:
        s = (b * e - c * d) / determinant
        t = (a * e - b * d) / determinant
        if 0.0 <= s <= 1.0 and 0.0 <= t <= 1.0:
            found.append(float(np.linalg.norm(w + s * u - t * v)))
    return min(found)


def _point_to_segment(point: Points, segment: tuple[Points, Points]) -> float:
    start, end = segment
    way = end - start
    at = min(max(float((point - start) @ way / (way @ way)), 0.0), 1.0)
    return float(np.linalg.norm(point - start - at * way))


def shaft(needle: Needle, needle_length_mm: float) -> tuple[Points, Points]:
    """The whole needle, from its outer end to the tip."""
    tip = np.asarray(needle.tip_lps_mm, np.float64)
    return tip - max(needle_length_mm, needle.length_mm) * needle.direction, tip


def shaft_distances_mm(needles: Sequence[Needle], needle_length_mm: float) -> Points:
    """Distances between all shafts, shape ``(N, N)``, infinite on the diagonal."""
    shafts = [shaft(needle, needle_length_mm) for needle in needles]
    distance = np.full((len(needles), len(needles)), np.inf)
    for one in range(len(needles)):
        for other in range(one):
            distance[one, other] = distance[other, one] = segment_distance_mm(shafts[one], shafts[other])
    return distance


def choose_together(
    offers: Sequence[Sequence[Candidate]], *, gap_mm: float, needle_length_mm: float
) -> tuple[int, ...] | None:
    """One path for each target, so that no two needles come nearer than the gap.

    Parameters
    ----------
    offers
        Candidates of each target, best first.
    gap_mm
        Smallest distance between shafts.
    needle_length_mm
        Length of the needles, for the part outside the skin.

    Returns
    -------
    tuple of int or None
        Place of the chosen path in each target's offers, with the smallest sum of scores; None if
        no choice keeps the needles apart. The search is complete (branch and bound).
    """
    if any(not offer for offer in offers):
        return None
    ends = np.cumsum([0, *[len(offer) for offer in offers]])
    needles = [candidate.measure.needle for offer in offers for candidate in offer]
    apart: Mask = shaft_distances_mm(needles, needle_length_mm) >= gap_mm
    scores = [[candidate.score for candidate in offer] for offer in offers]
    rest = np.append(np.cumsum([min(row) for row in scores][::-1])[::-1], 0.0)
    best: tuple[float, tuple[int, ...] | None] = (np.inf, None)
    waiting: list[tuple[float, tuple[int, ...]]] = [(0.0, ())]
    while waiting:
        total, chosen = waiting.pop()
        level = len(chosen)
        if total + rest[level] >= best[0]:
            continue
        if level == len(offers):
            best = (total, chosen)
            continue
        for place in reversed(range(len(offers[level]))):
            here = ends[level] + place
            if all(apart[here, ends[other] + old] for other, old in enumerate(chosen)):
                waiting.append((total + scores[level][place], (*chosen, place)))
    return best[1]
