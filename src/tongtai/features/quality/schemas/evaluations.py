"""Wire types of ratings, of counted cases, and of the library of experts."""

import csv
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from io import StringIO
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field

from tongtai.features.accounts.model import Role
from tongtai.features.accounts.schemas import ByOut
from tongtai.features.cases.model import Technique
from tongtai.features.experts.schemas import LeaveOut
from tongtai.features.institutions.model import Institution
from tongtai.features.institutions.schemas import InstitutionOut
from tongtai.features.quality.model import Evaluation, Tally


class EvaluationIn(BaseModel):
    """Scores; ``GET /api/workflow/forms/session_evaluation`` has the items."""

    values: Annotated[dict[str, Any], Field(max_length=40)]


class EvaluationOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    scores: dict[str, int]
    by: ByOut
    at: datetime


class CaseEvaluationOut(BaseModel):
    """The hospital's rating of a session, or nothing yet."""

    evaluation: EvaluationOut | None

    @classmethod
    def of(cls, evaluation: Evaluation | None) -> Self:
        """From the model."""
        return cls(evaluation=EvaluationOut.model_validate(evaluation) if evaluation else None)


class AverageOut(BaseModel):
    """An item's ratings; the mean is withheld while they are few."""

    model_config = ConfigDict(from_attributes=True)

    item: str
    count: int
    mean: float | None


class TallyOut(BaseModel):
    """How many treated cases; ``institution`` is the other side's, ``service_type`` empty outside the workflow."""

    month: str
    technique: Technique
    service_type: str
    institution: InstitutionOut
    count: int

    @classmethod
    def of(cls, tally: Tally, names: Mapping[str, Institution]) -> Self:
        """From the model."""
        return cls(
            month=tally.month,
            technique=tally.technique,
            service_type=tally.service_type,
            institution=InstitutionOut.model_validate(names[tally.institution_id]),
            count=tally.count,
        )


def tallies_csv(tallies: Iterable[TallyOut]) -> str:
    """One line for each month, technique, service and institution."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["month", "technique", "service_type", "institution", "count"])
    for one in tallies:
        writer.writerow([one.month, one.technique.value, one.service_type, one.institution.name, one.count])
    return "\ufeff" + out.getvalue()


class EvidenceOut(BaseModel):
    """A licence, registration or training, and until when it holds; its number is not shown."""

    kind: str
    code: str
    valid_until: date | None
    valid: bool


class ExpertOut(BaseModel):
    """An expert as the library shows them; ``may_edit`` says whether the caller may write this entry."""

    user_id: str
    display_name: str
    display_name_en: str
    institution: InstitutionOut
    roles: list[Role]
    title: str
    specialties: list[str]
    languages: list[str]
    evidence: list[EvidenceOut]
    led: int
    backed_up: int
    leaves: list[LeaveOut]
    away: bool
    may_edit: bool
