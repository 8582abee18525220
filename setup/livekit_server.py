"""The media server: one on the machine, else built once into the user's cache."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import python_environment
from progress import TOOLS, SetupError, run, say, step

VERSION = "1.13.5"
_PACKAGE = f"github.com/livekit/livekit-server/cmd/server@v{VERSION}"
_OLDEST_GO = (1, 26)
_MEND = (
    f"LiveKit {VERSION} could not be built; the lines below say why. You can also install livekit-server yourself "
    "and put it on PATH or name it in TONGTAI_LIVEKIT_SERVER."
)


def ensure() -> Path:
    """TONGTAI_LIVEKIT_SERVER, else livekit-server on PATH, else the one in the cache, built when absent."""
    named = os.environ.get("TONGTAI_LIVEKIT_SERVER")
    if named:
        if not os.access(named, os.X_OK):
            raise SetupError(f"TONGTAI_LIVEKIT_SERVER names {named}, which is not a program.")
        return Path(named)
    on_path = shutil.which("livekit-server")
    if on_path:
        return Path(on_path)
    cached = cache_folder() / "server"
    if not os.access(cached, os.X_OK):
        _build(cached)
    return cached


def cache_folder() -> Path:
    """Where this version's server is kept between clones."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "tongtai" / f"livekit-{VERSION}"


def _build(target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    go, environment = _go()
    with tempfile.TemporaryDirectory(prefix="livekit-", dir=target.parent) as scratch:
        say(f"  LiveKit {VERSION} is built from source, once: two to four minutes on two cores")
        environment |= {"GOBIN": f"{scratch}/bin", "CGO_ENABLED": "0"}
        with step("LiveKit server"):
            run([go, "install", "-trimpath", "-ldflags=-s -w", _PACKAGE], environment=environment, mend=_MEND)
        # A rename is atomic: a build that was cut off leaves no half program behind.
        Path(scratch, "bin", "server").replace(target)
    shutil.rmtree(TOOLS / "go-cache", ignore_errors=True)


def _go() -> tuple[str, dict[str, str]]:
    environment = dict(os.environ)
    on_path = shutil.which("go")
    if on_path and _version(on_path) >= _OLDEST_GO:
        return on_path, environment
    root = python_environment.ensure_tool("go") / "go"
    cache = TOOLS / "go-cache"
    environment |= {
        "GOROOT": str(root),
        "GOTOOLCHAIN": "local",
        # What it downloads is of no use to anybody afterwards: kept here, writable, and removed.
        "GOPATH": str(cache),
        "GOMODCACHE": str(cache / "modules"),
        "GOCACHE": str(cache / "build"),
        "GOFLAGS": f"{environment.get('GOFLAGS', '')} -modcacherw".strip(),
    }
    return str(root / "bin" / "go"), environment


def _version(go: str) -> tuple[int, ...]:
    answer = subprocess.run([go, "version"], capture_output=True, text=True, check=False)
    found = re.search(r"go(\d+)\.(\d+)", answer.stdout)
    return (int(found[1]), int(found[2])) if found else (0, 0)
