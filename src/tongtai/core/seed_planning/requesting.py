"""The request for a seed plan from what a person says of it: activity and strength both, every goal with its value."""

from collections.abc import Sequence
from dataclasses import dataclass

from tongtai.core.seed_planning.goals import Goal
from tongtai.core.seed_planning.knowledge import SeedKnowledge
from tongtai.core.seed_planning.placed import Layout
from tongtai.core.seed_planning.plan import TECHNIQUE, SeedRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateAsked:
    """Wishes for the template.

    Attributes
    ----------
    spacing_mm
        Between holes; 0 lets the program choose.
    direction_lps
        Of its needles; None lets the program choose.
    offset_mm
        Shift of its middle along columns and rows.
    """

    spacing_mm: float = 0.0
    rotation_deg: float = 0.0
    direction_lps: tuple[float, float, float] | None = None
    offset_mm: tuple[float, float] = (0.0, 0.0)


ANY_TEMPLATE = TemplateAsked()


def seed_request(
    knowledge: SeedKnowledge,
    *,
    prescription_gy: float,
    activity_mci: float,
    margin_mm: float,
    tumour_number: int,
    position: str,
    time_limit_s: float,
    layout: Layout | None = None,
    template: TemplateAsked = ANY_TEMPLATE,
    goals: Sequence[Goal] = (),
) -> SeedRequest:
    """A request with the rules' goals, in whose place those come that were asked for.

    Parameters
    ----------
    knowledge
        Seed, formalism, rules.
    prescription_gy, activity_mci
        Dose to infinity; of one seed at the implant.
    margin_mm, tumour_number, position
        As of an ablation.
    time_limit_s
        Of the search.
    layout
        None lets the program choose.

    Raises
    ------
    SeedActivityError
        If the rules know no such seed.
    """
    knowledge.rules.check_activity(activity_mci)
    return SeedRequest(
        technique=TECHNIQUE,
        seed_model=knowledge.model.id,
        formalism=knowledge.dose_rules.formalism.value,
        radial_rule=knowledge.dose_rules.radial.value,
        prescription_gy=prescription_gy,
        activity_mci=activity_mci,
        strength_u=activity_mci * knowledge.model.u_per_mci,
        margin_mm=margin_mm,
        tumour_number=tumour_number,
        layout="" if layout is None else layout.value,
        template_spacing_mm=template.spacing_mm,
        template_rotation_deg=template.rotation_deg,
        template_direction_lps=template.direction_lps,
        template_offset_mm=template.offset_mm,
        position=position,
        goals=knowledge.rules.goals_for(prescription_gy, tuple(goals)),
        time_limit_s=time_limit_s,
    )
