"""The kernels' machine code, compiled before the tests: else each of their processes compiles it for itself.

Numba keeps what it compiled beside the source. The commands below are small tasks that call every large
kernel once; what they compute is thrown away.
"""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from progress import ROOT, TOOLS, digest, is_current, mark_current, step

_TONGTAI = ROOT / ".venv" / "bin" / "tongtai"
_PHANTOM = ("phantom", "--size", "128", "--slices", "48", "--slice-mm", "5", "--out")


def ensure() -> None:
    """Compile what changed; a task that fails is left to the tests, which say why, and done again next time."""
    sources = ROOT / "src" / "tongtai" / "core"
    stamp = TOOLS / "kernels.stamp"
    wanted = digest(*sorted(sources.rglob("*.py")))
    if is_current(stamp, wanted) and any(sources.rglob("*.nbi")):
        return
    with step("compiled kernels"), TemporaryDirectory() as name, ThreadPoolExecutor(max_workers=2) as pool:
        folder = Path(name)
        _do(*_PHANTOM, folder / "phantom")
        ct = folder / "phantom" / "before" / "ct"
        heat = pool.submit(_do, "heat", ct, "--technique", "rfa", "--no-band")
        done = [
            _do("verify"),
            _do(
                "seeds",
                "plan",
                ct,
                "--out",
                folder / "seeds",
                "--prescription-gy",
                "100",
                "--activity-mci",
                "0.6",
            ),
        ]
        done.append(heat.result())
    if all(done):
        mark_current(stamp, wanted)


def _do(*arguments: str | Path) -> bool:
    done = subprocess.run(
        [_TONGTAI, *arguments], cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    return done.returncode == 0
