"""``tongtai models``, ``segment`` and ``evaluate``: exit codes, files, and what stands on standard output."""

import json

import numpy as np
import pytest
from tests.support.masks import dice, slices_of, small_phantom, volume
from tests.support.networks import write_pack
from typer.testing import CliRunner

from tongtai.core.phantom.tissues import Structure
from tongtai.entrypoints.cli.main import app
from tongtai.formats.nifti import read_nifti_labels, write_nifti


def _run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def ct(tmp_path_factory):
    """A few slices of the phantom as NIfTI."""
    path = tmp_path_factory.mktemp("ct") / "ct.nii.gz"
    write_nifti(slices_of(small_phantom().image, 24, 38), path)
    return path


def test_packs_are_added_checked_listed_and_removed(tmp_path):
    data = tmp_path / "data"
    folder = write_pack(tmp_path / "pack")
    assert "models add" in _run("models", "list", "--data", data).stdout
    added = _run("models", "add", folder, "--data", data)
    assert added.exit_code == 0, added.output
    assert "licence CC0-1.0" in added.stdout
    (listed,) = json.loads(_run("models", "list", "--json", "--data", data).stdout)
    assert (listed["name"], listed["usable"], listed["dice"]) == ("thresholds", True, {"liver": 1.0})
    assert _run("models", "check", "--data", data).stdout == "thresholds: sound\n"
    (data / "models" / "thresholds" / "model.onnx").write_bytes(b"changed")
    broken = _run("models", "check", "--data", data)
    assert broken.exit_code == 1
    assert "UNUSABLE" in broken.stdout
    assert _run("models", "remove", "thresholds", "--data", data).exit_code == 0
    assert json.loads(_run("models", "list", "--json", "--data", data).stdout) == []


def test_segment_writes_masks_and_tells_them_on_standard_output(ct, tmp_path):
    out = tmp_path / "out"
    result = _run("segment", ct, "--out", out, "--engine", "classical", "--json", "--data", tmp_path)
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told == json.loads((out / "segmentation.json").read_text(encoding="utf-8"))
    names = {mask["name"] for mask in told["masks"]}
    assert {"body", "bone", "liver", "liver_lesion"} <= names
    assert {path.name for path in (out / "masks").iterdir()} == {f"{name}.nii.gz" for name in names}
    liver = read_nifti_labels(out / "masks" / "liver.nii.gz").labels.voxels.astype(bool)
    assert dice(liver, small_phantom().mask(Structure.LIVER).voxels[24:38]) > 0.85
    assert "liver" in result.stderr or "masks" in result.stderr


def test_segment_refuses_with_two_and_leaves_nothing(ct, tmp_path):
    short = tmp_path / "short.nii.gz"
    write_nifti(slices_of(small_phantom().image, 24, 27), short)
    for place, engine, words in (
        (short, "classical", "3 slices"),
        (ct, "no-such-engine", "no-such-engine"),
    ):
        result = _run("segment", place, "--out", tmp_path / "out", "--engine", engine, "--data", tmp_path)
        assert result.exit_code == 2
        assert words in " ".join(result.stderr.split())
        assert not result.stdout
        assert not (tmp_path / "out").exists()


def _label_file(path, *boxes):
    labels = np.zeros((10, 20, 30), np.uint8)
    for number, (start, stop) in boxes:
        labels[2:8, 5:15, start:stop] = number
    write_nifti(volume(labels, (2.0, 1.0, 1.0)), path)
    return path


def test_evaluate_prints_the_numbers_of_shifted_boxes(tmp_path):
    true = _label_file(tmp_path / "true.nii.gz", (1, (4, 14)), (2, (20, 26)))
    predicted = _label_file(tmp_path / "predicted.nii.gz", (1, (6, 16)), (2, (20, 26)))
    names = ("--labels", "1=liver,2=liver_tumour")
    result = _run("evaluate", predicted, true, *names, "--json")
    assert result.exit_code == 0, result.output
    rows = {row["name"]: row for row in json.loads(result.stdout)["structures"]}
    assert rows["liver"]["dice"] == pytest.approx(0.8)
    assert rows["liver"]["true_ml"] == pytest.approx(1.2)
    assert rows["liver"]["hausdorff_mm"] == pytest.approx(2.0)
    assert rows["liver_tumour"]["surface_dice"] == 1.0
    assert rows["liver_tumour"]["lesions"]["recall"] == 1.0
    assert "lesions: 1 of 1 found" in _run("evaluate", predicted, true, *names).stdout


def test_evaluate_refuses_other_grids_and_unnamed_labels(tmp_path):
    true = _label_file(tmp_path / "true.nii.gz", (1, (4, 14)))
    other = tmp_path / "other.nii.gz"
    write_nifti(volume(np.ones((5, 5, 5), np.uint8)), other)
    (tmp_path / "text.nii.gz").write_text("no image")
    for arguments, words in (
        ((true, other), "grid"),
        ((true, true, "--labels", "liver"), "names no labels"),
        ((true, tmp_path / "text.nii.gz"), "text.nii.gz"),
    ):
        result = _run("evaluate", *arguments)
        assert (result.exit_code, result.stdout) == (2, "")
        assert words in result.stderr
