"""The commands of the planning tutorial run as they are written, on a small patient."""

import re
import shlex
from pathlib import Path

from typer.testing import CliRunner

from tongtai.entrypoints.cli.main import app

PAGE = Path(__file__).parents[3] / "docs" / "tutorial" / "plan-from-a-ct.md"
# What makes them cheap: a coarse patient, his true masks, and no pictures.
SMALL = {
    "phantom": ["--slices", "30", "--size", "96", "--slice-mm", "6"],
    "plan": ["--no-heat", "--no-book", "--no-verify", "--device", "mwa-2450-cooled-he2010"],
    "reach": [],
    "coverage": [],
}


def blocks(language):
    return re.findall(
        rf"^```{language}\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )


def test_every_command_of_the_tutorial_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("mine.json").write_text(blocks("json")[0], encoding="utf-8")
    commands = [shlex.split(line) for block in blocks("sh") for line in block.splitlines()]
    assert {words[1] for words in commands} == set(SMALL)
    for program, command, *words in commands:
        assert program == "tongtai"
        options = [*words, *SMALL[command]]
        if command != "phantom" and "--engine" not in words:
            options += ["--engine", "abdomen/before/truth.dcm"]
        result = CliRunner().invoke(app, [command, *options], env={"COLUMNS": "200"})
        assert result.exit_code == 0, f"{command} {words}: {result.stderr}"
    assert Path("plan/plan.json").exists()
