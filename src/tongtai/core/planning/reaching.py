"""From where a tumour can be reached, what closes the rest of the skin, and what would open it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedSkin:
    """A constraint that closes a part of the skin.

    Attributes
    ----------
    first_cm2
        Where it is the first thing met on the way in.
    any_cm2
        Where it is among the things met.
    alone_cm2
        Where nothing else stands in the way.
    """

    constraint: str
    first_cm2: float
    any_cm2: float
    alone_cm2: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliefTried:
    """A relief and the skin that it opens.

    Attributes
    ----------
    kind
        ``hydrodissection``, ``crossing``, ``gantry_tilt`` or ``breath``.
    obstacle
        The organ that gives way; empty for a tilt and another breath phase.
    amount
        Millimetres of displacement or of the liver's shift, or degrees.
    """

    kind: str
    obstacle: str
    amount: float
    before_cm2: float
    after_cm2: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachFound:
    """The whole skin, joined to the middle of the tumour.

    Attributes
    ----------
    skin_cm2, open_cm2, open_share
        The skin in the picture, and what of it leads to the tumour.
    blocked
        What closes the rest, the largest area first.
    reliefs
        What would open more, the largest gain first.
    reliefs_tried
        Whether reliefs were looked for at all.
    unchecked
        Obstacles of the rules for which there is no mask: nothing keeps a needle out of them.
    """

    tumour: str
    skin_cm2: float
    open_cm2: float
    open_share: float
    blocked: tuple[BlockedSkin, ...]
    reliefs: tuple[ReliefTried, ...]
    reliefs_tried: bool
    unchecked: tuple[str, ...]
