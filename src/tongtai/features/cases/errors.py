"""What can be wrong about a case."""

from tongtai.core.errors import TongtaiError


class CaseNotFoundError(TongtaiError):
    """There is no such case, or none that you may know of."""

    code = "case_not_found"


class CaseChangedError(TongtaiError):
    """Somebody else changed the case meanwhile; load it again."""

    code = "case_changed"
    retryable = True


class CasePartiesError(TongtaiError):
    """A hospital invites an expert centre, into one of the hospital's own operating rooms."""

    code = "case_parties_wrong"


class TeamRefusedError(TongtaiError):
    """The team is not possible."""

    code = "team_refused"


class RecordLockedError(TongtaiError):
    """The record is archived or sealed: nothing in it changes but by a new version of the archive."""

    code = "record_locked"


class ConsentMissingError(TongtaiError):
    """The patient has not consented, or no longer consents, that your institution sees this case."""

    code = "consent_missing"


class ExpertAwayError(TongtaiError):
    """Somebody of the team is on leave at the operation's time; the values say who, and from when to when."""

    code = "expert_away"
