"""What house rules look like on the wire."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from tongtai.features.institutions.model import InstitutionKind
from tongtai.features.policies.model import RULES, PolicyChange, PolicyKey, is_decided_by, values_of


class PolicyIn(BaseModel):
    """A rule set anew; ``number`` is how many settings of it the caller has seen."""

    value: Annotated[int, Field(ge=0, le=1_000_000)]
    reason: Annotated[str, StringConstraints(max_length=2000)]
    number: Annotated[int, Field(ge=0, le=1_000_000)]


class PolicyChangeOut(BaseModel):
    """One setting of a rule."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    value: int
    reason: str
    changed_by_name: str
    changed_at: datetime


class PolicyOut(BaseModel):
    """A rule, as it holds now, its bounds, whose it is, and every setting, the newest first."""

    key: PolicyKey
    value: int
    default: int
    low: int
    high: int
    unit: str
    decided_by: InstitutionKind | None
    source: str
    changes: list[PolicyChangeOut]

    @classmethod
    def all_of(cls, kind: InstitutionKind, changes: Iterable[PolicyChange]) -> list[Self]:
        """Every rule that this kind of institution decides."""
        changes = list(changes)
        values = values_of(changes)
        return [
            cls(
                key=key,
                value=values.get(key, rule.default),
                default=rule.default,
                low=rule.low,
                high=rule.high,
                unit=rule.unit,
                decided_by=rule.decided_by,
                source=rule.source,
                changes=[PolicyChangeOut.model_validate(one) for one in changes if one.key is key],
            )
            for key, rule in RULES.items()
            if is_decided_by(rule, kind)
        ]
