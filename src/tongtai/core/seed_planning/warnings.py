"""What the reader of a seed plan must know: what it falls short of, and what no such plan knows."""

from collections.abc import Iterator, Sequence

from tongtai.core.brachytherapy.rules import LIMITS as DOSE_LIMITS
from tongtai.core.planning.plan import Warned
from tongtai.core.planning.warnings import image_warnings
from tongtai.core.seed_planning.case import SeedCase
from tongtai.core.seed_planning.dosimetry import BandFound
from tongtai.core.seed_planning.found import StoppedBy, UnreachedGoal
from tongtai.core.seed_planning.goals import Goal
from tongtai.core.seed_planning.handling import RadiationSheet
from tongtai.core.seed_planning.placed import PlannedSeed, SeedNeedle

SEED_LIMITS = (
    *(
        Warned(code=code, text=text)
        for code, text in zip(("water_only", "no_interseed", "not_a_device"), DOSE_LIMITS, strict=True)
    ),
    Warned(
        code="straight_rigid",
        text="Needles are straight, the patient lies as in the picture; breathing, swelling and seeds that move are only "
        "in the displacement that the band draws.",
    ),
    Warned(
        code="unseen",
        text="What no mask shows (bile ducts, small vessels, bowel wall, pleura) neither needles nor seeds keep away from.",
    ),
    Warned(
        code="dose_rates_estimated",
        text="Dose rates around the patient are estimates; a measurement decides on the discharge.",
    ),
)


def seed_warnings(
    case: SeedCase,
    needles: Sequence[SeedNeedle],
    seeds: Sequence[PlannedSeed],
    unreached: Sequence[UnreachedGoal],
    band: BandFound | None,
    radiation: RadiationSheet | None,
    stopped_by: StoppedBy,
) -> tuple[Warned, ...]:
    """Every warning, the most serious first."""
    found = [Warned(code="goal_missed", text=one.text) for one in unreached]
    found += _broken(needles, seeds)
    found += _doses(case, band)
    if radiation is not None:
        found += [
            Warned(
                code="discharge",
                text=f"{one.name}: {one.estimated:.1f} {one.unit} estimated, {one.limit:g} {one.unit} allowed ({one.source}).",
            )
            for one in radiation.rules
            if not one.within
        ]
    if stopped_by is StoppedBy.TIME_LIMIT:
        found.append(
            Warned(
                code="search_stopped",
                text=f"The search was stopped after {case.request.time_limit_s:g} s; a longer one may find fewer needles, "
                "and another run another plan.",
            )
        )
    if case.knowledge.model.note and not case.knowledge.model.consensus:
        found.append(Warned(code="seed_data", text=case.knowledge.model.note))
    if missing := sorted(_without_mask(case.request.goals, case)):
        found.append(Warned(code="limit_unchecked", text=f"Limits without a mask: {', '.join(missing)}."))
    return (*found, *image_warnings(case.prepared))


def _broken(needles: Sequence[SeedNeedle], seeds: Sequence[PlannedSeed]) -> Iterator[Warned]:
    for name, broken in (
        *((needle.id, needle.broken_rules) for needle in needles),
        *((f"seed {seed.number} ({seed.needle})", seed.broken_rules) for seed in seeds),
    ):
        for one in broken:
            yield Warned(
                code="rule_broken",
                text=f"{name} breaks the rule {one.constraint}: {one.value:.1f}, allowed {one.allowed:.1f}.",
            )


def _doses(case: SeedCase, band: BandFound | None) -> Iterator[Warned]:
    if band is not None and band.d90_gy[0] < case.request.prescription_gy:
        yield Warned(
            code="band_below_prescription",
            text=f"With seeds {band.error_mm:g} mm off on average, D90 falls to {band.d90_gy[0]:.1f} Gy in one of twenty "
            f"implants (prescription {case.request.prescription_gy:g} Gy).",
        )


def _without_mask(goals: Sequence[Goal], case: SeedCase) -> set[str]:
    return {goal.structure for goal in goals if goal.structure not in case.structures}
