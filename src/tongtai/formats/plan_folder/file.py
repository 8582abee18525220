"""One file of a plan's folder."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A further file of the folder, such as the plan book.

    Attributes
    ----------
    name
        Its path within the folder.
    content
        What is in it.
    """

    name: str
    content: bytes
