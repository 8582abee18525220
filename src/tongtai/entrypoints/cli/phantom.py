"""``tongtai phantom``: a simulated abdomen with known truth, as DICOM."""

import json
import shutil
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console

from tongtai.core.phantom.abdomen import AbdomenPhantom, draw_anatomy, imaged
from tongtai.formats.dicom.masks.phantom_truth import phantom_segmentation
from tongtai.formats.dicom.writing import CtPatient, write_ct_series

# Fixed, so that the same seed gives the same files.
_TAKEN = {"before": datetime(2026, 1, 5, 9, 0), "after": datetime(2026, 1, 7, 14, 30)}  # noqa: DTZ001  (a hospital's own clock)


def phantom(
    out: Annotated[
        Path,
        typer.Option(help="Folder to make; must not exist or be empty.", file_okay=False, show_default=False),
    ],
    seed: Annotated[
        int, typer.Option(min=0, help="Which invented patient; the same seed, the same files.")
    ] = 1,
    slices: Annotated[int, typer.Option(min=10, max=600, help="Number of slices.")] = 120,
    size: Annotated[int, typer.Option(min=64, max=1024, help="Rows and columns of a slice of 380 mm.")] = 512,
    slice_mm: Annotated[
        float, typer.Option(min=0.5, max=10.0, help="Distance of slices in millimetres.")
    ] = 2.5,
) -> None:
    """Make a simulated CT of the abdomen before and after ablation, with DICOM SEG truth."""
    console = Console(stderr=True, highlight=False)
    if out.exists() and any(out.iterdir()):
        console.print(f"{out} is not empty; name a new folder.", markup=False)
        raise typer.Exit(2)
    out.parent.mkdir(parents=True, exist_ok=True)
    # Made beside its place and moved there whole, so that nothing is ever half written.
    making = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        _make(making, seed, slices, size, slice_mm, console)
        if out.exists():
            out.rmdir()
        making.chmod(0o755)
        making.rename(out)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    console.print(f"{out}: before/ct, before/truth.dcm, after/ct, after/truth.dcm, truth.json", markup=False)


def _make(folder: Path, seed: int, slices: int, size: int, slice_mm: float, console: Console) -> None:
    patients, *noises = np.random.SeedSequence(seed).spawn(3)
    anatomy = draw_anatomy(np.random.default_rng(patients))
    truth: dict[str, Any] = {
        "simulated": True,
        "seed": seed,
        "coordinates": "x, y, z in millimetres, LPS, in the CT named",
        "organ_motion": {"shift_mm": anatomy.motion.shift_mm, "bend_mm": anatomy.motion.bend_mm},
    }
    for (name, taken_at), noise in zip(_TAKEN.items(), noises, strict=True):
        console.print(f"… {name}", markup=False)
        later = name == "after"
        taken = imaged(
            anatomy,
            np.random.default_rng(noise),
            slices=slices,
            size=size,
            slice_mm=slice_mm,
            ablated=later,
            moved=later,
        )
        _write(folder / name, taken, taken_at, seed)
        truth[name] = _facts(taken)
    text = json.dumps(truth, indent=2, ensure_ascii=False) + "\n"
    (folder / "truth.json").write_text(text, encoding="utf-8")


def _write(folder: Path, taken: AbdomenPhantom, taken_at: datetime, seed: int) -> None:
    patient = CtPatient(
        name="Phantom^Simulated", patient_id=f"PHANTOM-{seed}", birth_date=date(1960, 1, 1), sex="O"
    )
    files = write_ct_series(
        taken,
        patient,
        acquired_at=taken_at,
        description=f"SIMULATED abdomen, portal venous, {folder.name} ablation",
    )
    (folder / "ct").mkdir(parents=True)
    for number, content in enumerate(files, start=1):
        (folder / "ct" / f"slice-{number:03}.dcm").write_bytes(content)
    (folder / "truth.dcm").write_bytes(phantom_segmentation(taken, files, written_at=taken_at))


def _facts(taken: AbdomenPhantom) -> dict[str, Any]:
    return {
        "volume_ml": {
            structure.value: round(
                float(np.count_nonzero(taken.mask(structure).voxels)) * taken.image.voxel_volume_ml, 3
            )
            for structure in taken.structures()
        },
        "tumours": [
            {"centre": one.centre_lps_mm, "radii_mm": one.radii_mm, "place": one.place}
            for one in taken.tumours
        ],
        "ablation_zones": [
            {
                "centre": zone.centre_lps_mm,
                "axis": zone.axis,
                "half_length_mm": zone.half_length_mm,
                "radius_mm": zone.radius_mm,
            }
            for zone in taken.zones
        ],
        "vessel_forks": taken.landmarks_lps_mm.round(3).tolist(),
    }
