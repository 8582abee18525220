"""What the payloads of the table's commands look like on the wire. Units stand in the names."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from tongtai.features.guidance.model import EventType
from tongtai.features.guidance.schemas.payload import Id, Measure, Payload, Reason, Uid

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
# GS1 and HIBC identifiers: letters, digits and what their strings are written with.
Udi = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9()+/.$%*_ -]{4,120}$")]
Count = Annotated[int, Field(ge=0, le=1000)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Signed = Annotated[float, Field(ge=-1000, le=1000, allow_inf_nan=False)]


class PlanIn(Payload):
    plan_id: Id
    version: Annotated[int, Field(ge=1, le=100_000)]
    sha256: Sha256
    reason: Reason | None = None


class NeedleRef(Payload):
    needle_id: Id


class NeedleAdvanced(NeedleRef):
    depth_mm: Measure


class NeedleConfirmed(NeedleRef):
    """``guide`` is the name of the guide who agreed."""

    depth_mm: Measure
    deviation_mm: Measure | None = None
    guide: Words | None = None
    series_uid: Uid | None = None
    sop_uid: Uid | None = None


class NeedleRepositioned(NeedleRef):
    reason: Reason
    depth_mm: Measure | None = None


class NeedleWithdrawn(NeedleRef):
    intact: bool


class EnergyStarted(NeedleRef):
    """``position`` is the number of the application in the plan."""

    run_id: Id
    device: Words
    mode: Words
    power_w: Measure
    planned_s: Measure
    position: Annotated[int, Field(ge=1, le=1000)] | None = None


class EnergySampled(Payload):
    run_id: Id
    time_s: Measure
    power_w: Measure | None = None
    impedance_ohm: Measure | None = None
    temperature_c: Signed | None = None
    energy_kj: Measure | None = None


class EnergyStopped(Payload):
    run_id: Id
    time_s: Measure
    reason: Literal["planned", "impedance", "temperature", "pain", "stop_called", "fault", "other"]
    energy_kj: Measure | None = None


class SeedsIssued(Payload):
    count: Annotated[int, Field(ge=1, le=1000)]
    activity_mci: Measure | None = None
    lot: Words | None = None


class SeedsDropped(NeedleRef):
    count: Annotated[int, Field(ge=1, le=200)]
    depth_mm: Measure | None = None


class SeedsCounted(Payload):
    left: Count


class DeviceIn(Payload):
    """``used_on`` is the day at the table; with ``expires_on`` it refuses what is too old."""

    udi: Udi
    name: Words
    model: Words
    lot: Words
    single_use: bool
    used_on: Day
    expires_on: Day | None = None
    needle_id: Id | None = None
    parameters: Words | None = None


class AnaesthesiaIn(Payload):
    kind: Literal["local", "sedation", "general"]
    drugs: Words
    dose: Words | None = None


class ScanIn(Payload):
    modality: Literal["ct", "cbct", "mr", "us"]
    series_uid: Uid | None = None
    phase: Words | None = None
    dlp_mgy_cm: Measure | None = None
    ctdi_mgy: Measure | None = None
    breath_hold: Words | None = None


class HydrodissectionIn(Payload):
    site: Words
    fluid: Words
    volume_ml: Measure


class CtAssessed(Payload):
    zone_mm: tuple[Measure, Measure, Measure] | None = None
    margin_mm: Signed | None = None
    residual: bool
    bleeding: bool
    pneumothorax: bool
    series_uid: Uid | None = None
    note: Reason | None = None


class VitalsIn(Payload):
    heart_rate_bpm: Measure | None = None
    systolic_mmhg: Measure | None = None
    diastolic_mmhg: Measure | None = None
    spo2_percent: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] | None = None
    breaths_min: Measure | None = None
    temperature_c: Signed | None = None
    etco2_mmhg: Measure | None = None


class GivenIn(Payload):
    item: Words
    dose: Words


class SpecimenIn(Payload):
    kind: Words
    label: Words


class ComplicationNoted(Payload):
    """``grade`` by CTCAE."""

    kind: Id
    grade: Annotated[int, Field(ge=1, le=5)]
    action: Words
    resolved: bool


class TurnIn(Payload):
    reason: Reason


_E = EventType
TABLE_PAYLOADS: Mapping[str, type[Payload]] = MappingProxyType(
    {
        _E.PLAN_LOADED: PlanIn,
        _E.NEEDLE_PUNCTURED: NeedleRef,
        _E.NEEDLE_ADVANCED: NeedleAdvanced,
        _E.NEEDLE_CONFIRMED: NeedleConfirmed,
        _E.NEEDLE_REPOSITIONED: NeedleRepositioned,
        _E.NEEDLE_WITHDRAWN: NeedleWithdrawn,
        _E.ENERGY_STARTED: EnergyStarted,
        _E.ENERGY_SAMPLED: EnergySampled,
        _E.ENERGY_STOPPED: EnergyStopped,
        _E.SEEDS_ISSUED: SeedsIssued,
        _E.SEEDS_DROPPED: SeedsDropped,
        _E.SEEDS_COUNTED: SeedsCounted,
        _E.DEVICE_USED: DeviceIn,
        _E.ANAESTHESIA_GIVEN: AnaesthesiaIn,
        _E.SCAN_DONE: ScanIn,
        _E.HYDRODISSECTION_DONE: HydrodissectionIn,
        _E.CT_ASSESSED: CtAssessed,
        _E.VITALS_TAKEN: VitalsIn,
        _E.DRUG_GIVEN: GivenIn,
        _E.FLUID_GIVEN: GivenIn,
        _E.TRANSFUSION_GIVEN: GivenIn,
        _E.SPECIMEN_TAKEN: SpecimenIn,
        _E.COMPLICATION_NOTED: ComplicationNoted,
        _E.PROCEDURE_ABORTED: TurnIn,
        _E.PROCEDURE_CONVERTED: TurnIn,
    }
)
