"""``tongtai seeds``: JSON on standard output, refusals in one sentence with exit status 2."""

import json

import numpy as np
import pytest
from tests.support.implants import ball
from typer.testing import CliRunner

from tongtai.entrypoints.cli.main import app
from tongtai.formats.nifti import write_nifti

HEAD = "x_mm,y_mm,z_mm,axis_x,axis_y,axis_z,air_kerma_strength_u,model\n"
SEED = "0,0,0,0,0,1,0.635,6711\n"
POINTS = "x_mm,y_mm,z_mm\n10,0,0\n0,0,10\n5,0,0\n"


def run(*arguments: object):
    return CliRunner().invoke(app, ["seeds", *map(str, arguments)])


@pytest.fixture
def files(tmp_path):
    def write(seeds=HEAD + SEED, points=POINTS):
        (tmp_path / "S.csv").write_text(seeds, encoding="utf-8")
        (tmp_path / "P.csv").write_text(points, encoding="utf-8")
        return "--seeds", tmp_path / "S.csv", "--points", tmp_path / "P.csv"

    return write


def test_doses_at_points_are_the_published_ones(files):
    done = run("dose", *files(), "--json")
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    totals = [point["total_dose_gy"] for point in document["points"]]
    assert totals == pytest.approx([12.60298, 4.8060037, 52.844712], rel=1e-7)
    rates = [point["dose_rate_gy_h"] for point in document["points"]]
    assert np.array(rates) * 2056.7061 == pytest.approx(totals, rel=1e-7)
    assert [point["z_mm"] for point in document["points"]] == [0.0, 10.0, 0.0]
    assert document["rules"]["g_between"] == "linear in r"
    assert any("water" in limit for limit in document["limits"])
    assert any("attenuate" in limit for limit in document["limits"])
    assert document["implant"]["total_apparent_activity_mci"] == pytest.approx(0.5)


def test_the_point_source_and_the_other_interpolation(files):
    found = json.loads(run("dose", *files(), "--formalism", "point", "--json").stdout)
    assert found["points"][0]["total_dose_gy"] == pytest.approx(11.897214, rel=1e-7)
    between = files(points="x_mm,y_mm,z_mm\n45,0,0\n")
    linear, logarithmic = (
        json.loads(run("dose", *between, "--g", rule, "--json").stdout)["points"][0]["total_dose_gy"]
        for rule in ("linear", "log_linear")
    )
    assert linear / logarithmic == pytest.approx(0.43 / np.sqrt(0.496 * 0.364), rel=1e-9)


def test_strengths_decay_to_the_implant_and_doses_end_where_asked(files):
    dates = ("--calibrated", "2026-01-01", "--implanted", "2026-03-02")
    found = json.loads(run("dose", *files(), *dates, "--after-d", "60", "--json").stdout)
    left = 0.5 ** (60 / 59.40)
    assert found["implant"]["decayed_d"] == 60.0
    assert found["points"][0]["total_dose_gy"] == pytest.approx(12.60298 * left * 0.50348852, rel=1e-7)


def test_people_read_a_table_with_the_limits(files):
    done = run("dose", *files())
    assert done.exit_code == 0
    assert "12.603" in done.stdout
    assert "Seeds do not attenuate" in done.stdout


@pytest.mark.parametrize(
    ("seeds", "points", "words"),
    [
        (HEAD + SEED.replace("0.635", "-0.635"), POINTS, "Line 2 of the seeds: A seed's air-kerma strength"),
        (HEAD + SEED.replace("6711", "6712"), POINTS, "no seed model '6712'"),
        (HEAD + SEED.replace("0,0,1,", "0,0,0,"), POINTS, "axis is zero"),
        (HEAD + SEED.replace("0.635", "nan"), POINTS, "air_kerma_strength_u must be a finite number"),
        (HEAD + SEED.replace("0.635", ""), POINTS, "air_kerma_strength_u must be a finite number"),
        (HEAD.replace("x_mm", "x") + SEED, POINTS, "lacks the columns x_mm"),
        (HEAD.replace("_u,", ",") + SEED, POINTS, "lacks the columns air_kerma_strength_u"),
        (HEAD + "0,0,0,0,0,1,0.635\n", POINTS, "more or fewer cells"),
        (HEAD, POINTS, "no rows"),
        (HEAD + SEED, "x_mm,y_mm,z_mm\n0,0,2\n", "inside seed 1"),
        (HEAD + SEED, "x_mm,y_mm,z_mm\n0,inf,2\n", "y_mm must be a finite number"),
        (HEAD + SEED, "x_mm,y_mm\n0,2\n", "lacks the columns z_mm"),
        (HEAD + SEED, "x_mm,y_mm,z_mm\n", "no rows"),
        (HEAD + SEED.replace("6711", "6702"), POINTS, "offers only the point source"),
        (HEAD + SEED.replace("6711", "IAI-125A"), POINTS, "no dose can be computed"),
    ],
)
def test_refusals_name_the_reason_and_print_nothing_else(files, seeds, points, words):
    done = run("dose", *files(seeds, points), "--json")
    assert done.exit_code == 2
    assert done.stdout == ""
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "dates",
    [
        ("--calibrated", "2026-01-01"),
        ("--calibrated", "2026-02-01", "--implanted", "2026-01-01"),
    ],
)
def test_dates_that_make_no_decay_are_refused(files, dates):
    assert run("dose", *files(), *dates).exit_code == 2


def test_models_say_what_they_offer_and_where_it_comes_from():
    found = {one["id"]: one for one in json.loads(run("models", "--json").stdout)["models"]}
    assert found["6711"]["formalisms"] == ["line", "point"]
    assert found["2301"]["formalisms"] == ["point"]
    assert found["IAI-125A"]["formalisms"] == []
    assert all(one["source"] and one["table_sources"]["g"] for one in found.values())
    assert "6711: Amersham" in run("models").stdout


def test_histograms_of_a_mask(files, tmp_path):
    mask = ball(20, 1.0, 8.0)
    write_nifti(mask.with_voxels(mask.voxels.astype(np.uint8)), tmp_path / "target.nii.gz")
    seeds = files()[:2]
    organ = f"duct={tmp_path / 'target.nii.gz'}:1"
    options = (
        "--target",
        tmp_path / "target.nii.gz",
        "--prescription-gy",
        20,
        "--organ",
        organ,
        "--trials",
        5,
    )
    done = run("dvh", *seeds, *options, "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["target"]["volume_ml"] == pytest.approx(mask.voxels.sum() / 1000)
    assert found["organs"]["duct"]["largest_gy"] >= found["organs"]["duct"]["d0_1cc_gy"]
    assert found["histograms"]["target"]["cumulative_share"][0] == 1.0
    assert found["robustness"]["trials"] == 5
    assert found["target"]["v100"] > found["target"]["v200"] > 0.0
    assert "D90" in run("dvh", *seeds, *options).stdout
    assert run("dvh", *seeds, *options[:2], "--prescription-gy", -1).exit_code == 2
    assert run("dvh", *seeds, *options[:4], "--label", 7).exit_code == 2
    assert run("dvh", *seeds, *options[:4], "--organ", "duct").exit_code == 2
