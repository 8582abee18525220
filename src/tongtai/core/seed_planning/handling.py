"""Ordering the seeds, and radiation protection around the patient."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedActivity:
    """What a seed must have on the day of calibration to have the planned activity at the implant.

    Attributes
    ----------
    days_before
        Days from the calibration to the implant.
    """

    days_before: int
    activity_mci: float
    strength_u: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedOrder:
    """The order list: one model, one strength.

    Attributes
    ----------
    planned, spares, total
        Seeds of the plan, in reserve, together.
    spares_rule
        How many are kept in reserve, and the source of that.
    activity_mci, strength_u
        Of one seed at the implant.
    total_activity_mci, total_activity_mbq, total_strength_u
        Of the planned seeds at the implant; spares are not counted.
    ordered
        Per seed, by the day of calibration.
    """

    model: str
    name: str
    planned: int
    spares: int
    total: int
    spares_rule: str
    activity_mci: float
    strength_u: float
    total_activity_mci: float
    total_activity_mbq: float
    total_strength_u: float
    ordered: tuple[OrderedActivity, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseRateAt:
    """Estimated air-kerma rate at a place around the patient, on the day of the implant.

    Attributes
    ----------
    place
        ``skin`` (the nearest point of the skin), ``0.3 m``, ``1 m``.
    in_air_ugy_h
        Without any attenuation in the patient: an upper bound.
    attenuated_ugy_h
        With the tissue between each seed and the place.
    """

    place: str
    distance_mm: float
    in_air_ugy_h: float
    attenuated_ugy_h: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DischargeRule:
    """A value that is compared before the patient leaves, from the installation's data.

    Attributes
    ----------
    limit
        In ``unit``.
    estimated
        The plan's number for it.
    within
        Whether the estimate does not exceed the limit; a measurement decides, not this estimate.
    """

    name: str
    limit: float
    unit: str
    estimated: float
    within: bool
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """A sentence of the discharge information, in both languages, with its source."""

    text_zh: str
    text_en: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RadiationSheet:
    """Numbers of the radiation-protection sheet.

    Attributes
    ----------
    formula
        Of the dose rates.
    attenuation
        How tissue is taken into account, and the source of its data.
    rates
        The nearest place first.
    rules
        Compared with the values of the installation.
    days_to_tenth
        Days until a tenth of the activity is left.
    advice
        What patient and family are told.
    """

    total_activity_mci: float
    total_activity_mbq: float
    total_strength_u: float
    half_life_d: float
    formula: str
    attenuation: str
    rates: tuple[DoseRateAt, ...]
    rules: tuple[DischargeRule, ...]
    days_to_tenth: float
    advice: tuple[Advice, ...]
