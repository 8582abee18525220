"""``tongtai rules``: the complication rules, checked and shown."""

from pathlib import Path
from typing import Annotated

import typer

from tongtai.core.complications.rules import Rule
from tongtai.formats.complication_rules import packaged_text, problems, read_complication_rules

rules_app = typer.Typer(
    help="Complication rules: check a file, show what is in it.", no_args_is_help=True, add_completion=False
)

FileArgument = Annotated[
    Path | None,
    typer.Argument(exists=True, dir_okay=False, help="A hospital's own file; default is the packaged one."),
]


@rules_app.command("check")
def check(file: FileArgument = None) -> None:
    """Say what is wrong with a file of complication rules; exit with 1 if anything is."""
    text = _text(file)
    found = problems(text)
    for problem in found:
        typer.echo(problem, err=True)
    if found:
        raise typer.Exit(1)
    rules = read_complication_rules(text)
    conditions = sum(len(trigger.all) for rule in rules.rules for trigger in rule.triggers)
    typer.echo(
        f"{len(rules.rules)} rules, {conditions} conditions, each with its source: version {rules.version}, "
        f"SHA-256 {rules.sha256}"
    )


@rules_app.command("show")
def show(file: FileArgument = None) -> None:
    """Print every rule with its conditions, sources and tasks."""
    for rule in read_complication_rules(_text(file)).rules:
        typer.echo("\n".join(_lines(rule)))


def _lines(rule: Rule) -> list[str]:
    lines = [f"{rule.id} {rule.name_en} {rule.name_zh}"]
    for trigger in rule.triggers:
        conditions = " and ".join(condition.text for condition in trigger.all)
        lines.append(f"  {trigger.level.value:5} {conditions}  [{trigger.source}]")
    lines.append(f"  {rule.action_en}")
    lines += [f"  {task.due_h:+6g} h  {task.text_en}" for task in rule.tasks]
    return lines


def _text(file: Path | None) -> str:
    return packaged_text() if file is None else file.read_text(encoding="utf-8")
