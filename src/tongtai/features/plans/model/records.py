"""A plan of a case, its files, and who did what to it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tongtai.features.cases.model import Patient
from tongtai.features.institutions.model import Institution
from tongtai.features.plans.errors import OwnApprovalError
from tongtai.features.plans.model.life import PlanState
from tongtai.features.plans.model.numbers import PlanNumbers


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPerson:
    """Somebody who did something to a plan, by the names that they had then."""

    user_id: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRecord:
    """A plan of a case.

    Attributes
    ----------
    version
        Counts the plans of the case from 1.
    plan_sha256
        Hash of its ``plan.json``: what review and approval are bound to.
    job_id
        The job that made it.
    pages_sha256
        The pages that its book is bound of again when its state changes.
    """

    id: str
    case_id: str
    job_id: str
    version: int
    state: PlanState
    numbers: PlanNumbers
    series_uid: str
    series_description: str
    plan_sha256: str
    pages_sha256: str
    language: str
    made_by: PlanPerson
    made_at: datetime
    reviewed_by: PlanPerson | None = None
    reviewed_at: datetime | None = None
    review_note: str = ""
    approved_by: PlanPerson | None = None
    approved_at: datetime | None = None
    superseded_at: datetime | None = None

    def check_other_than_maker(self, user_id: str) -> None:
        """Four eyes: refuse whoever made the plan.

        Raises
        ------
        OwnApprovalError
            If it is them.
        """
        if user_id == self.made_by.user_id:
            raise OwnApprovalError(plan_id=self.id)

    def replaces(self, other: "PlanRecord") -> bool:
        """Whether approving this plan puts another one out of use: same series and tumour, still alive."""
        return (
            other.id != self.id
            and (other.series_uid, other.numbers.tumour_number)
            == (self.series_uid, self.numbers.tumour_number)
            and other.state is not PlanState.SUPERSEDED
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedCase:
    """The case, as far as a book names it."""

    number: str
    patient: Patient
    inviting: Institution
    invited: Institution


class Shown(StrEnum):
    """How much of the patient a copy of a file shows: one copy for each disclosure of a case."""

    FULL = "full"
    MASKED = "masked"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFile:
    """A file of a plan.

    Attributes
    ----------
    shown
        How much of the patient this copy shows; None for a file that shows nothing of them.
    """

    name: str
    media_type: str
    sha256: str
    size_bytes: int
    shown: Shown | None = None


def seen_by(files: tuple[PlanFile, ...], shown: Shown) -> tuple[PlanFile, ...]:
    """The files for a reader to whom this much of the patient is shown, by name."""
    mine = [file for file in files if file.shown in {None, shown}]
    return tuple(sorted(mine, key=lambda file: file.name))
