"""Changes of single seeds by a person: moved, added, removed, and taken back again. Plain data, nothing is computed."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from tongtai.core.needle import Needle
from tongtai.core.seed_planning.errors import SeedEditError
from tongtai.core.seed_planning.hand_placed import HandNeedleOfSeeds, HandPlacedSeeds

Depths = tuple[float, ...]
# Two seeds of a needle are never nearer than this, whatever a person wants: they are 4.5 mm long.
_LEAST_STEP_MM = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveSeed:
    """A seed to another depth, and to another needle if one is named.

    Attributes
    ----------
    number
        From 1, needle by needle, the deepest of each first, as a plan counts them.
    depth_mm
        Of its centre below the skin.
    needle
        ``N1``, ``N2``; empty for its own.
    """

    number: int
    depth_mm: float
    needle: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveSeed:
    """A seed fewer; a needle without seeds is none."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSeed:
    """A seed more on a needle."""

    needle: str
    depth_mm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AddNeedle:
    """A needle more, with its first seed.

    Attributes
    ----------
    hole
        The template's hole; empty without one.
    entry_lps_mm, direction_lps
        Where it enters the skin, and its direction inwards.
    """

    hole: str
    entry_lps_mm: tuple[float, float, float]
    direction_lps: tuple[float, float, float]
    depth_mm: float


SeedEdit = MoveSeed | RemoveSeed | AddSeed | AddNeedle


def edited(placed: HandPlacedSeeds, edit: SeedEdit, *, tip_beyond_mm: float) -> HandPlacedSeeds:
    """The arrangement after one change; the changed needle's tip lies ``tip_beyond_mm`` beyond its deepest seed.

    Raises
    ------
    SeedEditError
        If there is no such seed or needle, or another seed is there already.
    HandPlacedSeedsError
        If it was the last seed.

    Examples
    --------
    >>> needle = Needle((0.0, 0.0, 0.0), (0.0, 0.0, 60.0))
    >>> one = HandNeedleOfSeeds(hole="", needle=needle, depths_mm=(55.0, 45.0))
    >>> after = edited(HandPlacedSeeds(needles=(one,)), MoveSeed(number=1, depth_mm=60.0), tip_beyond_mm=5.0)
    >>> after.needles[0].depths_mm, after.needles[0].needle.tip_lps_mm
    ((60.0, 45.0), (0.0, 0.0, 65.0))
    """
    needles = list(placed.loaded())

    def change(at: int, how: Callable[[Depths], Depths]) -> None:
        needles[at] = _loaded(needles[at], how(needles[at].depths_mm), tip_beyond_mm)

    match edit:
        case AddNeedle():
            needles.append(_new_needle(edit, needles, tip_beyond_mm))
        case AddSeed(needle=name, depth_mm=depth):
            change(_needle_at(needles, name), lambda depths: _with(depths, depth))
        case RemoveSeed(number=number):
            at, place = _seed_at(needles, number)
            change(at, lambda depths: depths[:place] + depths[place + 1 :])
        case MoveSeed(number=number, depth_mm=depth, needle=name):
            at, place = _seed_at(needles, number)
            to = _needle_at(needles, name) if name else at
            change(at, lambda depths: depths[:place] + depths[place + 1 :])
            change(to, lambda depths: _with(depths, depth))
    return replace(placed, needles=tuple(one for one in needles if one.depths_mm))


def _loaded(one: HandNeedleOfSeeds, depths: Depths, tip_beyond_mm: float) -> HandNeedleOfSeeds:
    """The needle with these seeds; its tip stays where its deepest seed does."""
    if not depths or max(depths) == max(one.depths_mm, default=math.nan):
        return replace(one, depths_mm=tuple(sorted(depths, reverse=True)))
    tip = one.needle.point_at(max(depths) + tip_beyond_mm)
    needle = Needle(one.needle.entry_lps_mm, (float(tip[0]), float(tip[1]), float(tip[2])))
    return replace(one, needle=needle, depths_mm=tuple(sorted(depths, reverse=True)))


def _new_needle(edit: AddNeedle, needles: list[HandNeedleOfSeeds], tip_beyond_mm: float) -> HandNeedleOfSeeds:
    if edit.hole and any(one.hole == edit.hole for one in needles):
        raise SeedEditError(f"Hole {edit.hole} has a needle already: add the seed to it.", hole=edit.hole)
    x, y, z = (at + along for at, along in zip(edit.entry_lps_mm, edit.direction_lps, strict=True))
    bare = HandNeedleOfSeeds(hole=edit.hole, needle=Needle(edit.entry_lps_mm, (x, y, z)), depths_mm=())
    return _loaded(bare, _with((), edit.depth_mm), tip_beyond_mm)


def _with(depths: Depths, depth_mm: float) -> Depths:
    if not math.isfinite(depth_mm) or depth_mm <= 0.0:
        raise SeedEditError(f"A seed lies below the skin, not at {depth_mm:g} mm.")
    if any(abs(one - depth_mm) < _LEAST_STEP_MM for one in depths):
        raise SeedEditError(f"There is a seed at {depth_mm:g} mm already.", depth_mm=depth_mm)
    return (*depths, depth_mm)


def _needle_at(needles: list[HandNeedleOfSeeds], name: str) -> int:
    names = [f"N{number}" for number in range(1, len(needles) + 1)]
    if name not in names:
        raise SeedEditError(f"There is no needle {name}; there are {', '.join(names)}.")
    return names.index(name)


def _seed_at(needles: list[HandNeedleOfSeeds], number: int) -> tuple[int, int]:
    """Needle and place on it of a seed."""
    left = number - 1
    for at, one in enumerate(needles):
        if 0 <= left < len(one.depths_mm):
            return at, left
        left -= len(one.depths_mm)
    count = sum(len(one.depths_mm) for one in needles)
    raise SeedEditError(f"There is no seed {number}; there are {count}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class EditHistory:
    """What was changed, and how much of it is in force: the rest was taken back and can be done again.

    Examples
    --------
    >>> history = EditHistory().made(RemoveSeed(number=3)).made(RemoveSeed(number=1))
    >>> history.undone().in_force
    (RemoveSeed(number=3),)
    >>> history.undone().redone() == history
    True
    """

    edits: tuple[SeedEdit, ...] = ()
    applied: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.applied <= len(self.edits):
            raise SeedEditError("No more edits can be in force than were made.")

    @property
    def in_force(self) -> tuple[SeedEdit, ...]:
        """The edits that count, in order."""
        return self.edits[: self.applied]

    def made(self, edit: SeedEdit) -> "EditHistory":
        """One edit more; what was taken back before is forgotten."""
        return EditHistory(edits=(*self.in_force, edit), applied=self.applied + 1)

    def undone(self) -> "EditHistory":
        """The last edit taken back.

        Raises
        ------
        SeedEditError
            If there is none.
        """
        if not self.applied:
            raise SeedEditError("There is nothing to take back.")
        return replace(self, applied=self.applied - 1)

    def redone(self) -> "EditHistory":
        """The edit that was taken back last, once more.

        Raises
        ------
        SeedEditError
            If there is none.
        """
        if self.applied == len(self.edits):
            raise SeedEditError("There is nothing to do again.")
        return replace(self, applied=self.applied + 1)

    def after(self, placed: HandPlacedSeeds, *, tip_beyond_mm: float) -> HandPlacedSeeds:
        """The arrangement with the edits in force."""
        for edit in self.in_force:
            placed = edited(placed, edit, tip_beyond_mm=tip_beyond_mm)
        return placed
