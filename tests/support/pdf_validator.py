"""veraPDF: what the validator of the PDF Association says of our archive files."""

import shutil
import subprocess
from pathlib import Path

import pytest

_HERE = Path(__file__).parent / "verapdf"
_PROGRAMS = ("java", "mvn")


class PdfValidator:
    """veraPDF's library from Maven Central, and a few lines of Java that call it."""

    def __init__(self, folder: Path) -> None:
        missing = [name for name in _PROGRAMS if shutil.which(name) is None]
        if missing:
            pytest.skip(f"{', '.join(missing)}: not on PATH (Debian: apt install default-jdk-headless maven)")
        self._folder, paths = folder, folder / "classpath"
        fetched = subprocess.run(
            [
                "mvn",
                "-q",
                "-B",
                "-f",
                _HERE / "pom.xml",
                "dependency:build-classpath",
                f"-Dmdep.outputFile={paths}",
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        if fetched.returncode != 0:
            pytest.skip(f"veraPDF could not be fetched from Maven Central: {fetched.stdout[-300:]}")
        self._classes = paths.read_text(encoding="utf-8").strip()

    def verdicts(self, *contents: bytes) -> list[str]:
        """For each file the part of PDF/A that it claims and whether it follows it; after it what it does not follow."""
        files = []
        for number, content in enumerate(contents):
            files.append(self._folder / f"{number}.pdf")
            files[-1].write_bytes(content)
        command = ["java", "-cp", self._classes, str(_HERE / "Validate.java"), *map(str, files)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return done.stdout.splitlines()
