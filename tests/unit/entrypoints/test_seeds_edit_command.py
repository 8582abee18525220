"""``tongtai seeds edit``: changes in order, taken back over several calls, and judged as the plan made of them."""

import json

import pytest
from tests.support.phantoms import phantom_patient
from tests.support.seed_plans import seeded
from typer.testing import CliRunner

from tongtai.entrypoints.cli.main import app
from tongtai.formats.nifti import write_nifti
from tongtai.formats.seed_plan_folder.desk_file import desk_files
from tongtai.formats.seed_plan_json import read_seed_plan, seed_plan_bytes


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What `tongtai seeds plan` leaves, as far as changes need it."""
    place, result = tmp_path_factory.mktemp("plan"), seeded()
    (place / "seed-plan.json").write_bytes(seed_plan_bytes(result.plan))
    for file in desk_files(result):
        (place / file.name).write_bytes(file.content)
    return place


def run(*arguments):
    return CliRunner().invoke(app, ["seeds", *map(str, arguments)])


def told(*arguments):
    done = run("edit", *arguments, "--json")
    assert done.exit_code in {0, 3}, done.output
    return json.loads(done.stdout)


def test_changes_are_judged_and_taken_back_over_several_calls(folder, tmp_path):
    history = tmp_path / "changes.json"
    plan = read_seed_plan((folder / "seed-plan.json").read_bytes())
    planned = told(folder)
    assert plan.doses is not None
    assert planned["doses"]["target"]["d90_gy"] == pytest.approx(plan.doses.target.d90_gy, rel=1e-5)
    one = told(folder, "--history", history, "--change", "remove 1", "--change", "move 2 by -2.5")
    assert (one["in_force"], len(one["seeds"])) == (2, len(plan.seeds) - 1)
    assert one["doses"]["target"]["d90_gy"] < planned["doses"]["target"]["d90_gy"]
    back = told(folder, "--history", history, "--undo", 2)
    assert (back["in_force"], back["taken_back"]) == (0, 2)
    assert back["doses"] == planned["doses"]
    again = told(folder, "--history", history, "--redo", 2)
    assert again["doses"] == one["doses"]
    assert any("water" in limit for limit in again["limits"])
    assert again["computed_ms"] > 0.0


def test_changed_seeds_become_a_plan_with_the_same_template(folder, tmp_path):
    """The quick judgement and the whole planning agree; every hole keeps its name."""
    masks = tmp_path / "masks"
    masks.mkdir()
    patient = phantom_patient()
    for mask in patient.masks:
        write_nifti(patient.grid.with_voxels(mask.voxels), masks / f"{mask.name}.nii.gz")
    plan = read_seed_plan((folder / "seed-plan.json").read_bytes())
    last = plan.needles[-1]
    changed = tmp_path / "seeds.json"
    quick = told(
        folder, "--out", changed, "--change", f"remove {len(plan.seeds)}", "--change",
        f"add {last.hole} {plan.seeds[-1].depth_mm - 5.0}",
    )  # fmt: skip
    done = run(
        "plan", masks, "--out", tmp_path / "out", "--seeds", changed, "--prescription-gy", 110, "--activity-mci", 0.6,
        "--tumour", 2, "--margin-mm", 0, "--trials", 0, "--no-verify", "--json",
    )  # fmt: skip
    assert done.exit_code in {0, 3}, done.output
    whole = read_seed_plan(done.stdout.encode())
    assert whole.doses is not None
    assert whole.template is not None
    assert plan.template is not None
    assert whole.doses.target.d90_gy == pytest.approx(quick["doses"]["target"]["d90_gy"], rel=1e-4)
    assert [one.hole for one in whole.needles] == [one["hole"] for one in quick["needles"]]
    assert [hole.name for hole in whole.template.holes] == [hole.name for hole in plan.template.holes]
    assert (tmp_path / "out" / "seed-desk.npz").exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("remove 99", "no seed 99"),
        ("shift 3", "A change is one of"),
        ("move 1 by 500", "from the middle of the target"),
        ("add N9 40", "no needle N9"),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_reason(folder, tmp_path, change, sentence):
    history = tmp_path / "changes.json"
    done = run("edit", folder, "--history", history, "--change", change)
    assert done.exit_code == 2
    assert sentence in done.output
    assert not history.exists()


def test_changes_of_another_plan_and_a_folder_without_samples_are_refused(folder, tmp_path):
    history = tmp_path / "changes.json"
    told(folder, "--history", history, "--change", "remove 1")
    data = json.loads(history.read_text(encoding="utf-8"))
    history.write_text(json.dumps({**data, "plan_sha256": "0" * 64}), encoding="utf-8")
    done = run("edit", folder, "--history", history)
    assert (done.exit_code, "another plan" in done.output) == (2, True)
    history.write_text("{", encoding="utf-8")
    assert run("edit", folder, "--history", history).exit_code == 2
    done = run("edit", tmp_path)
    assert (done.exit_code, "seed-desk.npz" in done.output) == (2, True)


def test_people_read_before_and_after(folder):
    done = run("edit", folder, "--change", "remove 1")
    assert "changes in force: 1" in done.output
    assert "D90" in done.output
    assert "water" in done.output
