"""What is wrong with a plan's file."""

from tongtai.core.errors import TongtaiError


class PlanFileError(TongtaiError):
    """The file is no plan that this version reads; the message names the place."""

    code = "plan_file_unreadable"
