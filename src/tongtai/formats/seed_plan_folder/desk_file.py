"""``seed-desk.npz``: what a person's changes of a plan of seeds are judged with, beside the plan that it belongs to.

Places are kept in single precision: 0.01 µm at a distance of 300 mm.
"""

import io
import json
import zipfile
from typing import Any, Final

import numpy as np

from tongtai.core.brachytherapy.live import StructureSamples
from tongtai.core.seed_planning.desk import SeedDesk, seed_desk
from tongtai.core.seed_planning.errors import SeedEditError
from tongtai.core.seed_planning.region import SeedRegion
from tongtai.core.seed_planning.result import SeedPlanResult
from tongtai.core.seed_planning.rules import SeedNumber
from tongtai.core.volumes import Volume
from tongtai.formats.plan_folder.file import PlanFile
from tongtai.formats.seed_models import seed_model
from tongtai.formats.seed_plan_folder import DESK_FILE
from tongtai.formats.seed_plan_json import read_seed_plan, seed_plan_sha256

_VERSION: Final = 1


def desk_files(result: SeedPlanResult) -> tuple[PlanFile, ...]:
    """``seed-desk.npz``; nothing without seeds."""
    if result.live is None:
        return ()
    return (PlanFile(DESK_FILE, desk_bytes(seed_desk(result))),)


def desk_bytes(desk: SeedDesk) -> bytes:
    """The desk without its plan, to which it is bound by hash; the same desk gives the same bytes."""
    region = desk.region
    head = {
        "version": _VERSION,
        "plan_sha256": seed_plan_sha256(desk.plan),
        "numbers": {name.value: value for name, value in desk.numbers.items()},
        "structures": [[name, one.parts] for name, one in desk.structures.items()],
        "frame_of_reference_uid": region.mask.frame_of_reference_uid,
    }
    arrays: dict[str, np.ndarray[Any, Any]] = {
        "head": np.frombuffer(json.dumps(head, sort_keys=True).encode(), np.uint8),
        "region": region.mask.voxels,
        "index_to_lps": region.mask.index_to_lps,
        "outside_mm": region.outside_mm,
        "vessel_mm": region.vessel_mm,
    }
    for number, one in enumerate(desk.structures.values()):
        arrays[f"points_{number}"] = one.points_lps_mm.astype(np.float32)
        # A structure's samples stand for one or two volumes: beside the target, and far from it.
        volumes, which = np.unique(one.volume_ml, return_inverse=True)
        arrays[f"volumes_{number}"], arrays[f"which_{number}"] = volumes, which.astype(np.uint8)
    text = io.BytesIO()
    np.savez_compressed(text, allow_pickle=False, **arrays)
    return text.getvalue()


def read_desk(content: bytes, plan: bytes) -> SeedDesk:
    """The desk of a plan.

    Parameters
    ----------
    content
        ``seed-desk.npz``.
    plan
        ``seed-plan.json``.

    Raises
    ------
    SeedEditError
        If the file is none, of another version, or belongs to another plan.
    PlanFileError
        If the plan cannot be read.
    """
    found = read_seed_plan(plan)
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            head = json.loads(arrays["head"].tobytes())
            if head["version"] != _VERSION:
                raise SeedEditError("Another version of the program left this; plan anew to change seeds.")
            if head["plan_sha256"] != seed_plan_sha256(found):
                raise SeedEditError("These samples belong to another plan.")
            return SeedDesk(
                plan=found,
                model=seed_model(found.seed.model),
                numbers={SeedNumber(name): float(value) for name, value in head["numbers"].items()},
                region=_region(arrays, head["frame_of_reference_uid"]),
                structures={
                    name: _samples(arrays, number, parts)
                    for number, (name, parts) in enumerate(head["structures"])
                },
            )
    except (KeyError, TypeError, ValueError, OSError, zipfile.BadZipFile) as reason:
        raise SeedEditError(f"What changes of seeds are judged with cannot be read: {reason}.") from None


def _region(arrays: Any, frame_uid: str) -> SeedRegion:
    return SeedRegion(
        mask=Volume(arrays["region"], arrays["index_to_lps"], frame_uid),
        outside_mm=arrays["outside_mm"],
        vessel_mm=arrays["vessel_mm"],
    )


def _samples(arrays: Any, number: int, parts: int) -> StructureSamples:
    return StructureSamples(
        points_lps_mm=arrays[f"points_{number}"].astype(np.float64),
        volume_ml=arrays[f"volumes_{number}"][arrays[f"which_{number}"]],
        parts=parts,
    )
