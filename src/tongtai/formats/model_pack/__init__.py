"""Model packs: a folder with ``model.onnx`` and the card ``pack.toml`` that says what it wants and gives."""

from tongtai.formats.model_pack.errors import (
    ModelPackChangedError,
    ModelPackError,
    ModelPackExistsError,
    ModelPackMissingError,
    ModelPackUnknownError,
)
from tongtai.formats.model_pack.reading import ModelPack, read_pack
from tongtai.formats.model_pack.session import open_network
from tongtai.formats.model_pack.store import InstalledPack, PackStore

__all__ = [
    "InstalledPack",
    "ModelPack",
    "ModelPackChangedError",
    "ModelPackError",
    "ModelPackExistsError",
    "ModelPackMissingError",
    "ModelPackUnknownError",
    "PackStore",
    "open_network",
    "read_pack",
]
