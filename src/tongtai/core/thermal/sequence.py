"""Several activations, one after the other, in the same tissue.

What one leaves behind goes on in the next: its heat, its damage, and the perfusion that it stopped.
The applicator of an earlier activation is out of the tissue when the next begins.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tongtai.core.needle import Needle
from tongtai.core.thermal.applicators import MicrowaveAntenna, RfElectrode
from tongtai.core.thermal.errors import ThermalError
from tongtai.core.thermal.microwave import MicrowaveGenerator
from tongtai.core.thermal.radiofrequency import RfGenerator
from tongtai.core.thermal.result import HeatResult
from tongtai.core.thermal.scene import HeatScene
from tongtai.core.thermal.treatment import (
    Cancelled,
    DamageRules,
    HeatOptions,
    Progress,
    simulate_mwa,
    simulate_rfa,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RfActivation:
    """Radiofrequency through one electrode for ``duration_s``, then ``pause_s`` without power."""

    needle: Needle
    electrode: RfElectrode
    generator: RfGenerator
    duration_s: float
    pause_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MwActivation:
    """Microwaves from one antenna for ``duration_s``, then ``pause_s`` without power."""

    needle: Needle
    antenna: MicrowaveAntenna
    generator: MicrowaveGenerator
    duration_s: float
    pause_s: float = 0.0


Activation = RfActivation | MwActivation


def simulate(
    scene: HeatScene,
    activations: Sequence[Activation],
    rules: DamageRules,
    *,
    options: HeatOptions | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> tuple[HeatResult, ...]:
    """Simulate a treatment of one or more activations.

    Parameters
    ----------
    scene
        Tissues, large vessels and surroundings as arrays on one grid; see `HeatScene`, `crop`,
        `large_vessels`.
    activations
        In the order in which they are given, with their needles, devices, powers and times.
    rules
        Damage models and contours.
    options
        How finely; ``cool_down_s`` follows the last activation (after its own pause).
    progress
        Called with the fraction of the whole time that is done.
    cancelled
        Asked before every step.

    Returns
    -------
    tuple of HeatResult
        After each activation and its pause: temperatures at that moment, and peak temperature, damage and
        contours of everything so far, so the last is that of the whole treatment. Axes of contours lie along the
        needle of the activation; energy, power and times are its own.

    Raises
    ------
    HeatCancelledError
        When ``cancelled`` said so.
    ThermalError
        If there is no activation, or one cannot be set up.
    """
    if not activations:
        raise ThermalError("Name at least one activation.")
    chosen = options or HeatOptions()
    pauses_s = [one.pause_s for one in activations]
    pauses_s[-1] += chosen.cool_down_s
    lengths_s = [one.duration_s + pause for one, pause in zip(activations, pauses_s, strict=True)]
    whole_s = sum(lengths_s)
    results: list[HeatResult] = []
    for number, one in enumerate(activations):
        share = _share(progress, sum(lengths_s[:number]) / whole_s, lengths_s[number] / whole_s)
        own = replace(chosen, cool_down_s=pauses_s[number])
        after = results[-1] if results else None
        if isinstance(one, RfActivation):
            result = simulate_rfa(
                scene, one.electrode, one.needle, one.generator, rules,
                duration_s=one.duration_s, options=own, after=after, progress=share, cancelled=cancelled,
            )  # fmt: skip
        else:
            result = simulate_mwa(
                scene, one.antenna, one.needle, one.generator, rules,
                duration_s=one.duration_s, options=own, after=after, progress=share, cancelled=cancelled,
            )  # fmt: skip
        results.append(result)
    return tuple(results)


def _share(progress: Progress | None, start: float, part: float) -> Callable[[float], None] | None:
    """Progress of one activation as that of the whole."""
    if progress is None:
        return None
    told = progress
    return lambda fraction: told(start + part * fraction)
