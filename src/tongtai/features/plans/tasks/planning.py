"""What differs between the techniques that are planned for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from tongtai.core.segmentation.masks import Segmentation
from tongtai.features.plans.model import PlanNumbers, PlanOrder
from tongtai.formats.image_reading import ReadImage
from tongtai.formats.plan_folder import BookPages, PlanFile
from tongtai.infra.jobs.computing import Progress

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class MadePlan:
    """A plan as it is stored.

    Attributes
    ----------
    content
        The plan itself, canonical JSON.
    files
        Everything but the book, the plan among them.
    pages
        What the book is made of.
    """

    content: bytes
    numbers: PlanNumbers
    files: Sequence[PlanFile]
    pages: BookPages


class Planning(Protocol[Result]):
    """One technique's way from masks to the files of a plan."""

    def check(self, order: PlanOrder) -> None:
        """Refuse what can be refused without any work."""
        ...

    def plan(
        self, segmentation: Segmentation, order: PlanOrder, image: ReadImage, progress: Progress
    ) -> Result:
        """Plan."""
        ...

    def made(
        self, result: Result, order: PlanOrder, image: ReadImage, now: datetime, progress: Progress
    ) -> MadePlan:
        """Draw the book's pages, and write objects and what a page in a browser shows."""
        ...
