"""Set the project up from a fresh clone, with nothing but Python 3.11 and a network.

    python3 setup/bootstrap.py run            environment, web application, LiveKit server
    python3 setup/bootstrap.py check          environment and web packages, for the checks
    python3 setup/bootstrap.py test           all of it, a Chromium and the compiled kernels, for the tests
    python3 setup/bootstrap.py npm ARGS…      npm in web/, with the Node that was found or set up
    python3 setup/bootstrap.py with-chromium COMMAND…   a command that is told where Chromium is

Only the standard library is used, and only what changed is done again.
"""

import sys

# An older Python must be able to read this file as far as here: no newer syntax in it.
if sys.version_info < (3, 11):  # noqa: UP036  (this is where the project says which Python it needs)
    sys.exit(
        f"Tongtai needs Python 3.11 or newer, and {sys.executable} is {sys.version.split()[0]}. Install a newer "
        "one and say which: make run PYTHON=python3.12"
    )

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor

import chromium
import kernels
import livekit_server
import node
import python_environment
from progress import ROOT, SetupError, only_one_at_a_time


def prepare(goal: str) -> None:
    """Do what ``goal`` (run, check or test) needs, as far as it is not done yet."""
    with only_one_at_a_time(), ThreadPoolExecutor(max_workers=2) as pool:
        python_environment.ensure()
        # The media server compiles for minutes on a first start: beside the web application.
        server = pool.submit(livekit_server.ensure) if goal != "check" else None
        node.ensure_packages()
        if goal != "check":
            node.ensure_build()
        if goal == "test":
            chromium.ensure()
            kernels.ensure()
        if server is not None:
            server.result()


def main(arguments: list[str]) -> int:
    """Run one of the commands listed at the top of this file."""
    command, *rest = arguments or [""]
    if command in {"run", "check", "test"} and not rest:
        prepare(command)
        return 0
    if command == "npm":
        found = node.ensure_node()
        return subprocess.run(
            [*found.npm, *rest], cwd=ROOT / "web", env=found.environment(), check=False
        ).returncode
    if command == "with-chromium" and rest:
        environment = {**node.ensure_node().environment(), "CHROME_PATH": str(chromium.ensure())}
        os.execvpe(rest[0], rest, environment)  # noqa: S606  (this process becomes the command)
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupError as error:
        sys.exit(f"\n✗ {error}")
    except KeyboardInterrupt:
        sys.exit("\nStopped; the next start goes on from here.")
