"""``tongtai seeds detect`` and ``recompute``: on a simulated CT as DICOM, from the slices to the doses and back."""

import hashlib
import json
import os
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pydicom
import pytest
from tests.support.seed_images import drawn, implanted, tissue
from typer.testing import CliRunner

from tongtai.core.phantom.abdomen import AbdomenPhantom
from tongtai.entrypoints.cli.main import app
from tongtai.entrypoints.cli.seeds_detect_report import slices_warning
from tongtai.formats.dicom.radiotherapy import read_plan
from tongtai.formats.dicom.writing import CtPatient, write_ct_series
from tongtai.formats.nifti import write_nifti
from tongtai.formats.seed_corrections import CORRECTION_COLUMNS
from tongtai.formats.seed_files import read_seeds

SHARED = (
    Path(os.environ.get("TONGTAI_SHARED", Path(__file__).parents[4] / "shared")) / "data" / "dicom-rt-plan"
)
COUNT = 12
AT = "2026-03-02T10:00:00+0800"


def run(*arguments: object):
    return CliRunner().invoke(app, ["seeds", *map(str, arguments)])


@pytest.fixture(scope="module")
def truth():
    return drawn(COUNT, seed=5)


@pytest.fixture(scope="module")
def folder(tmp_path_factory, truth):
    """A CT as DICOM, the planned seeds 2 mm beside, and a target."""
    place = tmp_path_factory.mktemp("detect")
    image = implanted(tissue(), truth.centres_lps_mm, truth.axes_lps)
    taken = AbdomenPhantom(
        image=image,
        tissues=image.with_voxels(image.voxels > 0),
        tumours=(),
        zones=(),
        landmarks_lps_mm=np.zeros((0, 3)),
    )
    patient = CtPatient(name="Phantom^Seeds", patient_id="P-1", birth_date=date(1960, 1, 1), sex="O")
    (place / "ct").mkdir()
    slices = write_ct_series(taken, patient, acquired_at=datetime(2026, 3, 1, 9, 0))  # noqa: DTZ001
    for number, content in enumerate(slices):
        (place / "ct" / f"{number:03}.dcm").write_bytes(content)
    points = image.lps_of(np.moveaxis(np.indices(image.voxels.shape), 0, -1))
    ball = np.linalg.norm(points, axis=-1) <= 18.0
    write_nifti(image.with_voxels(ball.astype(np.uint8)), place / "target.nii.gz")
    rows = [
        [*(centre + np.array([2.0, 0.0, 0.0])), *axis, 0.635, "6711"]
        for centre, axis in zip(truth.centres_lps_mm, truth.axes_lps, strict=True)
    ]
    head = "x_mm,y_mm,z_mm,axis_x,axis_y,axis_z,air_kerma_strength_u,model\n"
    (place / "planned.csv").write_text(head + "\n".join(",".join(map(str, row)) for row in rows) + "\n")
    return place


@pytest.fixture(scope="module")
def found(folder):
    """The command run once, with everything."""
    out = folder / "out"
    done = run(
        "detect", folder / "ct", "--implanted", COUNT, "--planned", folder / "planned.csv", "--target", folder / "target.nii.gz",
        "--prescription-gy", 60, "--out", out, "--written-at", AT, "--json",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout), out


def test_seeds_count_dose_plan_and_cold_spots(found, truth):
    facts, _ = found
    assert facts["count"] == {
        "implanted": COUNT,
        "found_by_program": COUNT,
        "counted": COUNT,
        "difference": 0,
    }
    places = np.array([one["centre_lps_mm"] for one in facts["seeds"]])
    apart = np.linalg.norm(places[:, None] - truth.centres_lps_mm, axis=2).min(axis=1)
    assert np.median(apart) < 0.3
    assert facts["plan"]["median_mm"] == pytest.approx(2.0, abs=0.3)
    assert len(facts["plan"]["pairs"]) == COUNT
    assert facts["dose"]["target"]["d90_gy"] > 0.0
    cold = facts["cold_spots"][0]
    assert cold["least_gy"] < 60.0
    assert cold["volume_ml"] > 0.05
    assert facts["air_kerma_strength_u"] == pytest.approx(0.635)
    assert any("water" in limit for limit in facts["limits"])


def test_thick_slices_are_warned_of(found):
    facts, _ = found
    assert facts["slices_warning"] is None
    warned = slices_warning(5.0)
    assert warned is not None
    assert "40%" in warned


def test_the_folder_holds_what_it_says(found):
    facts, out = found
    written = json.loads((out / "detection.json").read_text())
    hashes = written.pop("files_sha256")
    assert written == facts
    assert set(hashes) == {"seeds.csv", "rtstruct.dcm", "rtplan.dcm", "rtdose.dcm"}
    for name, digest in hashes.items():
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest
    seeds = read_seeds((out / "seeds.csv").read_text())
    assert seeds.centres_lps_mm.tolist() == [one["centre_lps_mm"] for one in facts["seeds"]]
    assert len(read_plan((out / "rtplan.dcm").read_bytes()).positions) == COUNT


def test_its_own_objects_recompute_to_their_own_dose(found, tmp_path):
    _, out = found
    files = ("--plan", out / "rtplan.dcm", "--dose", out / "rtdose.dcm")
    done = run("recompute", *files, "--json")
    assert done.exit_code == 0, done.output
    facts = json.loads(done.stdout)
    assert facts["comparison"]["largest_percent"] < 0.1
    assert facts["comparison"]["gamma_passed"] == 1.0
    scaled = pydicom.dcmread(out / "rtdose.dcm")
    scaled.DoseGridScaling = f"{float(scaled.DoseGridScaling) * 1.1:.9e}"
    scaled.save_as(tmp_path / "scaled.dcm")
    other = run("recompute", *files[:2], "--dose", tmp_path / "scaled.dcm", "--json")
    assert other.exit_code == 3
    assert json.loads(other.stdout)["comparison"]["difference_percent"] == pytest.approx([10.0] * 3, abs=0.1)
    assert "γ 2 % / 1 mm: 100.0% passed" in run("recompute", *files).stdout
    assert run("recompute", *files, "--model", "IAI-125A").exit_code == 2


def test_the_day_of_the_implant_is_in_json_and_in_the_plan_that_gives_the_strengths(folder, found, tmp_path):
    facts, out = found
    assert (facts["implant_date"], facts["ct_date"], facts["days_after_implant"]) == (
        None,
        "2026-03-01",
        None,
    )
    options = ("--implanted", COUNT, "--strength-u", 0.5, "--implant-date", "2026-02-01", "--written-at", AT)
    done = run("detect", folder / "ct", *options, "--out", tmp_path / "dated", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["implant_date"], told["days_after_implant"]) == ("2026-02-01", 28)
    dated, before = (pydicom.dcmread(place / "rtplan.dcm") for place in (tmp_path / "dated", out))
    assert {one.SourceStrengthReferenceDate for one in dated.SourceSequence} == {"20260201"}
    assert {one.SourceStrengthReferenceDate for one in before.SourceSequence} == {"20260302"}
    assert dated.SOPInstanceUID != before.SOPInstanceUID
    assert "28 days after the implant" in run("detect", folder / "ct", *options).stdout


def test_corrections_are_honoured_and_recorded(folder, found):
    facts, _ = found
    moved = facts["seeds"][1]["centre_lps_mm"]
    rows = ["remove,1,,,,,,,a clip", f"move,2,{moved[0] + 1},{moved[1]},{moved[2]},,,,seen on the scout"]
    (folder / "changes.csv").write_text(",".join(CORRECTION_COLUMNS) + "\n" + "\n".join(rows) + "\n")
    options = ("--implanted", COUNT, "--strength-u", 0.5, "--corrections", folder / "changes.csv")
    done = run("detect", folder / "ct", *options, "--json")
    assert done.exit_code == 3
    changed = json.loads(done.stdout)
    assert changed["count"] == {
        "implanted": COUNT,
        "found_by_program": COUNT,
        "counted": COUNT - 1,
        "difference": -1,
    }
    assert [one["reason"] for one in changed["removed"]] == ["a clip"]
    assert changed["seeds"][0]["origin"] == "moved"
    assert changed["seeds"][0]["centre_lps_mm"][0] == moved[0] + 1
    assert changed["implant"]["total_air_kerma_strength_u"] == pytest.approx(0.5 * (COUNT - 1))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--model", "6712", "--strength-u", 0.5), "no seed model '6712'"),
        (("--strength-u", -0.5), "above zero"),
        ((), "--strength-u and --activity-mci"),
        (("--strength-u", 0.5, "--activity-mci", 0.5), "--strength-u and --activity-mci"),
        (("--strength-u", 0.5, "--prescription-gy", 100), "both --target and --prescription-gy"),
        (("--strength-u", 0.5, "--series", "99"), "99"),
        (("--strength-u", 0.5, "--implant-date", "2026-03-02"), "before the implant of 2026-03-02"),
        (("--strength-u", 0.5, "--implant-date", "2026-13-02"), "2026-13-02"),
    ],
)
def test_what_cannot_be_searched_is_refused_and_nothing_is_written(folder, tmp_path, options, words):
    done = run("detect", folder / "ct", "--implanted", COUNT, *options, "--out", tmp_path / "new", "--json")
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    assert words in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_is_kept(folder, found):
    _, out = found
    before = sorted(path.name for path in out.iterdir())
    options = ("--implanted", COUNT, "--strength-u", 0.5)
    assert run("detect", folder / "ct", *options, "--out", out).exit_code == 2
    assert sorted(path.name for path in out.iterdir()) == before


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="no ../shared/data (TONGTAI_SHARED)")
def test_a_plan_of_beams_is_read_and_held_against_its_own_histograms():
    files = [f"--{name}={SHARED / file}" for name, file in (("plan", "rtplan.dcm"), ("dose", "rtdose.dcm"))]
    alone = run("recompute", *files)
    assert alone.exit_code == 2
    assert "no brachytherapy sources; it has 4 external beams" in alone.stderr
    done = run("recompute", *files, f"--structures={SHARED / 'rtss.dcm'}", "--json")
    facts = json.loads(done.stdout)
    assert done.exit_code == 0
    assert facts["agrees"] is True
    assert facts["comparison"] is None
    assert "Nothing was computed" in facts["notes"][0]
    assert "per cent of the prescription of 14 Gy" in facts["histograms"]["notes"][0]
    checks = {one["name"]: one for one in facts["histograms"]["checks"]}
    assert len(checks) == 9
    for one in checks.values():
        assert one["mean_gy"] == pytest.approx(one["told_mean_gy"], rel=0.02)
    for name in ("Breast", "Heart", "Lt Lung", "Tumor Bed", "Tumor Bed Block"):
        assert checks[name]["volume_ml"] == pytest.approx(checks[name]["told_volume_ml"], rel=0.03)
        assert checks[name]["d90_gy"] == pytest.approx(checks[name]["told_d90_gy"], rel=0.03, abs=0.01)
