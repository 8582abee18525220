"""Which places get a seed: the choice as numbers alone, with goals counted at samples.

Every goal is a count. V100 ≥ 95 % says that at least 95 % of the target's samples get the prescription; D2cc ≤ 145 Gy
that fewer samples than fill 2 ml get more than 145 Gy. So one loop over doses judges any choice.
"""

import itertools
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numba import njit
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Singles = NDArray[np.float32]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountGoal:
    """A goal as a count over a range of samples.

    Attributes
    ----------
    structure, quantity
        Which goal of the plan this is.
    start, stop
        The samples.
    dose_gy
        Threshold.
    at_least
        At least ``count`` samples get the threshold or more; otherwise at most ``count`` get more.
    """

    structure: str
    quantity: str
    start: int
    stop: int
    dose_gy: float
    at_least: bool
    count: float


@dataclass(frozen=True, kw_only=True, eq=False)
class SeedProblem:
    """The choice of places.

    Attributes
    ----------
    needle : (S,) int array
        Needle of each place, rising: the places of a needle lie side by side, deepest or shallowest first.
    order : (S,) int array
        Number of the place on its needle's lattice, rising within a needle.
    dose : (S, M) float32 array
        Dose in Gy of a seed in each place at each sample, the target's samples first.
    target_samples
        How many of the M are the target's.
    prescription_gy
        Up to which dose more is better in the target.
    goals
        All must hold.
    crossing : (N, N) bool array
        Needles that may not stand together.
    largest_gap
        Most lattice steps between neighbouring seeds of a needle, unless every place between is closed.
    """

    needle: Ints
    order: Ints
    dose: Singles
    target_samples: int
    prescription_gy: float
    goals: tuple[CountGoal, ...]
    crossing: Bools
    largest_gap: int

    @property
    def needles(self) -> int:
        """How many needles there are to choose from."""
        return len(self.crossing)

    @property
    def places(self) -> int:
        """How many places there are to choose from."""
        return len(self.needle)

    @cached_property
    def ranges(self) -> Ints:
        """First place and end of each needle's places, shape ``(N, 2)``."""
        numbers = np.arange(self.needles)
        first = np.searchsorted(self.needle, numbers, side="left")
        return np.stack([first, np.searchsorted(self.needle, numbers, side="right")], axis=1)

    @cached_property
    def use(self) -> Numbers:
        """Dose of each place to all of the target's samples together, shape ``(S,)``."""
        summed: Numbers = self.dose[:, : self.target_samples].sum(axis=1, dtype=np.float64)
        return summed

    @cached_property
    def table(self) -> tuple[Ints, Numbers]:
        """The goals for compiled loops: start, stop, at least; threshold, count."""
        whole = np.array([(g.start, g.stop, int(g.at_least)) for g in self.goals], np.int64).reshape(-1, 3)
        parts = np.array([(g.dose_gy, g.count) for g in self.goals], np.float64).reshape(-1, 2)
        return whole, parts

    def total(self, chosen: Bools) -> Singles:
        """Dose at every sample, shape ``(M,)``."""
        total: Singles = np.zeros(self.dose.shape[1], np.float32)
        for place in np.flatnonzero(chosen):
            total += self.dose[place]
        return total

    def shortfall(self, chosen: Bools) -> float:
        """By how much the goals are missed, as shares of their samples; 0 when all are met."""
        return float(shortfall(self.total(chosen), *self.table))

    def missed(self, chosen: Bools) -> tuple[CountGoal, ...]:
        """The goals that are not met."""
        total = self.total(chosen)
        alone = (replace(self, goals=(goal,)).table for goal in self.goals)
        return tuple(
            goal for goal, table in zip(self.goals, alone, strict=True) if shortfall(total, *table) > 0.0
        )

    def keeps_rules(self, chosen: Bools) -> bool:
        """Whether spacing and needles that cross are respected."""
        used = np.unique(self.needle[chosen])
        if self.crossing[np.ix_(used, used)].any():
            return False
        for needle in used:
            low, high = self.ranges[needle]
            here = low + np.flatnonzero(chosen[low:high])
            for one, other in itertools.pairwise(here):
                if not _gap_ok(self.order, one, other, self.largest_gap):
                    return False
        return True

    def only(self, kept: Bools) -> "SeedProblem":
        """The same problem with some of its needles, ``(N,)`` truth values."""
        places = kept[self.needle]
        numbers = np.cumsum(kept) - 1
        return replace(
            self,
            needle=numbers[self.needle[places]],
            order=self.order[places],
            dose=self.dose[places],
            crossing=self.crossing[np.ix_(kept, kept)],
        )


@njit(cache=True)
def _gap_ok(order: Ints, one: int, other: int, largest: int) -> bool:
    """Whether two neighbouring seeds of a needle may stand so far apart."""
    return bool(order[other] - order[one] <= largest or other == one + 1)


@njit(cache=True)
def shortfall(total: Singles, whole: Ints, parts: Numbers) -> float:
    """Sum over the goals of missing samples as a share of all, or surplus ones as a share of those allowed.

    So a sample too hot in an organ, of which few are allowed, weighs more than one too cold in the target.
    """
    missing = 0.0
    for goal in range(whole.shape[0]):
        start, stop, at_least = whole[goal, 0], whole[goal, 1], whole[goal, 2]
        dose = np.float32(parts[goal, 0])
        count = 0
        for sample in range(start, stop):
            if total[sample] > dose or (at_least and total[sample] == dose):
                count += 1
        lacking = parts[goal, 1] - count if at_least else count - parts[goal, 1]
        if lacking > 1e-9:
            missing += lacking / max(stop - start if at_least else parts[goal, 1], 1.0)
    return missing


@njit(cache=True)
def may_add(place: int, chosen: Bools, needle: Ints, order: Ints, ranges: Ints, largest: int) -> bool:
    """Whether a further seed keeps the spacing on its needle."""
    low, high = ranges[needle[place], 0], ranges[needle[place], 1]
    before, after = -1, -1
    for other in range(place - 1, low - 1, -1):
        if chosen[other]:
            before = other
            break
    for other in range(place + 1, high):
        if chosen[other]:
            after = other
            break
    if before >= 0 and not _gap_ok(order, before, place, largest):
        return False
    return not (after >= 0 and not _gap_ok(order, place, after, largest))


@njit(cache=True)
def may_remove(place: int, chosen: Bools, needle: Ints, order: Ints, ranges: Ints, largest: int) -> bool:
    """Whether one seed fewer keeps the spacing on its needle."""
    low, high = ranges[needle[place], 0], ranges[needle[place], 1]
    before, after = -1, -1
    for other in range(place - 1, low - 1, -1):
        if chosen[other]:
            before = other
            break
    for other in range(place + 1, high):
        if chosen[other]:
            after = other
            break
    return before < 0 or after < 0 or _gap_ok(order, before, after, largest)
