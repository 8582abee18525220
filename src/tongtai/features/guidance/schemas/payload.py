"""Types that payloads of commands are made of."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,64}$")]
Uid = Annotated[str, StringConstraints(pattern=r"^[0-9.]{1,64}$")]
FeedName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,20}$")]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Coordinate = Annotated[float, Field(ge=-0.5, le=1.5, allow_inf_nan=False)]
Point = tuple[Coordinate, Coordinate]
Measure = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]


class Payload(BaseModel):
    """Nothing that is not named is let through."""

    model_config = ConfigDict(extra="forbid")
