"""The quality indicators: what each counts over what, in both languages, and whose definition it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class IndicatorCode(StrEnum):
    """The indicators."""

    MDT_BEFORE = "mdt_before"
    PLAN_BEFORE = "plan_before"
    MARGIN_REACHED = "margin_reached"
    WARNINGS_ACKNOWLEDGED = "warnings_acknowledged"
    LOCAL_CONTROL = "local_control"
    SEVERE_30D = "severe_30d"
    MORTALITY_30D = "mortality_30d"
    FOLLOW_UP_1M = "follow_up_1m"
    LOST = "lost"
    SURVIVAL_1Y = "survival_1y"
    SEED_DOSE_VERIFIED = "seed_dose_verified"


@dataclass(frozen=True, slots=True)
class Said:
    """The same in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """An indicator.

    Attributes
    ----------
    numerator, denominator
        What is counted, in words.
    source
        Whose definition it is.
    higher_is_better
        Whether a high rate is good.
    """

    name: Said
    numerator: Said
    denominator: Said
    source: Said
    higher_is_better: bool = True


_S21 = Said(
    "国家限制类技术医疗质量控制指标（2022）",
    "National quality indicators of restricted techniques, National Health Commission of China 2022",
)
_HOUSE = Said("同台", "Tongtai")
_TREATED = Said("全部已治疗病例", "all treated cases")

INDICATORS: Mapping[IndicatorCode, Indicator] = MappingProxyType(
    {
        IndicatorCode.MDT_BEFORE: Indicator(
            name=Said("术前多学科讨论完成率", "Team decision before the procedure"),
            numerator=Said("治疗结束前已有多学科讨论结论", "decided by the team before its end"),
            denominator=Said("流程中全部已治疗病例", "all treated cases that are in the workflow"),
            source=Said(
                "国家质控指标：四级手术术前多学科讨论完成率",
                "National quality indicator: level-4 operations with multidisciplinary discussion",
            ),
        ),
        IndicatorCode.PLAN_BEFORE: Indicator(
            name=Said("术前计划批准率", "Approved plan before the procedure"),
            numerator=Said("治疗结束前计划已批准", "a plan approved before its end"),
            denominator=_TREATED,
            source=Said(f"{_S21.zh}（粒子：TPS 计划）", f"{_S21.en} (seeds: TPS plan)"),
        ),
        IndicatorCode.MARGIN_REACHED: Indicator(
            name=Said("计划安全边界达标率", "Planned margin of 5 mm"),
            numerator=Said(
                "已批准计划的最小安全边界 ≥ 5 mm", "smallest margin of the approved plan at least 5 mm"
            ),
            denominator=Said("已批准计划给出安全边界的病例", "cases whose approved plan knows a margin"),
            source=Said("同台；Wang 2015 PMC4419076", "Tongtai; Wang 2015 PMC4419076"),
        ),
        IndicatorCode.WARNINGS_ACKNOWLEDGED: Indicator(
            name=Said("并发症预警确认率", "Warnings acknowledged"),
            numerator=Said(
                "已作预警判断，且邀请方确认了每一条", "judged, and every warning acknowledged by the site"
            ),
            denominator=_TREATED,
            source=_HOUSE,
        ),
        IndicatorCode.LOCAL_CONTROL: Indicator(
            name=Said("局部病灶控制率", "Local control"),
            numerator=Said(
                "1 个月（31 天）内增强影像示完全消融",
                "complete ablation on contrast imaging within a month (31 days)",
            ),
            denominator=Said("1 个月前及更早的全部消融病例", "all ablations a month ago or more"),
            source=_S21,
        ),
        IndicatorCode.SEVERE_30D: Indicator(
            name=Said("30 天内严重并发症发生率", "Severe complications within 30 days"),
            numerator=Said("30 天内发生严重并发症", "a severe complication within 30 days"),
            denominator=Said(
                "30 天前及更早治疗的全部病例，及已发生者",
                "all cases treated 30 days ago or more, and those that had one",
            ),
            source=_S21,
            higher_is_better=False,
        ),
        IndicatorCode.MORTALITY_30D: Indicator(
            name=Said("30 天死亡率", "Mortality within 30 days"),
            numerator=Said("30 天内死亡", "died within 30 days"),
            denominator=Said(
                "30 天前及更早治疗的全部病例，及已死亡者",
                "all cases treated 30 days ago or more, and those who died",
            ),
            source=_S21,
            higher_is_better=False,
        ),
        IndicatorCode.FOLLOW_UP_1M: Indicator(
            name=Said("1 个月随访率", "Follow-up at one month"),
            numerator=Said("45 天内已复查评估", "assessed within 45 days"),
            denominator=Said(
                "45 天前及更早治疗的全部病例，及已评估者",
                "all cases treated 45 days ago or more, and those assessed",
            ),
            source=_S21,
        ),
        IndicatorCode.LOST: Indicator(
            name=Said("失访率", "Lost to follow-up"),
            numerator=Said(
                "已记为失访，或复查逾期两个月", "told to be lost, or an assessment two months overdue"
            ),
            denominator=_TREATED,
            source=_HOUSE,
            higher_is_better=False,
        ),
        IndicatorCode.SURVIVAL_1Y: Indicator(
            name=Said("1 年生存率", "Survival at one year"),
            numerator=Said("治疗 1 年后确知存活", "known to be alive a year after"),
            denominator=Said(
                "1 年前及更早治疗、且 1 年时状态已知的病例",
                "cases treated a year ago or more whose state at a year is known",
            ),
            source=_S21,
        ),
        IndicatorCode.SEED_DOSE_VERIFIED: Indicator(
            name=Said("粒子植入术后剂量验证率", "Dose verified after seeds"),
            numerator=Said("30 天内已作剂量验证", "verified within 30 days"),
            denominator=Said(
                "30 天前及更早治疗的全部粒子病例，及已验证者",
                "all seed cases treated 30 days ago or more, and those verified",
            ),
            source=_S21,
        ),
    }
)
