"""Albumin-bilirubin grade, and its modification with grade 2 in two parts."""

import math

from tongtai.core.risk.errors import QuantityError
from tongtai.core.risk.quantities import Analyte, Quantity
from tongtai.core.risk.score import Score, absent, incomplete, measured

BILIRUBIN_COEFFICIENT = 0.66
ALBUMIN_COEFFICIENT = -0.085
GRADE_1_MOST = -2.60
GRADE_2A_MOST = -2.27
GRADE_2_MOST = -1.39

SOURCE = "Johnson PJ et al. J Clin Oncol 2015;33:550-558; mALBI: Hiraoka A et al. Liver Cancer 2017;6:325-336"
FORMULA = (
    f"{BILIRUBIN_COEFFICIENT:g} x log10(bilirubin umol/L) - {-ALBUMIN_COEFFICIENT:g} x albumin g/L; "
    f"grade 1 <= {GRADE_1_MOST:.2f}, 2 <= {GRADE_2_MOST:.2f} (mALBI 2a <= {GRADE_2A_MOST:.2f}), 3 above; "
    "some calculators use 0.0852, which can change the grade at a limit"
)


def albi(*, bilirubin: Quantity | None, albumin: Quantity | None) -> Score:
    """ALBI score and grade 1, 2 or 3.

    Raises
    ------
    QuantityError
        For a unit that does not belong to the analyte, or bilirubin of zero, which has no logarithm.

    Examples
    --------
    >>> score = albi(bilirubin=Quantity(13.0, "umol/L"), albumin=Quantity(39.2, "g/L"))
    >>> round(score.value, 3), score.grade
    (-2.597, '2')
    """
    return _albi("albi", bilirubin, albumin)


def malbi(*, bilirubin: Quantity | None, albumin: Quantity | None) -> Score:
    """ALBI score and mALBI grade 1, 2a, 2b or 3.

    Examples
    --------
    >>> malbi(bilirubin=Quantity(13.0, "umol/L"), albumin=Quantity(39.2, "g/L")).grade
    '2a'
    """
    return _albi("malbi", bilirubin, albumin)


def _albi(name: str, bilirubin: Quantity | None, albumin: Quantity | None) -> Score:
    if bilirubin is None or albumin is None:
        missing = absent(bilirubin=bilirubin, albumin=albumin)
        return incomplete(name, missing, formula=FORMULA, source=SOURCE)
    inputs = (
        measured(Analyte.BILIRUBIN, bilirubin, "umol/L"),
        measured(Analyte.ALBUMIN, albumin, "g/L"),
    )
    bilirubin_umol_l, albumin_g_l = (float(one.used) for one in inputs)
    if bilirubin_umol_l <= 0.0:
        raise QuantityError(analyte=Analyte.BILIRUBIN.value, unit=bilirubin.unit)
    value = BILIRUBIN_COEFFICIENT * math.log10(bilirubin_umol_l) + ALBUMIN_COEFFICIENT * albumin_g_l
    grade = _grade(value)
    if name == "malbi" and grade == "2":
        grade = "2a" if value <= GRADE_2A_MOST else "2b"
    return Score(name=name, value=value, grade=grade, inputs=inputs, formula=FORMULA, source=SOURCE)


def _grade(value: float) -> str:
    if value <= GRADE_1_MOST:
        return "1"
    return "2" if value <= GRADE_2_MOST else "3"
