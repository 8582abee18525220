"""``tongtai phantom`` makes a whole folder or none, and the same one for the same seed."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from tongtai.entrypoints.cli.main import app
from tongtai.formats.dicom.masks import read_masks
from tongtai.formats.dicom.series import Phase, choose_series, list_series, read_volume

SMALL = ["--slices", "16", "--size", "64", "--slice-mm", "10"]


def _run(*arguments):
    return CliRunner().invoke(app, ["phantom", *map(str, arguments), *SMALL])


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    out = tmp_path_factory.mktemp("phantom") / "new" / "out"
    assert _run("--out", out, "--seed", 4).exit_code == 0
    return out


def _mask_ml(folder, name):
    volume = read_volume(choose_series(list_series(folder / "ct")).series)
    (mask,) = [m for m in read_masks((folder / "truth.dcm").read_bytes(), volume).masks if m.name == name]
    return float(mask.mask.voxels.sum()) * mask.mask.voxel_volume_ml, mask, volume


def test_both_cts_and_their_truth_are_read_back(made):
    truth = json.loads((made / "truth.json").read_text(encoding="utf-8"))
    for when in ("before", "after"):
        choice = choose_series(list_series(made / when / "ct"))
        assert choice.series.phase.phase is Phase.PORTAL
        assert "SIMULATED" in choice.series.description
        volume_ml, mask, volume = _mask_ml(made / when, "Liver")
        assert volume_ml == pytest.approx(truth[when]["volume_ml"]["liver"], abs=0.01)
        assert 90 < np.median(volume.voxels[mask.mask.voxels]) < 125
    assert truth["after"]["ablation_zones"]
    assert not truth["before"]["ablation_zones"]
    assert len(truth["before"]["vessel_forks"]) == len(truth["after"]["vessel_forks"])


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(made, tmp_path):
    assert _run("--out", tmp_path / "same", "--seed", 4).exit_code == 0
    assert _run("--out", tmp_path / "other", "--seed", 5).exit_code == 0
    files = sorted(path.relative_to(made) for path in made.rglob("*") if path.is_file())
    assert len(files) == 2 * 16 + 3
    assert all((made / name).read_bytes() == (tmp_path / "same" / name).read_bytes() for name in files)
    name = "before/ct/slice-001.dcm"
    assert (made / name).read_bytes() != (tmp_path / "other" / name).read_bytes()


def test_a_folder_with_files_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")
    result = _run("--out", tmp_path)
    assert result.exit_code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_failure_leaves_nothing_half_written(tmp_path, monkeypatch):
    def fail(*_args, **_kwargs):
        raise OSError("disk full")

    monkeypatch.setattr("tongtai.entrypoints.cli.phantom.phantom_segmentation", fail)
    assert _run("--out", tmp_path / "out").exit_code == 1
    assert not list(tmp_path.iterdir())
