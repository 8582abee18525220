"""Wire types of the review of closed cases."""

import csv
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from io import StringIO
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from tongtai.core.case_review import Grade, Point, PointVerdict
from tongtai.features.accounts.model import Role, User
from tongtai.features.accounts.schemas import ByOut
from tongtai.features.quality.model import Finding, FindingAct, FindingState, Review
from tongtai.features.quality.schemas.indicators import SaidOut

_Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5000)]
_Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]
_Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
_Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2200, 1, 1))]


class PointOut(BaseModel):
    """What a case is checked against, and who asks for it."""

    key: str
    text: SaidOut
    source: SaidOut

    @classmethod
    def of(cls, point: Point) -> Self:
        """From the data file."""
        return cls(
            key=point.key,
            text=SaidOut(zh=point.zh, en=point.en),
            source=SaidOut(zh=point.source_zh, en=point.source_en),
        )


class DrawOut(BaseModel):
    """A draw: with its seed anybody finds the same cases among those closed in its time."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    number: int
    seed: str
    percent: int
    since: datetime
    until: datetime
    population: int
    drawn: int
    by: ByOut


class CaseReviewOut(BaseModel):
    """A drawn case; ``reviewed_at`` is empty while it waits."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    draw_id: str
    case_id: str
    case_number: str
    drawn_at: datetime
    verdicts: dict[str, PointVerdict]
    by: ByOut | None
    reviewed_at: datetime | None
    version: int


class NewFindingIn(BaseModel):
    point: Annotated[str, StringConstraints(max_length=64)]
    grade: Grade
    text: _Text


class CaseReviewIn(BaseModel):
    """Every point answered, and a finding for each that is not met."""

    version: _Version
    verdicts: Annotated[dict[str, PointVerdict], Field(max_length=100)]
    findings: Annotated[list[NewFindingIn], Field(max_length=100)] = []


class StepOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    act: FindingAct
    by: ByOut
    at: datetime
    text: str


class ReviewFindingOut(BaseModel):
    """A finding and everything that was done about it."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    review_id: str
    case_id: str
    case_number: str
    point: str
    grade: Grade
    text: str
    found_by: ByOut
    found_at: datetime
    state: FindingState
    responsible: ByOut | None
    due_on: date | None
    overdue: bool = False
    steps: list[StepOut]
    version: int

    @classmethod
    def of(cls, finding: Finding, today: date) -> Self:
        """From the model."""
        out = cls.model_validate(finding)
        out.overdue = finding.is_overdue(today)
        return out


class FindingActIn(BaseModel):
    """Something done about a finding, in words; an assignment says who and until when."""

    act: FindingAct
    version: _Version
    text: _Text
    responsible_id: _Id | None = None
    due_on: _Day | None = None


class ColleagueOut(BaseModel):
    """Somebody of one's institution who can be asked to mend something."""

    id: str
    display_name: str
    display_name_en: str
    roles: list[Role]

    @classmethod
    def of(cls, user: User) -> Self:
        """From the model; roles in the order of their definition."""
        return cls(
            id=user.id,
            display_name=user.display_name,
            display_name_en=user.display_name_en,
            roles=[role for role in Role if role in user.roles],
        )


def findings_csv(findings: Iterable[Finding], reviews: Iterable[Review], points: Mapping[str, Point]) -> str:
    """Every finding on a line, and every reviewed case without one; nothing of a patient."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        ["case", "reviewed_at", "point", "point_text", "grade", "finding", "state", "responsible", "due_on",
         "confirmed_by", "confirmed_at"]
    )  # fmt: skip
    listed = list(findings)
    with_findings = {one.review_id for one in listed}
    for review in reviews:
        if review.reviewed_at is not None and review.id not in with_findings:
            writer.writerow([review.case_number, review.reviewed_at.isoformat(), *[""] * 9])
    for one in listed:
        last = one.steps[-1] if one.state is FindingState.CONFIRMED else None
        point = points.get(one.point)
        writer.writerow(
            [
                one.case_number,
                one.found_at.isoformat(),
                one.point,
                point.zh if point else "",
                one.grade.value,
                _plain(one.text),
                one.state.value,
                one.responsible.name if one.responsible else "",
                one.due_on.isoformat() if one.due_on else "",
                last.by.name if last else "",
                last.at.isoformat() if last else "",
            ]
        )
    return "\ufeff" + out.getvalue()


def _plain(text: str) -> str:
    """Words that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t" else text
