"""From a domain error to an HTTP answer: one table, one body."""

from collections.abc import Mapping
from types import MappingProxyType

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from tongtai.core.checklists import SheetError
from tongtai.core.complications.errors import ComplicationRulesError, FactError
from tongtai.core.errors import TongtaiError
from tongtai.core.intake.errors import IntakeError
from tongtai.core.needle import NeedleError
from tongtai.core.planning.errors import PlanningError
from tongtai.core.record_form import RecordFormError
from tongtai.core.risk.errors import RiskError
from tongtai.core.seed_planning.errors import SeedPlanningError
from tongtai.core.segmentation.errors import SegmentationError
from tongtai.core.windowing import WindowError
from tongtai.features.accounts import errors as accounts
from tongtai.features.agreements import errors as agreements
from tongtai.features.audit import errors as audit
from tongtai.features.opinions import errors as opinions
from tongtai.features.mdt import errors as mdt
from tongtai.features.intake import errors as intake
from tongtai.features.checklists import errors as checklists
from tongtai.features.archive import errors as archive
from tongtai.features.cases import errors as cases
from tongtai.features.consents import errors as consents
from tongtai.features.documents import errors as documents
from tongtai.features.experts import errors as experts
from tongtai.features.followup import errors as followup
from tongtai.features.gateways import errors as gateways
from tongtai.features.guidance import errors as guidance
from tongtai.features.imaging import errors as imaging
from tongtai.features.incidents import errors as incidents
from tongtai.features.institutions import errors as institutions
from tongtai.features.plans import errors as plans
from tongtai.features.policies import errors as policies
from tongtai.features.qualifications import errors as qualifications
from tongtai.features.replays import errors as replays
from tongtai.features.workflow import errors as workflow
from tongtai.formats.attachments import AttachmentError
from tongtai.features.privacy import errors as privacy
from tongtai.features.quality import errors as quality
from tongtai.formats.archives.zips import ArchiveError
from tongtai.formats.case_documents import DocumentFontMissingError, DocumentUnreadableError
from tongtai.formats.dicom.errors import DicomError, FrameMissingError, MultipartError
from tongtai.formats.lab_import import LabFileError
from tongtai.formats.meshes import MeshError
from tongtai.formats.plan_book import BookFontMissingError, PlanBookError
from tongtai.formats.plan_json import PlanFileError
from tongtai.formats.replay_video import RecordingUnreadableError
from tongtai.formats.session_report import ReportFontMissingError
from tongtai.formats.voxel_files import VoxelFileError
from tongtai.formats.whole_folder import FolderNotEmptyError
from tongtai.infra.blobs import BlobMissingError
from tongtai.infra.jobs import JobsUnavailableError, WorkerRunningError, WorkUnreadableError
from tongtai.infra.signing.errors import (
    CertificateRefusedError,
    NotASignedPdfError,
    SigningError,
    SigningTokenError,
    TimestampError,
)
from tongtai.infra.settings import SettingRefusedError

log = structlog.get_logger(__name__)

STATUS: Mapping[type[TongtaiError], int] = MappingProxyType(
    {
        accounts.NotSignedInError: 401,
        accounts.LoginFailedError: 401,
        accounts.OneTimeCodeRequiredError: 401,
        accounts.CsrfRefusedError: 403,
        accounts.ForbiddenError: 403,
        accounts.PasswordChangeRequiredError: 403,
        accounts.LoginLockedError: 429,
        accounts.PasswordWrongError: 422,
        accounts.PasswordTooWeakError: 422,
        accounts.OneTimeCodeWrongError: 422,
        accounts.OneTimeCodeStateError: 409,
        accounts.UserNotFoundError: 404,
        accounts.LoginTakenError: 409,
        accounts.RoleNotOfThisSideError: 422,
        accounts.RevocationIncompleteError: 502,
        audit.AuditHeadMissingError: 500,
        agreements.AgreementNotFoundError: 404,
        agreements.AgreementIncompleteError: 409,
        agreements.AgreementSignedError: 409,
        agreements.AgreementChangedError: 409,
        policies.PolicyRefusedError: 422,
        policies.PolicyNotYoursError: 409,
        policies.PolicyChangedError: 409,
        qualifications.QualificationNotFoundError: 404,
        qualifications.QualificationHolderError: 422,
        cases.CaseNotFoundError: 404,
        cases.ConsentMissingError: 403,
        cases.RecordLockedError: 409,
        intake.IntakeChangedError: 409,
        intake.AttachmentNotFoundError: 404,
        mdt.MeetingNotFoundError: 404,
        mdt.MeetingChangedError: 409,
        mdt.MeetingDecidedError: 409,
        mdt.MeetingRefusedError: 409,
        opinions.OpinionNotFoundError: 404,
        opinions.OpinionChangedError: 409,
        opinions.OpinionIssuedError: 409,
        opinions.OpinionRefusedError: 409,
        checklists.SheetConfirmedError: 409,
        checklists.SheetIncompleteError: 409,
        checklists.SheetOrderError: 409,
        checklists.MeasurementMissingError: 409,
        checklists.MeasurementNotMetError: 409,
        checklists.PinWrongError: 422,
        checklists.PinTooWeakError: 422,
        replays.ReplayRefusedError: 409,
        replays.ReplayNotFoundError: 404,
        replays.TeachingRefusedError: 409,
        replays.TeachingChangedError: 409,
        RecordingUnreadableError: 422,
        archive.BundleNotFoundError: 404,
        archive.ReceiptRefusedError: 409,
        archive.KeptError: 409,
        archive.SealRefusedError: 409,
        archive.CopyRefusedError: 409,
        archive.HoldNotFoundError: 404,
        IntakeError: 422,
        SheetError: 422,
        AttachmentError: 422,
        LabFileError: 422,
        consents.ConsentRefusedError: 422,
        consents.ConsentNotFoundError: 404,
        consents.ConsentWithdrawnError: 409,
        cases.CaseChangedError: 409,
        cases.CasePartiesError: 422,
        cases.TeamRefusedError: 422,
        institutions.InstitutionNotFoundError: 404,
        institutions.OperatingRoomNotFoundError: 404,
        institutions.NameTakenError: 409,
        institutions.NotAnInvitingInstitutionError: 422,
        gateways.InvalidFeedError: 422,
        gateways.GatewayNotFoundError: 404,
        gateways.EnrolmentRefusedError: 403,
        gateways.GatewayTokenError: 401,
        gateways.NoCaseError: 409,
        gateways.RecordingConsentMissingError: 409,
        gateways.RecordingNotFoundError: 404,
        gateways.RecordingOffsetError: 409,
        gateways.RecordingTooLargeError: 413,
        gateways.RecordingHashError: 422,
        gateways.LinkTestTooLargeError: 413,
        imaging.PushNotFoundError: 404,
        imaging.PushFinishedError: 409,
        imaging.ImageNotFoundError: 404,
        imaging.UploadTooLargeError: 413,
        imaging.ChecksumError: 422,
        imaging.FileTooLargeError: 413,
        imaging.SeriesConflictError: 409,
        imaging.InstanceConflictError: 409,
        imaging.OtherStudyError: 409,
        imaging.NothingQuarantinedError: 409,
        imaging.AmbiguousPatientError: 409,
        imaging.TypedNameError: 422,
        imaging.TestHashMissingError: 422,
        imaging.NotAcceptableError: 406,
        imaging.UnsupportedBodyError: 415,
        plans.PlanNotFoundError: 404,
        plans.PlanStateError: 409,
        plans.OwnApprovalError: 409,
        plans.JobNotFoundError: 404,
        plans.JobStateError: 409,
        plans.PlanRequestError: 422,
        plans.PlansInUseError: 409,
        JobsUnavailableError: 503,
        SettingRefusedError: 500,
        WorkUnreadableError: 409,
        WorkerRunningError: 409,
        followup.WarningNotFoundError: 404,
        followup.WarningAcknowledgedError: 409,
        followup.CareTaskNotFoundError: 404,
        followup.CareTaskStateError: 409,
        followup.CareOrderedError: 409,
        followup.AssessmentRefusedError: 422,
        ComplicationRulesError: 500,
        FactError: 422,
        RiskError: 422,
        incidents.IncidentNotFoundError: 404,
        incidents.IncidentActRefusedError: 409,
        incidents.IncidentChangedError: 409,
        RecordFormError: 422,
        privacy.ImpactAssessmentNotFoundError: 404,
        privacy.ImpactAssessmentRefusedError: 409,
        privacy.ImpactAssessmentChangedError: 409,
        experts.LeaveNotFoundError: 404,
        experts.LeaveRefusedError: 422,
        cases.ExpertAwayError: 409,
        quality.EvaluationRefusedError: 409,
        quality.IndicatorNotFoundError: 404,
        quality.ReviewNotFoundError: 404,
        quality.FindingNotFoundError: 404,
        quality.NothingToDrawError: 409,
        quality.ReviewRefusedError: 409,
        quality.FindingActRefusedError: 409,
        quality.ReviewChangedError: 409,
        guidance.SessionNotOpenError: 409,
        guidance.WorkflowForbidsError: 409,
        guidance.TransitionRefusedError: 409,
        guidance.StepNotOfTechniqueError: 422,
        guidance.AdviceNotFoundError: 404,
        guidance.StrokeNotFoundError: 404,
        guidance.DuplicateSubjectError: 409,
        guidance.TooManyStrokesError: 409,
        guidance.NotYourTurnError: 409,
        guidance.GuideNotInTeamError: 422,
        guidance.CommandIdReusedError: 409,
        guidance.DeviceReusedError: 409,
        guidance.DeviceExpiredError: 409,
        guidance.LogUnavailableError: 503,
        guidance.MediaUnavailableError: 503,
        guidance.WebhookRefusedError: 401,
        workflow.NotInWorkflowError: 404,
        workflow.WorkflowBegunError: 409,
        workflow.MoveRefusedError: 409,
        workflow.WorkflowChangedError: 409,
        workflow.ReasonMissingError: 422,
        workflow.StatementRefusedError: 422,
        workflow.CaseSealedError: 409,
        workflow.NoticeNotFoundError: 404,
        workflow.ViewNotFoundError: 404,
        WindowError: 422,
        BlobMissingError: 404,
        ReportFontMissingError: 503,
        DocumentFontMissingError: 503,
        DocumentUnreadableError: 422,
        NotASignedPdfError: 422,
        CertificateRefusedError: 422,
        documents.DocumentNotFoundError: 404,
        documents.DocumentTooLargeError: 413,
        documents.DocumentNotYoursError: 403,
        documents.DocumentStateError: 409,
        documents.DocumentIncompleteError: 409,
        SigningError: 409,
        SigningTokenError: 502,
        TimestampError: 502,
        PlanBookError: 422,
        BookFontMissingError: 503,
        MeshError: 422,
        ArchiveError: 422,
        DicomError: 422,
        VoxelFileError: 422,
        SegmentationError: 422,
        PlanFileError: 422,
        NeedleError: 422,
        PlanningError: 422,
        SeedPlanningError: 422,
        FolderNotEmptyError: 409,
        MultipartError: 400,
        FrameMissingError: 404,
    }
)
_CODES = MappingProxyType(
    {
        400: "bad_request",
        401: "not_signed_in",
        403: "forbidden",
        404: "not_found",
        405: "method_not_allowed",
        413: "too_large",
        415: "media_type_not_supported",
    }
)


class ErrorDetail(BaseModel):
    """What went wrong: a stable code, an English sentence, and the facts by name."""

    code: str
    message: str
    values: dict[str, object] = {}


class ErrorBody(BaseModel):
    """The body of every error."""

    error: ErrorDetail


def error_response(
    status: int, code: str, message: str, values: Mapping[str, object] | None = None
) -> JSONResponse:
    """An answer with the body of every error."""
    detail = {"code": code, "message": message, "values": dict(values or {})}
    return JSONResponse({"error": detail}, status_code=status, headers={"Cache-Control": "no-store"})


def status_of(error: TongtaiError) -> int:
    """The status of an error's class, or of the nearest class above it."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def install_error_handlers(app: FastAPI) -> None:
    """Make every error of the application answer in the same form."""
    app.add_exception_handler(TongtaiError, _domain)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(DataError, _unstorable)
    app.add_exception_handler(OperationalError, _database)
    app.add_exception_handler(PoolTimeoutError, _database)
    app.add_exception_handler(Exception, _unexpected)


async def _domain(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, TongtaiError):
        raise error
    status = status_of(error)
    if status >= 500:
        # Only what nobody foresaw needs its trace.
        log.error("request failed", code=error.code, exc_info=error if status == 500 else None)
    response = error_response(status, error.code, str(error), error.values)
    retry_after = error.values.get("retry_after_s")
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


async def _validation(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    # What was sent is never echoed: it can be a password or a patient's name.
    fields = [
        {"field": ".".join(str(part) for part in fault["loc"]), "reason": fault["type"]}
        for fault in error.errors()
    ]
    message = "The request has missing or wrong fields; see values.fields."
    return error_response(422, "invalid_request", message, {"fields": fields})


async def _http(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    code = _CODES.get(error.status_code, "http_error")
    response = error_response(error.status_code, code, str(error.detail))
    response.headers.update(error.headers or {})
    return response


async def _unstorable(_request: Request, _error: Exception) -> JSONResponse:
    # PostgreSQL keeps no NUL in a text and no number beyond its column's range; SQLite keeps both.
    message = "A text has a character, or a number a size, that cannot be kept; nothing was changed."
    return error_response(422, "value_unstorable", message)


async def _database(_request: Request, error: Exception) -> JSONResponse:
    log.error("database did not answer", exc_info=error)
    message = "The database is busy or away; try again."
    response = error_response(503, "database_unavailable", message)
    response.headers["Retry-After"] = "1"
    return response


async def _unexpected(_request: Request, _error: Exception) -> JSONResponse:
    # Starlette raises it again after this answer, and the server logs it with its trace.
    return error_response(500, "internal_error", "Something failed that should not; it was logged.")
