"""What can be wrong about a person, a log-in or a right."""

from tongtai.core.errors import TongtaiError


class NotSignedInError(TongtaiError):
    """Sign in first; there is no session, or it has ended."""

    code = "not_signed_in"


class CsrfRefusedError(TongtaiError):
    """The request lacks this session's X-CSRF-Token; reload the page."""

    code = "csrf_refused"


class ForbiddenError(TongtaiError):
    """Your role does not allow this."""

    code = "forbidden"


class PasswordChangeRequiredError(TongtaiError):
    """Choose a new password first."""

    code = "password_change_required"


class LoginFailedError(TongtaiError):
    """The login name, the password or the one-time code is wrong."""

    code = "login_failed"


class OneTimeCodeRequiredError(TongtaiError):
    """Give the code of the authenticator app too."""

    code = "totp_required"


class LoginLockedError(TongtaiError):
    """Too many failures; wait and try again."""

    code = "login_locked"
    retryable = True


class PasswordWrongError(TongtaiError):
    """The present password is wrong."""

    code = "password_wrong"


class PasswordTooWeakError(TongtaiError):
    """The new password is too easy to guess."""

    code = "password_too_weak"


class OneTimeCodeWrongError(TongtaiError):
    """The code is wrong or was used before."""

    code = "totp_code_wrong"


class OneTimeCodeStateError(TongtaiError):
    """The second factor is already on, or was not started."""

    code = "totp_state"


class UserNotFoundError(TongtaiError):
    """There is no such user."""

    code = "user_not_found"


class LoginTakenError(TongtaiError):
    """The login name is taken; choose another."""

    code = "login_taken"


class RoleNotOfThisSideError(TongtaiError):
    """The institution's kind does not have this role."""

    code = "role_not_of_this_side"


class RevocationIncompleteError(TongtaiError):
    """The sessions have ended, but the live rooms did not answer; revoke again."""

    code = "revocation_incomplete"
    retryable = True
