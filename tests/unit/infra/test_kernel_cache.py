"""Where the machine code of kernels goes."""

import os
from pathlib import Path

import pytest

from tongtai.infra.kernel_cache import VARIABLE, keep_kernels_in


@pytest.mark.parametrize(
    ("writable", "chosen", "kept"),
    [(False, None, "data"), (True, None, None), (False, "/elsewhere", "/elsewhere")],
)
def test_it_goes_to_the_data_folder_where_the_source_is_not_ours_and_nobody_chose(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writable: bool, chosen: str | None, kept: str | None
):
    monkeypatch.setattr("tongtai.infra.kernel_cache.os.access", lambda *_: writable)
    if chosen:
        monkeypatch.setenv(VARIABLE, chosen)
    else:
        # Set first, so that what is set below is taken back.
        monkeypatch.setenv(VARIABLE, "")
        monkeypatch.delenv(VARIABLE)
    keep_kernels_in(tmp_path)
    assert os.environ.get(VARIABLE) == (str(tmp_path / "kernels") if kept == "data" else kept)
