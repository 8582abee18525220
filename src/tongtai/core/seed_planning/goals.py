"""What a seed plan is asked to reach: doses of the target, limits of organs at risk."""

import math
from dataclasses import dataclass
from enum import StrEnum

from tongtai.core.seed_planning.errors import GoalError

TARGET = "target"
"""The name of the target among the structures of goals and histograms."""


class Quantity(StrEnum):
    """A number read from a dose-volume histogram."""

    D90 = "D90"
    """Dose that 90 % of the volume gets at least."""
    V100 = "V100"
    """Share of the volume that gets at least the prescription."""
    V150 = "V150"
    """The same for one and a half times the prescription."""
    V200 = "V200"
    """The same for twice the prescription."""
    D2CC = "D2cc"
    """Dose that the hottest 2 ml get at least."""
    D0_1CC = "D0.1cc"
    """The same for the hottest 0.1 ml."""
    DMAX = "Dmax"
    """Highest dose of any sample."""

    @property
    def unit(self) -> str:
        """``Gy``, or ``share`` (0 to 1)."""
        return "share" if self.value.startswith("V") else "Gy"

    @property
    def at_least(self) -> bool:
        """Whether more is better: D90 and V100 must be reached, all others must not be passed."""
        return self in {Quantity.D90, Quantity.V100}


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """One number to reach, or not to pass.

    Attributes
    ----------
    structure
        ``target``, or the name of an organ at risk.
    value
        In Gy, or a share from 0 to 1; ``unit`` says which.
    source
        Where the value comes from.
    asked
        Whether a person asked for it; an organ that a person names must have a mask.

    Examples
    --------
    >>> Goal(structure="target", quantity=Quantity.V100, value=0.95, unit="share", source="issue").unit
    'share'
    """

    structure: str
    quantity: Quantity
    value: float
    unit: str
    source: str
    asked: bool = False

    def __post_init__(self) -> None:
        if self.unit != self.quantity.unit:
            raise GoalError(
                f"{self.structure} {self.quantity.value}: the unit is {self.quantity.unit}, got {self.unit!r}.",
                structure=self.structure,
                quantity=self.quantity.value,
            )
        most = 1.0 if self.unit == "share" else math.inf
        if not math.isfinite(self.value) or not 0.0 < self.value <= most:
            raise GoalError(
                f"{self.structure} {self.quantity.value} must be above zero"
                f"{' and at most 1' if self.unit == 'share' else ''}, got {self.value:g} {self.unit}.",
                structure=self.structure,
                quantity=self.quantity.value,
            )
        if (self.structure == TARGET) != (
            self.quantity in {Quantity.D90, Quantity.V100, Quantity.V150, Quantity.V200}
        ):
            raise GoalError(
                f"D90, V100, V150 and V200 are goals of the target, D2cc, D0.1cc and Dmax of organs; "
                f"got {self.structure} {self.quantity.value}.",
                structure=self.structure,
                quantity=self.quantity.value,
            )

    def met_by(self, reached: float) -> bool:
        """Whether a number satisfies the goal."""
        return reached >= self.value if self.quantity.at_least else reached <= self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalJudged:
    """A goal and what the plan reaches.

    Attributes
    ----------
    at_least
        Whether the value must be reached; otherwise it must not be passed.
    reached
        None where it cannot be measured: the organ has no mask, or is smaller than the volume asked for.
    met
        None where it cannot be judged. An organ that is smaller than 2 ml or 0.1 ml and nowhere hotter
        than the limit meets it.
    """

    structure: str
    quantity: Quantity
    at_least: bool
    value: float
    unit: str
    reached: float | None
    met: bool | None
    source: str
