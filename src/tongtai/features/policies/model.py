"""House rules: numbers that practice or a house sets, each within bounds, decided by one kind of institution.

None of these stands in a law as a number; where a law sets a floor, the floor is the bound.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from tongtai.features.institutions.model import InstitutionKind


class PolicyKey(StrEnum):
    """The rules that an institution may set."""

    FIRST_ANSWER_MIN = "first_answer_min"
    ARRANGE_H = "arrange_h"
    OPINION_DAYS = "opinion_days"
    LEAD_ROOMS = "lead_rooms"
    INDEPENDENT_YEARS = "independent_years"
    CORRECT_MATERIAL_H = "correct_material_h"
    REPORT_H = "report_h"
    LINE_TEST_H = "line_test_h"
    MDT_WITHIN_H = "mdt_within_h"
    PHYSICIAN_AWAY_S = "physician_away_s"
    REVIEW_PERCENT = "review_percent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule that can be set.

    Attributes
    ----------
    decided_by
        The kind of institution whose rule holds for a case; ``None``: each for its own work.
    low, high
        Least and greatest value that can be set.
    unit
        UCUM, or ``1`` for a count.
    source
        Where the default comes from; sources S8 to S10 as in the timers.
    """

    decided_by: InstitutionKind | None
    default: int
    low: int
    high: int
    unit: str
    source: str


_SITE, _CENTRE, _K = InstitutionKind.INVITING, InstitutionKind.INVITED, PolicyKey


def _rule(by: InstitutionKind | None, default: int, low: int, high: int, unit: str, source: str) -> Rule:
    return Rule(decided_by=by, default=default, low=low, high=high, unit=unit, source=source)


RULES: Mapping[PolicyKey, Rule] = MappingProxyType(
    {
        _K.FIRST_ANSWER_MIN: _rule(_CENTRE, 30, 5, 24 * 60, "min", "S8"),
        _K.ARRANGE_H: _rule(_CENTRE, 48, 1, 14 * 24, "h", "S9"),
        _K.OPINION_DAYS: _rule(_CENTRE, 3, 1, 14, "d", "S9"),
        _K.LEAD_ROOMS: _rule(_CENTRE, 3, 1, 30, "1", "project default"),
        # Measures of 2018, clause 2: three years are the least.
        _K.INDEPENDENT_YEARS: _rule(_CENTRE, 3, 3, 20, "a", "Measures on telemedicine services 2018, II"),
        _K.CORRECT_MATERIAL_H: _rule(_SITE, 24, 1, 14 * 24, "h", "project default"),
        _K.REPORT_H: _rule(_SITE, 1, 1, 72, "h", "S10"),
        _K.LINE_TEST_H: _rule(_SITE, 24, 1, 7 * 24, "h", "project default"),
        # 0: the discussion precedes the operation, however long before.
        _K.MDT_WITHIN_H: _rule(
            _SITE, 0, 0, 30 * 24, "h", "quality indicator of level-4 operations: 48 h, optional"
        ),
        _K.PHYSICIAN_AWAY_S: _rule(_SITE, 60, 15, 600, "s", "project default"),
        _K.REVIEW_PERCENT: _rule(None, 10, 1, 100, "%", "project default"),
    }
)
DEFAULTS: Mapping[PolicyKey, int] = MappingProxyType({key: rule.default for key, rule in RULES.items()})
Values = Mapping[PolicyKey, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyChange:
    """One setting of a rule. The newest holds; the others stay in the record.

    Attributes
    ----------
    number
        Counts the settings of this rule in this institution from 1.
    """

    id: str
    institution_id: str
    key: PolicyKey
    number: int
    value: int
    reason: str
    changed_by: str
    changed_by_name: str
    changed_at: datetime


def values_of(changes: Iterable[PolicyChange]) -> dict[PolicyKey, int]:
    """What an institution has set, each rule by its newest change."""
    newest: dict[PolicyKey, PolicyChange] = {}
    for change in changes:
        known = newest.get(change.key)
        if known is None or known.number < change.number:
            newest[change.key] = change
    return {key: change.value for key, change in newest.items()}


def is_decided_by(rule: Rule, kind: InstitutionKind) -> bool:
    """Whether an institution of this kind sets the rule."""
    return rule.decided_by in (None, kind)


def values_for(*, inviting: Values, invited: Values) -> dict[PolicyKey, int]:
    """Which rules hold for a case: each by the side that decides it; those of an institution's own work are none of it.

    Examples
    --------
    >>> found = values_for(inviting={PolicyKey.LEAD_ROOMS: 9}, invited={PolicyKey.ARRANGE_H: 24})
    >>> (found[PolicyKey.LEAD_ROOMS], found[PolicyKey.ARRANGE_H])
    (3, 24)
    """
    by = {_SITE: inviting, _CENTRE: invited}
    return {
        key: by[rule.decided_by].get(key, rule.default)
        for key, rule in RULES.items()
        if rule.decided_by is not None
    }
