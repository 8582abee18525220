"""Why no plan can be made at all; a tumour that no needle may reach is not among it, see ``Outcome``."""

from tongtai.core.errors import TongtaiError


class PlanningError(TongtaiError):
    """No plan can be made of this input."""

    code = "planning_refused"


class NoLesionFoundError(PlanningError):
    """No lesion was found in the liver; give a mask of the tumour (--engine FILE) if there is one."""

    code = "no_lesion_found"


class UnknownTumourError(PlanningError):
    """There is no tumour of this number."""

    code = "tumour_unknown"


class UnfitSegmentationError(PlanningError):
    """The masks contradict each other or the body so much that no plan is made on them."""

    code = "segmentation_unfit"


class PlanningCancelledError(PlanningError):
    """Stopped as asked; nothing was written."""

    code = "planning_cancelled"


class HandPlacedError(PlanningError):
    """The needles placed by hand cannot be judged."""

    code = "hand_placed_unusable"
