"""A permanent implant as RTPLAN (PS3.3 A.20, C.8.8.15): one source a model and strength, one channel a seed.

A channel may hold several positions, which for a stepping source are visited one after the other.
Permanent seeds all stay, so each has a channel of its own: time, strength and position of a seed can
then be read in one way only. Seeds of a needle share the number and name of the source applicator.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pydicom.dataset import Dataset
from pydicom.uid import RTDoseStorage, RTPlanStorage, RTStructureSetStorage

from tongtai.core.brachytherapy.implant import Implant, Seed
from tongtai.core.brachytherapy.strength import mean_life_h
from tongtai.formats.dicom.radiotherapy.heads import (
    NOT_A_DEVICE,
    ObjectNames,
    decimal,
    file_bytes,
    new_object,
    referenced,
)

ISOTOPE = "I-125"
_SECONDS_PER_HOUR = 3600.0
_FINAL_WEIGHT = 100.0


@dataclass(frozen=True, slots=True)
class NeedleFacts:
    """The needle that a seed came through: its name, its length in the patient in millimetres."""

    name: str
    length_mm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFacts:
    """What an RTPLAN says beside its seeds.

    Attributes
    ----------
    label
        At most 16 characters.
    description
        Of the plan.
    implanted_on
        Day for which the strengths hold.
    prescription_gy
        Dose to infinity; None where none was given.
    needles
        Each seed's needle, in the implant's order; empty where none is known, as after an implant.
    """

    label: str
    description: str
    implanted_on: date
    prescription_gy: float | None = None
    needles: Sequence[NeedleFacts] = ()


def write_plan(
    implant: Implant,
    facts: PlanFacts,
    sources: Sequence[Dataset],
    names: ObjectNames,
    *,
    written_at: datetime,
    with_dose: bool = True,
) -> bytes:
    """An RTPLAN file.

    Parameters
    ----------
    sources
        Headers of the images.
    names
        Identifiers of the plan, its structure set and its dose.
    with_dose
        Whether a dose with this name is written too.

    Raises
    ------
    RadiotherapySourceError
        If the images lack identifiers.
    """
    made = new_object(
        sources,
        sop_class=RTPlanStorage,
        instance=names.plan,
        modality="RTPLAN",
        series_number=301,
        description=facts.description,
        written_at=written_at,
    )
    made.RTPlanLabel, made.RTPlanName = facts.label[:16], facts.description[:64]
    made.RTPlanDescription = NOT_A_DEVICE
    made.RTPlanDate, made.RTPlanTime = f"{facts.implanted_on:%Y%m%d}", "000000"
    made.RTPlanGeometry = "PATIENT"
    made.PlanIntent = "RESEARCH"
    made.ReferencedStructureSetSequence = [referenced(RTStructureSetStorage, names.structures)]
    if with_dose:
        made.ReferencedDoseSequence = [referenced(RTDoseStorage, names.dose)]
    if facts.prescription_gy is not None:
        made.DoseReferenceSequence = [_prescription(facts.prescription_gy)]
    made.FractionGroupSequence = [_fractions()]
    made.BrachyTreatmentTechnique, made.BrachyTreatmentType = "PERMANENT", "LDR"
    machine = Dataset()
    machine.TreatmentMachineName = ""
    made.TreatmentMachineSequence = [machine]
    kinds = _kinds(implant)
    made.SourceSequence = [
        _source(number, seed, facts.implanted_on) for number, seed in enumerate(kinds.values(), start=1)
    ]
    made.ApplicationSetupSequence = [_setup(implant, list(kinds), facts.needles)]
    made.ApprovalStatus = "UNAPPROVED"
    return file_bytes(made)


def _kinds(implant: Implant) -> Mapping[tuple[str, float], Seed]:
    """One seed of each model and strength, in the order of appearance."""
    kinds: dict[tuple[str, float], Seed] = {}
    for seed in implant.seeds:
        kinds.setdefault((seed.model.id, seed.strength_u), seed)
    return kinds


def _prescription(prescription_gy: float) -> Dataset:
    item = Dataset()
    item.DoseReferenceNumber = 1
    item.DoseReferenceStructureType, item.DoseReferenceType = "SITE", "TARGET"
    item.DoseReferenceDescription = "Target, dose to infinity"
    item.TargetPrescriptionDose = decimal(prescription_gy)
    return item


def _fractions() -> Dataset:
    group = Dataset()
    group.FractionGroupNumber = 1
    group.NumberOfFractionsPlanned = 1
    group.NumberOfBeams, group.NumberOfBrachyApplicationSetups = 0, 1
    setup = Dataset()
    setup.ReferencedBrachyApplicationSetupNumber = 1
    group.ReferencedBrachyApplicationSetupSequence = [setup]
    return group


def _source(number: int, seed: Seed, implanted_on: date) -> Dataset:
    item = Dataset()
    item.SourceNumber, item.SourceType = number, "LINE"
    item.SourceModelID = seed.model.id[:16]
    item.SourceDescription = seed.model.name[:64]
    item.ActiveSourceLength = decimal(seed.model.active_length_mm)
    item.SourceIsotopeName = ISOTOPE
    item.SourceIsotopeHalfLife = decimal(seed.model.half_life_d)
    item.SourceStrengthUnits = "AIR_KERMA_RATE"
    # µGy/h at 1 m: the number of the air-kerma strength in U.
    item.ReferenceAirKermaRate = item.SourceStrength = decimal(seed.strength_u)
    item.SourceStrengthReferenceDate, item.SourceStrengthReferenceTime = f"{implanted_on:%Y%m%d}", "000000"
    return item


def _setup(implant: Implant, kinds: list[tuple[str, float]], needles: Sequence[NeedleFacts]) -> Dataset:
    setup = Dataset()
    setup.ApplicationSetupType, setup.ApplicationSetupNumber = "INTERSTITIAL", 1
    setup.TotalReferenceAirKerma = decimal(
        sum(seed.strength_u * mean_life_h(seed.model.half_life_d) for seed in implant.seeds)
    )
    order = {name: number for number, name in enumerate(dict.fromkeys(needles), start=1)}
    setup.ChannelSequence = [
        _channel(
            number,
            seed,
            kinds.index((seed.model.id, seed.strength_u)) + 1,
            (needles[number - 1], order[needles[number - 1]]) if needles else None,
        )
        for number, seed in enumerate(implant.seeds, start=1)
    ]
    return setup


def _channel(number: int, seed: Seed, source: int, needle: tuple[NeedleFacts, int] | None) -> Dataset:
    channel = Dataset()
    channel.ChannelNumber, channel.ChannelLength = number, None
    # Initial dose rate times the mean life is the dose to infinity.
    channel.ChannelTotalTime = decimal(mean_life_h(seed.model.half_life_d) * _SECONDS_PER_HOUR)
    channel.SourceMovementType = "FIXED"
    channel.ReferencedSourceNumber = source
    if needle is not None:
        through, place = needle
        channel.SourceApplicatorNumber, channel.SourceApplicatorID = place, through.name[:16]
        channel.SourceApplicatorType = "RIGID"
        channel.SourceApplicatorLength = decimal(through.length_mm)
        # No structure of the structure set is a needle.
        channel.ReferencedROINumber = None
    channel.TransferTubeNumber = None
    channel.NumberOfControlPoints = 2
    channel.FinalCumulativeTimeWeight = decimal(_FINAL_WEIGHT)
    channel.BrachyControlPointSequence = [
        _control_point(index, seed, weight) for index, weight in enumerate((0.0, _FINAL_WEIGHT))
    ]
    return channel


def _control_point(index: int, seed: Seed, weight: float) -> Dataset:
    point = Dataset()
    point.ControlPointIndex = index
    point.CumulativeTimeWeight = decimal(weight)
    point.ControlPointRelativePosition = decimal(0.0)
    point.ControlPoint3DPosition = [decimal(part) for part in seed.centre_lps_mm]
    point.ControlPointOrientation = list(seed.axis_lps)
    return point
