"""What a score says of itself: result, inputs as given and as used, formula, source, what is missing."""

from collections.abc import Iterable
from dataclasses import dataclass

from tongtai.core.risk.quantities import Analyte, Quantity, converted


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreInput:
    """One input of a score.

    Attributes
    ----------
    name
        What it is, such as ``bilirubin``.
    given, given_unit
        As it was measured; the unit is a UCUM code, "" for a category.
    used, used_unit
        As it stands in the formula: in its unit, and within its floor and cap.
    points
        What it adds, in a score that counts points.
    note
        Why ``used`` is another value than ``given``, such as ``floor 1`` or ``dialysis``.
    """

    name: str
    given: float | str | bool
    given_unit: str = ""
    used: float | str | bool
    used_unit: str = ""
    points: int | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A score with everything that is needed to check it by hand.

    Attributes
    ----------
    name
        Which score.
    value
        The number, unrounded unless the score itself rounds; ``None`` without it.
    grade
        Class, grade or stage; ``None`` where something is missing or the score has none.
    missing
        Names of the inputs without which there is no result.
    notes
        What a reader must know of this result.
    """

    name: str
    value: float | None
    grade: str | None
    inputs: tuple[ScoreInput, ...]
    formula: str
    source: str
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


def incomplete(name: str, missing: Iterable[str], *, formula: str, source: str) -> Score:
    """The score that cannot be computed, and for want of what.

    Examples
    --------
    >>> incomplete("albi", ["albumin"], formula="...", source="...").complete
    False
    """
    return Score(
        name=name, value=None, grade=None, inputs=(), formula=formula, source=source, missing=tuple(missing)
    )


def absent(**given: object) -> tuple[str, ...]:
    """The names of the arguments that are ``None``.

    Examples
    --------
    >>> absent(albumin=None, sodium=0.0)
    ('albumin',)
    """
    return tuple(name for name, value in given.items() if value is None)


def measured(
    analyte: Analyte,
    quantity: Quantity,
    unit: str,
    *,
    floor: float | None = None,
    cap: float | None = None,
) -> ScoreInput:
    """A laboratory value brought into the formula's unit and within its floor and cap.

    Examples
    --------
    >>> measured(Analyte.SODIUM, Quantity(119.0, "mmol/L"), "mmol/L", floor=125.0).note
    'floor 125'
    """
    value = converted(analyte, quantity, unit)
    note = None
    if floor is not None and value < floor:
        value, note = floor, f"floor {floor:g}"
    elif cap is not None and value > cap:
        value, note = cap, f"cap {cap:g}"
    return ScoreInput(
        name=analyte.value,
        given=quantity.value,
        given_unit=quantity.unit,
        used=value,
        used_unit=unit,
        note=note,
    )
