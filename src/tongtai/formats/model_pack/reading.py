"""From a folder to a checked pack."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from tongtai.core.segmentation.network.card import InputAxis, PackCard, PackCardError, Triple
from tongtai.formats.model_pack.errors import (
    ModelPackChangedError,
    ModelPackError,
    ModelPackMissingError,
    ModelPackUnknownError,
)

MODEL_FILE = "model.onnx"
CARD_FILE = "pack.toml"
_TEXTS = ("name", "version", "task", "licence", "source", "limits", "sha256", "measured_on")
_INPUT = (
    "tensor", "orientation", "window_hu", "scale_hu", "offset_hu", "patch", "stride", "longest_stride", "windows", "axes",
)  # fmt: skip
_LABEL = frozenset({"channel", "structure", "contains", "dice"})
_ORIENTATION = "LPS"


@dataclass(frozen=True, slots=True)
class ModelPack:
    """A pack whose model is the one its card speaks of.

    Attributes
    ----------
    card : PackCard
        What it wants and gives.
    card_text : str
        The card as TOML.
    model : Path
        ``model.onnx``.
    """

    card: PackCard
    card_text: str
    model: Path


def read_pack(folder: Path) -> ModelPack:
    """Read and check a pack.

    A folder without ``pack.toml`` is accepted when its model has the checksum of a card that comes
    with the program.

    Raises
    ------
    ModelPackMissingError
        If there is no folder or no model in it.
    ModelPackUnknownError
        If there is no card for the model.
    ModelPackChangedError
        If the model's checksum is not the card's.
    ModelPackError
        If the card cannot be read, lacks something or contradicts itself.
    """
    model = folder / MODEL_FILE
    if not model.is_file():
        raise ModelPackMissingError(f"There is no {MODEL_FILE} in {folder}.", folder=str(folder))
    digest = _sha256(model)
    card_file = folder / CARD_FILE
    text = card_file.read_text(encoding="utf-8") if card_file.is_file() else known_cards().get(digest, "")
    if not text:
        raise ModelPackUnknownError(
            f"{folder} has no {CARD_FILE}, and its model is none that is known (SHA-256 {digest}). "
            "Write the card: docs/reference/model-packs.md shows its form."
        )
    card = read_card(text)
    if card.sha256 != digest:
        raise ModelPackChangedError(
            f"The model of “{card.name}” is not the one its card speaks of: SHA-256 {digest} instead of "
            f"{card.sha256}. Fetch it again from its source.",
            name=card.name,
        )
    return ModelPack(card, text, model)


def read_card(text: str) -> PackCard:
    """A card from the text of ``pack.toml``.

    Raises
    ------
    ModelPackError
        If it is not TOML, lacks an entry, has an unknown one, or contradicts itself.
    """
    try:
        table = tomllib.loads(text)
        return _card(table)
    except tomllib.TOMLDecodeError as error:
        raise ModelPackError(f"{CARD_FILE} is not TOML: {error}.") from None
    except KeyError as error:
        raise ModelPackError(f"{CARD_FILE} lacks {error}.") from None
    except (TypeError, ValueError) as error:
        raise ModelPackError(f"{CARD_FILE} has an entry of the wrong kind: {error}.") from None
    except PackCardError as error:
        raise ModelPackError(str(error)) from None


@cache
def known_cards() -> Mapping[str, str]:
    """Cards that come with the program, by the checksum of their model."""
    folder = files("tongtai.formats.model_pack") / "known"
    texts = [entry.read_text(encoding="utf-8") for entry in sorted(folder.iterdir(), key=lambda e: e.name)]
    return {read_card(text).sha256: text for text in texts}


def _card(table: Mapping[str, Any]) -> PackCard:
    _only(table, {*_TEXTS, "input", "output"}, "the card")
    given, labels = table["input"], table["output"]["label"]
    _only(given, set(_INPUT), "[input]")
    _only(table["output"], {"tensor", "label"}, "[output]")
    for label in labels:
        _only(label, _LABEL, "[[output.label]]")
    if given["orientation"] != _ORIENTATION:
        raise ModelPackError(f"The orientation {given['orientation']!r} is not known; {_ORIENTATION} is.")
    axes = [InputAxis(**axis) for axis in given["axes"]]
    window = [float(value) for value in given["window_hu"]]
    return PackCard(
        **{name: str(table[name]) for name in _TEXTS},
        input_tensor=str(given["tensor"]),
        output_tensor=str(table["output"]["tensor"]),
        axes=(axes[0], axes[1], axes[2]),
        window_hu=(window[0], window[1]),
        scale_hu=float(given["scale_hu"]),
        offset_hu=float(given["offset_hu"]),
        patch=_triple(given["patch"]),
        stride=_triple(given["stride"]),
        longest_stride=_triple(given["longest_stride"]),
        windows=int(given["windows"]),
        labels={int(label["channel"]): str(label["structure"]) for label in labels},
        contains={str(label["structure"]): tuple(label.get("contains", ())) for label in labels},
        dice={str(label["structure"]): float(label["dice"]) for label in labels if "dice" in label},
    )


def _only(table: Mapping[str, Any], allowed: set[str] | frozenset[str], place: str) -> None:
    unknown = sorted(set(table) - allowed)
    if unknown:
        raise ModelPackError(f"{CARD_FILE}: {place} has unknown entries: {', '.join(unknown)}.")


def _triple(values: list[int]) -> Triple:
    k, j, i = (int(value) for value in values)
    return (k, j, i)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
