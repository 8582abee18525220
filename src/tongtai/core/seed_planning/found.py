"""How needles and seeds were chosen, how far the choice may be from the best one, and what stood in the way."""

from dataclasses import dataclass
from enum import StrEnum


class StoppedBy(StrEnum):
    """Why the search ended."""

    PROVED = "proved"
    """The bound equals what was found: nothing better exists among the candidates."""
    COMPLETE = "complete"
    """Every step of the search was done; the gap says what is not proved."""
    TIME_LIMIT = "time_limit"
    """The time ran out before every step was done; another run may give another plan."""
    BY_HAND = "by_hand"
    """Nothing was chosen: a person placed the seeds."""


class Hindrance(StrEnum):
    """What keeps a goal out of reach."""

    ORGAN_LIMIT = "organ_limit"
    """Without this organ's limit the goal would be met."""
    BLOCKED_NEEDLES = "blocked_needles"
    """With the needles that this constraint closes the goal would be met."""
    ACTIVITY = "activity"
    """Even a seed at every permitted place gives too little: the activity is too low for the spacing."""
    TARGET_LIMIT = "target_limit"
    """The goals of the target contradict each other: dose enough for one is too much for another."""
    GEOMETRY = "geometry"
    """No single cause was found: several act together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptimisationFound:
    """The search for the fewest needles, then the fewest seeds.

    Attributes
    ----------
    method
        In words.
    candidate_needles, candidate_places
        Needles that may be used, and places for seeds on them.
    samples
        Places in the target at which the search computes the dose.
    start_needles, start_seeds
        Of the greedy start; 0 where it did not meet the goals.
    needles, seeds
        Of the plan.
    needles_bound, seeds_bound
        No plan that meets the goals (at the search's samples, from these candidates) has fewer needles; no
        such plan with as many needles as this one has fewer seeds. None where it was not computed.
    needles_gap, seeds_gap
        (found − bound) / found; 0 is proved best; None as the bounds, or when the goals are not met.
    rounds
        How often the search was repeated with stricter goals, because the finer judgement missed one.
    time_limit_s
        Given to the search.
    """

    method: str
    candidate_needles: int
    candidate_places: int
    samples: int
    start_needles: int
    start_seeds: int
    needles: int
    seeds: int
    needles_bound: int | None
    seeds_bound: int | None
    needles_gap: float | None
    seeds_gap: float | None
    rounds: int
    stopped_by: StoppedBy
    time_limit_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreachedGoal:
    """A goal that no plan of these candidates meets, and why.

    Attributes
    ----------
    structure, quantity, value
        The goal.
    best
        What the plan reaches; None without a plan.
    without
        What would be reached without the hindrance; None where it was not tried.
    named
        The organ, or the constraint that blocks needles; empty for the other kinds.
    paths
        Blocked needles: names of the template's holes, or places of free needles; empty for the others.
    text
        One sentence.
    """

    structure: str
    quantity: str
    value: float
    best: float | None
    without: float | None
    hindrance: Hindrance
    named: str
    paths: tuple[str, ...]
    text: str
