"""What can be wrong with the input of needle planning."""

from tongtai.core.errors import TongtaiError


class TrajectoryError(TongtaiError):
    """Needles cannot be planned from what was given."""

    code = "trajectory_input"


class MissingStructureError(TrajectoryError):
    """A structure without which no needle can be planned was not given."""

    code = "structure_missing"


class RulesError(TrajectoryError):
    """The table of needle rules is not usable."""

    code = "trajectory_rules"
