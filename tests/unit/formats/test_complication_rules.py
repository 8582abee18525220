"""The rule file's checker names every mistake; the packaged file has none."""

import pytest
from typer.testing import CliRunner

from tongtai.core.complications.errors import ComplicationRulesError
from tongtai.entrypoints.cli.rules import rules_app
from tongtai.formats.complication_rules import packaged_text, problems, read_complication_rules


def test_the_packaged_file_has_no_mistake_and_a_source_for_everything():
    assert problems(packaged_text()) == []
    rules = read_complication_rules(packaged_text())
    assert all(trigger.source for rule in rules.rules for trigger in rule.triggers)
    assert len(rules.sha256) == 64


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('version = "2026-11"', "", "the file gives no version"),
        ('id = "R2"', 'id = "R1"', "R1: the id is there twice"),
        ('name_en = "Bleeding"', "", "R2: no name_en"),
        ('level = "red"', 'level = "pink"', "R1: trigger 1: the level is red or amber"),
        ('"inr > 1.5"', '"inr > high"', "R2: trigger 2: “inr > high” needs a number."),
        ('"inr > 1.5"', '"inrr > 1.5"', "R2: trigger 2: “inrr > 1.5” speaks of an unknown fact."),
        ('["diabetes = yes"]', "[]", "R1: trigger 10: it has no condition"),
        ("due_h = 0.25", 'due_h = "soon"', "R8: task 1: due_h is a number of hours"),
        ("due_h = 0.25", "due_h = 99999", "R8: task 1: due_h lies between -72 and 8760"),
        ('code = "haemoglobin_24h"', 'code = "haemoglobin_6h"', "R2: task 2: its code is there twice"),
        ('id = "R2"', 'id = "R2"\ncolour = "red"', "R2: unknown key colour"),
        ('source = "Korean survey: skin burn 0.20 %"', "", "R8: no source"),
        ("[[rule]]", "[[rule", "not a TOML file"),
    ],
)
def test_each_mistake_is_named(old, new, said):
    text = packaged_text().replace(old, new, 1)
    assert any(problem.startswith(said) for problem in problems(text)), problems(text)
    with pytest.raises(ComplicationRulesError):
        read_complication_rules(text)


def test_check_and_show_on_the_command_line(tmp_path):
    good = CliRunner().invoke(rules_app, ["check"])
    assert good.exit_code == 0
    assert good.output.startswith("12 rules")
    bad = tmp_path / "rules.toml"
    bad.write_text(packaged_text().replace('level = "red"', 'level = "pink"', 1), encoding="utf-8")
    answer = CliRunner().invoke(rules_app, ["check", str(bad)])
    assert answer.exit_code == 1
    shown = CliRunner().invoke(rules_app, ["show"]).output
    assert "red   bilioenteric_anastomosis = yes" in shown
