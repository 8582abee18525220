"""What qualifications look like on the wire."""

from datetime import date, datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from tongtai.features.qualifications.model import Qualification, QualificationKind

_Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.-]{1,64}$")]
_Day = Annotated[date, Field(ge=date(1940, 1, 1), le=date(2200, 1, 1))]
_NEVER = datetime(1970, 1, 1).astimezone()


class QualificationIn(BaseModel):
    """A piece of evidence of the caller's institution, or of one of its people."""

    kind: QualificationKind
    user_id: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None
    code: _Code
    number: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] = ""
    since: _Day
    valid_until: _Day | None = None
    tested_at: AwareDatetime | None = None
    detail: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""

    def model(self) -> Qualification:
        """To the model; who recorded it when is given by the use case."""
        return Qualification(
            id="",
            institution_id="",
            recorded_by="",
            recorded_at=_NEVER,
            **{name: getattr(self, name) for name in type(self).model_fields},
        )


class QualificationOut(BaseModel):
    """A piece of evidence."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    kind: QualificationKind
    institution_id: str
    user_id: str | None
    code: str
    number: str
    since: date
    valid_until: date | None
    tested_at: datetime | None
    detail: str
    recorded_by: str
    recorded_at: datetime
    revoked_at: datetime | None
