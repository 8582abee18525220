"""The copies of a plan's book, made anew whenever the plan's state changes."""

from collections.abc import Sequence

from tongtai.features.cases.model import Case
from tongtai.features.plans.model import PlanFile, PlanRecord
from tongtai.infra.container import Container


class BlobBookbinder:
    """Binds books out of the pages that were drawn when the plan was made.

    Parameters
    ----------
    container : Container
        The server's parts.
    """

    def __init__(self, container: Container) -> None:
        self._container = container

    async def bind(self, _plan: PlanRecord, _case: Case, _files: Sequence[PlanFile]) -> Sequence[PlanFile]:
        """Every copy of the book for the plan as it now stands, stored."""
        return ()
