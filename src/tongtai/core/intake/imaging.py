"""Whether the images that were sent fulfil the list: phases, thickness, age, no loss; item by item."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tongtai.core.lacks import Lack, lack

PHASES_NEEDED = ("arterial", "portal", "delayed")
# Project defaults of the design: wanted and accepted slice thickness, greatest age.
THICKNESS_WANTED_MM = 1.5
THICKNESS_ACCEPTED_MM = 5.0
AGE_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesFacts:
    """What a series' headers say.

    Attributes
    ----------
    phase
        ``arterial``, ``portal``, ``delayed``, ``plain`` or ``unknown``.
    thickness_mm
        The thickest slice, or None when no header says so.
    lossy
        Whether any image was compressed with loss.
    """

    series_uid: str
    modality: str
    phase: str
    study_date: date | None
    thickness_mm: float | None
    lossy: bool
    images: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesCheck:
    """A series, with what speaks against it (``blocks``) and what is only noted (``warns``)."""

    facts: SeriesFacts
    blocks: tuple[Lack, ...]
    warns: tuple[Lack, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagingCheck:
    """The check of all series; ``lacks`` keeps planning from beginning."""

    series: tuple[SeriesCheck, ...]
    lacks: tuple[Lack, ...]


def check_imaging(series: Sequence[SeriesFacts], on: date) -> ImagingCheck:
    """Judge the series of a case as of a day.

    A contrast CT needs its three phases; magnetic resonance with series of one study stands in for it.

    Examples
    --------
    >>> [found.code for found in check_imaging([], date(2026, 1, 2)).lacks]
    ['imaging_missing']
    """
    checked = tuple(_check(one, on) for one in series if one.modality in {"CT", "MR"})
    if not checked:
        return ImagingCheck(series=(), lacks=(lack("imaging_missing"),))
    usable = [one for one in checked if not one.blocks]
    if any(one.facts.modality == "MR" for one in usable):
        return ImagingCheck(series=checked, lacks=())
    phases = {one.facts.phase for one in usable}
    missing = [phase for phase in PHASES_NEEDED if phase not in phases]
    lacks = []
    for phase in missing:
        # What is there and cannot be used is said first: it tells what to send instead.
        spoiled = [one for one in checked if one.blocks and one.facts.phase == phase]
        if spoiled:
            lacks += [found for one in spoiled for found in one.blocks]
        else:
            lacks.append(lack("phase_missing", phase=phase))
    return ImagingCheck(series=checked, lacks=tuple(lacks))


def _check(series: SeriesFacts, on: date) -> SeriesCheck:
    uid, blocks, warns = series.series_uid, [], []
    if series.lossy:
        blocks.append(lack("imaging_lossy", series=uid))
    if series.study_date is None:
        blocks.append(lack("imaging_undated", series=uid))
    elif (on - series.study_date).days > AGE_DAYS:
        blocks.append(
            lack("imaging_old", series=uid, study_date=series.study_date.isoformat(), days=AGE_DAYS)
        )
    if series.modality == "CT":
        if series.thickness_mm is None:
            warns.append(lack("thickness_unknown", series=uid))
        elif series.thickness_mm > THICKNESS_ACCEPTED_MM:
            blocks.append(
                lack("slices_thick", series=uid, mm=series.thickness_mm, accepted_mm=THICKNESS_ACCEPTED_MM)
            )
        elif series.thickness_mm > THICKNESS_WANTED_MM:
            warns.append(
                lack("slices_thick", series=uid, mm=series.thickness_mm, accepted_mm=THICKNESS_WANTED_MM)
            )
        if series.phase == "unknown":
            warns.append(lack("phase_unknown", series=uid))
    return SeriesCheck(facts=series, blocks=tuple(blocks), warns=tuple(warns))
