"""What can be wrong about the material of a case."""

from tongtai.core.errors import TongtaiError


class IntakeChangedError(TongtaiError):
    """Somebody else saved the form meanwhile; load it again."""

    code = "intake_changed"
    retryable = True


class AttachmentNotFoundError(TongtaiError):
    """The case has no such attachment."""

    code = "attachment_not_found"
