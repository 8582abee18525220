"""``tongtai seeds plan``: exit codes, one plan on standard output, a folder whole or not at all."""

import hashlib
import json

import pytest
from tests.support.phantoms import phantom_patient
from typer.testing import CliRunner

from tongtai.core.seed_planning.plan import SeedOutcome
from tongtai.entrypoints.cli.main import app
from tongtai.formats.nifti import write_nifti
from tongtai.formats.seed_plan_json import read_seed_plan, seed_plan_bytes


@pytest.fixture(scope="module")
def masks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("masks")
    patient = phantom_patient()
    for mask in patient.masks:
        write_nifti(patient.grid.with_voxels(mask.voxels), folder / f"{mask.name}.nii.gz")
    return folder


def read_back(content):
    return read_seed_plan(content)


def run(*arguments: object):
    return CliRunner().invoke(app, ["seeds", *map(str, arguments)])


def plan(masks, out, *more: object, activity=("--activity-mci", 0.6)):
    return run(
        "plan", masks, "--out", out, "--prescription-gy", 110, *activity, "--tumour", 2, "--margin-mm", 0,
        "--trials", 10, "--no-verify", "--time-limit-s", 600, *more,
    )  # fmt: skip


@pytest.fixture(scope="module")
def planned(masks, tmp_path_factory):
    out = tmp_path_factory.mktemp("plan") / "out"
    return plan(masks, out, "--json", "--written-at", "2026-01-31T08:00:00+0800"), out


def test_a_plan_from_masks_is_written_whole_and_printed(planned):
    done, out = planned
    assert done.exit_code == 0, done.output
    content = (out / "seed-plan.json").read_bytes()
    assert content.decode() == done.stdout
    found = read_back(content)
    assert found.outcome is SeedOutcome.PLANNED
    assert "masks alone" in " ".join(found.image.notes)
    for line in (out / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest
    assert not (out / "why_not.txt").exists()
    assert (out / "dose.nii.gz").exists()


def test_the_same_command_gives_the_same_bytes_and_people_read_what_is_in_them(planned, masks, tmp_path):
    done = plan(masks, tmp_path / "out", activity=("--strength-u", 0.762))
    assert done.exit_code == 0, done.output
    assert (tmp_path / "out" / "seed-plan.json").read_text(encoding="utf-8") == planned[0].stdout
    for part in (
        "sha256",
        "N1 ",
        "✓ target V100",
        "at least",
        "order ",
        "µGy/h",
        "EQD2",
        "isodoses",
        "! Seeds do not",
    ):
        assert part in done.stdout


def test_its_seeds_go_into_the_other_commands(planned, tmp_path):
    """The plan's own numbers once more, by the exact sum at a point and by `seeds dvh` without the planning."""
    _, out = planned
    found = read_back((out / "seed-plan.json").read_bytes())
    x, y, z = found.target.centre_lps_mm
    (tmp_path / "P.csv").write_text(f"x_mm,y_mm,z_mm\n{x + 40.0},{y},{z}\n", encoding="utf-8")
    done = run(
        "dose", "--seeds", out / "seeds.csv", "--points", tmp_path / "P.csv", "--out", tmp_path / "D.csv", "--json"
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    head, row = (tmp_path / "D.csv").read_text(encoding="utf-8").splitlines()
    assert head == "x_mm,y_mm,z_mm,dose_rate_gy_h,total_dose_gy"
    point = json.loads(done.stdout)["points"][0]
    assert [float(value) for value in row.split(",")[3:]] == [point["dose_rate_gy_h"], point["total_dose_gy"]]
    total = json.loads(done.stdout)["implant"]["total_air_kerma_strength_u"]
    assert total == pytest.approx(found.order.total_strength_u, abs=1e-4)
    loading = (out / "loading.csv").read_text(encoding="utf-8").splitlines()
    assert len(loading) == len(found.needles) + 1


def test_a_plan_is_judged_again_and_edited_by_hand(planned, masks, tmp_path):
    _, out = planned
    same = plan(masks, tmp_path / "same", "--seeds", out / "seed-plan.json", "--json")
    assert same.exit_code == 0, same.output
    first, again = read_back(planned[0].stdout.encode()), read_back(same.stdout.encode())
    assert again.doses.target.v100 == pytest.approx(first.doses.target.v100, abs=1e-4)
    needle = first.needles[0]
    depth = next(seed.depth_mm for seed in first.seeds)
    hand = {
        "needles": [
            {"entry_lps_mm": needle.entry_lps_mm, "tip_lps_mm": needle.tip_lps_mm, "seed_depths_mm": [depth]}
        ]
    }
    (tmp_path / "hand.json").write_text(json.dumps(hand), encoding="utf-8")
    alone = plan(masks, tmp_path / "alone", "--seeds", tmp_path / "hand.json", "--json")
    assert alone.exit_code == 3
    assert read_back(alone.stdout.encode()).outcome is SeedOutcome.GOALS_NOT_MET


def test_no_way_in_ends_with_3_and_says_why(masks, tmp_path):
    out = tmp_path / "none"
    done = plan(masks, out, "--layout", "template", "--template-direction", "0,0,-1", "--json")
    assert done.exit_code == 3, done.output
    assert read_back(done.stdout.encode()).outcome is SeedOutcome.NO_SAFE_PATH
    assert "Closed needle paths" in (out / "why_not.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("--activity-mci", "-0.5"), "above zero"),
        (("--activity-mci", "0.6", "--strength-u", "0.762"), "either --activity-mci or --strength-u"),
        ((), "either --activity-mci or --strength-u"),
        (("--activity-mci", "0.6", "--model", "9999"), "no seed model '9999'"),
        (("--activity-mci", "0.6", "--model", "IAI-125A"), "IAI-125A"),
        (("--activity-mci", "0.6", "--goal", "spinal_cord:D2cc=50Gy"), "no mask"),
        (("--activity-mci", "0.6", "--goal", "bowel:D2cc=50"), "unit of D2cc, Gy"),
        (("--activity-mci", "0.6", "--goal", "target:V150=0.6Gy"), "unit of V150, %"),
        (("--activity-mci", "0.6", "--goal", "bowel:D5cc=50Gy"), "no quantity 'D5cc'"),
        (("--activity-mci", "0.6", "--goal", "bowel"), "STRUCTURE:QUANTITY=VALUE"),
        (("--activity-mci", "0.6", "--goal", "bowel:D2cc=--Gy"), "no number"),
        (("--activity-mci", "0.6", "--template-direction", "1,2"), "x,y,z"),
        (("--activity-mci", "0.6", "--template-spacing-mm", "3"), "5 to 10 mm"),
        (("--activity-mci", "0.6", "--tumour", "7"), "no tumour 7"),
    ],
)
def test_bad_input_is_one_sentence_exit_2_and_no_folder(masks, tmp_path, more, sentence):
    out = tmp_path / "out"
    done = plan(masks, out, *more, activity=())
    assert done.exit_code == 2, done.output
    assert sentence in " ".join(done.stderr.split())
    assert done.stdout == ""
    assert not out.exists()
    assert list(tmp_path.iterdir()) == []


def test_masks_without_a_target_are_refused(masks, tmp_path):
    folder = tmp_path / "masks"
    folder.mkdir()
    for path in masks.iterdir():
        if "tumour" not in path.name:
            (folder / path.name).write_bytes(path.read_bytes())
    done = run(
        "plan", folder, "--out", tmp_path / "out", "--prescription-gy", 110, "--activity-mci", 0.6, "--no-verify"
    )  # fmt: skip
    assert done.exit_code == 2
    assert "No lesion" in done.stderr


def test_the_schema_is_printed():
    done = run("plan-schema")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["$id"] == "urn:tongtai:seed-plan:1"


def test_a_plan_read_back_gives_its_bytes(planned):
    content = planned[0].stdout.encode()
    assert seed_plan_bytes(read_back(content)) == content
