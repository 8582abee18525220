"""The kernels' machine code, compiled before the tests: else each of their processes compiles it for itself."""

import subprocess

from progress import ROOT, TOOLS, digest, is_current, mark_current, step

_COMPILE = (str(ROOT / ".venv" / "bin" / "tongtai"), "compile")


def ensure() -> None:
    """Compile what changed; a failure is left to the tests, which say why, and is tried again next time."""
    sources = ROOT / "src" / "tongtai" / "core"
    stamp = TOOLS / "kernels.stamp"
    wanted = digest(*sorted(sources.rglob("*.py")))
    if is_current(stamp, wanted) and any(sources.rglob("*.nbi")):
        return
    with step("compiled kernels"):
        done = subprocess.run(_COMPILE, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode == 0:
        mark_current(stamp, wanted)
