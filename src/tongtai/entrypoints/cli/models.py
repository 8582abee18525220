"""``tongtai models``: the neural networks of this installation."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from tongtai.entrypoints.cli.data_folder import DATA, Data
from tongtai.formats.model_pack import InstalledPack, ModelPack, PackStore, open_network
from tongtai.infra.settings import Settings

models_app = typer.Typer(help="Model packs: neural networks with their cards.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def pack_store(data: Path) -> PackStore:
    """The packs of an installation."""
    return PackStore(Settings.load(data).data / "models")


@models_app.command("list")
def models_list(data: Data = DATA, as_json: Json = False) -> None:
    """List the installed packs, each checked against its card."""
    installed = pack_store(data).installed()
    if as_json:
        typer.echo(json.dumps([_facts(found) for found in installed], indent=2, ensure_ascii=False))
        return
    if not installed:
        typer.echo("No model pack is installed. Add one: tongtai models add FOLDER")
    for found in installed:
        typer.echo(f"{found.name}: {_line(found.pack) if found.pack else f'UNUSABLE. {found.problem}'}")


@models_app.command("add")
def models_add(
    folder: Annotated[Path, typer.Argument(help="Folder with model.onnx and pack.toml.", exists=True)],
    data: Data = DATA,
) -> None:
    """Check a pack and copy it into the installation."""
    pack = pack_store(data).add(folder)
    typer.echo(f"{pack.card.name}: {_line(pack)}")


@models_app.command("check")
def models_check(
    name: Annotated[str, typer.Argument(help="Name of a pack; all when absent.")] = "", data: Data = DATA
) -> None:
    """Check packs against their cards and load their networks; exit with 1 when one cannot be used."""
    store = pack_store(data)
    packs = [InstalledPack(name, store.pack(name))] if name else store.installed()
    for found in packs:
        if found.pack is None:
            typer.echo(f"{found.name}: UNUSABLE. {found.problem}")
            continue
        open_network(found.pack, threads=1)
        typer.echo(f"{found.name}: sound")
    if any(found.pack is None for found in packs):
        raise typer.Exit(1)


@models_app.command("remove")
def models_remove(name: Annotated[str, typer.Argument(help="Name of a pack.")], data: Data = DATA) -> None:
    """Delete a pack from the installation."""
    pack_store(data).remove(name)
    typer.echo(f"{name}: removed")


def _line(pack: ModelPack) -> str:
    card = pack.card
    dice = ", ".join(f"{key} Dice {value:.3f}" for key, value in card.dice.items())
    return f"{card.task}; licence {card.licence}; {dice or 'quality not measured'}"


def _facts(found: InstalledPack) -> dict[str, Any]:
    if found.pack is None:
        return {"name": found.name, "usable": False, "problem": found.problem}
    card = found.pack.card
    return {
        "name": card.name,
        "usable": True,
        "version": card.version,
        "task": card.task,
        "licence": card.licence,
        "source": card.source,
        "limits": card.limits,
        "sha256": card.sha256,
        "structures": sorted(card.labels.values()),
        "dice": dict(card.dice),
        "measured_on": card.measured_on,
    }
