"""``tongtai evaluate``: how well masks agree with a truth."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from tongtai.core.errors import TongtaiError
from tongtai.core.segmentation.metrics import Comparison, LesionMatches, compare, match_lesions
from tongtai.core.segmentation.structures import Role, structure_named
from tongtai.core.volumes import Volume
from tongtai.entrypoints.cli.models import Json
from tongtai.entrypoints.cli.planning_input import ExitCode
from tongtai.formats.nifti import read_nifti_labels
from tongtai.formats.nrrd import read_nrrd_labels
from tongtai.formats.totalsegmentator import class_names
from tongtai.formats.voxel_files import LabelMap, NotLabelsError

Tolerance = Annotated[float, typer.Option(min=0.0, help="Tolerance of the surface Dice in millimetres.")]


@dataclass(frozen=True, slots=True)
class Row:
    """One structure of both files."""

    name: str
    comparison: Comparison
    lesions: LesionMatches | None


def evaluate(
    predicted: Annotated[Path, typer.Argument(metavar="PRED", help="NIfTI or NRRD label map.", exists=True)],
    true: Annotated[Path, typer.Argument(metavar="TRUTH", help="NIfTI or NRRD label map.", exists=True)],
    tolerance_mm: Tolerance = 2.0,
    labels: Annotated[
        str, typer.Option(help="Names of the labels: “totalsegmentator”, or “1=liver,2=tumour”.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Compare label maps: overlap, surface distances, volumes, lesions; exit with 2 when a file is refused."""
    try:
        names = label_names(labels)
        rows = compared(_masks(predicted, names), _masks(true, names), tolerance_mm=tolerance_mm)
    except TongtaiError as error:
        typer.echo(f"tongtai: {error}", err=True)
        raise typer.Exit(ExitCode.REFUSED) from None
    facts = [_facts(row) for row in rows]
    if as_json:
        typer.echo(
            json.dumps({"tolerance_mm": tolerance_mm, "structures": facts}, indent=2, ensure_ascii=False)
        )
    else:
        typer.echo(_table(rows, tolerance_mm))


def label_names(text: str) -> dict[int, str]:
    """Names of labels from the option's text.

    Raises
    ------
    NotLabelsError
        If it is neither of the two forms.
    """
    if text == "totalsegmentator":
        return dict(class_names())
    try:
        pairs = [part.split("=", 1) for part in text.split(",") if part]
        return {int(number): name.strip() for number, name in pairs}
    except ValueError:
        raise NotLabelsError(
            f"“{text}” names no labels; write 1=liver,2=tumour or totalsegmentator."
        ) from None


def compared(predicted: dict[str, Volume], true: dict[str, Volume], *, tolerance_mm: float) -> list[Row]:
    """Compare every structure that either side has; one that a side lacks is empty there.

    Raises
    ------
    TongtaiError
        If nothing is in either file, or the grids differ.
    """
    names = sorted({*predicted, *true})
    if not names:
        raise TongtaiError("Both files are empty: there is nothing to compare.")
    rows = []
    for name in names:
        some = predicted.get(name) or true[name]
        empty = some.with_voxels(np.zeros(some.voxels.shape, np.bool_))
        pair = (predicted.get(name, empty), true.get(name, empty))
        comparison = compare(*pair, tolerance_mm=tolerance_mm)
        structure = structure_named(name)
        lesions = None
        if structure is not None and structure.role is Role.TARGET:
            lesions = match_lesions(pair[0].voxels, pair[1].voxels, voxel_volume_ml=pair[1].voxel_volume_ml)
        rows.append(Row(name, comparison, lesions))
    return rows


def _masks(path: Path, names: dict[int, str]) -> dict[str, Volume]:
    """Masks by their name: the structure's where it is known, else the label's own name or number."""
    found = _label_map(path)
    known = names or found.names
    masks: dict[str, Volume] = {}
    for label in (int(value) for value in np.unique(found.labels.voxels) if value):
        own = known.get(label, f"label {label}")
        structure = structure_named(own)
        key = structure.key if structure is not None else own
        mask = found.mask(label)
        earlier = masks.get(key)
        masks[key] = mask if earlier is None else mask.with_voxels(mask.voxels | earlier.voxels)
    return masks


def _label_map(path: Path) -> LabelMap:
    return read_nrrd_labels(path) if path.name.lower().endswith(".nrrd") else read_nifti_labels(path)


def _facts(row: Row) -> dict[str, Any]:
    overlap = row.comparison.overlap
    facts: dict[str, Any] = {
        "name": row.name,
        "dice": overlap.dice,
        "jaccard": overlap.jaccard,
        "precision": overlap.precision,
        "recall": overlap.recall,
        "predicted_ml": overlap.predicted_ml,
        "true_ml": overlap.true_ml,
        "relative_volume_error": overlap.relative_volume_error,
        "surface_dice": row.comparison.surface_dice,
        "hausdorff_mm": row.comparison.hausdorff_mm,
        "hausdorff_95_mm": row.comparison.hausdorff_95_mm,
        "average_symmetric_mm": row.comparison.average_symmetric_mm,
    }
    if row.lesions is not None:
        facts["lesions"] = {
            "predicted": row.lesions.predicted,
            "true": row.lesions.true,
            "matched": row.lesions.matched,
            "precision": row.lesions.precision,
            "recall": row.lesions.recall,
            "least_jaccard": row.lesions.least_jaccard,
            "dice_of_matched": list(row.lesions.dice_of_matched),
        }
    return facts


def _table(rows: list[Row], tolerance_mm: float) -> str:
    head = (
        f"{'structure':<22}{'Dice':>8}{f'surface Dice {tolerance_mm:g} mm':>20}{'HD95 mm':>10}{'ASSD mm':>10}"
    )
    lines = [f"{head}{'predicted ml':>14}{'true ml':>10}"]
    for row in rows:
        measured, overlap = row.comparison, row.comparison.overlap
        lines.append(
            f"{row.name:<22}{_number(overlap.dice):>8}{_number(measured.surface_dice):>20}"
            f"{_number(measured.hausdorff_95_mm, 2):>10}{_number(measured.average_symmetric_mm, 2):>10}"
            f"{overlap.predicted_ml:>14.1f}{overlap.true_ml:>10.1f}"
        )
        if row.lesions is not None:
            found = row.lesions
            lines.append(
                f"  lesions: {found.matched} of {found.true} found (recall {_number(found.recall)}), "
                f"{found.predicted} marked (precision {_number(found.precision)}), "
                f"overlap from {found.least_jaccard:g} on counts"
            )
    return "\n".join(lines)


def _number(value: float | None, digits: int = 3) -> str:
    return "–" if value is None else f"{value:.{digits}f}"
