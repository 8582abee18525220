"""A Chromium for the tests, the benchmarks and the pictures."""

import functools
import os
import shutil
import subprocess
from pathlib import Path

import node
from progress import SetupError, run, step

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_ADVICE = "Chromium is missing: install it (Debian: apt install chromium), or name one in CHROME_PATH, and start again."


@functools.cache
def ensure() -> Path:
    """CHROME_PATH, else one on PATH, else Playwright's, else installed: by apt as root, or by Playwright."""
    named = os.environ.get("CHROME_PATH")
    if named:
        if not _works(Path(named)):
            raise SetupError(f"CHROME_PATH names {named}, which does not start as a Chromium.")
        return Path(named)
    found = _find()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        found = _from_apt()
    if found is None:
        found = _from_playwright()
    return found


def _find() -> Path | None:
    candidates = [Path(path) for name in _NAMES if (path := shutil.which(name))]
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    candidates += sorted(cache.glob("chromium-*/chrome-linux*/chrome"), reverse=True)
    return next((path for path in candidates if _works(path)), None)


def _works(program: Path) -> bool:
    # Ubuntu's chromium is a stand-in that only asks for a snap: it must really answer.
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def _from_apt() -> Path | None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        with step("Chromium (apt)"):
            run(["apt-get", "update", "-qq"], environment=quiet, mend=_ADVICE)
            run(
                ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"],
                environment=quiet,
                mend=_ADVICE,
            )
    except SetupError:
        return None
    return _find()


def _from_playwright() -> Path:
    tool = node.ensure_node()
    with step("Chromium (Playwright)"):
        run(
            [*tool.npm, "exec", "--", "playwright-core", "install", "chromium"],
            cwd=node.WEB,
            environment=tool.environment(),
            mend=_ADVICE,
        )
    found = _find()
    if found is None:
        raise SetupError(_ADVICE)
    return found
