"""Child-Pugh class of liver function."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from tongtai.core.risk.errors import RiskError
from tongtai.core.risk.quantities import Analyte, Quantity, converted
from tongtai.core.risk.score import Score, ScoreInput, absent, incomplete

SOURCE = "Pugh RNH et al. Br J Surg 1973;60:646-649; INR in place of seconds as in common use"
FORMULA = (
    "bilirubin <2 / 2-3 / >3 mg/dL (<34 / 34-51 / >51 umol/L); albumin >3.5 / 2.8-3.5 / <2.8 g/dL; "
    "INR <1.7 / 1.7-2.3 / >2.3, or prothrombin time <4 / 4-6 / >6 s above control; "
    "ascites none / slight / moderate; encephalopathy 0 / 1-2 / 3-4: 1 / 2 / 3 points each; "
    "A 5-6, B 7-9, C 10-15"
)


class Ascites(StrEnum):
    """How much ascites, as Child-Pugh counts it."""

    NONE = "none"
    SLIGHT = "slight"
    MODERATE = "moderate"


# A value is compared in the unit in which it was measured: 34 and 51 umol/L are rounded limits, and a
# change of unit must not move 3.0 mg/dL (51.3 umol/L) from two points to three.
LIMITS: Mapping[Analyte, Mapping[str, tuple[float, float]]] = MappingProxyType(
    {
        Analyte.BILIRUBIN: {"mg/dL": (2.0, 3.0), "umol/L": (34.0, 51.0)},
        Analyte.ALBUMIN: {"g/dL": (2.8, 3.5), "g/L": (28.0, 35.0)},
        Analyte.INR: {"1": (1.7, 2.3)},
        Analyte.PT_PROLONGATION: {"s": (4.0, 6.0)},
    }
)
_ASCITES_POINTS = MappingProxyType({Ascites.NONE: 1, Ascites.SLIGHT: 2, Ascites.MODERATE: 3})
_ENCEPHALOPATHY_POINTS = (1, 2, 2, 3, 3)


def child_pugh(
    *,
    bilirubin: Quantity | None,
    albumin: Quantity | None,
    inr: Quantity | None,
    ascites: Ascites | None,
    encephalopathy_grade: int | None,
    pt_prolongation: Quantity | None = None,
) -> Score:
    """Points 5 to 15 and class A, B or C.

    Parameters
    ----------
    bilirubin, albumin
        Mass or molar concentration with its unit.
    inr
        International normalised ratio, unit ``1``; it is taken before ``pt_prolongation``.
    ascites
        As found by examination or imaging.
    encephalopathy_grade
        West Haven grade, 0 to 4.
    pt_prolongation
        Seconds above control, where there is no INR.

    Raises
    ------
    QuantityError
        For a unit that does not belong to the analyte.
    RiskError
        For a grade of encephalopathy outside 0 to 4.

    Examples
    --------
    >>> score = child_pugh(
    ...     bilirubin=Quantity(20.0, "umol/L"),
    ...     albumin=Quantity(36.0, "g/L"),
    ...     inr=Quantity(1.8, "1"),
    ...     ascites=Ascites.SLIGHT,
    ...     encephalopathy_grade=0,
    ... )
    >>> score.value, score.grade
    (7.0, 'B')
    """
    clotting = inr if inr is not None else pt_prolongation
    missing = absent(
        bilirubin=bilirubin,
        albumin=albumin,
        inr=clotting,
        ascites=ascites,
        encephalopathy_grade=encephalopathy_grade,
    )
    if (
        bilirubin is None
        or albumin is None
        or clotting is None
        or ascites is None
        or encephalopathy_grade is None
    ):
        return incomplete("child_pugh", missing, formula=FORMULA, source=SOURCE)
    inputs = (
        _graded(Analyte.BILIRUBIN, bilirubin),
        _graded(Analyte.ALBUMIN, albumin, falling=True),
        _graded(Analyte.INR if inr is not None else Analyte.PT_PROLONGATION, clotting),
        ScoreInput(name="ascites", given=ascites, used=ascites, points=_ASCITES_POINTS[ascites]),
        _encephalopathy(encephalopathy_grade),
    )
    return _scored(inputs)


def _scored(inputs: tuple[ScoreInput, ...]) -> Score:
    points = sum(one.points or 0 for one in inputs)
    return Score(
        name="child_pugh",
        value=float(points),
        grade=class_of(points),
        inputs=inputs,
        formula=FORMULA,
        source=SOURCE,
    )


def class_of(points: int) -> str:
    """Class of a sum of points.

    Examples
    --------
    >>> [class_of(points) for points in (6, 7, 9, 10)]
    ['A', 'B', 'B', 'C']
    """
    if points <= 6:
        return "A"
    return "B" if points <= 9 else "C"


def _graded(analyte: Analyte, quantity: Quantity, *, falling: bool = False) -> ScoreInput:
    """One, two or three points; a value on a limit has two. ``falling``: low values are the bad ones."""
    limits = LIMITS[analyte]
    unit = quantity.unit if quantity.unit in limits else next(iter(limits))
    value = converted(analyte, quantity, unit)
    low, high = limits[unit]
    points = 1 if value < low else 2 if value <= high else 3
    return ScoreInput(
        name=analyte.value,
        given=quantity.value,
        given_unit=quantity.unit,
        used=value,
        used_unit=unit,
        points=4 - points if falling else points,
    )


def _encephalopathy(grade: int) -> ScoreInput:
    if not 0 <= grade < len(_ENCEPHALOPATHY_POINTS):
        raise RiskError("The grade of encephalopathy is a whole number from 0 to 4.", grade=grade)
    return ScoreInput(
        name="encephalopathy_grade", given=grade, used=grade, points=_ENCEPHALOPATHY_POINTS[grade]
    )
