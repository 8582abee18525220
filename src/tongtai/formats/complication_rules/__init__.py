"""The complication rules, read from TOML: the packaged ones, or a hospital's own.

``rules.toml`` beside this module is meant to be read by physicians; `problems` says everything that is
wrong with such a file, each with its place.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from tongtai.core.complications.errors import ComplicationRulesError
from tongtai.core.complications.rules import Level, Rule, RuleSet, RuleTask, Trigger, read_condition

_RULE_TEXTS = ("name_zh", "name_en", "action_zh", "action_en", "source")
_RULE_KEYS = frozenset({"id", *_RULE_TEXTS, "trigger", "task"})
_TRIGGER_KEYS = frozenset({"level", "all", "source", "note_zh", "note_en"})
_TASK_KEYS = frozenset({"code", "due_h", "text_zh", "text_en"})
_MOST_BEFORE_H, _MOST_AFTER_H = -72.0, 24.0 * 365


def packaged_text() -> str:
    """The text of the packaged file."""
    return (files(__name__) / "rules.toml").read_text(encoding="utf-8")


def packaged_complication_rules() -> RuleSet:
    """The rules that come with the program.

    Examples
    --------
    >>> [rule.id for rule in packaged_complication_rules().rules][:3]
    ['R1', 'R2', 'R3']
    """
    return read_complication_rules(packaged_text())


def read_complication_rules(text: str) -> RuleSet:
    """Rules from a file's text.

    Raises
    ------
    ComplicationRulesError
        With every mistake, if there is one.
    """
    if found := problems(text):
        raise ComplicationRulesError(
            f"The complication rules have mistakes: {'; '.join(found)}", count=len(found)
        )
    table = tomllib.loads(text)
    return RuleSet(
        version=table["version"],
        rules=tuple(_rule(row) for row in table["rule"]),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )


def _rule(row: Mapping[str, Any]) -> Rule:
    return Rule(
        id=row["id"],
        **{name: row[name] for name in _RULE_TEXTS},
        triggers=tuple(
            Trigger(
                level=Level(one["level"]),
                all=tuple(read_condition(text) for text in one["all"]),
                source=one.get("source") or row["source"],
                note_zh=one.get("note_zh", ""),
                note_en=one.get("note_en", ""),
            )
            for one in row["trigger"]
        ),
        tasks=tuple(RuleTask(**{**one, "due_h": float(one["due_h"])}) for one in row.get("task", [])),
    )


def problems(text: str) -> list[str]:
    """Everything that is wrong with a file of rules; empty when it can be used.

    Examples
    --------
    >>> problems("version = '1'")
    ['there are no rules']
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as reason:
        return [f"not a TOML file: {reason}"]
    found = [] if isinstance(table.get("version"), str) else ["the file gives no version"]
    rules = table.get("rule")
    if not isinstance(rules, list) or not rules:
        return [*found, "there are no rules"]
    ids = [row.get("id") for row in rules]
    found += [
        f"{name}: the id is there twice" for name in sorted({i for i in ids if ids.count(i) > 1}, key=str)
    ]
    for number, row in enumerate(rules, 1):
        found += [f"{row.get('id') or f'rule {number}'}: {one}" for one in _rule_problems(row)]
    return found


def _rule_problems(row: Mapping[str, Any]) -> list[str]:
    found = [f"unknown key {key}" for key in sorted(set(row) - _RULE_KEYS)]
    found += [f"no {name}" for name in ("id", *_RULE_TEXTS) if not str(row.get(name, "")).strip()]
    triggers = row.get("trigger", [])
    if not triggers:
        found.append("nothing fires it")
    for number, trigger in enumerate(triggers, 1):
        found += [f"trigger {number}: {one}" for one in _trigger_problems(trigger)]
    codes = [task.get("code") for task in row.get("task", [])]
    for number, task in enumerate(row.get("task", []), 1):
        found += [f"task {number}: {one}" for one in _task_problems(task)]
        if codes.count(task.get("code")) > 1:
            found.append(f"task {number}: its code is there twice")
    return found


def _trigger_problems(trigger: Mapping[str, Any]) -> list[str]:
    found = [f"unknown key {key}" for key in sorted(set(trigger) - _TRIGGER_KEYS)]
    if trigger.get("level") not in {level.value for level in Level}:
        found.append("the level is red or amber")
    conditions = trigger.get("all", [])
    if not conditions:
        found.append("it has no condition")
    for text in conditions:
        try:
            read_condition(text)
        except ComplicationRulesError as error:
            found.append(str(error))
    return found


def _task_problems(task: Mapping[str, Any]) -> list[str]:
    found = [f"unknown key {key}" for key in sorted(set(task) - _TASK_KEYS)]
    found += [f"no {name}" for name in ("code", "text_zh", "text_en") if not str(task.get(name, "")).strip()]
    due = task.get("due_h")
    if isinstance(due, bool) or not isinstance(due, int | float):
        found.append("due_h is a number of hours")
    elif not _MOST_BEFORE_H <= due <= _MOST_AFTER_H:
        found.append(f"due_h lies between {_MOST_BEFORE_H:g} and {_MOST_AFTER_H:g}")
    return found
