"""What the intake form knows of a patient's history, as facts of the complication rules."""

from collections.abc import Mapping
from types import MappingProxyType

from tongtai.core.complications.facts import HistoryFacts, Known
from tongtai.core.risk.albi import albi
from tongtai.core.risk.child_pugh import Ascites, child_pugh
from tongtai.core.risk.from_answers import ASCITES, ENCEPHALOPATHY_GRADE, number, quantity, yes

# ICD-10 of the form: hepatocellular carcinoma, intrahepatic cholangiocarcinoma, liver metastasis.
_KINDS: Mapping[object, str] = MappingProxyType(
    {"C22.0": "hcc", "C22.1": "icc", "C78.7": "metastasis", "other": "other"}
)


def intake_facts(answers: Mapping[str, object]) -> dict[str, Known]:
    """The facts that the answers hold; what is not answered is not known, and fires nothing.

    Parameters
    ----------
    answers
        By the keys of the intake form; numbers in the form's own units.

    Examples
    --------
    >>> intake_facts({"bilio_enteric_anastomosis": "yes"})["bilioenteric_anastomosis"].value
    True
    """
    ascites = ASCITES.get(answers.get("ascites"))
    # The form asks for sphincterotomy and stent in one: "yes" is either, and each alone fires the same rule.
    stent = yes(answers, "biliary_stent")
    return HistoryFacts(
        tumour_kind=_KINDS.get(answers.get("diagnosis")),
        bilioenteric_anastomosis=yes(answers, "bilio_enteric_anastomosis"),
        biliary_stent=stent,
        sphincterotomy=False if stent is False else None,
        ptbd=yes(answers, "ptbd"),
        dilated_bile_ducts=yes(answers, "dilated_ducts"),
        cholangitis=yes(answers, "cholangitis"),
        tace_count=number(answers, "tace_sessions"),
        diabetes=yes(answers, "diabetes"),
        ascites=ascites.value if ascites else None,
        platelets_10e9_l=number(answers, "platelets"),
        inr=number(answers, "inr"),
        # The form has the longest diameter of the largest tumour: with one tumour that is the sum.
        tumour_total_mm=number(answers, "tumour_largest") if number(answers, "tumour_count") == 1 else None,
        child_pugh_points=_child_pugh_points(answers, ascites),
        albi_grade=_albi_grade(answers),
    ).sheet()


def _child_pugh_points(answers: Mapping[str, object], ascites: Ascites | None) -> float | None:
    return child_pugh(
        bilirubin=quantity(answers, "bilirubin"),
        albumin=quantity(answers, "albumin"),
        inr=quantity(answers, "inr"),
        ascites=ascites,
        encephalopathy_grade=ENCEPHALOPATHY_GRADE.get(answers.get("encephalopathy")),
    ).value


def _albi_grade(answers: Mapping[str, object]) -> float | None:
    grade = albi(
        bilirubin=quantity(answers, "bilirubin"),
        albumin=quantity(answers, "albumin"),
    ).grade
    return None if grade is None else float(grade)
