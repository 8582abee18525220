"""Order list and radiation protection: how many seeds, how strong on which day, what leaves the patient."""

import math

import numpy as np
from numpy.typing import NDArray

from tongtai.core.brachytherapy.implant import Implant
from tongtai.core.brachytherapy.seed_models import SeedModel
from tongtai.core.brachytherapy.strength import MBQ_PER_MCI, decay_factor
from tongtai.core.seed_planning.handling import (
    DischargeRule,
    DoseRateAt,
    OrderedActivity,
    RadiationSheet,
    SeedOrder,
)
from tongtai.core.seed_planning.rules import SeedNumber, SeedRules

Points = NDArray[np.float64]
FORMULA = (
    "air-kerma rate = Σ S_K / d² · T(t), S_K in U = µGy m²/h, d in m from each seed to the place; in air T = 1, attenuated "
    "T(t) = g_L(t), at most 1, for t of tissue between"
)
ATTENUATION = "T is the radial dose function of the seed in water, scatter included, for the depth of the seed below the nearest skin: {source}"
_MM_PER_M = 1000.0
_DAYS_BEFORE = (0, 3, 7, 14)
_AWAY_MM = (("0.3 m", 300.0), ("1 m", 1000.0))


def seed_order(implant: Implant, rules: SeedRules) -> SeedOrder:
    """The order list of an implant of one model and one strength; the strongest seed's where they differ.

    Examples
    --------
    >>> from tongtai.core.brachytherapy.implant import Seed
    >>> from tongtai.formats.seed_models import seed_model
    >>> from tongtai.formats.seed_rules import packaged_seed_rules
    >>> one = Seed(centre_lps_mm=(0, 0, 0), axis_lps=(0, 0, 1), strength_u=0.635, model=seed_model("6711"))
    >>> order = seed_order(Implant((one,) * 25), packaged_seed_rules())
    >>> (
    ...     order.planned,
    ...     order.spares,
    ...     round(order.total_activity_mci, 6),
    ...     round(order.ordered[-1].activity_mci, 4),
    ... )
    (25, 3, 12.5, 0.5887)
    """
    strongest = max(implant.seeds, key=lambda seed: seed.strength_u)
    model, planned = strongest.model, len(implant.seeds)
    share, least = rules.number(SeedNumber.SPARE_SHARE), rules.number(SeedNumber.LEAST_SPARES)
    # A share of 0.1 of 30 seeds is 3 seeds, not 4 by rounding of the product.
    spares = max(math.ceil(share * planned - 1e-9), math.ceil(least))
    sources = {rules.numbers[name].source for name in (SeedNumber.SPARE_SHARE, SeedNumber.LEAST_SPARES)}
    return SeedOrder(
        model=model.id,
        name=model.name,
        planned=planned,
        spares=spares,
        total=planned + spares,
        spares_rule=f"{share:.0%} of the planned seeds, at least {least:g} ({'; '.join(sorted(sources))})",
        activity_mci=strongest.strength_u / model.u_per_mci,
        strength_u=strongest.strength_u,
        total_activity_mci=implant.total_activity_mci,
        total_activity_mbq=implant.total_activity_mci * MBQ_PER_MCI,
        total_strength_u=implant.total_strength_u,
        ordered=tuple(_ordered(strongest.strength_u, model, days) for days in _DAYS_BEFORE),
    )


def _ordered(strength_u: float, model: SeedModel, days: int) -> OrderedActivity:
    earlier = strength_u / decay_factor(float(days), half_life_d=model.half_life_d)
    return OrderedActivity(days_before=days, activity_mci=earlier / model.u_per_mci, strength_u=earlier)


def radiation_sheet(implant: Implant, skin_lps_mm: Points, rules: SeedRules) -> RadiationSheet:
    """Numbers of the radiation-protection sheet.

    Distances of 0.3 m and 1 m are counted from the skin's point that is nearest to the middle of the seeds, outwards.

    Parameters
    ----------
    implant
        Seeds with their strengths at the implant.
    skin_lps_mm : (N, 3) array
        Points of the skin.
    rules
        Values for the discharge, and advice.
    """
    middle = implant.centres_lps_mm.mean(axis=0)
    nearest = skin_lps_mm[np.linalg.norm(skin_lps_mm - middle, axis=1).argmin()]
    outwards = (nearest - middle) / max(float(np.linalg.norm(nearest - middle)), 1e-9)
    depths = np.linalg.norm(implant.centres_lps_mm - nearest, axis=1)
    rates = [_rate("skin", implant, nearest, depths)]
    rates += [_rate(name, implant, nearest + away * outwards, depths) for name, away in _AWAY_MM]
    total = implant.total_activity_mci
    estimated = {"total_activity_mci": total, "rate_1m_ugy_h": rates[-1].attenuated_ugy_h}
    model = implant.seeds[0].model
    return RadiationSheet(
        total_activity_mci=total,
        total_activity_mbq=total * MBQ_PER_MCI,
        total_strength_u=implant.total_strength_u,
        half_life_d=model.half_life_d,
        formula=FORMULA,
        attenuation=ATTENUATION.format(source=model.radial.source),
        rates=tuple(rates),
        rules=tuple(
            DischargeRule(
                name=one.name,
                limit=one.limit,
                unit=one.unit,
                estimated=estimated[one.quantity],
                within=estimated[one.quantity] <= one.limit,
                source=one.source,
            )
            for one in rules.discharge
        ),
        days_to_tenth=model.half_life_d * math.log2(10.0),
        advice=rules.advice,
    )


def _rate(name: str, implant: Implant, place: Points, depths_mm: Points) -> DoseRateAt:
    distance_mm = np.linalg.norm(implant.centres_lps_mm - place, axis=1)
    strengths = np.array([seed.strength_u for seed in implant.seeds])
    free = strengths / (distance_mm / _MM_PER_M) ** 2
    table = implant.seeds[0].model.radial
    through = np.minimum(np.interp(depths_mm, table.radius_mm, table.value), 1.0)
    return DoseRateAt(
        place=name,
        distance_mm=float(np.linalg.norm(implant.centres_lps_mm.mean(axis=0) - place)),
        in_air_ugy_h=float(free.sum()),
        attenuated_ugy_h=float((free * through).sum()),
    )
