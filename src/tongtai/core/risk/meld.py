"""MELD, MELD-Na and MELD 3.0: mortality without a transplant, from laboratory values."""

import math
from dataclasses import replace

from tongtai.core.risk.quantities import Analyte, Quantity
from tongtai.core.risk.score import Score, ScoreInput, absent, incomplete, measured

LEAST, MOST = 6, 40
SODIUM_TARGET_MMOL_L = 137.0
ALBUMIN_TARGET_G_DL = 3.5

MELD_SOURCE = "Kamath PS et al. Hepatology 2001;33:464-470; OPTN policy 9 (floors, cap, rounding)"
MELD_FORMULA = (
    "10 x round to 0.1 (0.957 ln creatinine mg/dL + 0.378 ln bilirubin mg/dL + 1.120 ln INR + 0.643); "
    "values below 1 count as 1, creatinine at most 4, dialysis counts as 4; at most 40"
)
MELD_NA_SOURCE = "OPTN policy 9, January 2016; Kim WR et al. N Engl J Med 2008;359:1018-1026"
MELD_NA_FORMULA = (
    "MELD, and if above 11: + 1.32 (137 - Na) - 0.033 MELD (137 - Na), rounded; "
    "Na 125-137 mmol/L; result 6-40; MELD = " + MELD_FORMULA
)
MELD_3_SOURCE = "Kim WR et al. Gastroenterology 2021;161:1887-1895"
MELD_3_FORMULA = (
    "1.33 if female + 4.56 ln bilirubin + 0.82 (137 - Na) - 0.24 (137 - Na) ln bilirubin + 9.09 ln INR "
    "+ 11.14 ln creatinine + 1.85 (3.5 - albumin) - 1.83 (3.5 - albumin) ln creatinine + 6, rounded; "
    "mg/dL and g/dL; bilirubin, INR, creatinine at least 1, creatinine at most 3 (dialysis 3), "
    "Na 125-137 mmol/L, albumin 1.5-3.5; result 6-40"
)


def meld(
    *, bilirubin: Quantity | None, inr: Quantity | None, creatinine: Quantity | None, dialysis: bool = False
) -> Score:
    """MELD, 6 to 40.

    Parameters
    ----------
    bilirubin, inr, creatinine
        With their units; the INR's is ``1``.
    dialysis
        Twice in the week before, or 24 h of continuous veno-venous haemodialysis.

    Raises
    ------
    QuantityError
        For a unit that does not belong to the analyte.

    Examples
    --------
    >>> one = Quantity(1.0, "mg/dL")
    >>> meld(bilirubin=one, inr=Quantity(1.0, "1"), creatinine=one).value
    6.0
    """
    creatinine = _dialysed(creatinine, dialysis=dialysis, cap_mg_dl=4.0)
    if bilirubin is None or inr is None or creatinine is None:
        missing = absent(bilirubin=bilirubin, inr=inr, creatinine=creatinine)
        return incomplete("meld", missing, formula=MELD_FORMULA, source=MELD_SOURCE)
    inputs = _common(bilirubin, inr, creatinine, cap_mg_dl=4.0, dialysis=dialysis)
    bilirubin_mg_dl, ratio, creatinine_mg_dl = (float(one.used) for one in inputs)
    raw = 0.957 * math.log(creatinine_mg_dl) + 0.378 * math.log(bilirubin_mg_dl) + 1.120 * math.log(ratio)
    value = _rounded((raw + 0.643) * 10.0)
    return Score(
        name="meld",
        value=float(min(value, MOST)),
        grade=None,
        inputs=inputs,
        formula=MELD_FORMULA,
        source=MELD_SOURCE,
    )


def meld_na(
    *,
    bilirubin: Quantity | None,
    inr: Quantity | None,
    creatinine: Quantity | None,
    sodium: Quantity | None,
    dialysis: bool = False,
) -> Score:
    """MELD with sodium, 6 to 40; parameters as of `meld`.

    Examples
    --------
    >>> meld_na(
    ...     bilirubin=Quantity(3.0, "mg/dL"),
    ...     inr=Quantity(1.5, "1"),
    ...     creatinine=Quantity(1.5, "mg/dL"),
    ...     sodium=Quantity(130.0, "mmol/L"),
    ... ).value
    24.0
    """
    without = meld(bilirubin=bilirubin, inr=inr, creatinine=creatinine, dialysis=dialysis)
    if without.value is None or sodium is None:
        missing = (*without.missing, *absent(sodium=sodium))
        return incomplete("meld_na", missing, formula=MELD_NA_FORMULA, source=MELD_NA_SOURCE)
    salt = measured(Analyte.SODIUM, sodium, "mmol/L", floor=125.0, cap=SODIUM_TARGET_MMOL_L)
    value, lack_mmol_l = without.value, SODIUM_TARGET_MMOL_L - float(salt.used)
    if value > 11:
        value += 1.32 * lack_mmol_l - 0.033 * value * lack_mmol_l
    return Score(
        name="meld_na",
        value=_within(value),
        grade=None,
        inputs=(*without.inputs, salt),
        formula=MELD_NA_FORMULA,
        source=MELD_NA_SOURCE,
    )


def meld_3(
    *,
    female: bool | None,
    bilirubin: Quantity | None,
    inr: Quantity | None,
    creatinine: Quantity | None,
    sodium: Quantity | None,
    albumin: Quantity | None,
    dialysis: bool = False,
) -> Score:
    """MELD 3.0, 6 to 40; parameters as of `meld`.

    Examples
    --------
    >>> meld_3(
    ...     female=False,
    ...     bilirubin=Quantity(6.0, "mg/dL"),
    ...     inr=Quantity(1.5, "1"),
    ...     creatinine=Quantity(1.5, "mg/dL"),
    ...     sodium=Quantity(131.0, "mmol/L"),
    ...     albumin=Quantity(3.5, "g/dL"),
    ... ).value
    25.0
    """
    creatinine = _dialysed(creatinine, dialysis=dialysis, cap_mg_dl=3.0)
    if (
        female is None
        or bilirubin is None
        or inr is None
        or creatinine is None
        or sodium is None
        or albumin is None
    ):
        missing = absent(
            female=female, bilirubin=bilirubin, inr=inr, creatinine=creatinine, sodium=sodium, albumin=albumin
        )
        return incomplete("meld_3", missing, formula=MELD_3_FORMULA, source=MELD_3_SOURCE)
    inputs = (
        *_common(bilirubin, inr, creatinine, cap_mg_dl=3.0, dialysis=dialysis),
        measured(Analyte.SODIUM, sodium, "mmol/L", floor=125.0, cap=SODIUM_TARGET_MMOL_L),
        measured(Analyte.ALBUMIN, albumin, "g/dL", floor=1.5, cap=ALBUMIN_TARGET_G_DL),
    )
    return Score(
        name="meld_3",
        value=_within(_meld_3(female, *(float(one.used) for one in inputs))),
        grade=None,
        inputs=(*inputs, ScoreInput(name="female", given=female, used=female)),
        formula=MELD_3_FORMULA,
        source=MELD_3_SOURCE,
    )


def _meld_3(
    female: bool,
    bilirubin_mg_dl: float,
    ratio: float,
    creatinine_mg_dl: float,
    sodium_mmol_l: float,
    albumin_g_dl: float,
) -> float:
    log_bilirubin, log_creatinine = math.log(bilirubin_mg_dl), math.log(creatinine_mg_dl)
    salt, protein = SODIUM_TARGET_MMOL_L - sodium_mmol_l, ALBUMIN_TARGET_G_DL - albumin_g_dl
    return (
        (1.33 if female else 0.0)
        + 4.56 * log_bilirubin
        + 0.82 * salt
        - 0.24 * salt * log_bilirubin
        + 9.09 * math.log(ratio)
        + 11.14 * log_creatinine
        + 1.85 * protein
        - 1.83 * protein * log_creatinine
        + 6.0
    )


def _dialysed(creatinine: Quantity | None, *, dialysis: bool, cap_mg_dl: float) -> Quantity | None:
    """On dialysis the value is set, whether or not one was measured."""
    return Quantity(cap_mg_dl, "mg/dL") if dialysis else creatinine


def _common(
    bilirubin: Quantity, inr: Quantity, creatinine: Quantity, *, cap_mg_dl: float, dialysis: bool
) -> tuple[ScoreInput, ScoreInput, ScoreInput]:
    kidney = measured(Analyte.CREATININE, creatinine, "mg/dL", floor=1.0, cap=cap_mg_dl)
    return (
        measured(Analyte.BILIRUBIN, bilirubin, "mg/dL", floor=1.0),
        measured(Analyte.INR, inr, "1", floor=1.0),
        replace(kidney, note="dialysis") if dialysis else kidney,
    )


def _rounded(value: float) -> int:
    """To the nearest whole number, halves upwards, as in the policy's tables."""
    return math.floor(value + 0.5)


def _within(value: float) -> float:
    return float(min(max(_rounded(value), LEAST), MOST))
