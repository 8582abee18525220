"""``tongtai bench``: what has been measured is not lost when what comes next goes wrong."""

import json

from typer.testing import CliRunner

from tongtai.core.errors import TongtaiError
from tongtai.entrypoints.bench.row import Row
from tongtai.entrypoints.cli import bench as command
from tongtai.entrypoints.cli.main import app

FAST = Row(name="reading", unit="s", value=1.5, target=2.0)
SLOW = Row(name="planning", unit="s", value=61.0, target=60.0)


class AwayError(TongtaiError):
    """Not possible here."""


def _measured(monkeypatch, *rows, then=None):
    async def measure(_name, _parts):
        for row in rows:
            yield row
        if then is not None:
            raise then

    monkeypatch.setattr(command, "measure", measure)


def test_a_row_is_told_and_kept_though_the_next_is_impossible(monkeypatch, tmp_path):
    _measured(monkeypatch, FAST, then=AwayError("no network lab here"))
    file = tmp_path / "rows.json"
    run = CliRunner().invoke(app, ["bench", "planning", "--save", str(file)])
    assert run.exit_code == 1
    assert json.loads(file.read_text()) == [FAST.json()]
    assert "✓ reading: 1.5 s" in run.stderr
    assert "no network lab here" in run.stderr


def test_a_missed_target_is_the_exit_status_and_json_stays_json(monkeypatch):
    _measured(monkeypatch, FAST, SLOW)
    run = CliRunner().invoke(app, ["bench", "planning", "--json"])
    assert run.exit_code == 1
    assert [row["met"] for row in json.loads(run.stdout)] == [True, False]


def test_all_targets_met_is_a_success(monkeypatch):
    _measured(monkeypatch, FAST)
    assert CliRunner().invoke(app, ["bench", "planning"]).exit_code == 0


def test_a_part_that_there_is_not_is_refused_with_those_there_are(monkeypatch):
    _measured(monkeypatch)
    run = CliRunner().invoke(app, ["bench", "planning", "--part", "tea"])
    assert run.exit_code == 2
    assert "jpeg2000" in run.stderr
