"""The facts that rules speak of: one table with kind, unit and where each comes from."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from types import MappingProxyType

from tongtai.core.complications.errors import FactError

Value = bool | float | str


class Origin(StrEnum):
    """Where a fact is known from."""

    HISTORY = "history"
    SCORE = "score"
    PLAN = "plan"
    PROCEDURE = "procedure"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactKind:
    """What a fact is.

    Attributes
    ----------
    unit
        Of a number, as it is shown; "" for yes or no, and for a choice.
    choices
        The words of a choice, the least first.
    """

    origin: Origin
    name_zh: str
    name_en: str
    number: bool = False
    unit: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A fact of one case: its value, and where that comes from."""

    value: Value
    origin: Origin


def _yes_no(origin: Origin, zh: str, en: str) -> FactKind:
    return FactKind(origin=origin, name_zh=zh, name_en=en)


def _number(origin: Origin, zh: str, en: str, unit: str) -> FactKind:
    return FactKind(origin=origin, name_zh=zh, name_en=en, number=True, unit=unit)


def _choice(origin: Origin, zh: str, en: str, *choices: str) -> FactKind:
    return FactKind(origin=origin, name_zh=zh, name_en=en, choices=choices)


_H, _S, _P, _D = Origin.HISTORY, Origin.SCORE, Origin.PLAN, Origin.PROCEDURE

FACTS: Mapping[str, FactKind] = MappingProxyType(
    {
        "technique": _choice(_H, "技术", "technique", "rfa", "mwa", "seeds"),
        "tumour_kind": _choice(_H, "肿瘤类型", "kind of tumour", "hcc", "icc", "metastasis", "other"),
        "bilioenteric_anastomosis": _yes_no(_H, "胆肠吻合", "bilio-enteric anastomosis"),
        "sphincterotomy": _yes_no(_H, "括约肌切开", "sphincterotomy"),
        "biliary_stent": _yes_no(_H, "胆道支架", "biliary stent"),
        "ptbd": _yes_no(_H, "经皮经肝胆道引流", "percutaneous biliary drainage"),
        "dilated_bile_ducts": _yes_no(_H, "胆管扩张", "dilated bile ducts"),
        "cholangitis": _yes_no(_H, "胆管炎", "cholangitis"),
        "iodised_oil_retained": _yes_no(_H, "碘油沉积", "retained iodised oil"),
        "tace_count": _number(_H, "既往 TACE 次数", "earlier TACEs", ""),
        "diabetes": _yes_no(_H, "糖尿病", "diabetes"),
        "ascites": _choice(_H, "腹水", "ascites", "none", "slight", "moderate"),
        "portal_thrombosis": _yes_no(_H, "门静脉血栓", "portal vein thrombosis"),
        "exophytic": _yes_no(_H, "外生性肿瘤", "exophytic tumour"),
        "platelets_10e9_l": _number(_H, "血小板", "platelets", "×10⁹/L"),
        "inr": _number(_H, "INR", "INR", ""),
        "tumour_total_mm": _number(_H, "肿瘤直径总和", "sum of tumour diameters", "mm"),
        "child_pugh_points": _number(_S, "Child-Pugh 分", "Child-Pugh points", ""),
        "albi_grade": _number(_S, "ALBI 分级", "ALBI grade", ""),
        "tumour_ml": _number(_P, "肿瘤体积", "volume of the tumour", "ml"),
        "subcapsular": _yes_no(_P, "包膜下肿瘤", "subcapsular tumour"),
        "duct_mm": _number(_P, "距胆管", "distance to a bile duct", "mm"),
        "gut_mm": _number(_P, "距肠管", "distance to bowel", "mm"),
        "stomach_mm": _number(_P, "距胃", "distance to the stomach", "mm"),
        "gallbladder_mm": _number(_P, "距胆囊", "distance to the gallbladder", "mm"),
        "dome_mm": _number(_P, "距膈顶/肺", "distance to diaphragm and lung", "mm"),
        "zone_longest_mm": _number(_P, "消融区最长径", "longest diameter of the zones", "mm"),
        "zone_ml": _number(_P, "消融区体积", "volume of the zones", "ml"),
        "zone_reaches_organ": _yes_no(_P, "消融区触及空腔脏器", "a zone reaches a hollow organ"),
        "margin_mm": _number(_P, "最小边界", "smallest margin", "mm"),
        "remnant_share": _number(_P, "剩余肝比例", "share of healthy liver that stays", ""),
        "needle_count": _number(_P, "穿刺针数", "needles", ""),
        "pleura_crossed": _yes_no(_P, "经胸膜穿刺", "a path through the pleura"),
        "energy_time_min": _number(_P, "能量时间", "time of energy", "min"),
        "punctures": _number(_D, "实际穿刺次数", "punctures done", ""),
        "energy_done_min": _number(_D, "实际能量时间", "time of energy delivered", "min"),
        "margin_done_mm": _number(_D, "即刻影像最小边界", "smallest margin on the immediate image", "mm"),
        "sirs": _yes_no(_D, "术后 SIRS", "SIRS after the procedure"),
        "seed_mismatch": _yes_no(_D, "粒子计数不符", "seed count does not agree"),
        "seed_migration": _yes_no(_D, "粒子迁移", "seed migration"),
        "seed_d90_share": _number(_D, "D90/处方剂量", "D90 over prescribed dose", ""),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryFacts:
    """What intake knows of a patient; the fields' names are the codes of the intake's fields.

    ``None`` is "not known": no rule fires on it, and each rule says that it could not be judged.
    """

    technique: str | None = None
    tumour_kind: str | None = None
    bilioenteric_anastomosis: bool | None = None
    sphincterotomy: bool | None = None
    biliary_stent: bool | None = None
    ptbd: bool | None = None
    dilated_bile_ducts: bool | None = None
    cholangitis: bool | None = None
    iodised_oil_retained: bool | None = None
    tace_count: float | None = None
    diabetes: bool | None = None
    ascites: str | None = None
    portal_thrombosis: bool | None = None
    exophytic: bool | None = None
    platelets_10e9_l: float | None = None
    inr: float | None = None
    tumour_total_mm: float | None = None
    child_pugh_points: float | None = None
    albi_grade: float | None = None

    def sheet(self) -> dict[str, Known]:
        """The facts that are known.

        Raises
        ------
        FactError
            If a value is not of its fact's kind.

        Examples
        --------
        >>> HistoryFacts(diabetes=True).sheet()["diabetes"].value
        True
        """
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return sheet_of({name: value for name, value in given.items() if value is not None})


def sheet_of(values: Mapping[str, Value]) -> dict[str, Known]:
    """Facts by name, each checked against the table.

    Raises
    ------
    FactError
        For an unknown name, or a value that is not of its kind.

    Examples
    --------
    >>> sheet_of({"gut_mm": 8.0})["gut_mm"].origin.value
    'plan'
    """
    found = {}
    for name, value in values.items():
        kind = FACTS.get(name)
        if kind is None or not _fits(kind, value):
            raise FactError(fact=name)
        found[name] = Known(value=value, origin=kind.origin)
    return found


def _fits(kind: FactKind, value: Value) -> bool:
    if kind.number:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if kind.choices:
        return value in kind.choices
    return isinstance(value, bool)
