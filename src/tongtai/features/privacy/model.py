"""Impact assessments of the handling of personal information, and the purposes that they are about.

Personal information protection law (PIPL) 55: assessed before sensitive information is handled, decisions are automated, or
information is given to others; 56: what is assessed; report and records are kept for three years at least.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from tongtai.core.lacks import lack
from tongtai.core.record_form import RecordForm, Value
from tongtai.features.accounts.model import By
from tongtai.features.archive.model import RetentionClass, kept_until
from tongtai.features.privacy.errors import ImpactAssessmentRefusedError


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeChange:
    """From a day on an institution handles personal information for another purpose, or in another way.

    Attributes
    ----------
    changed_on
        From when; may lie ahead, since an assessment comes before.
    recorded_at
        When that was written down: assessments that were begun before are about what was before.
    """

    id: str
    institution_id: str
    number: int
    changed_on: date
    text: str
    by: By
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpactAssessment:
    """An assessment; approved by somebody else than its author, it no longer changes.

    Attributes
    ----------
    file_name, file_sha256
        The signed report that the institution keeps, by its hash; empty if there is none.
    kept_until
        Until when it cannot be deleted; empty before it is approved.
    """

    id: str
    institution_id: str
    number: int
    values: Mapping[str, Value]
    author: By
    made_at: datetime
    file_name: str = ""
    file_sha256: str = ""
    approver: By | None = None
    approved_at: datetime | None = None
    kept_until: date | None = None
    version: int = 1

    def changed(self, values: Mapping[str, Value], *, file_name: str, file_sha256: str) -> "ImpactAssessment":
        """The draft, written anew.

        Raises
        ------
        ImpactAssessmentRefusedError
            If it is approved.
        """
        if self.approved_at is not None:
            raise ImpactAssessmentRefusedError(reason="approved_already")
        return replace(
            self, values=values, file_name=file_name, file_sha256=file_sha256, version=self.version + 1
        )

    def approved(self, by: By, at: datetime, form: RecordForm) -> "ImpactAssessment":
        """The assessment, approved; kept from then on.

        Raises
        ------
        ImpactAssessmentRefusedError
            If it is approved already, lacks something, or the approver wrote it.
        """
        if self.approved_at is not None:
            raise ImpactAssessmentRefusedError(reason="approved_already")
        lacks = form.lacks_for("approve", self.values)
        if str(self.values.get("assessed_on", "")) > at.date().isoformat():
            lacks += (lack("assessed_ahead"),)
        if by.user_id == self.author.user_id:
            lacks += (lack("own_assessment"),)
        if lacks:
            raise ImpactAssessmentRefusedError(reason="lacks", lacks=[one.as_dict() for one in lacks])
        until = kept_until(RetentionClass.IMPACT_ASSESSMENT, at.date())
        return replace(self, approver=by, approved_at=at, kept_until=until, version=self.version + 1)


class Standing(StrEnum):
    """Whether an institution has assessed what it does."""

    CURRENT = "current"
    MISSING = "missing"
    OUTDATED = "outdated"


def standing(changes: Iterable[PurposeChange], assessments: Iterable[ImpactAssessment]) -> Standing:
    """Whether an approved assessment was begun after the last change of purpose was written down."""
    last_change = max((one.recorded_at for one in changes), default=None)
    begun = max((one.made_at for one in assessments if one.approved_at is not None), default=None)
    if begun is None:
        return Standing.MISSING
    return Standing.OUTDATED if last_change is not None and begun < last_change else Standing.CURRENT
