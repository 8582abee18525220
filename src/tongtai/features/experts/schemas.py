"""Wire types of experts' entries."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

_Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class ExpertProfileIn(BaseModel):
    """What an expert says of themselves."""

    title: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] = ""
    specialties: Annotated[list[_Short], Field(max_length=20)] = []
    languages: Annotated[list[_Short], Field(max_length=20)] = []


class LeaveIn(BaseModel):
    """Away from ``since`` to before ``until``."""

    since: AwareDatetime
    until: AwareDatetime
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""


class LeaveOut(BaseModel):
    """A leave; its reason is for the person's own institution."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    since: datetime
    until: datetime
    reason: str
