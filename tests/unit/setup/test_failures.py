"""What is missing is said in one sentence with the way to mend it, by the scripts that set the project up."""

import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import chromium
import livekit_server
import progress

ROOT = Path(__file__).resolve().parents[3]
# Nobody listens there, and the answer comes at once.
_NOWHERE = "http://127.0.0.1:9"


def complaint(script: str) -> str:
    with pytest.raises(progress.SetupError) as caught:
        progress.run(["sh", "-c", script], mend="Mend it so.")
    return str(caught.value).splitlines()[0]


@pytest.mark.parametrize(
    "output",
    [
        # pip, uv, npm and go, each without a network.
        "Failed to establish a new connection: [Errno -3] Temporary failure in name resolution",
        "error: Failed to fetch: `https://example.org/simple/` dns error: failed to lookup address information",
        "npm error code ENOTFOUND",
        'go: example.org/x@v1: Get "https://example.org/x": dial tcp: lookup example.org: no such host',
    ],
)
def test_no_network_is_called_that(output: str):
    assert "registry could not be reached" in complaint(f"echo '{output}' >&2; exit 1")


def test_a_full_disk_is_called_that():
    assert complaint("echo 'No space left on device' >&2; exit 1").startswith("The disk is full")


def test_any_other_failure_says_what_to_do_and_shows_the_end_of_the_output():
    with pytest.raises(progress.SetupError) as caught:
        progress.run(["sh", "-c", "seq 100; exit 3"], mend="Mend it so.")
    lines = str(caught.value).splitlines()
    assert lines[0] == "Mend it so."
    assert lines[-1].strip() == "100"
    assert len(lines) < 20


def test_a_program_that_is_not_there_is_named():
    with pytest.raises(progress.SetupError, match=r"no-such-program.*Mend it so"):
        progress.run(["no-such-program"], mend="Mend it so.")


def test_a_named_program_must_be_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    chromium.ensure.cache_clear()
    monkeypatch.setenv("CHROME_PATH", str(tmp_path / "chromium"))
    with pytest.raises(progress.SetupError, match="CHROME_PATH names"):
        chromium.ensure()
    monkeypatch.setenv("TONGTAI_LIVEKIT_SERVER", str(tmp_path / "livekit"))
    with pytest.raises(progress.SetupError, match="TONGTAI_LIVEKIT_SERVER names"):
        livekit_server.ensure()


def test_an_older_python_is_told_which_one_is_needed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    with pytest.raises(SystemExit, match=r"Python 3\.11 or newer.*make run PYTHON="):
        runpy.run_path(str(ROOT / "setup" / "bootstrap.py"))


def test_a_first_start_without_a_network_ends_with_a_sentence(tmp_path: Path):
    shutil.copytree(ROOT / "setup", tmp_path / "setup", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path / name)
    cut_off = {"PIP_INDEX_URL": f"{_NOWHERE}/simple", "PIP_RETRIES": "0", "PIP_CONFIG_FILE": os.devnull}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
    done = subprocess.run(
        [sys.executable, "setup/bootstrap.py", "check"],
        cwd=tmp_path, env={**kept, "PIP_NO_CACHE_DIR": "1", **cut_off}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "✗ A package registry could not be reached: check the network" in done.stderr
    assert "Traceback" not in done.stderr
