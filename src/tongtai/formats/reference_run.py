"""The reference cases for a plan book: run once for this software on this machine, then remembered."""

import hashlib
import json
import platform
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

import llvmlite.binding as llvm  # type: ignore[import-untyped]

from tongtai.core.planning.plan import CaseChecked
from tongtai.formats.plan_knowledge import reference_cases, software_name

FOLDER = "verification"
_LIBRARIES = ("numpy", "scipy", "numba", "llvmlite")


def installation() -> str:
    """What the cases' numbers can depend on: program, libraries, interpreter, processor."""
    libraries = [f"{name} {version(name)}" for name in _LIBRARIES]
    processor = f"{platform.system()} {platform.machine()} {llvm.get_host_cpu_name()}"
    return ", ".join([software_name(), f"Python {platform.python_version()}", *libraries, processor])


def checked_here(data: Path) -> tuple[CaseChecked, ...]:
    """The cases as they ran on this installation; run now if they have not been.

    Parameters
    ----------
    data
        The installation's folder; the answer is kept in it under a name that changes with the
        program, a library or the processor.
    """
    place = data / FOLDER / f"{hashlib.sha256(installation().encode()).hexdigest()[:16]}.json"
    if place.exists():
        kept = json.loads(place.read_text(encoding="utf-8"))
        return tuple(CaseChecked(**one) for one in kept["cases"])
    cases = reference_cases()
    place.parent.mkdir(parents=True, exist_ok=True)
    making = place.with_suffix(".new")
    document = {"installation": installation(), "cases": [asdict(one) for one in cases]}
    making.write_text(json.dumps(document, indent=2), encoding="utf-8")
    making.replace(place)
    return cases
