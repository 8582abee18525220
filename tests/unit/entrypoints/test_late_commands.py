"""The server and the list of commands start without the libraries of the computation."""

import inspect
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from tongtai.entrypoints.cli.later import LATER, LateCommand, Later
from tongtai.entrypoints.cli.main import app

# Each takes between half a second and five to load.
HEAVY = ("pyvista", "vtk", "vtkmodules", "numba", "onnxruntime", "SimpleITK", "skimage", "dbos")
# The server's own: a technician who pushes a CT while a patient lies on the table does not wait for them.
SERVERS = ("fastapi", "sqlalchemy", "pydicom", "numpy", "livekit", "av")


def _loaded(doing: str, names: tuple[str, ...]) -> list[str]:
    code = f"import sys\n{doing}\nprint(*(name for name in {names} if name in sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return run.stdout.splitlines()[-1].split()


def test_the_server_does_not_load_the_computation():
    assert _loaded("import tongtai.entrypoints.web.app", HEAVY) == []


def test_planning_loads_neither_the_server_nor_the_database():
    assert _loaded("import tongtai.entrypoints.cli.planning", ("fastapi", "sqlalchemy")) == []


@pytest.mark.parametrize("command", ["", "push-ct", "gateway", "bench"])
def test_a_list_or_a_client_loads_neither(command: str):
    asking = (
        "from typer.testing import CliRunner\nfrom tongtai.entrypoints.cli.main import app\n"
        f"assert CliRunner().invoke(app, {[*filter(None, [command]), '--help']}).exit_code == 0"
    )
    assert _loaded(asking, HEAVY + SERVERS) == []


@pytest.mark.parametrize("later", LATER, ids=lambda later: later.name)
def test_the_list_says_what_the_command_says(later: Later):
    command = LateCommand(later).loaded()
    said = inspect.cleandoc(command.help or "").split("\n\n", maxsplit=1)[0]
    assert " ".join(said.split()) == later.summary


def test_a_late_command_has_its_own_help():
    shown = CliRunner().invoke(app, ["verify", "--help"], env={"COLUMNS": "200", "NO_COLOR": "1"})
    assert shown.exit_code == 0
    assert "--json" in shown.output
