"""How the book draws each thing: the same everywhere, told apart by line as well as by colour."""

from dataclasses import dataclass

from tongtai.core.planning.reaching import ReachFound
from tongtai.formats.plan_book.svg import DASHED, DOTTED


@dataclass(frozen=True, slots=True)
class Stroke:
    """Colour, width and dashes of a line."""

    colour: str
    width_mm: float
    dash: str = ""


TUMOUR = Stroke("#ffd400", 0.45)
TARGET = Stroke("#ffd400", 0.3, DASHED)
LIVER = Stroke("#e08e79", 0.3)
NEEDLE = Stroke("#ffffff", 0.7)
OTHER_NEEDLE = Stroke("#9fd3ff", 0.5)
ZONES = {"rfa": Stroke("#ff9d5c", 0.6), "mwa": Stroke("#c28bff", 0.6), "seeds": Stroke("#5cd6c0", 0.6)}
ISOTHERMS = {
    50.0: Stroke("#ffc2bf", 0.25, DOTTED),
    54.0: Stroke("#ff8b84", 0.3, DASHED),
    60.0: Stroke("#ff3b30", 0.35),
}
# By the share of the prescription.
ISODOSES = {
    0.5: Stroke("#4aa8ff", 0.3, DOTTED),
    1.0: Stroke("#5cd6c0", 0.6),
    1.5: Stroke("#f0b429", 0.35),
    2.0: Stroke("#ff5a52", 0.3, DASHED),
}
SEED = "#ffffff"
MARGIN_CLASSES = {"missed": "#8e0f0f", "thin": "#f0b429", "held": "#7fd6b4", "capsule": "#c5ccd3"}
THINNEST = "#1f3fbf"
OPEN_SKIN = "#2f9e6b"
CONSTRAINTS = (
    "#5b6b7b", "#d98e04", "#b44fb0", "#3f7fc1", "#8c5a2b", "#c2453d", "#d6c21f", "#7f77c9",
    "#6fb7c9", "#a8b0b8", "#444c55", "#e58fb1",
)  # fmt: skip
OTHER_CONSTRAINT = "#d6dbe0"


def constraint_colours(found: ReachFound) -> dict[str, str]:
    """A colour for each constraint, those that close most first; beyond twelve they share grey."""
    names = [one.constraint for one in found.blocked if one.first_cm2 > 0.0]
    return {
        name: CONSTRAINTS[number] if number < len(CONSTRAINTS) else OTHER_CONSTRAINT
        for number, name in enumerate(names)
    }
