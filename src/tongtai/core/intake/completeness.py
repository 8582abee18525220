"""How complete the material is: x of y, and everything that is missing, stale or doubtful."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from tongtai.core.intake.form import Answer, Form, Gate, Item, Level
from tongtai.core.lacks import Lack, lack

# Society of Interventional Radiology 2019, procedures of high bleeding risk (not compared with the
# text): below or above these a plan of correction is needed.
PLATELETS_BLOCK_BELOW = 50.0
INR_BLOCK_ABOVE = 1.5
CORRECTION_PLAN = "bleeding_correction_plan"
_GATES = tuple(Gate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """An item that is not in order."""

    item: Item
    lack: Lack

    @property
    def blocks(self) -> bool:
        """Whether the gate stays shut."""
        return self.item.level is Level.BLOCK


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """``present`` of ``total`` items are in order; ``gaps`` are the others, in the form's order."""

    present: int
    total: int
    gaps: tuple[Gap, ...]
    rules: tuple[Lack, ...]

    def blocking(self, gate: Gate) -> tuple[Lack, ...]:
        """What keeps a gate shut: its own items and those of the gates before it."""
        passed = _GATES[: _GATES.index(gate) + 1]
        found = tuple(gap.lack for gap in self.gaps if gap.blocks and gap.item.gate in passed)
        return found + (self.rules if gate is Gate.READY else ())


def completeness(form: Form, answers: Mapping[str, Answer], *, technique: str, on: date) -> Completeness:
    """Judge the answers as of a day.

    Parameters
    ----------
    on
        Today; or the day of the operation, for which what is fresh today may be stale.
    """
    asked = form.asked_of(technique)
    gaps = tuple(
        Gap(item=item, lack=found)
        for item in asked
        if (found := _lack_of(item, answers.get(item.key), on)) is not None
    )
    return Completeness(
        present=len(asked) - len(gaps), total=len(asked), gaps=gaps, rules=tuple(_bleeding(answers))
    )


def _lack_of(item: Item, answer: Answer | None, on: date) -> Lack | None:
    if answer is None or answer.value in {"", ()}:
        return lack("item_missing", item=item.key)
    if item.fresh_days is not None:
        if answer.observed_on is None:
            return lack("item_undated", item=item.key)
        if (on - answer.observed_on).days > item.fresh_days:
            return lack(
                "item_stale",
                item=item.key,
                observed_on=answer.observed_on.isoformat(),
                fresh_days=item.fresh_days,
            )
    if is_implausible(item, answer) and not answer.confirmed:
        return lack("item_implausible", item=item.key, low=item.low, high=item.high)
    return None


def is_implausible(item: Item, answer: Answer) -> bool:
    """Whether a number lies where a slip of the pen or of the unit is likelier than the truth."""
    value = answer.value
    if not isinstance(value, float | int):
        return False
    return (item.low is not None and value < item.low) or (item.high is not None and value > item.high)


def _bleeding(answers: Mapping[str, Answer]) -> Iterable[Lack]:
    plan = answers.get(CORRECTION_PLAN)
    if plan is not None and plan.value:
        return
    for key, limit, below in (
        ("platelets", PLATELETS_BLOCK_BELOW, True),
        ("inr", INR_BLOCK_ABOVE, False),
    ):
        answer = answers.get(key)
        if answer is None or not isinstance(answer.value, float | int):
            continue
        if (answer.value < limit) if below else (answer.value > limit):
            yield lack("bleeding_risk", item=key, limit=limit)
