"""What institutions look like on the wire."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from tongtai.features.institutions.model import InstitutionKind

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class InstitutionOut(BaseModel):
    """A hospital or an expert centre."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    name_en: str
    kind: InstitutionKind
    country: str


class InstitutionIn(BaseModel):
    """A new institution."""

    name: Name
    name_en: Name
    kind: InstitutionKind
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None


class InstitutionChange(BaseModel):
    """New names; what is left out stays."""

    name: Name | None = None
    name_en: Name | None = None


class OperatingRoomOut(BaseModel):
    """A room of a hospital."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    institution_id: str
    name: str
    name_en: str


class OperatingRoomIn(BaseModel):
    """A new room; the hospital is the caller's own when left out."""

    institution_id: str | None = None
    name: Name
    name_en: Name
