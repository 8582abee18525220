"""``tongtai compile``; that it compiles is seen in the set-up of the tests, which calls it."""

import subprocess

import pytest
from typer.testing import CliRunner

from tongtai.entrypoints.cli.compilation import CompilationError
from tongtai.entrypoints.cli.main import app


def test_a_task_that_fails_is_named_with_its_last_sentence(monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []

    def run(words: list[str], **_more: object) -> subprocess.CompletedProcess[str]:
        asked.append(words[3])
        failed = words[3] == "seeds"
        return subprocess.CompletedProcess(
            words, int(failed), "", "… reading\ntongtai: no room\n" if failed else ""
        )

    monkeypatch.setattr("tongtai.entrypoints.cli.compilation.subprocess.run", run)
    told = CliRunner().invoke(app, ["compile"])
    assert isinstance(told.exception, CompilationError)
    assert str(told.exception) == "`tongtai seeds` failed: tongtai: no room"
    assert asked[0] == "phantom"
    assert {"heat", "seeds", "verify"} == set(asked[1:])
