"""One attempt at a plan: a set of paths, the best choice on them, and what it reaches at the finer samples."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tongtai.core.brachytherapy.implant import Implant
from tongtai.core.brachytherapy.live import LiveImplant
from tongtai.core.needle import Needle
from tongtai.core.seed_planning.case import SeedCase
from tongtai.core.seed_planning.evaluating import goals_judged
from tongtai.core.seed_planning.free_lines import free_lines
from tongtai.core.seed_planning.goals import GoalJudged
from tongtai.core.seed_planning.paths import SeedPath, measured_paths, ways
from tongtai.core.seed_planning.placed import Layout
from tongtai.core.seed_planning.problem import Bools, SeedProblem
from tongtai.core.seed_planning.rules import SeedNumber
from tongtai.core.seed_planning.samples import Places, places_on, seed_problem
from tongtai.core.seed_planning.search import Chosen, Effort, search
from tongtai.core.seed_planning.template import (
    Template,
    best_templates,
    directions_to_try,
    template_towards,
)
from tongtai.core.trajectory.candidates import best_candidates
from tongtai.core.trajectory.needle_sets import shaft_distances_mm
from tongtai.core.trajectory.rules import LimitName

# How much stricter the search is than the goals, because its samples are fewer than those of the judgement.
STRICTER = (0.0, 0.01, 0.025)
_TEMPLATES = 2
_SEARCH_PURPOSE = 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Attempt:
    """A layout and the best choice on it.

    Attributes
    ----------
    template
        None for free needles.
    paths
        All that lead towards the target, open or not.
    places, problem, chosen
        The problem with the goals themselves, whatever stricter ones were searched with. None where no path is open.
    live
        The implant with its dose; None where no seed was chosen.
    goals
        As judged at the finer samples; empty without seeds.
    rounds
        How often the search was repeated, stricter each time.
    """

    layout: Layout
    template: Template | None
    paths: tuple[SeedPath, ...]
    places: Places | None
    problem: SeedProblem | None
    chosen: Chosen | None
    live: LiveImplant | None
    goals: tuple[GoalJudged, ...]
    rounds: int

    @property
    def missed(self) -> int:
        """How many goals are not met."""
        return sum(goal.met is False for goal in self.goals)

    @property
    def shortfall(self) -> float:
        """By what shares of their values the missed goals are missed, together; 0 when all are met."""
        return sum(
            abs(goal.value - (goal.reached or 0.0)) / goal.value for goal in self.goals if goal.met is False
        )

    @property
    def rank(self) -> tuple[bool, int, float, int, int]:
        """What attempts are compared by, the smaller the better.

        No seeds, goals missed, by how much, needles, seeds: while a goal is missed, more dose counts more than
        fewer needles.
        """
        if self.places is None or self.chosen is None or self.live is None:
            return True, 0, 0.0, 0, 0
        return False, self.missed, round(self.shortfall, 6), self.needles, len(self.live.implant.seeds)

    @property
    def succeeded(self) -> bool:
        """Whether there are seeds, and every goal that can be judged is met."""
        return not self.rank[0] and not self.missed

    @property
    def needles(self) -> int:
        """How many needles carry seeds."""
        if self.places is None or self.chosen is None:
            return 0
        return len(np.unique(self.places.path[self.chosen.chosen]))


def attempts(
    case: SeedCase, elapsed_s: Callable[[], float], on_progress: Callable[[float], None]
) -> tuple[Attempt, ...]:
    """Attempts in the layouts that are asked for, the best first; the template comes first among equals.

    Without a wish, narrower templates and then free needles are tried while a goal is missed.
    """
    found: list[Attempt] = []
    for spacing_mm in _spacings(case):
        for template, paths in template_paths(case, spacing_mm):
            found.append(_attempt(case, Layout.TEMPLATE, template, paths, elapsed_s, on_progress))
            if found[-1].succeeded:
                return (found[-1], *found[:-1])
    if case.request.layout in {"", Layout.FREE.value}:
        found.append(_attempt(case, Layout.FREE, None, free_paths(case), elapsed_s, on_progress))
    return tuple(sorted(found, key=lambda one: one.rank))


def _spacings(case: SeedCase) -> tuple[float, ...]:
    """Distances between holes to try: the one asked for, else the widest by the rules, then the narrowest."""
    request, rules = case.request, case.knowledge.rules
    if request.layout not in {"", Layout.TEMPLATE.value}:
        return ()
    if request.template_spacing_mm:
        return (request.template_spacing_mm,)
    return rules.number(SeedNumber.NEEDLE_STEP_MM), rules.number(SeedNumber.LEAST_NEEDLE_STEP_MM)


def template_paths(case: SeedCase, spacing_mm: float) -> list[tuple[Template, tuple[SeedPath, ...]]]:
    """The templates that leave most of the target in reach, with a path for every hole towards it."""
    request, rules, scene = case.request, case.knowledge.rules, case.prepared.reached.scene
    middle = np.asarray(case.prepared.reached.targets[0].point_lps_mm)
    if request.template_direction_lps is not None:
        directions = [np.asarray(request.template_direction_lps)]
    else:
        best = best_candidates(case.prepared.reached, case.measurer, 0).candidates
        directions = directions_to_try(case.prepared.reached, [one.measure.needle.direction for one in best])
    candidates = [
        template_towards(
            middle, direction, rules, spacing_mm=spacing_mm,
            rotation_deg=request.template_rotation_deg, offset_mm=request.template_offset_mm,
        )
        for direction in directions
    ]  # fmt: skip
    chosen = best_templates(scene, case.region, rules, candidates, case.samples.target[::2], count=_TEMPLATES)
    return [
        (template, measured_paths(case.measurer, case.prepared.tumour.name, found))
        for template, found in chosen
    ]


def free_paths(case: SeedCase) -> tuple[SeedPath, ...]:
    """Paths through all parts of the target, each as its own open skin allows."""
    scene = case.prepared.reached.scene
    lines = free_lines(case.measurer, case.prepared.target)
    found = ways(scene, case.region, case.knowledge.rules, lines)
    return measured_paths(case.measurer, case.prepared.tumour.name, found)


def _attempt(
    case: SeedCase,
    layout: Layout,
    template: Template | None,
    paths: tuple[SeedPath, ...],
    elapsed_s: Callable[[], float],
    on_progress: Callable[[float], None],
) -> Attempt:
    towards = tuple(path for path in paths if path.meets_target)
    empty = Attempt(
        layout=layout, template=template, paths=towards, places=None, problem=None, chosen=None, live=None,
        goals=(), rounds=0,
    )  # fmt: skip
    places = places_on(towards, case.knowledge.rules, case.knowledge.model, case.request.strength_u)
    if places is None:
        return empty
    best, effort = empty, effort_of(case)
    asked = problem_of(case, places, layout, 0.0)
    for number, stricter in enumerate(STRICTER):
        problem = asked if stricter == 0.0 else problem_of(case, places, layout, stricter)
        chosen = search(problem, case.generator(_SEARCH_PURPOSE), effort, elapsed_s, on_progress)
        tried = replace(
            empty, places=places, problem=asked, chosen=chosen, rounds=number + 1,
            live=(live := live_of(case, places, chosen.chosen)), goals=judged_of(case, live),
        )  # fmt: skip
        best = replace(min((best, tried), key=lambda one: one.rank), rounds=number + 1)
        # A search that misses goals at its own samples misses more of them when it is stricter.
        if (live is not None and not tried.missed) or chosen.shortfall > 0.0:
            break
    return best


def effort_of(case: SeedCase) -> Effort:
    """How hard to search, with the time that was asked for."""
    return replace(case.knowledge.effort, time_limit_s=case.request.time_limit_s)


def problem_of(case: SeedCase, places: Places, layout: Layout, stricter: float) -> SeedProblem:
    """The choice among places, with the goals of the case."""
    return seed_problem(
        places, case.samples, case.request.goals, case.knowledge.dose_rules, case.knowledge.rules,
        crossing_of(case, places.paths, layout), prescription_gy=case.request.prescription_gy, stricter=stricter,
    )  # fmt: skip


def crossing_of(case: SeedCase, paths: Sequence[SeedPath], layout: Layout) -> Bools:
    """Which needles come too near to each other; parallel ones through holes never do."""
    if layout is Layout.TEMPLATE:
        return np.zeros((len(paths), len(paths)), np.bool_)
    rules = case.knowledge.needle_rules
    needles = [path.measure.needle for path in paths if path.measure is not None]
    apart = shaft_distances_mm(needles, rules.limit(LimitName.NEEDLE_LENGTH_MM))
    least = max(
        rules.limit(LimitName.NEEDLE_GAP_MM), case.knowledge.rules.number(SeedNumber.LEAST_NEEDLE_STEP_MM)
    )
    near: Bools = apart < least
    return near


def live_of(case: SeedCase, places: Places, chosen: Bools) -> LiveImplant | None:
    """The chosen seeds with their dose; None if there are none."""
    if not chosen.any():
        return None
    seeds = tuple(places.implant.seeds[place] for place in np.flatnonzero(chosen))
    return LiveImplant.of(Implant(seeds), case.knowledge.dose_rules, case.structures)


def judged_of(case: SeedCase, live: LiveImplant | None) -> tuple[GoalJudged, ...]:
    """The goals at the finer samples."""
    if live is None:
        return ()
    goals = [goal for goal in case.request.goals if goal.structure in case.structures]
    return goals_judged(goals, live.structure_doses(case.request.prescription_gy))


def needle_with_tip(path: SeedPath, tip_mm: float) -> Needle:
    """The needle of a path with its tip at a depth."""
    entry = path.point_at(0.0)
    tip = path.point_at(tip_mm)
    return Needle(
        (float(entry[0]), float(entry[1]), float(entry[2])), (float(tip[0]), float(tip[1]), float(tip[2]))
    )
