"""The reference cases run once for an installation, and again when anything they depend on changes."""

import json

from tongtai.core.planning.plan import CaseChecked
from tongtai.formats import reference_run

CASES = (CaseChecked(name="slab", passed=True, deviation=0.001, tolerance=0.01, unit="K"),)


def test_the_cases_run_once_and_again_with_another_library(tmp_path, monkeypatch):
    runs = []

    def run():
        runs.append(1)
        return CASES

    monkeypatch.setattr(reference_run, "reference_cases", run)
    assert reference_run.checked_here(tmp_path) == CASES
    assert reference_run.checked_here(tmp_path) == CASES
    assert len(runs) == 1
    kept = next((tmp_path / reference_run.FOLDER).iterdir())
    assert "numba" in json.loads(kept.read_text(encoding="utf-8"))["installation"]
    monkeypatch.setattr(reference_run, "installation", lambda: "another processor")
    assert reference_run.checked_here(tmp_path) == CASES
    assert len(runs) == 2
