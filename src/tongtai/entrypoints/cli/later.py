"""The commands of ``tongtai``, each loaded when it is run.

The server's and the computation's libraries take seconds to load, which ``tongtai --help`` and a technician who
pushes a CT need not wait for.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

_HERE = "tongtai.entrypoints.cli"


@dataclass(frozen=True, slots=True)
class Later:
    """Where a command is (``module:name``; a module without a dot is of this package), and what its help begins with."""

    name: str
    place: str
    summary: str


LATER = (
    Later("up", "up_command:up", "Start everything on this machine and keep it running until Ctrl-C."),
    Later(
        "serve",
        "servers:serve",
        "Run the web server alone; the settings say where database and LiveKit are.",
    ),
    Later("worker", "servers:worker", "Run the planning worker alone; `tongtai up` has one of its own."),
    Later(
        "gateway",
        "tongtai.entrypoints.gateway.command:gateway",
        "Record the pictures of an operating table and send them to its case's room.",
    ),
    Later(
        "push-ct",
        "push_ct:push_ct",
        "Send the CT in DIR to a case. Run it again after a cut: it goes on where it was.",
    ),
    Later("user", "accounts:user_app", "People of the installation."),
    Later("certificate", "documents:certificate_app", "Whose key signs documents."),
    Later(
        "verify-document",
        "documents:verify_document",
        "Check the signatures of a document; exit with 1 unless there is one and all of them hold.",
    ),
    Later("case", "case_copies:case_app", "Copies of a case."),
    Later("audit", "audit:audit_app", "The audit log."),
    Later("db", "database:database_app", "The database."),
    Later("backup", "backups:backup_app", "Copies of an installation, and the way back."),
    Later("doctor", "doctor:doctor", "Check this installation; exit with 1 when something must be mended."),
    Later("models", "models:models_app", "Model packs: neural networks with their cards."),
    Later(
        "bench",
        "bench:bench",
        "Measure, and compare with target and peer; exit with 1 when a target is missed.",
    ),
    Later("openapi", "servers:openapi", "Print the OpenAPI document of this version."),
    Later(
        "phantom",
        "phantom:phantom",
        "Make a simulated CT of the abdomen before and after ablation, with DICOM SEG truth.",
    ),
    Later(
        "segment",
        "segmentation:segment",
        "Find liver, lesions and what needles must avoid in a CT; exit with 2 when the input is refused.",
    ),
    Later(
        "evaluate",
        "evaluation:evaluate",
        "Compare label maps: overlap, surface distances, volumes, lesions; exit with 2 when a file is refused.",
    ),
    Later(
        "plan",
        "planning:plan",
        "Plan the ablation of a tumour; exit with 2 when the input is refused, 3 when there is no safe path.",
    ),
    Later(
        "reach",
        "planning:reach",
        "Say from where on the skin a tumour can be reached, what closes the rest, what would open it.",
    ),
    Later(
        "coverage",
        "planning:coverage",
        "Choose zones, or judge those of --needles, without simulating heat; nothing is written.",
    ),
    Later(
        "heat",
        "planning:heat",
        "Simulate the heat of a plan, or of --needles, with its band; nothing is written.",
    ),
    Later(
        "book",
        "planning:book",
        "Write the plan book alone, of a plan that is chosen or judged (--needles) again.",
    ),
    Later("plan-schema", "planning:plan_schema", "Print the JSON Schema of plan.json."),
    Later(
        "seeds",
        "seeds:seeds_app",
        "Iodine-125 seeds: dose by TG-43U1.",
    ),
    Later("rules", "rules:rules_app", "Complication rules: check a file, show what is in it."),
    Later(
        "compile",
        "compilation:compile_",
        "Compile what is computed with, for this processor: minutes, once; the first plan then waits for none of it.",
    ),
    Later(
        "verify",
        "verify:verify",
        "Run the reference cases; exit with 1 when a value is outside its tolerance.",
    ),
)


class LateCommand(TyperCommand):
    """A command's name and sentence in its stead, until it is run or asked for its own help.

    Parameters
    ----------
    later : Later
        Where it is.
    """

    def __init__(self, later: Later) -> None:
        super().__init__(later.name, help=later.summary)
        self._place = later.place

    def loaded(self) -> Any:
        """The command itself."""
        module, name = self._place.split(":")
        found = getattr(import_module(module if "." in module else f"{_HERE}.{module}"), name)
        if isinstance(found, typer.Typer):
            return typer.main.get_command(found)
        alone = typer.Typer(add_completion=False)
        alone.command(self.name)(found)
        return typer.main.get_command(alone)

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """The context of the command itself, which is thereby the one that is run."""
        return self.loaded().make_context(info_name, args, parent, **extra)


class LateGroup(TyperGroup):
    """The program's commands, none of them loaded."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands.update({later.name: LateCommand(later) for later in LATER})
