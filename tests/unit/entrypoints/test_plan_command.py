"""``tongtai plan`` from DICOM to a folder: whole or not at all, with the exit status that is promised."""

import hashlib
import json
from importlib.resources import files
from pathlib import Path

import numpy as np
import pydicom
import pytest
from tests.support.pdf_text import pdf_text
from tests.support.phantoms import phantom_patient, without
from typer.testing import CliRunner

from tongtai.entrypoints.cli import planning_input
from tongtai.entrypoints.cli.main import app
from tongtai.formats.dicom.encapsulated import read_pdf
from tongtai.formats.dicom.structured_report import read_needles
from tongtai.formats.plan_book import pictures
from tongtai.formats.plan_json import plan_bytes, read_plan

DEVICE = "mwa-2450-cooled-he2010"
WRITTEN = "2026-01-31T08:00:00+0800"


FONTS = Path(__file__).parents[3] / "web/node_modules/@expo-google-fonts/noto-sans-sc"
needs_fonts = pytest.mark.skipif(
    not FONTS.exists(), reason="no Noto Sans SC: web/node_modules is not installed (make check)"
)


@pytest.fixture(scope="module")
def abdomen(tmp_path_factory):
    """A coarse CT with its true masks, as files."""
    out = tmp_path_factory.mktemp("abdomen") / "made"
    made = CliRunner().invoke(
        app,
        ["phantom", "--out", str(out), "--slices", "30", "--size", "96", "--slice-mm", "6", "--seed", "3"],
    )
    assert made.exit_code == 0
    return out / "before"


def _run(command, abdomen, *arguments):
    unverified = ["--no-verify"] if command == "plan" and "--verify" not in arguments else []
    return CliRunner().invoke(
        app,
        [
            command,
            str(abdomen / "ct"),
            "--engine",
            str(abdomen / "truth.dcm"),
            *map(str, arguments),
            *unverified,
        ],
        env={"COLUMNS": "200"},
    )


@pytest.fixture(scope="module")
def planned(abdomen, tmp_path_factory):
    out = tmp_path_factory.mktemp("plans") / "new" / "plan"
    result = _run(
        "plan",
        abdomen,
        "--out",
        out,
        "--device",
        DEVICE,
        "--no-heat",
        "--no-book",
        "--json",
        "--written-at",
        WRITTEN,
    )
    assert result.exit_code == 0, result.stderr
    return out, result


def test_the_folder_is_whole_and_its_sums_hold(planned):
    out, result = planned
    names = sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file())
    assert names == ["SHA256SUMS", "plan.json", "segmentation.dcm", "segmentation.json", "skin.ply"]
    for line in (out / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        sum_, name = line.split("  ")
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == sum_
    assert not list(out.parent.glob(".*"))
    content = (out / "plan.json").read_bytes()
    assert result.stdout.encode() == content
    plan = read_plan(content)
    assert plan.image.slices == 30
    assert plan.image.phase == "portal"
    assert plan.image.series_uid
    assert plan_bytes(plan) == content


def test_the_skin_has_a_colour_for_every_reason(planned):
    content = (planned[0] / "skin.ply").read_bytes()
    header, _, body = content.partition(b"end_header\n")
    lines = header.decode("ascii").splitlines()
    count = int(next(line for line in lines if line.startswith("element vertex")).split()[2])
    assert len(body) == count * (6 * 4 + 3 + 1)
    rows = np.frombuffer(body, np.dtype([("place", "<f4", 6), ("rgb", "u1", 3), ("constraint", "i1")]))
    told = {int(line.split()[2]): line.split()[3] for line in lines if line.startswith("comment constraint")}
    assert set(rows["constraint"].tolist()) <= set(told)
    assert told[-1] == "open"
    assert np.allclose(np.linalg.norm(rows["place"][:, 3:], axis=1), 1.0, atol=1e-3)


def test_the_same_command_gives_the_same_bytes_of_every_file(planned, abdomen, tmp_path):
    out = tmp_path / "again"
    again = _run(
        "plan", abdomen, "--out", out, "--device", DEVICE, "--no-heat", "--no-book", "--written-at", WRITTEN
    )
    assert again.exit_code == 0
    files_of = [
        {str(path.relative_to(place)): path.read_bytes() for path in place.rglob("*") if path.is_file()}
        for place in (planned[0], out)
    ]
    assert files_of[0] == files_of[1]
    assert "covered: tumour" in again.stdout


def test_a_plans_needles_are_judged_anew(planned, abdomen):
    again = _run("coverage", abdomen, "--needles", planned[0] / "plan.json", "--json")
    assert again.exit_code == 0
    first, second = json.loads(planned[1].stdout), json.loads(again.stdout)
    assert second["request"]["by_hand"]
    assert second["coverage"]["tumour"] == first["coverage"]["tumour"]
    assert second["needles"][0]["tip_lps_mm"] == pytest.approx(first["needles"][0]["tip_lps_mm"], abs=1e-4)


def test_without_a_safe_path_the_reasons_are_written_and_the_status_is_3(abdomen, tmp_path):
    """With needles of 15 mm nothing can be reached."""
    text = (files("tongtai.formats.trajectory_rules") / "mwa.toml").read_text("utf-8")
    rules = tmp_path / "short.toml"
    rules.write_text(text.replace("value = 180.0", "value = 15.0"), encoding="utf-8")
    result = _run(
        "plan", abdomen, "--out", tmp_path / "none", "--rules", rules, "--device", DEVICE, "--no-book"
    )
    assert result.exit_code == 3
    told = (tmp_path / "none" / "why_not.txt").read_text(encoding="utf-8")
    assert "needle_length" in told
    assert json.loads((tmp_path / "none" / "plan.json").read_bytes())["outcome"] == "no_safe_path"
    reached = _run("reach", abdomen, "--rules", rules)
    assert reached.exit_code == 3
    assert "needle_length" in reached.stdout


def test_reach_says_what_is_open(abdomen, tmp_path):
    result = _run("reach", abdomen, "--json", "--out", tmp_path / "skin.ply")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert 0.0 < told["reach"]["open_share"] < 1.0
    assert told["reach"]["reliefs_tried"]
    assert (tmp_path / "skin.ply").read_bytes().startswith(b"ply\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--tumour", "7"], "There is no tumour 7"),
        (["--device", "no-such-device"], "No table describes"),
        (["--device", "rfa-cooltip-ji2011"], "cannot be planned with for mwa"),
        (["--engine", "no-such-engine"], "There is no engine"),
    ],
)
def test_what_is_refused_leaves_nothing_and_the_status_is_2(abdomen, tmp_path, arguments, sentence):
    result = _run("plan", abdomen, "--out", tmp_path / "none", "--no-book", *arguments)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert result.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_files_and_a_folder_without_pictures_are_refused(abdomen, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep", encoding="utf-8")
    assert _run("plan", abdomen, "--out", tmp_path / "mine", "--no-book").exit_code == 2
    result = CliRunner().invoke(
        app, ["plan", str(tmp_path / "mine"), "--out", str(tmp_path / "out"), "--no-book"]
    )
    assert result.exit_code == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine"]


class _FindsNoLesion:
    """An engine that marks everything but a tumour."""

    def segment(self, _image, _progress):
        return without(phantom_patient(), "liver_tumour")


def test_a_liver_without_a_lesion_is_no_crash(abdomen, tmp_path, monkeypatch):
    monkeypatch.setattr(planning_input, "engine_named", lambda *_: _FindsNoLesion())
    result = _run("plan", abdomen, "--out", tmp_path / "none", "--no-book")
    assert result.exit_code == 2
    assert "No lesion was found" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_schema_is_printed():
    result = CliRunner().invoke(app, ["plan-schema"])
    assert json.loads(result.stdout)["$id"] == "urn:tongtai:plan:1"


def _no_graphics(*_arguments):
    raise RuntimeError("no OpenGL")


@needs_fonts
def test_book_objects_and_surfaces_lie_beside_the_plan(abdomen, planned, tmp_path, monkeypatch):
    (tmp_path / "fonts").symlink_to(FONTS)
    monkeypatch.setenv("TONGTAI_WEB_DIST", str(tmp_path))
    out = tmp_path / "whole"
    judged = ("--needles", planned[0] / "plan.json", "--no-heat", "--lang", "en")
    result = _run("plan", abdomen, "--out", out, "--device", DEVICE, *judged)
    assert result.exit_code == 0, result.stderr
    names = {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()}
    assert {"plan-book.pdf", "plan-book.dcm", "plan-report.dcm", "scene.glb"} < names
    assert {"surfaces/liver.stl", "surfaces/zones.stl"} < names
    sha256 = hashlib.sha256((out / "plan.json").read_bytes()).hexdigest()
    plan = read_plan((out / "plan.json").read_bytes())
    book = (out / "plan-book.pdf").read_bytes()
    assert read_pdf((out / "plan-book.dcm").read_bytes()) == book
    text = pdf_text(book)
    assert "AI DRAFT" in text
    assert sha256 in text.replace("\u200b", ""), "the book is bound to the plan"
    report = pydicom.dcmread(out / "plan-report.dcm")
    assert report.SOPClassUID == pydicom.uid.Comprehensive3DSRStorage
    assert len(read_needles((out / "plan-report.dcm").read_bytes())) == len(plan.needles)
    # The scene is in the first book; drawing it once more by software would only cost time.
    monkeypatch.setattr(pictures, "plan_parts", lambda _result: [])
    monkeypatch.setattr(pictures, "scene_picture", _no_graphics)
    alone = tmp_path / "book.pdf"
    assert _run("book", abdomen, "--out", alone, "--device", DEVICE, *judged).exit_code == 0
    assert alone.read_bytes().startswith(b"%PDF")
    assert not list(tmp_path.glob(".*"))
