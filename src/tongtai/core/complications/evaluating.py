"""Which rules fire in a case, by which facts, and what could not be judged."""

from collections.abc import Mapping
from dataclasses import dataclass

from tongtai.core.complications.facts import Known, Origin, Value
from tongtai.core.complications.rules import Level, Rule, RuleSet, Trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A condition that holds: what was asked, what is so, where that is known from, the number's source."""

    condition: str
    fact: str
    value: Value
    origin: Origin
    level: Level
    source: str
    note_zh: str
    note_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """A rule that fires.

    Attributes
    ----------
    level
        The highest of its triggers that hold.
    reasons
        Every condition of those triggers, the red ones first.
    """

    rule: Rule
    level: Level
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """A rule that did not fire, though facts that might fire it are not known."""

    rule_id: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What the rules say of a case."""

    fired: tuple[Fired, ...]
    undecided: tuple[Undecided, ...]


def evaluate(rules: RuleSet, sheet: Mapping[str, Known]) -> Evaluation:
    """Judge every rule.

    Parameters
    ----------
    rules
        From the file.
    sheet
        The facts that are known; what is not in it fires nothing and is named in ``undecided``.
    """
    fired, undecided = [], []
    for rule in rules.rules:
        hits = [trigger for trigger in rule.triggers if _holds(trigger, sheet) is True]
        if hits:
            red_first = sorted(hits, key=lambda trigger: trigger.level is not Level.RED)
            reasons = tuple(reason for trigger in red_first for reason in _reasons(trigger, sheet))
            fired.append(Fired(rule=rule, level=red_first[0].level, reasons=reasons))
            continue
        open_facts = {
            condition.fact
            for trigger in rule.triggers
            if _holds(trigger, sheet) is None
            for condition in trigger.all
            if condition.fact not in sheet
        }
        if open_facts:
            undecided.append(Undecided(rule_id=rule.id, facts=tuple(sorted(open_facts))))
    return Evaluation(fired=tuple(fired), undecided=tuple(undecided))


def _holds(trigger: Trigger, sheet: Mapping[str, Known]) -> bool | None:
    found = [condition.holds(sheet) for condition in trigger.all]
    if False in found:
        return False
    return None if None in found else True


def _reasons(trigger: Trigger, sheet: Mapping[str, Known]) -> list[Reason]:
    return [
        Reason(
            condition=condition.text,
            fact=condition.fact,
            value=sheet[condition.fact].value,
            origin=sheet[condition.fact].origin,
            level=trigger.level,
            source=trigger.source,
            note_zh=trigger.note_zh,
            note_en=trigger.note_en,
        )
        for condition in trigger.all
    ]
