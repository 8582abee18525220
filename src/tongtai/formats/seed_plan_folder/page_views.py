"""What a page in a browser shows of a seed plan beside the image and its masks: the dose, in one piece."""

import gzip
import json

from tongtai.core.seed_planning.result import SeedPlanResult
from tongtai.formats.plan_folder.file import PlanFile

DOSE_HEAD, DOSE_VOXELS = "dose.json", "dose.bin.gz"


def dose_views(result: SeedPlanResult) -> tuple[PlanFile, ...]:
    """``dose.json`` and ``dose.bin.gz``: Gy to infinity as little-endian float32 in C order, ``[k, j, i]``.

    The grid is that of the plan, every 1.5 mm around the target; nothing without seeds.
    """
    dose = result.dose
    if dose is None:
        return ()
    head = {
        "shape": list(dose.voxels.shape),
        "index_to_lps": dose.index_to_lps.tolist(),
        "type": "float32",
        "unit": "Gy",
        "prescription_gy": result.plan.request.prescription_gy,
    }
    content = (json.dumps(head, sort_keys=True) + "\n").encode()
    packed = gzip.compress(dose.voxels.astype("<f4").tobytes(), 4, mtime=0)
    return PlanFile(DOSE_HEAD, content), PlanFile(DOSE_VOXELS, packed)
