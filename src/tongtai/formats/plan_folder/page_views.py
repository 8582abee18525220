"""What a page in a browser shows of a plan: the image, the masks and the unrolled skin, each in one piece."""

import base64
import gzip
import json
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from tongtai.core.planning.result import PlannedPatient
from tongtai.core.segmentation.masks import StructureMask
from tongtai.core.segmentation.structures import Role
from tongtai.core.trajectory.reach import OPEN, ReachMap
from tongtai.core.volumes import Volume
from tongtai.formats.plan_book.cuts import ABDOMEN
from tongtai.formats.plan_folder.file import PlanFile

NO_SKIN, OPEN_SKIN, ZONE_BIT = 255, 254, 128
_COLUMNS = 180
_ROW_MM = 3.0
# A cell without a point of the skin this near is no skin: beyond the picture's ends.
_NEAR_MM = 8.0
# What is painted later lies on top: the tumour on the liver on the body.
_PAINTED = (Role.SURFACE, Role.OBSTACLE, Role.HOST, Role.ORGAN_AT_RISK, Role.TREATED, Role.TARGET)


def page_views(result: PlannedPatient) -> tuple[PlanFile, ...]:
    """``image.*``, ``labels.*``, ``target.bin.gz`` and ``skin-map.json`` of a plan, on the image's own grid.

    ``labels.bin.gz`` holds one byte a voxel: the label, and bit 7 where the planned zone is;
    ``target.bin.gz``, on the grid of the labels, a 1 where tumour and margin are.
    ``image.bin.gz`` holds Hounsfield units as little-endian int16. Both are in C order, ``[k, j, i]``.
    """
    grid = result.segmentation.grid
    hounsfield = np.clip(np.rint(grid.voxels), -32768, 32767).astype("<i2")
    labels, described = _labels(result)
    window = {"center_hu": ABDOMEN.center, "width_hu": ABDOMEN.width}
    return (
        PlanFile("image.json", _json(_grid_of(grid) | {"type": "int16", "window": window})),
        PlanFile("image.bin.gz", gzip.compress(hounsfield.tobytes(), 1, mtime=0)),
        PlanFile(
            "labels.json", _json(_grid_of(grid) | {"type": "uint8", "zone_bit": 7, "labels": described})
        ),
        PlanFile("labels.bin.gz", gzip.compress(labels.tobytes(), 4, mtime=0)),
        PlanFile("target.bin.gz", gzip.compress(result.target_mask.astype(np.uint8).tobytes(), 4, mtime=0)),
        PlanFile("skin-map.json", _json(skin_map(result.reached))),
    )


def _grid_of(grid: Volume) -> dict[str, Any]:
    return {"shape": list(grid.voxels.shape), "index_to_lps": grid.index_to_lps.tolist()}


def _labels(result: PlannedPatient) -> tuple[NDArray[np.uint8], list[dict[str, Any]]]:
    masks = sorted(result.segmentation.masks, key=lambda mask: _PAINTED.index(mask.structure.role))
    labels = np.zeros(result.segmentation.grid.voxels.shape, np.uint8)
    for value, mask in enumerate(masks, start=1):
        labels[mask.voxels] = value
    labels[result.zone_mask] |= ZONE_BIT
    return labels, [_described(value, mask) for value, mask in enumerate(masks, start=1)]


def _described(value: int, mask: StructureMask) -> dict[str, Any]:
    suffix = f" {mask.number}" if mask.number > 1 else ""
    return {
        "value": value,
        "name": mask.name,
        "name_en": mask.structure.name_en + suffix,
        "name_zh": mask.structure.name_zh + suffix,
        "role": mask.structure.role.value,
        "rgb": list(mask.structure.rgb),
    }


def skin_map(reached: ReachMap, target: int = 0) -> dict[str, Any]:
    """The skin unrolled: which constraint closes each place, looked at from outside.

    Columns run around the patient: from the back over the right side, the front (0°) and the left side
    to the back; rows run from the head to the feet. A cell is a constraint's number, 254 where a
    needle may enter, 255 where the picture holds no skin; ``positions`` are the places of the cells, as
    little-endian float32 LPS millimetres.
    """
    points, first = reached.scene.skin.points_lps_mm, reached.first[target]
    middle = (points.min(axis=0) + points.max(axis=0)) / 2.0
    x, y = (points - middle)[:, 0], (points - middle)[:, 1]
    radius_mm = float(np.hypot(x, y).mean())
    flat = np.column_stack([np.arctan2(x, -y) * radius_mm, points[:, 2]])
    top, bottom = float(points[:, 2].max()), float(points[:, 2].min())
    rows = max(int(np.ceil((top - bottom) / _ROW_MM)), 1)
    angles = np.radians((np.arange(_COLUMNS) + 0.5) * 360.0 / _COLUMNS - 180.0)
    heights = top - (np.arange(rows) + 0.5) * (top - bottom) / rows
    cells = np.stack(np.meshgrid(angles * radius_mm, heights), axis=-1).reshape(-1, 2)
    far, nearest = cKDTree(flat).query(cells, distance_upper_bound=_NEAR_MM)
    seen = np.isfinite(far)
    at = np.where(seen, nearest, 0)
    values = np.where(first[at] == OPEN, OPEN_SKIN, first[at]).astype(np.int16)
    values[~seen] = NO_SKIN
    places = np.where(seen[:, None], points[at], np.nan).astype("<f4")
    return {
        "columns": _COLUMNS,
        "rows": rows,
        "angle_deg": [-180.0, 180.0],
        "z_mm": [top, bottom],
        "cells": base64.b64encode(values.astype(np.uint8).tobytes()).decode("ascii"),
        "constraints": list(reached.constraints),
        "positions": base64.b64encode(places.tobytes()).decode("ascii"),
    }


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, sort_keys=True) + "\n").encode()
