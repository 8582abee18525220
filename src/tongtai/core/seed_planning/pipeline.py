"""The whole way from masks to a plan of seeds."""

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, replace

import numpy as np

from tongtai.core.brachytherapy.live import LiveImplant
from tongtai.core.planning.assembling import image_used
from tongtai.core.planning.fingerprint import input_sha256, plan_id
from tongtai.core.planning.inputs import ImageFacts
from tongtai.core.planning.patient import structures_used
from tongtai.core.planning.plan import Identity, Warned
from tongtai.core.planning.progress import Progress, silent, stage
from tongtai.core.planning.reach_step import reach_found, target_volume
from tongtai.core.seed_planning.assembling import (
    blocked_counts,
    loaded_needles,
    needle_gaps_of,
    planned_seeds,
    seed_needles,
    template_used,
)
from tongtai.core.seed_planning.attempt import Attempt, attempts, effort_of, judged_of
from tongtai.core.seed_planning.by_hand import held_template, implant_by_hand
from tongtai.core.seed_planning.case import SeedCase, prepare_seed_case
from tongtai.core.seed_planning.dose_step import band_found, biological_doses, doses_found
from tongtai.core.seed_planning.found import OptimisationFound, StoppedBy, UnreachedGoal
from tongtai.core.seed_planning.goals import GoalJudged
from tongtai.core.seed_planning.hand_placed import HandNeedleOfSeeds, HandPlacedSeeds
from tongtai.core.seed_planning.handling import RadiationSheet
from tongtai.core.seed_planning.hindrances import unreached_goals
from tongtai.core.seed_planning.knowledge import SeedKnowledge
from tongtai.core.seed_planning.paths import SeedPath
from tongtai.core.seed_planning.placed import BlockedCount, Layout, TemplateUsed
from tongtai.core.seed_planning.plan import (
    SEED_SCHEMA_VERSION,
    SeedOutcome,
    SeedPlan,
    SeedRequest,
    SeedUsed,
    Statement,
)
from tongtai.core.seed_planning.protection import radiation_sheet, seed_order
from tongtai.core.seed_planning.result import SeedPlanResult
from tongtai.core.seed_planning.search import compile_search, proved_bounds, rank
from tongtai.core.seed_planning.template import Template
from tongtai.core.seed_planning.warnings import SEED_LIMITS, seed_warnings
from tongtai.core.segmentation.masks import Segmentation
from tongtai.core.segmentation.progress import part_of

_PREPARED, _SEARCHED = 0.2, 0.8
_JUDGED_METHOD = "placed by a person"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Found:
    """What was chosen or judged; ``paths`` are those that were looked at, of ``template`` if there is one."""

    layout: Layout | None
    needles: tuple[HandNeedleOfSeeds, ...]
    live: LiveImplant | None
    goals: tuple[GoalJudged, ...]
    unreached: tuple[UnreachedGoal, ...]
    template: Template | None
    paths: tuple[SeedPath, ...]
    optimisation: OptimisationFound


def make_seed_plan(
    segmentation: Segmentation,
    request: SeedRequest,
    knowledge: SeedKnowledge,
    *,
    seed: int,
    elapsed_s: Callable[[], float],
    facts: ImageFacts | None = None,
    by_hand: HandPlacedSeeds | None = None,
    progress: Progress = silent,
) -> SeedPlanResult:
    """Plan the seeds for one tumour.

    The same segmentation, request, knowledge and seed give the same plan, bit for bit, unless the search runs
    out of time; the plan says so then.

    Parameters
    ----------
    segmentation
        The image with its masks; a liver, a body and a lesion are needed.
    request
        Seed, prescription, activity, margin, goals, layout.
    knowledge
        Rules and models.
    seed
        Of everything random: samples, search, band.
    elapsed_s
        A clock in seconds with any beginning, for the time limit.
    facts
        What the files say of the image.
    by_hand
        Seeds placed by a person, to be judged; nothing is then chosen by the program.
    progress
        Told the finished share and the step; answering ``False`` stops.

    Returns
    -------
    SeedPlanResult
        Its plan's ``outcome`` says whether there are seeds and every goal is met; ``unreached`` why not.

    Raises
    ------
    SeedPlanningError
        If the request cannot be planned.
    TongtaiError
        Whatever else a mask or a table lacks, each with its sentence.
    """
    case = prepare_seed_case(segmentation, request, knowledge, seed, part_of(progress, 0.0, _PREPARED))
    tell = stage(progress, _PREPARED, _SEARCHED, "seeds")
    found = _searched(case, elapsed_s, tell) if by_hand is None else _judged(case, by_hand)
    stage(progress, _SEARCHED, 1.0, "doses")(0.0)
    plan = _plan(case, found, facts or ImageFacts(), by_hand)
    return SeedPlanResult(plan=plan, case=case, live=found.live)


def _searched(case: SeedCase, elapsed_s: Callable[[], float], tell: Callable[[float], None]) -> _Found:
    compile_search()
    began = elapsed_s()
    tried = attempts(case, lambda: elapsed_s() - began, tell)
    best = tried[0]
    if best.live is None:
        return _Found(
            layout=None, needles=(), live=None, goals=(), unreached=(), template=best.template,
            paths=best.paths, optimisation=_nothing_chosen(case, "no needle may reach the target", StoppedBy.COMPLETE),
        )  # fmt: skip
    return _Found(
        layout=best.layout,
        needles=loaded_needles(case, best),
        live=best.live,
        goals=best.goals,
        unreached=unreached_goals(case, best, tried[1:]),
        template=best.template,
        paths=best.paths,
        optimisation=_optimisation(case, best),
    )


def _judged(case: SeedCase, placed: HandPlacedSeeds) -> _Found:
    live = LiveImplant.of(implant_by_hand(case, placed), case.knowledge.dose_rules, case.structures)
    template, paths = held_template(case, placed.template) if placed.template else (None, ())
    return _Found(
        layout=Layout.BY_HAND, needles=placed.loaded(), live=live, goals=judged_of(case, live), unreached=(),
        template=template, paths=paths, optimisation=_nothing_chosen(case, _JUDGED_METHOD, StoppedBy.BY_HAND, placed),
    )  # fmt: skip


def _nothing_chosen(
    case: SeedCase, method: str, stopped_by: StoppedBy, placed: HandPlacedSeeds | None = None
) -> OptimisationFound:
    loaded = placed.loaded() if placed else ()
    return OptimisationFound(
        method=method, candidate_needles=0, candidate_places=0, samples=len(case.samples.target),
        start_needles=0, start_seeds=0, needles=len(loaded), seeds=sum(len(one.depths_mm) for one in loaded),
        needles_bound=None, seeds_bound=None, needles_gap=None, seeds_gap=None, rounds=0,
        stopped_by=stopped_by, time_limit_s=case.request.time_limit_s,
    )  # fmt: skip


def _optimisation(case: SeedCase, attempt: Attempt) -> OptimisationFound:
    assert attempt.problem is not None and attempt.chosen is not None  # noqa: S101, PT018  (an attempt with seeds)
    problem, chosen = attempt.problem, attempt.chosen
    missed, start_needles, start_seeds = rank(problem, chosen.start)
    _, needles, seeds = rank(problem, chosen.chosen)
    proved = proved_bounds(problem, chosen.chosen, effort_of(case)) if attempt.succeeded else None
    stopped = chosen.stopped_by
    if proved is not None and (proved.needles, proved.seeds) == (needles, seeds):
        stopped = StoppedBy.PROVED
    elif stopped is StoppedBy.PROVED:
        # Proved for the stricter goals of a later round only.
        stopped = StoppedBy.COMPLETE
    return OptimisationFound(
        method=chosen.method,
        candidate_needles=problem.needles,
        candidate_places=problem.places,
        samples=problem.target_samples,
        start_needles=start_needles if missed <= 0.0 else 0,
        start_seeds=start_seeds if missed <= 0.0 else 0,
        needles=needles,
        seeds=seeds,
        needles_bound=proved.needles if proved else None,
        seeds_bound=proved.seeds if proved else None,
        needles_gap=(needles - proved.needles) / needles if proved else None,
        seeds_gap=(seeds - proved.seeds) / seeds if proved else None,
        rounds=attempt.rounds,
        stopped_by=stopped,
        time_limit_s=case.request.time_limit_s,
    )


def _plan(case: SeedCase, found: _Found, facts: ImageFacts, by_hand: HandPlacedSeeds | None) -> SeedPlan:
    request, knowledge, live = case.request, case.knowledge, found.live
    template, plane = _template(case, found)
    needles = seed_needles(case, found.needles, plane) if found.needles else ()
    seeds = planned_seeds(case, found.needles, by_hand=by_hand is not None)
    judged = live.evaluation(request.prescription_gy) if live else None
    band = band_found(case, live) if live else None
    radiation = _radiation(case, live)
    told = seed_warnings(
        case, needles, seeds, found.unreached, band, radiation, found.optimisation.stopped_by
    )
    return SeedPlan(
        schema_version=SEED_SCHEMA_VERSION,
        outcome=_outcome(found),
        identity=_identity(case, by_hand),
        request=request,
        image=image_used(case.prepared.segmentation.grid, facts),
        structures=structures_used(case.prepared.segmentation),
        target=target_volume(case.prepared),
        seed=_seed_used(knowledge),
        layout=found.layout,
        template=template,
        needles=needles,
        seeds=seeds,
        gaps=needle_gaps_of(case, [one.needle for one in found.needles]),
        blocked=_blocked(found, template),
        optimisation=found.optimisation,
        goals=found.goals,
        unreached=found.unreached,
        doses=doses_found(case, live, judged) if live and judged else None,
        band=band,
        biological=biological_doses(case, judged) if judged else (),
        order=seed_order(live.implant, knowledge.rules) if live else None,
        radiation=radiation,
        reach=reach_found(case.prepared, reliefs=live is None),
        warnings=(*_no_path(found), *told),
        limits=SEED_LIMITS,
        verification=knowledge.verification,
        provenance=knowledge.provenance,
    )


def _radiation(case: SeedCase, live: LiveImplant | None) -> RadiationSheet | None:
    if live is None:
        return None
    skin = case.prepared.reached.scene.skin.points_lps_mm
    return radiation_sheet(live.implant, skin, case.knowledge.rules)


def _blocked(found: _Found, template: TemplateUsed | None) -> tuple[BlockedCount, ...]:
    return blocked_counts(found.paths, named=template is not None)


def _template(case: SeedCase, found: _Found) -> tuple[TemplateUsed | None, np.ndarray | None]:
    if found.template is None:
        return None, None
    used = template_used(case, found.template, found.paths, found.needles)
    return used, np.asarray(used.origin_lps_mm)


def _outcome(found: _Found) -> SeedOutcome:
    if found.live is None:
        return SeedOutcome.NO_SAFE_PATH
    missed = any(goal.met is False for goal in found.goals)
    return SeedOutcome.GOALS_NOT_MET if missed else SeedOutcome.PLANNED


def _no_path(found: _Found) -> Sequence[Warned]:
    if found.live is not None:
        return ()
    closed = {one.constraint: one.count for one in blocked_counts(found.paths, named=False)}
    listed = ", ".join(f"{name} {count}" for name, count in closed.items()) or "no line meets the target"
    return (Warned(code="no_safe_path", text=f"No needle may reach the target. Closed paths: {listed}."),)


def _seed_used(knowledge: SeedKnowledge) -> SeedUsed:
    model = knowledge.model
    return SeedUsed(
        model=model.id,
        name=model.name,
        consensus=model.consensus,
        dose_rate_constant_cgy_h_u=model.dose_rate_constant_cgy_h_u,
        active_length_mm=model.active_length_mm,
        half_life_d=model.half_life_d,
        u_per_mci=model.u_per_mci,
        rules=tuple(
            Statement(name=name, text=text) for name, text in knowledge.dose_rules.statements().items()
        ),
        source=model.source,
        note=model.note,
    )


def _identity(case: SeedCase, by_hand: HandPlacedSeeds | None) -> Identity:
    segmentation, software = case.prepared.segmentation, case.knowledge.software
    hashed = input_sha256(segmentation.grid, {mask.name: mask.voxels for mask in segmentation.masks})
    # Rules decide as much as the request, so they are part of the name; how long a search may take is not.
    asked = repr((astuple(replace(case.request, time_limit_s=0.0)), by_hand, case.knowledge.provenance))
    return Identity(
        plan_id=plan_id(hashed, asked, str(case.seed), software),
        version=1,
        input_sha256=hashed,
        seed=case.seed,
        software=software,
    )
