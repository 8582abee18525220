"""dciodvfy (dicom3tools): what another implementation says of our DICOM objects."""

import os
import shutil
import subprocess
import sysconfig
import tempfile
from pathlib import Path

import pytest

_PROGRAM = shutil.which("dciodvfy", path=f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ['PATH']}")


def validated(content: bytes) -> str:
    """What the validator says of an object; the test is skipped where it is not installed."""
    if _PROGRAM is None:
        pytest.skip("dciodvfy is not here (Debian: apt install dicom3tools)")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "object.dcm"
        file.write_bytes(content)
        return subprocess.run([_PROGRAM, file], capture_output=True, text=True, check=False).stderr
