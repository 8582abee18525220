"""The scores that follow from the answers of the intake form."""

from collections.abc import Mapping

from tongtai.core.risk.albi import albi, malbi
from tongtai.core.risk.child_pugh import child_pugh
from tongtai.core.risk.from_answers import ASCITES, ENCEPHALOPATHY_GRADE, number, quantity, yes
from tongtai.core.risk.gates import ablation_window, bleeding_gate
from tongtai.core.risk.meld import meld, meld_3, meld_na
from tongtai.core.risk.score import Score
from tongtai.core.risk.staging import bclc, cnlc
from tongtai.core.risk.tumour import TumourBurden

# No stage tells more tumours than this apart; a slip of the pen must not make a million of them.
_MANY = 100


def scores_of(answers: Mapping[str, object], *, female: bool | None) -> tuple[Score, ...]:
    """Every score, complete or with the names of what it still needs.

    Parameters
    ----------
    answers
        By the keys of the intake form; numbers in the form's own units.
    female
        Of the patient, for MELD 3.0; ``None`` where it is not known.

    Examples
    --------
    >>> scores = {score.name: score for score in scores_of({"bilirubin": 13.0, "albumin": 39.2}, female=None)}
    >>> scores["albi"].grade, scores["meld"].missing
    ('2', ('inr', 'creatinine'))
    """
    liver = {"bilirubin": quantity(answers, "bilirubin"), "inr": quantity(answers, "inr")}
    albumin, creatinine = quantity(answers, "albumin"), quantity(answers, "creatinine")
    sodium, dialysis = quantity(answers, "sodium"), yes(answers, "dialysis") is True
    function = child_pugh(
        **liver,
        albumin=albumin,
        ascites=ASCITES.get(answers.get("ascites")),
        encephalopathy_grade=ENCEPHALOPATHY_GRADE.get(answers.get("encephalopathy")),
    )
    return (
        function,
        albi(bilirubin=liver["bilirubin"], albumin=albumin),
        malbi(bilirubin=liver["bilirubin"], albumin=albumin),
        meld(**liver, creatinine=creatinine, dialysis=dialysis),
        meld_na(**liver, creatinine=creatinine, sodium=sodium, dialysis=dialysis),
        meld_3(
            **liver, female=female, creatinine=creatinine, sodium=sodium, albumin=albumin, dialysis=dialysis
        ),
        *_of_tumour(answers, function.grade),
        bleeding_gate(
            platelets=quantity(answers, "platelets"),
            inr=liver["inr"],
            fibrinogen=quantity(answers, "fibrinogen"),
        ),
    )


def _of_tumour(answers: Mapping[str, object], child_pugh_class: str | None) -> tuple[Score, ...]:
    burden = tumour_burden(answers)
    # The stages are those of hepatocellular carcinoma.
    if answers.get("diagnosis") not in {None, "C22.0"}:
        return ()
    status = answers.get("ecog")
    performance = int(str(status)) if str(status).isdigit() else None
    return (
        bclc(
            burden,
            performance_status=performance,
            child_pugh_class=child_pugh_class,
            transplant_candidate=yes(answers, "transplant_candidate"),
        ),
        cnlc(burden, performance_status=performance, child_pugh_class=child_pugh_class),
        ablation_window(burden, child_pugh_class=child_pugh_class),
    )


def tumour_burden(answers: Mapping[str, object]) -> TumourBurden:
    """The tumours, as the stages count them: how many, and how large the largest is.

    The form asks for the largest alone; the others stand in with its diameter, which no stage reads.

    Examples
    --------
    >>> tumour_burden({"tumour_count": 2.0, "tumour_largest": 28.0}).count
    2
    """
    count, largest_mm = number(answers, "tumour_count"), number(answers, "tumour_largest")
    diameters_mm = None
    if count is not None and largest_mm is not None and count >= 1.0 and largest_mm > 0.0:
        diameters_mm = (largest_mm,) * min(int(count), _MANY)
    return TumourBurden(
        diameters_mm=diameters_mm,
        vascular_invasion=yes(answers, "vascular_invasion"),
        extrahepatic_spread=yes(answers, "extrahepatic_spread"),
    )
