"""Permanent seeds out of anybody's RTPLAN: which source, how strong, where."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

import numpy as np
import pydicom
from pydicom.dataset import Dataset

from tongtai.core.brachytherapy.errors import UnknownSeedModelError
from tongtai.core.brachytherapy.implant import Implant, Seed
from tongtai.core.brachytherapy.seed_models import SeedModel
from tongtai.core.brachytherapy.strength import decay_factor
from tongtai.formats.dicom.errors import BrokenHeaderError, DicomError
from tongtai.formats.dicom.radiotherapy.errors import (
    NoBrachyPlanError,
    NotRadiotherapyError,
    RadiotherapyError,
)
from tongtai.formats.seed_models import seed_models

RT_PLAN = "1.2.840.10008.5.1.4.1.1.481.5"
Place = tuple[float, float, float]
_SAME_PLACE_MM = 0.01
_HALF_LIFE_SHARE = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSource:
    """A source of the plan as the file tells of it.

    Attributes
    ----------
    told
        Everything by which it may be known: model, description, manufacturer, serial number.
    strength_u
        Air-kerma strength on the day of reference.
    """

    number: int
    told: tuple[str, ...]
    isotope: str
    half_life_d: float | None
    strength_u: float
    reference_date: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPosition:
    """A seed: number of its source, place, direction (None where the file gives none), needle."""

    source: int
    centre_lps_mm: Place
    axis_lps: Place | None
    needle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BrachyPlan:
    """A permanent implant of a file.

    Attributes
    ----------
    uid, structures_uid, dose_uids
        The plan's identifier and those that it refers to.
    prescription_gy
        None where the file gives none.
    """

    uid: str
    label: str
    frame_of_reference_uid: str
    structures_uid: str
    dose_uids: tuple[str, ...]
    prescription_gy: float | None
    sources: tuple[PlannedSource, ...]
    positions: tuple[PlannedPosition, ...]


def read_plan(content: bytes) -> BrachyPlan:
    """The seeds of an RTPLAN.

    Raises
    ------
    NotRadiotherapyError
        If the file is no RTPLAN.
    NoBrachyPlanError
        If it has no sources, as a plan of external beams.
    RadiotherapyError
        If it is no permanent implant, or its strengths are in units of dose rate.
    BrokenHeaderError
        If it is damaged.
    """
    try:
        return _read(pydicom.dcmread(BytesIO(content), stop_before_pixels=True))
    except DicomError:
        raise
    except Exception as error:
        # pydicom meets hostile bytes with nearly every built-in exception there is.
        raise BrokenHeaderError("The plan is damaged or of an unusual form.") from error


def target_prescription_gy(content: bytes) -> float | None:
    """The prescription of a plan of any kind, to the first target that has one; None where none is given.

    Raises
    ------
    NotRadiotherapyError
        If the file is no RTPLAN.
    BrokenHeaderError
        If it is damaged.
    """
    try:
        dataset = pydicom.dcmread(BytesIO(content), stop_before_pixels=True)
        if dataset.get("SOPClassUID") != RT_PLAN:
            raise NotRadiotherapyError("The file is no radiotherapy plan (RTPLAN).")
        return _prescription(dataset.get("DoseReferenceSequence") or ())
    except DicomError:
        raise
    except Exception as error:
        # pydicom meets hostile bytes with nearly every built-in exception there is.
        raise BrokenHeaderError("The plan is damaged or of an unusual form.") from error


def implant_of(
    plan: BrachyPlan, *, model: str = "", implanted_on: date | None = None
) -> tuple[Implant, tuple[str, ...]]:
    """The plan's seeds with data that are known here, and what must be said about that.

    Parameters
    ----------
    model
        Identifier of a model for every source, on the caller's word; empty to take the file's.
    implanted_on
        Strengths decay from each source's day of reference until then; None: they hold at the implant.

    Raises
    ------
    UnknownSeedModelError
        If a source is not known here, with what is known.
    RadiotherapyError
        If decay was asked for and a source has no day of reference, or seeds have no direction that can be told.
    """
    notes: list[str] = []
    known = {
        one.number: (_known(one, model, notes), _strength(one, implanted_on, model)) for one in plan.sources
    }
    axes = _axes(plan.positions, notes)
    seeds = []
    for position, axis in zip(plan.positions, axes, strict=True):
        if position.source not in known:
            raise RadiotherapyError(
                f"A channel names source {position.source}, which the plan does not have."
            )
        found, strength_u = known[position.source]
        seeds.append(
            Seed(centre_lps_mm=position.centre_lps_mm, axis_lps=axis, strength_u=strength_u, model=found)
        )
    return Implant(tuple(seeds)), tuple(notes)


def _read(dataset: Dataset) -> BrachyPlan:
    if dataset.get("SOPClassUID") != RT_PLAN:
        raise NotRadiotherapyError("The file is no radiotherapy plan (RTPLAN).")
    if not dataset.get("SourceSequence") or not dataset.get("ApplicationSetupSequence"):
        beams = len(dataset.get("BeamSequence") or ())
        raise NoBrachyPlanError(f"The plan has no brachytherapy sources; it has {beams} external beams.")
    technique = str(dataset.get("BrachyTreatmentTechnique", ""))
    if technique != "PERMANENT":
        raise RadiotherapyError(
            f"The plan's technique is {technique or 'not given'}: only permanent implants can be computed."
        )
    positions = [
        one
        for setup in dataset.ApplicationSetupSequence
        for channel in setup.get("ChannelSequence") or ()
        for one in _positions(channel)
    ]
    if not positions:
        raise RadiotherapyError("The plan has sources but no positions.")
    structures = dataset.get("ReferencedStructureSetSequence") or [Dataset()]
    return BrachyPlan(
        uid=str(dataset.SOPInstanceUID),
        label=str(dataset.get("RTPlanLabel", "")),
        frame_of_reference_uid=str(dataset.get("FrameOfReferenceUID", "")),
        structures_uid=str(structures[0].get("ReferencedSOPInstanceUID", "")),
        dose_uids=tuple(
            str(one.ReferencedSOPInstanceUID) for one in dataset.get("ReferencedDoseSequence") or ()
        ),
        prescription_gy=_prescription(dataset.get("DoseReferenceSequence") or ()),
        sources=tuple(_source(item) for item in dataset.SourceSequence),
        positions=tuple(positions),
    )


def _prescription(items: Iterable[Dataset]) -> float | None:
    given = [
        float(one.TargetPrescriptionDose)
        for one in items
        if one.get("DoseReferenceType") == "TARGET" and one.get("TargetPrescriptionDose")
    ]
    return given[0] if given else None


def _source(item: Dataset) -> PlannedSource:
    units = str(item.get("SourceStrengthUnits", "") or "AIR_KERMA_RATE")
    if units != "AIR_KERMA_RATE":
        raise RadiotherapyError(
            f"Source {item.SourceNumber} gives its strength as {units}; air-kerma rate is needed."
        )
    strength = float(item.ReferenceAirKermaRate)
    if not (np.isfinite(strength) and strength > 0.0):
        raise RadiotherapyError(f"Source {item.SourceNumber} has an air-kerma rate of {strength:g} µGy/h.")
    words = ("SourceModelID", "SourceDescription", "SourceManufacturer", "SourceSerialNumber")
    half_life = item.get("SourceIsotopeHalfLife")
    day = str(item.get("SourceStrengthReferenceDate", "") or "")
    return PlannedSource(
        number=int(item.SourceNumber),
        told=tuple(str(item.get(word)) for word in words if item.get(word)),
        isotope=str(item.get("SourceIsotopeName", "")),
        half_life_d=float(half_life) if half_life else None,
        strength_u=strength,
        reference_date=datetime.strptime(day, "%Y%m%d").date() if day else None,  # noqa: DTZ007  (a day has no zone)
    )


def _positions(channel: Dataset) -> Iterable[PlannedPosition]:
    """Every place of a channel once: a stepping source names each twice, at its begin and its end."""
    last: Place | None = None
    for point in channel.get("BrachyControlPointSequence") or ():
        if not point.get("ControlPoint3DPosition"):
            raise RadiotherapyError(
                f"Channel {channel.get('ChannelNumber')} gives no positions in the patient."
            )
        x, y, z = (float(part) for part in point.ControlPoint3DPosition)
        if last is not None and np.linalg.norm(np.array(last) - (x, y, z)) < _SAME_PLACE_MM:
            continue
        last = (x, y, z)
        way = point.get("ControlPointOrientation")
        axis = (float(way[0]), float(way[1]), float(way[2])) if way else None
        yield PlannedPosition(
            source=int(channel.ReferencedSourceNumber),
            centre_lps_mm=last,
            axis_lps=axis,
            needle=str(channel.get("SourceApplicatorID") or channel.get("SourceApplicatorNumber") or ""),
        )


def _known(source: PlannedSource, declared: str, notes: list[str]) -> SeedModel:
    models = seed_models()
    told = " / ".join(source.told) or "no name"
    if source.isotope and "125" not in source.isotope:
        raise _unknown(source, f"its isotope is {source.isotope}", models)
    if declared:
        found = declared if declared in models else None
        notes.append(f"Source {source.number} ({told}) was taken for {declared}, on the caller's word.")
    else:
        names = {_plain(one): one for one in models}
        hits = {names[_plain(word)] for word in source.told if _plain(word) in names}
        hits |= {
            model.id
            for model in models.values()
            for word in source.told
            if _plain(word) == _plain(model.name)
        }
        found = hits.pop() if len(hits) == 1 else None
    if found is None:
        raise _unknown(source, f"it is called {declared or told}", models)
    model = models[found]
    if source.half_life_d and abs(source.half_life_d / model.half_life_d - 1.0) > _HALF_LIFE_SHARE:
        notes.append(
            f"Source {source.number} has a half-life of {source.half_life_d:g} d in the file, {model.half_life_d:g} d here."
        )
    return model


def _unknown(source: PlannedSource, why: str, models: Mapping[str, SeedModel]) -> UnknownSeedModelError:
    return UnknownSeedModelError(
        f"Source {source.number} is not known here: {why}; there are data for: {', '.join(models)}. "
        "Another model's data would be wrong; name the model if you know that it is one of these.",
        source=source.number,
    )


def _plain(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())


def _strength(source: PlannedSource, implanted_on: date | None, declared: str) -> float:
    if implanted_on is None:
        return source.strength_u
    if source.reference_date is None:
        raise RadiotherapyError(f"Source {source.number} has no day of reference to decay from.")
    elapsed = (implanted_on - source.reference_date).days
    if elapsed < 0:
        raise RadiotherapyError(f"The implant lies before the day of reference of source {source.number}.")
    return source.strength_u * decay_factor(elapsed, half_life_d=_known(source, declared, []).half_life_d)


def _axes(positions: Iterable[PlannedPosition], notes: list[str]) -> list[Place]:
    """Directions: the file's, else the needle's, through the first and last seed of it."""
    every = list(positions)
    missing = 0
    found: list[Place] = []
    for one in every:
        if one.axis_lps is not None:
            found.append(one.axis_lps)
            continue
        missing += 1
        line = [other.centre_lps_mm for other in every if other.needle == one.needle and one.needle]
        if len(line) < 2:
            raise RadiotherapyError(
                "A seed has neither a direction nor a second seed in its needle: use the point source with a CSV of seeds."
            )
        places = np.array(line)
        away = places[np.linalg.norm(places - places[0], axis=1).argmax()] - places[0]
        x, y, z = away.tolist()
        found.append((x, y, z))
    if missing:
        notes.append(f"{missing} seeds have no direction in the file; they lie along their needles.")
    return found
