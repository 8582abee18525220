"""``tongtai compile``: machine code for this processor, before the first plan needs it.

Numba keeps what it has compiled. The tasks below are small, call every large kernel once, and what they compute is
thrown away.
"""

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from tongtai.core.errors import TongtaiError
from tongtai.entrypoints.cli.data_folder import DATA, Data
from tongtai.infra.kernel_cache import keep_kernels_in

_PHANTOM = ("phantom", "--size", "128", "--slices", "48", "--slice-mm", "5", "--out")
# All was computed: there is a plan, or it cannot meet its goals, say because the processor was busy.
_COMPUTED = frozenset({0, 3})
_SEEDS = ("--prescription-gy", "100", "--activity-mci", "0.6")


class CompilationError(TongtaiError):
    """A task that compiles kernels failed; run it by itself, it says why."""

    code = "compilation"


def compile_(data: Data = DATA) -> None:
    """Compile what is computed with, for this processor: minutes, once; the first plan then waits for none of it."""
    keep_kernels_in(data)
    console = Console(stderr=True, highlight=False)
    # Two at a time: a compiler keeps one core busy.
    with TemporaryDirectory() as name, ThreadPoolExecutor(max_workers=2) as pool:
        folder = Path(name)
        ct = folder / "phantom" / "before" / "ct"
        _do([*_PHANTOM, folder / "phantom"], console)
        tasks: list[Sequence[str | Path]] = [
            ("heat", ct, "--technique", "rfa", "--no-band"),
            ("seeds", "plan", ct, "--out", folder / "seeds", *_SEEDS),
            ("verify",),
        ]
        for done in [pool.submit(_do, task, console) for task in tasks]:
            done.result()


def _do(task: Sequence[str | Path], console: Console) -> None:
    words = [str(word) for word in task]
    shown = " ".join(word for word in words if not word.startswith(("-", "/")))
    console.print(f"… tongtai {shown}", markup=False)
    done = subprocess.run(
        [sys.executable, "-m", "tongtai.entrypoints.cli.main", *words],
        stdin=subprocess.DEVNULL, capture_output=True, check=False, text=True,
    )  # fmt: skip
    if done.returncode not in _COMPUTED:
        last = done.stderr.strip().splitlines()[-1:] or [f"status {done.returncode}"]
        raise CompilationError(f"`tongtai {words[0]}` failed: {last[0]}", task=words[0])
