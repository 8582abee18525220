"""``tongtai verify`` says what was compared, and fails when a value is outside its tolerance."""

import json

import pytest
from typer.testing import CliRunner

from tongtai.core.thermal.errors import HeatCancelledError
from tongtai.core.thermal.reference.verification import verify
from tongtai.entrypoints.cli.main import app
from tongtai.formats.heat_tables.reading import damage_rules, reference_tables

QUICK = ["--only", "pennes_slab_steady", "--only", "arrhenius_cem43"]


def run(*arguments: str):
    return CliRunner().invoke(app, ["verify", *arguments])


@pytest.fixture
def wrong_table(monkeypatch):
    """A truth that is a tenth off, so that a right solver is found outside."""
    tables = dict(reference_tables())
    slab = dict(tables["pennes_slab_steady"])
    slab["1"] = slab["1"] * 1.1
    tables["pennes_slab_steady"] = slab
    monkeypatch.setattr("tongtai.entrypoints.cli.verify.reference_tables", lambda: tables)


def test_json_has_every_value_and_the_verdict():
    done = run("--json", *QUICK)
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert document["passed"] is True
    assert document["values"] == len(document["results"]) > 20
    assert {"slab 37/50 °C, steady", "CEM43, rate"} <= {one["case"] for one in document["cases"]}
    for value in document["results"]:
        assert abs(value["got"] - value["expected"]) <= value["tolerance"]
        assert value["deviation"] == pytest.approx(value["got"] - value["expected"])


def test_a_value_outside_its_tolerance_is_named_and_exits_with_one(wrong_table):
    done = run(*QUICK)
    assert done.exit_code == 1
    assert "outside" in done.stdout
    document = json.loads(run("--json", *QUICK).stdout)
    assert document["passed"] is False
    assert document["failed"] == sum(not one["passed"] for one in document["results"]) > 0
    failing = [one for one in document["cases"] if not one["passed"]]
    assert all(abs(one["worst"]["deviation"]) > one["worst"]["tolerance"] for one in failing)


def test_an_unknown_table_is_refused_with_those_there_are():
    done = run("--only", "moon")
    assert done.exit_code == 2
    assert "pennes_slab_steady" in done.output


def test_progress_and_cancelling():
    told: list[tuple[str, float]] = []
    with pytest.raises(HeatCancelledError):
        verify(
            reference_tables(),
            damage_rules().models,
            names=["pennes_slab_steady", "arrhenius_cem43"],
            progress=lambda name, done: told.append((name, done)),
            cancelled=lambda: bool(told),
        )
    assert told == [("pennes_slab_steady", 0.0)]


def test_seeds_are_verified_too():
    done = run("--json", "--only", "tg43u1_6711_absolute_dose_checks")
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert {one["case"] for one in document["cases"]} == {
        "TG-43 seed 6711",
        "TG-43 kernel of the grids",
        "live seeds beside the whole dose",
        "seed search beside enumeration",
        "bounds of the seed search",
    }
    assert document["values"] > 15
