"""The Python environments: one for the set-up's own tools (.tools), one for the product (.venv)."""

import importlib.util
import shutil
import sys
from pathlib import Path

from progress import ROOT, TOOLS, SetupError, digest, is_current, mark_current, run, step

REQUIREMENTS = ROOT / "setup"
PRODUCT = ROOT / ".venv"
_INSTALLER = TOOLS / "installer"
_NEEDED_MODULES = ("ensurepip", "venv", "ssl", "sqlite3", "zlib", "ctypes")


def ensure() -> None:
    """Make .venv hold exactly what requirements.lock says, and the product itself, editable."""
    lock = ROOT / "requirements.lock"
    wanted = digest(lock, ROOT / "pyproject.toml") + sys.version.split()[0]
    stamp = TOOLS / "python.stamp"
    if is_current(stamp, wanted) and (PRODUCT / "bin" / "tongtai").exists():
        _compile_source()
        return
    installer = ensure_installer()
    with step("Python packages"):
        if not (PRODUCT / "bin" / "python").exists():
            run([installer, "venv", "--quiet", "--python", sys.executable, PRODUCT], mend=_mend_python())
        python = ("--python", PRODUCT / "bin" / "python")
        run(
            # Compiled now: a first start that compiles two thousand modules takes ten times as long.
            [installer, "pip", "sync", "--quiet", "--compile-bytecode", *python, "--require-hashes", lock],
            mend="The Python packages could not be installed; the lines below say why.",
        )
        run(
            [installer, "pip", "install", "--quiet", *python, "--no-deps", "--editable", ROOT],
            mend="The product itself could not be installed; the lines below say why.",
        )
    _compile_source()
    mark_current(stamp, wanted)


def _compile_source() -> None:
    """Compile what changed in the product itself, also where Python is told to leave no compiled files.

    Every gateway, server and command is a process of its own and would do it again.
    """
    run(
        [PRODUCT / "bin" / "python", "-m", "compileall", "-q", ROOT / "src", ROOT / "migrations"],
        mend="The product's Python files could not be compiled; the lines below say why.",
    )


def ensure_installer() -> Path:
    """The uv that setup/requirements-uv.txt pins, in an environment of its own.

    Returns
    -------
    Path
        The program.
    """
    uv = _INSTALLER / "bin" / "uv"
    requirements = REQUIREMENTS / "requirements-uv.txt"
    stamp = _INSTALLER / "stamp"
    if uv.exists() and is_current(stamp, digest(requirements)):
        return uv
    missing = [name for name in _NEEDED_MODULES if importlib.util.find_spec(name) is None]
    if missing:
        raise SetupError(f"This Python ({sys.executable}) lacks {', '.join(missing)}. {_mend_python()}")
    with step("installer (uv)"):
        shutil.rmtree(_INSTALLER, ignore_errors=True)
        run([sys.executable, "-m", "venv", _INSTALLER], mend=_mend_python())
        pip = (_INSTALLER / "bin" / "python", "-m", "pip", "--disable-pip-version-check")
        run(
            [*pip, "install", "--quiet", "--require-hashes", "--requirement", requirements],
            mend="The installer could not be installed; the lines below say why.",
        )
    mark_current(stamp, digest(requirements))
    return uv


def ensure_tool(name: str) -> Path:
    """A folder with the tool that setup/requirements-NAME.txt pins.

    Parameters
    ----------
    name : str
        ``node`` or ``go``.
    """
    folder = TOOLS / name
    requirements = REQUIREMENTS / f"requirements-{name}.txt"
    stamp = folder / "stamp"
    if is_current(stamp, digest(requirements)):
        return folder
    installer = ensure_installer()
    with step(f"{name} (none that fits is on PATH)"):
        shutil.rmtree(folder, ignore_errors=True)
        run(
            [installer, "pip", "install", "--quiet", "--python", sys.executable, "--target", folder,
             "--require-hashes", "--requirement", requirements],
            mend=f"{name} could not be installed from PyPI; install it yourself, put it on PATH and start again.",
        )  # fmt: skip
    mark_current(stamp, digest(requirements))
    return folder


def _mend_python() -> str:
    return (
        "Install the whole of Python (Debian and Ubuntu: apt install python3-venv python3-full) or name "
        "another one: make run PYTHON=/path/to/python3.12"
    )
