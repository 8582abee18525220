"""Why a goal is not met: the same choice once more without one limit, or with one kind of blocked needles."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tongtai.core.brachytherapy.evaluation import StructureDoses
from tongtai.core.seed_planning.attempt import Attempt, live_of, needle_with_tip, problem_of
from tongtai.core.seed_planning.case import SeedCase
from tongtai.core.seed_planning.evaluating import value_of
from tongtai.core.seed_planning.found import Hindrance, UnreachedGoal
from tongtai.core.seed_planning.goals import TARGET, GoalJudged
from tongtai.core.seed_planning.moves import add_greedily
from tongtai.core.seed_planning.paths import SeedPath
from tongtai.core.seed_planning.placed import Layout
from tongtai.core.seed_planning.problem import Bools, SeedProblem
from tongtai.core.seed_planning.rules import SeedNumber
from tongtai.core.seed_planning.samples import Places, places_on
from tongtai.core.seed_planning.search import refined
from tongtai.core.trajectory.measuring import Measurer

_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trial:
    """What a plan reaches when one thing is left out or opened; None where no seed could be placed."""

    hindrance: Hindrance
    named: str
    paths: tuple[str, ...]
    found: StructureDoses | None


def unreached_goals(
    case: SeedCase, attempt: Attempt, others: Sequence[Attempt] = ()
) -> tuple[UnreachedGoal, ...]:
    """A reason for every goal that an attempt misses.

    In turn: each organ's limit left out; the needles closed by each constraint opened; every permitted place filled;
    the other upper goals of the target left out. The first kind that helps is named, within it what helps most.

    Parameters
    ----------
    attempt
        The best one.
    others
        Worse ones. Free needles are only looked for where the skin is open: what closes the way is then seen at the
        best template, whose closed holes are known.
    """
    missed = [goal for goal in attempt.goals if goal.met is False]
    if not missed or attempt.places is None or attempt.problem is None:
        return ()
    trials = (*_trials(case, attempt), *_template_trials(case, attempt, others))
    return tuple(_reason(goal, trials) for goal in missed)


def _trials(case: SeedCase, attempt: Attempt) -> Iterator[Trial]:
    places, problem = attempt.places, attempt.problem
    assert places is not None and problem is not None  # noqa: S101, PT018  (checked by the caller)
    for organ in sorted({goal.structure for goal in problem.goals} - {TARGET}):
        less = replace(problem, goals=tuple(goal for goal in problem.goals if goal.structure != organ))
        yield _trial(case, Hindrance.ORGAN_LIMIT, organ, (), less, places)
    yield from _opened_trials(case, attempt)
    everything = np.ones(problem.places, np.bool_)
    yield _judged(case, Hindrance.ACTIVITY, "", (), places, everything)
    lower = replace(problem, goals=tuple(goal for goal in problem.goals if goal.at_least))
    yield _trial(case, Hindrance.TARGET_LIMIT, "", (), lower, places)


def _opened_trials(case: SeedCase, attempt: Attempt) -> Iterator[Trial]:
    """The choice again with the needles that each constraint closes."""
    open_paths = attempt.places.paths if attempt.places is not None else ()
    for constraint, blocked in sorted(_blocked(attempt.paths).items()):
        more = places_on(
            [*open_paths, *(opened(case.measurer, case, path) for path in blocked)],
            case.knowledge.rules, case.knowledge.model, case.request.strength_u,
        )  # fmt: skip
        if more is not None:
            names = tuple(path.line.name for path in blocked)
            wider = problem_of(case, more, attempt.layout, 0.0)
            yield _trial(case, Hindrance.BLOCKED_NEEDLES, constraint, names, wider, more)


def _template_trials(case: SeedCase, attempt: Attempt, others: Sequence[Attempt]) -> Iterator[Trial]:
    template = next((one for one in others if one.layout is Layout.TEMPLATE), None)
    if attempt.layout is Layout.FREE and template is not None:
        yield from _opened_trials(case, template)


def _blocked(paths: tuple[SeedPath, ...]) -> dict[str, list[SeedPath]]:
    found: dict[str, list[SeedPath]] = defaultdict(list)
    for path in paths:
        if path.meets_target and not path.is_open and path.blocked_by and path.entry_lps_mm is not None:
            found[path.blocked_by].append(path)
    return found


def opened(measurer: Measurer, case: SeedCase, path: SeedPath) -> SeedPath:
    """A blocked path as if nothing stood in its way; for the question what that would gain, never for a plan."""
    tip = float(path.wanted.max()) + case.knowledge.rules.number(SeedNumber.TIP_BEYOND_SEED_MM)
    measure = measurer.measure([needle_with_tip(path, tip)], case.prepared.tumour.name)[0]
    return replace(path, open_to_mm=tip, measure=measure)


def _trial(
    case: SeedCase,
    hindrance: Hindrance,
    named: str,
    paths: tuple[str, ...],
    problem: SeedProblem,
    places: Places,
) -> Trial:
    chosen = refined(problem, add_greedily(problem, np.zeros(problem.places, np.bool_)))
    return _judged(case, hindrance, named, paths, places, chosen)


def _judged(
    case: SeedCase, hindrance: Hindrance, named: str, paths: tuple[str, ...], places: Places, chosen: Bools
) -> Trial:
    live = live_of(case, places, chosen)
    found = None if live is None else live.structure_doses(case.request.prescription_gy)
    return Trial(hindrance=hindrance, named=named, paths=paths, found=found)


def _reason(goal: GoalJudged, trials: tuple[Trial, ...]) -> UnreachedGoal:
    values = {trial: _value(trial, goal) for trial in trials}
    for kind in (Hindrance.ORGAN_LIMIT, Hindrance.BLOCKED_NEEDLES):
        helps = [
            (value, trial)
            for trial, value in values.items()
            if trial.hindrance is kind and value is not None and _meets(goal, value)
        ]
        if helps:
            most, trial = max(helps, key=lambda one: one[0] if goal.at_least else -one[0])
            return _told(goal, kind, trial.named, trial.paths, most)
    for trial, value in values.items():
        if trial.hindrance is Hindrance.ACTIVITY and goal.at_least and not _meets(goal, value):
            return _told(goal, Hindrance.ACTIVITY, "", (), value)
        if trial.hindrance is Hindrance.TARGET_LIMIT and goal.at_least and _meets(goal, value):
            return _told(goal, Hindrance.TARGET_LIMIT, "", (), value)
    kind = Hindrance.GEOMETRY if goal.at_least else Hindrance.TARGET_LIMIT
    return _told(goal, kind, "", (), None)


def _value(trial: Trial, goal: GoalJudged) -> float | None:
    return None if trial.found is None else value_of(goal.structure, goal.quantity, trial.found)


def _meets(goal: GoalJudged, value: float | None) -> bool:
    if value is None:
        return False
    return value >= goal.value if goal.at_least else value <= goal.value


_SENTENCES = {
    Hindrance.ORGAN_LIMIT: "without the limit of {named} it would be {without}",
    Hindrance.BLOCKED_NEEDLES: "{named} blocks {paths}; with these needles it would be {without}",
    Hindrance.ACTIVITY: "even a seed in every permitted place gives {without}: stronger seeds or narrower needles are needed",
    Hindrance.TARGET_LIMIT: "the goals of the target contradict each other here{alone}",
    Hindrance.GEOMETRY: "no single limit, organ or blocked needle explains it: several act together",
}


def _told(
    goal: GoalJudged,
    kind: Hindrance,
    named: str,
    paths: tuple[str, ...],
    without: float | None,
) -> UnreachedGoal:
    listed = ", ".join(paths[:_SHOWN]) + (f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else "")
    reached = "" if without is None else _number(without, goal.unit)
    because = _SENTENCES[kind].format(
        named=named,
        paths=listed,
        without=reached,
        alone=f": without V150, V200 and organs it would be {reached}" if reached else "",
    )
    best = None if goal.reached is None else _number(goal.reached, goal.unit)
    sign = "at least" if goal.at_least else "at most"
    return UnreachedGoal(
        structure=goal.structure,
        quantity=goal.quantity.value,
        value=goal.value,
        best=goal.reached,
        without=without,
        hindrance=kind,
        named=named,
        paths=paths,
        text=f"{goal.structure} {goal.quantity.value} is {best}, {sign} {_number(goal.value, goal.unit)} asked: {because}.",
    )


def _number(value: float, unit: str) -> str:
    return f"{value:.1%}" if unit == "share" else f"{value:.1f} Gy"
