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
STARTED = f"""
import sys
import tongtai.entrypoints.web.app
from typer.testing import CliRunner
from tongtai.entrypoints.cli.main import app
assert CliRunner().invoke(app, ["--help"]).exit_code == 0
print(*(name for name in {HEAVY} if name in sys.modules))
"""


def test_neither_the_server_nor_the_list_of_commands_loads_them():
    run = subprocess.run([sys.executable, "-c", STARTED], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []


@pytest.mark.parametrize("later", LATER, ids=lambda later: later.name)
def test_the_list_says_what_the_command_says(later: Later):
    command = LateCommand(later).loaded()
    said = inspect.cleandoc(command.help or "").split("\n\n", maxsplit=1)[0]
    assert " ".join(said.split()) == later.summary


def test_a_late_command_has_its_own_help():
    shown = CliRunner().invoke(app, ["verify", "--help"], env={"COLUMNS": "200", "NO_COLOR": "1"})
    assert shown.exit_code == 0
    assert "--json" in shown.output
