"""Write a plan as a report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from io import BytesIO
from warnings import catch_warnings, simplefilter

from highdicom.sr import (
    AlgorithmIdentification,
    Comprehensive3DSR,
    DeviceObserverIdentifyingAttributes,
    FindingSite,
    Measurement,
    MeasurementReport,
    MeasurementsAndQualitativeEvaluations,
    ObservationContext,
    ObserverContext,
    TrackingIdentifier,
)
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from tongtai.core.planning.achieved import CoverageAchieved
from tongtai.core.planning.needles import PlannedNeedle, PlannedPosition
from tongtai.core.planning.plan import Plan
from tongtai.formats.dicom.character_set import in_utf8
from tongtai.formats.dicom.errors import DicomError
from tongtai.formats.dicom.identifiers import stamp, uid_of
from tongtai.formats.dicom.structured_report.concepts import (
    PRIVATE_SCHEME,
    concept,
    ellipsoid,
    line,
    measured,
    point,
    text,
)

_MANUFACTURER = "Tongtai"
_NEAREST = 5


class PlanReportError(DicomError):
    """The plan cannot be bound to images, or has no needles to report."""

    code = "plan_report"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """The physician who approved the plan.

    Attributes
    ----------
    name
        As DICOM writes names, ``Family^Given``.
    """

    name: str
    organisation: str


def write_plan_report(
    plan: Plan,
    sources: Sequence[Dataset],
    *,
    plan_sha256: str,
    written_at: datetime,
    approved_by: Signature | None = None,
    series_number: int = 101,
) -> bytes:
    """A Comprehensive 3D SR file.

    Each needle and each application of energy is one measurement group: the needle as a polyline from
    the skin to the deepest tip, the zone as an ellipsoid, and their numbers. The same plan on the same
    images, written at the same time, gives the same bytes.

    Parameters
    ----------
    plan : Plan
        A plan with needles.
    sources : sequence of Dataset
        Headers of the images that were planned on.
    plan_sha256 : str
        Hash of ``plan.json``, which the report is bound to.
    written_at : datetime
        Date and time of the content.
    approved_by : Signature, optional
        Makes the report VERIFIED; without it, it is an unverified draft.

    Raises
    ------
    PlanReportError
        If the plan has no needles, no frame of reference, or lies in another space than the images.
    """
    frame = _checked_frame(plan, sources)
    seed = f"{plan_sha256}|{written_at.isoformat()}|{approved_by}"
    content = MeasurementReport(
        observation_context=ObservationContext(observer_device_context=_observer(seed)),
        procedure_reported=concept(plan.request.technique),
        imaging_measurements=_groups(plan, frame, plan_sha256, approved_by),
        title=codes.DCM.ImagingMeasurementReport,
        referenced_images=list(sources),
    )
    with catch_warnings():
        # highdicom's remarks about names of patients are the hospital's affair.
        simplefilter("ignore")
        report = Comprehensive3DSR(
            evidence=[in_utf8(sources[0]), *sources[1:]],
            content=content[0],
            series_instance_uid=uid_of(f"{seed}|report series"),
            series_number=series_number,
            sop_instance_uid=uid_of(f"{seed}|report"),
            instance_number=1,
            manufacturer=_MANUFACTURER,
            is_complete=True,
            is_final=approved_by is not None,
            is_verified=approved_by is not None,
            verifying_observer_name=approved_by.name if approved_by else None,
            verifying_organization=approved_by.organisation if approved_by else None,
            series_description="Ablation plan: needles and zones",
        )
    return _file(report, written_at)


def _checked_frame(plan: Plan, sources: Sequence[Dataset]) -> str:
    frame = plan.image.frame_of_reference_uid
    if not plan.needles:
        raise PlanReportError("A plan without needles has nothing to report in space.")
    if not sources or not frame:
        raise PlanReportError(
            "A report needs the headers of the images and their frame of reference: "
            "plan on a DICOM series to get one."
        )
    if any(str(source.get("FrameOfReferenceUID", "")) != frame for source in sources):
        raise PlanReportError("The images lie in another frame of reference than the plan.")
    return frame


def _observer(seed: str) -> ObserverContext:
    return ObserverContext(
        observer_type=codes.DCM.Device,
        observer_identifying_attributes=DeviceObserverIdentifyingAttributes(
            uid=uid_of(f"{seed.split('|', 1)[0]}|observer"),
            name=_MANUFACTURER,
            manufacturer_name=_MANUFACTURER,
            model_name=_MANUFACTURER,
        ),
    )


def _group(
    plan: Plan, identifier: str, finding: str, measurements: Sequence[Measurement], texts: dict[str, str]
) -> MeasurementsAndQualitativeEvaluations:
    group = MeasurementsAndQualitativeEvaluations(
        tracking_identifier=TrackingIdentifier(
            uid=uid_of(f"{plan.identity.plan_id}|{plan.identity.version}|{identifier}"), identifier=identifier
        ),
        finding_type=concept(finding),
        finding_sites=[FindingSite(anatomic_location=concept("liver"))],
        algorithm_id=AlgorithmIdentification(name=_MANUFACTURER, version=version("tongtai")),
        measurements=list(measurements),
    )
    for key, value in texts.items():
        # TID 1501 is extensible: sentences stand behind what the template names.
        group[0].ContentSequence.append(text(key, value))
    return group


def _groups(
    plan: Plan, frame: str, plan_sha256: str, approved_by: Signature | None
) -> list[MeasurementsAndQualitativeEvaluations]:
    groups = [
        *(_needle_group(plan, needle, frame) for needle in plan.needles),
        *(_position_group(plan, position, frame) for position in plan.positions),
    ]
    if plan.coverage is not None:
        groups.append(_coverage_group(plan, plan.coverage, frame, plan_sha256, approved_by))
    return groups


def _needle_group(plan: Plan, needle: PlannedNeedle, frame: str) -> MeasurementsAndQualitativeEvaluations:
    way = line(needle.entry_lps_mm, needle.tip_lps_mm, frame)
    target_mm = sum((a - b) ** 2 for a, b in zip(needle.target_lps_mm, needle.entry_lps_mm, strict=True))
    numbers = [
        measured("needle_length", needle.depth_mm, [way]),
        measured("target_depth", target_mm**0.5, [point(needle.target_lps_mm, frame)]),
        measured("axial_angle", needle.axial_angle_deg),
        measured("craniocaudal", needle.craniocaudal_deg),
        measured("mediolateral", needle.mediolateral_deg),
        measured("liver_pass", needle.liver_pass_mm),
        measured("capsule_angle", needle.capsule_angle_deg),
        measured("track_ablation", needle.track_ablation_mm),
        *(measured("near_distance", near.distance_mm, about=near.name) for near in needle.near[:_NEAREST]),
    ]
    device = plan.device
    words = f"{device.name} ({device.table_id})" if device else needle.device_id
    return _group(plan, needle.id, "needle", numbers, {"device": words})


def _position_group(
    plan: Plan, position: PlannedPosition, frame: str
) -> MeasurementsAndQualitativeEvaluations:
    body = ellipsoid(
        position.centre_lps_mm, position.axis_lps, position.semi_along_mm, position.semi_across_mm, frame
    )
    numbers = [
        measured("tip_depth", position.tip_depth_mm, [point(position.tip_lps_mm, frame)]),
        measured("pull_back", position.pull_back_mm),
        measured("duration", position.time_min),
        measured("zone_volume", position.volume_ml, [body]),
        measured("zone_long", 2.0 * position.semi_along_mm),
        measured("zone_short", 2.0 * position.semi_across_mm),
    ]
    if position.power_w is not None:
        numbers.append(measured("power", position.power_w))
    if position.current_ma is not None:
        numbers.append(measured("current", position.current_ma))
    words = {"statement": f"{position.statement} ({'; '.join(position.sources)})"}
    return _group(plan, f"{position.needle}/{position.number}", "ablation_zone", numbers, words)


def _coverage_group(
    plan: Plan, coverage: CoverageAchieved, frame: str, plan_sha256: str, approved_by: Signature | None
) -> MeasurementsAndQualitativeEvaluations:
    numbers = [
        measured("margin_asked", plan.target.margin_mm),
        measured("tumour_coverage", 100.0 * coverage.tumour),
        measured("target_coverage", 100.0 * coverage.target),
        measured("collateral", coverage.collateral_ml),
        measured("remnant", 100.0 * coverage.remnant_share),
    ]
    if coverage.minimum_margin_mm is not None and coverage.minimum_margin_lps_mm is not None:
        place = point(coverage.minimum_margin_lps_mm, frame)
        numbers.append(measured("minimum_margin", coverage.minimum_margin_mm, [place]))
    if coverage.chance is not None:
        about = f"{coverage.chance.margin_mm:g} mm"
        numbers.append(measured("margin_probability", 100.0 * coverage.chance.probability, about=about))
    state = "approved" if approved_by else "AI draft, not approved; not a registered medical device"
    return _group(
        plan, plan.target.tumour, "tumour", numbers, {"plan_state": state, "plan_hash": plan_sha256}
    )


def _file(report: Dataset, written_at: datetime) -> bytes:
    scheme = Dataset()
    scheme.CodingSchemeDesignator = PRIVATE_SCHEME
    scheme.CodingSchemeName = "Terms of Tongtai's ablation plans"
    scheme.CodingSchemeResponsibleOrganization = _MANUFACTURER
    report.CodingSchemeIdentificationSequence = [scheme]
    stamp(report, written_at)
    for verifying in report.get("VerifyingObserverSequence") or ():
        verifying.VerificationDateTime = f"{written_at:%Y%m%d%H%M%S}"
    stream = BytesIO()
    report.save_as(stream, enforce_file_format=True)
    return stream.getvalue()
