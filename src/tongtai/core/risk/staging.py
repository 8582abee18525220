"""Stages of hepatocellular carcinoma: BCLC 2022 and, as a suggestion, the Chinese CNLC."""

from tongtai.core.risk.errors import RiskError
from tongtai.core.risk.score import Score, ScoreInput, absent, incomplete
from tongtai.core.risk.tumour import TumourBurden

BCLC_SOURCE = "Reig M et al. BCLC strategy 2022. J Hepatol 2022;76:681-693"
BCLC_FORMULA = (
    "0: single <= 2 cm, Child-Pugh A, PS 0; A: single, or <= 3 tumours each <= 3 cm, PS 0; "
    "B: more or larger, liver function preserved, PS 0; C: vascular invasion, extrahepatic spread or PS 1-2; "
    "D: PS > 2, or Child-Pugh C without the prospect of a transplant"
)
CNLC_SOURCE = "National Health Commission of China, guideline for primary liver cancer, 2022 edition"
CNLC_FORMULA = (
    "Ia: single <= 5 cm; Ib: single > 5 cm, or 2-3 tumours <= 3 cm; IIa: 2-3 tumours, one > 3 cm; "
    "IIb: >= 4 tumours; IIIa: vascular invasion; IIIb: extrahepatic spread; IV: PS 3-4 or Child-Pugh C"
)
SUGGESTION = "a suggestion; the stage is set by the physician"
_WORST_PERFORMANCE = 4


def bclc(
    burden: TumourBurden,
    *,
    performance_status: int | None,
    child_pugh_class: str | None,
    transplant_candidate: bool | None,
) -> Score:
    """BCLC stage 0, A, B, C or D.

    Parameters
    ----------
    burden
        The tumours.
    performance_status
        ECOG, 0 to 4.
    child_pugh_class
        ``A``, ``B`` or ``C``.
    transplant_candidate
        Whether a transplant is considered; needed with Child-Pugh C only.

    Raises
    ------
    RiskError
        For a performance status or a class that does not exist.

    Examples
    --------
    >>> two = TumourBurden(diameters_mm=(28.0, 15.0), vascular_invasion=False, extrahepatic_spread=False)
    >>> bclc(two, performance_status=0, child_pugh_class="A", transplant_candidate=None).grade
    'A'
    """
    missing = _missing(burden, performance_status, child_pugh_class)
    if child_pugh_class == "C" and transplant_candidate is None:
        missing = (*missing, "transplant_candidate")
    if missing or performance_status is None or child_pugh_class is None:
        return incomplete("bclc", missing, formula=BCLC_FORMULA, source=BCLC_SOURCE)
    end_stage = child_pugh_class == "C" and not transplant_candidate
    notes = [SUGGESTION]
    if child_pugh_class != "A":
        notes.append(f"Child-Pugh {child_pugh_class}: whether liver function counts as preserved is judged")
    inputs = _inputs(burden, performance_status, child_pugh_class)
    if child_pugh_class == "C":
        candidate = bool(transplant_candidate)
        inputs += (ScoreInput(name="transplant_candidate", given=candidate, used=candidate),)
    return Score(
        name="bclc",
        value=None,
        grade=_bclc(burden, performance_status, child_pugh_class, end_stage=end_stage),
        inputs=inputs,
        formula=BCLC_FORMULA,
        source=BCLC_SOURCE,
        notes=tuple(notes),
    )


def _bclc(burden: TumourBurden, status: int, child_pugh_class: str, *, end_stage: bool) -> str:
    if end_stage or status > 2:
        return "D"
    if burden.vascular_invasion or burden.extrahepatic_spread or status >= 1:
        return "C"
    if burden.count == 1:
        return "0" if burden.largest_mm <= 20.0 and child_pugh_class == "A" else "A"
    return "A" if burden.count <= 3 and burden.largest_mm <= 30.0 else "B"


def cnlc(burden: TumourBurden, *, performance_status: int | None, child_pugh_class: str | None) -> Score:
    """CNLC stage Ia to IV; parameters as of `bclc`.

    Examples
    --------
    >>> one = TumourBurden(diameters_mm=(51.0,), vascular_invasion=False, extrahepatic_spread=False)
    >>> cnlc(one, performance_status=1, child_pugh_class="B").grade
    'Ib'
    """
    missing = _missing(burden, performance_status, child_pugh_class)
    if missing or performance_status is None or child_pugh_class is None:
        return incomplete("cnlc", missing, formula=CNLC_FORMULA, source=CNLC_SOURCE)
    return Score(
        name="cnlc",
        value=None,
        grade=_cnlc(burden, performance_status, child_pugh_class),
        inputs=_inputs(burden, performance_status, child_pugh_class),
        formula=CNLC_FORMULA,
        source=CNLC_SOURCE,
        notes=(SUGGESTION,),
    )


def _cnlc(burden: TumourBurden, status: int, child_pugh_class: str) -> str:
    if status > 2 or child_pugh_class == "C":
        return "IV"
    if burden.extrahepatic_spread:
        return "IIIb"
    if burden.vascular_invasion:
        return "IIIa"
    if burden.count == 1:
        return "Ia" if burden.largest_mm <= 50.0 else "Ib"
    if burden.count > 3:
        return "IIb"
    return "Ib" if burden.largest_mm <= 30.0 else "IIa"


def _missing(burden: TumourBurden, status: int | None, child_pugh_class: str | None) -> tuple[str, ...]:
    if status is not None and not 0 <= status <= _WORST_PERFORMANCE:
        raise RiskError("The performance status is a whole number from 0 to 4.", performance_status=status)
    if child_pugh_class not in {None, "A", "B", "C"}:
        raise RiskError("A Child-Pugh class is A, B or C.", child_pugh_class=child_pugh_class)
    return (*burden.missing, *absent(performance_status=status, child_pugh_class=child_pugh_class))


def _inputs(burden: TumourBurden, status: int, child_pugh_class: str) -> tuple[ScoreInput, ...]:
    return (
        *burden.inputs(),
        ScoreInput(name="performance_status", given=status, used=status),
        ScoreInput(name="child_pugh_class", given=child_pugh_class, used=child_pugh_class),
    )
