"""Why no seed plan can be made; goals that cannot be reached are not among it, see ``SeedOutcome``."""

from typing import ClassVar

from tongtai.core.errors import TongtaiError


class SeedPlanningError(TongtaiError):
    """No seed plan can be made of this input."""

    code: ClassVar[str] = "seed_planning_refused"


class GoalError(SeedPlanningError):
    """A goal that says nothing: a value out of range, or in another unit than its quantity."""

    code: ClassVar[str] = "seed_goal"


class OrganMissingError(SeedPlanningError):
    """A limit was asked for an organ of which there is no mask."""

    code: ClassVar[str] = "seed_organ_missing"


class SeedActivityError(SeedPlanningError):
    """The activity of a seed is zero, negative, or outside the range of the rules."""

    code: ClassVar[str] = "seed_activity"


class SeedRulesError(SeedPlanningError):
    """The rules of seed planning cannot be read, or contradict themselves."""

    code: ClassVar[str] = "seed_rules"


class TemplateError(SeedPlanningError):
    """A template that cannot be built: spacing, size or direction."""

    code: ClassVar[str] = "seed_template"


class HandPlacedSeedsError(SeedPlanningError):
    """Seeds placed by hand that cannot be judged."""

    code: ClassVar[str] = "seeds_by_hand_unusable"


class SeedEditError(SeedPlanningError):
    """A change of a seed that is impossible: no such seed or needle, no place there, nothing to take back."""

    code: ClassVar[str] = "seed_edit"
