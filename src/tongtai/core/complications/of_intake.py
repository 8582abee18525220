"""What the intake form knows of a patient's history, as facts of the complication rules."""

import math
from collections.abc import Mapping
from types import MappingProxyType

from tongtai.core.complications.facts import HistoryFacts, Known
from tongtai.core.risk.albi import albi
from tongtai.core.risk.child_pugh import Ascites, child_pugh
from tongtai.core.risk.quantities import Quantity

# ICD-10 of the form: hepatocellular carcinoma, intrahepatic cholangiocarcinoma, liver metastasis.
_KINDS: Mapping[object, str] = MappingProxyType(
    {"C22.0": "hcc", "C22.1": "icc", "C78.7": "metastasis", "other": "other"}
)
_ASCITES: Mapping[object, Ascites] = MappingProxyType(
    {"none": Ascites.NONE, "mild": Ascites.SLIGHT, "moderate_or_more": Ascites.MODERATE}
)
# The form asks for groups of grades; both ends of a group count the same points.
_ENCEPHALOPATHY: Mapping[object, int] = MappingProxyType({"none": 0, "grade_1_2": 1, "grade_3_4": 3})


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
    ascites = _ASCITES.get(answers.get("ascites"))
    # The form asks for sphincterotomy and stent in one: "yes" is either, and each alone fires the same rule.
    stent = _yes(answers, "biliary_stent")
    return HistoryFacts(
        tumour_kind=_KINDS.get(answers.get("diagnosis")),
        bilioenteric_anastomosis=_yes(answers, "bilio_enteric_anastomosis"),
        biliary_stent=stent,
        sphincterotomy=False if stent is False else None,
        ptbd=_yes(answers, "ptbd"),
        dilated_bile_ducts=_yes(answers, "dilated_ducts"),
        cholangitis=_yes(answers, "cholangitis"),
        tace_count=_number(answers, "tace_sessions"),
        diabetes=_yes(answers, "diabetes"),
        ascites=ascites.value if ascites else None,
        platelets_10e9_l=_number(answers, "platelets"),
        inr=_number(answers, "inr"),
        child_pugh_points=_child_pugh_points(answers, ascites),
        albi_grade=_albi_grade(answers),
    ).sheet()


def _yes(answers: Mapping[str, object], key: str) -> bool | None:
    return {"yes": True, "no": False}.get(str(answers.get(key)))


def _number(answers: Mapping[str, object], key: str) -> float | None:
    value = answers.get(key)
    known = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if known and isinstance(value, int | float) else None


def _quantity(answers: Mapping[str, object], key: str, unit: str) -> Quantity | None:
    value = _number(answers, key)
    return None if value is None or value <= 0 else Quantity(value, unit)


def _child_pugh_points(answers: Mapping[str, object], ascites: Ascites | None) -> float | None:
    return child_pugh(
        bilirubin=_quantity(answers, "bilirubin", "umol/L"),
        albumin=_quantity(answers, "albumin", "g/L"),
        inr=_quantity(answers, "inr", "1"),
        ascites=ascites,
        encephalopathy_grade=_ENCEPHALOPATHY.get(answers.get("encephalopathy")),
    ).value


def _albi_grade(answers: Mapping[str, object]) -> float | None:
    grade = albi(
        bilirubin=_quantity(answers, "bilirubin", "umol/L"),
        albumin=_quantity(answers, "albumin", "g/L"),
    ).grade
    return None if grade is None else float(grade)
