"""Surfaces as files: STL for printing, GLB for looking at them in a page or a viewer."""

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tongtai.core.errors import TongtaiError

if TYPE_CHECKING:
    from tongtai.core.surfaces import Surface

_STL_TITLE = b"Tongtai, LPS millimetres"
_STL_TRIANGLE = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
_GLB_MAGIC, _JSON_CHUNK, _BINARY_CHUNK = 0x46546C67, 0x4E4F534A, 0x004E4942
_FLOAT, _UNSIGNED, _VERTICES, _INDICES = 5126, 5125, 34962, 34963
# glTF's columns: patient's left is +X, head is +Y, front is +Z; metres.
_LPS_MM_TO_GLTF_M = (0.001, 0, 0, 0, 0, 0, -0.001, 0, 0, 0.001, 0, 0, 0, 0, 0, 1)


class MeshError(TongtaiError):
    """There is no mesh to write."""

    code = "mesh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A surface with a name and a look.

    Attributes
    ----------
    rgb
        Colour as a screen has it, 0 to 255.
    opacity
        1 is solid.
    """

    name: str
    surface: "Surface"
    rgb: tuple[int, int, int] = (200, 200, 200)
    opacity: float = 1.0


def write_stl(surfaces: Sequence["Surface"]) -> bytes:
    """Binary STL of one or more closed surfaces, in LPS millimetres.

    Parameters
    ----------
    surfaces : sequence of Surface
        Written one after the other; STL knows no parts.

    Raises
    ------
    MeshError
        If there is none.
    """
    if not surfaces:
        raise MeshError("Give at least one surface to write.")
    corners = np.concatenate([one.vertices_lps_mm[one.triangles] for one in surfaces])
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    rows = np.zeros(len(corners), _STL_TRIANGLE)
    rows["normal"] = normals / np.where(length > 0.0, length, 1.0)
    rows["corners"] = corners
    return _STL_TITLE.ljust(80) + struct.pack("<I", len(rows)) + rows.tobytes()


def write_glb(parts: Sequence[Part], *, extras: Mapping[str, Any] | None = None) -> bytes:
    """Binary glTF 2.0 of named, coloured surfaces.

    Vertices are LPS millimetres, so that a program that ignores the scene's matrix reads patient
    coordinates; the one node above all parts turns them to glTF's metres, with the head up and the
    patient facing the viewer.

    Parameters
    ----------
    parts : sequence of Part
        Translucent parts are drawn double-sided.
    extras : mapping, optional
        Written into the file's ``asset.extras``, for instance the plan's hash.

    Raises
    ------
    MeshError
        If there is no part or two have the same name.
    """
    names = [part.name for part in parts]
    if not parts or len(set(names)) < len(names):
        raise MeshError("Give at least one part, each with a name of its own.", names=names)
    packed = _Packed()
    primitives = [packed.primitive(part, number) for number, part in enumerate(parts)]
    tree = {
        "asset": {"version": "2.0", "generator": "Tongtai", "extras": dict(extras or {})},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [
            {
                "name": "LPS mm",
                "matrix": list(_LPS_MM_TO_GLTF_M),
                "children": list(range(1, len(parts) + 1)),
            },
            *({"name": name, "mesh": number} for number, name in enumerate(names)),
        ],
        "meshes": [
            {"name": name, "primitives": [primitive]}
            for name, primitive in zip(names, primitives, strict=True)
        ],
        "materials": [_material(part) for part in parts],
        "accessors": packed.accessors,
        "bufferViews": packed.views,
        "buffers": [{"byteLength": len(packed.content)}],
    }
    text = json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    total = 12 + 8 + len(text) + 8 + len(packed.content)
    return (
        struct.pack("<III", _GLB_MAGIC, 2, total)
        + struct.pack("<II", len(text), _JSON_CHUNK)
        + text
        + struct.pack("<II", len(packed.content), _BINARY_CHUNK)
        + packed.content
    )


class _Packed:
    """The one buffer of a file; every array in it takes a multiple of four bytes."""

    def __init__(self) -> None:
        self.content = b""
        self.views: list[dict[str, int]] = []
        self.accessors: list[dict[str, Any]] = []

    def primitive(self, part: Part, material: int) -> dict[str, Any]:
        surface = part.surface
        vertices = surface.vertices_lps_mm.astype("<f4")
        position = self._add(vertices, _VERTICES, "VEC3", _FLOAT)
        self.accessors[position] |= {
            "min": vertices.min(axis=0).tolist(),
            "max": vertices.max(axis=0).tolist(),
        }
        normal = self._add(_unit(surface.normals).astype("<f4"), _VERTICES, "VEC3", _FLOAT)
        indices = self._add(surface.triangles.astype("<u4").reshape(-1), _INDICES, "SCALAR", _UNSIGNED)
        return {
            "attributes": {"POSITION": position, "NORMAL": normal},
            "indices": indices,
            "material": material,
        }

    def _add(self, array: np.ndarray, target: int, kind: str, component: int) -> int:
        raw = array.tobytes()
        self.views.append(
            {"buffer": 0, "byteOffset": len(self.content), "byteLength": len(raw), "target": target}
        )
        self.content += raw
        self.accessors.append(
            {
                "bufferView": len(self.views) - 1,
                "componentType": component,
                "count": len(array),
                "type": kind,
            }
        )
        return len(self.accessors) - 1


def _unit(normals: np.ndarray) -> np.ndarray:
    """Normals without zeros, which glTF forbids."""
    empty = np.linalg.norm(normals, axis=1) < 0.5
    return np.where(empty[:, None], np.array([0.0, 0.0, 1.0]), normals)


def _material(part: Part) -> dict[str, Any]:
    colour = [round(_linear(level / 255.0), 5) for level in part.rgb]
    solid = part.opacity >= 1.0
    return {
        "name": part.name,
        "pbrMetallicRoughness": {
            "baseColorFactor": [*colour, part.opacity],
            "metallicFactor": 0,
            "roughnessFactor": 0.6,
        },
        "alphaMode": "OPAQUE" if solid else "BLEND",
        "doubleSided": not solid,
    }


def _linear(level: float) -> float:
    """A screen's level as linear light (IEC 61966-2-1), which glTF's factors are."""
    return float(level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4)
