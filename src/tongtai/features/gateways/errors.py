"""What can go wrong with a gateway."""

from tongtai.core.errors import TongtaiError


class InvalidFeedError(TongtaiError):
    """A feed's name is 1 to 20 small letters, digits and hyphens."""

    code = "feed_name"


class GatewayNotFoundError(TongtaiError):
    """There is no such gateway."""

    code = "gateway_not_found"


class EnrolmentRefusedError(TongtaiError):
    """The enrolment code is unknown, used or expired; ask for a new one."""

    code = "enrolment_refused"


class GatewayTokenError(TongtaiError):
    """The gateway's token is missing, unknown or revoked; enrol the gateway again."""

    code = "gateway_token"


class NoCaseError(TongtaiError):
    """The gateway's operating room has no case at present."""

    code = "gateway_no_case"
    retryable = True


class RecordingNotFoundError(TongtaiError):
    """There is no such recording."""

    code = "recording_not_found"


class RecordingConsentMissingError(TongtaiError):
    """The patient has not consented to recording, or no longer does: nothing of it is given out."""

    code = "recording_consent_missing"


class RecordingOffsetError(TongtaiError):
    """The piece does not continue where the upload stands; ask for the offset and go on there."""

    code = "recording_offset"
    retryable = True


class RecordingTooLargeError(TongtaiError):
    """The recording is larger than announced or than this server accepts."""

    code = "recording_too_large"


class RecordingHashError(TongtaiError):
    """The recording does not have the announced SHA-256; it was discarded, send it again."""

    code = "recording_hash"
    retryable = True


class LinkTestTooLargeError(TongtaiError):
    """A link test sends 16 MiB at most."""

    code = "link_test_too_large"
