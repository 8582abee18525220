"""When a case's workflow lets its live session begin, and the patient be touched."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from tongtai.features.accounts.model import Role
from tongtai.features.guidance.model import Gated
from tongtai.features.workflow.model.dossier import Statement, StatementKind, latest
from tongtai.features.workflow.model.states import ClinicalState

_S = ClinicalState
# From here on the procedure has begun, by a time-out that all parties and the guide have confirmed. What was done at the
# table without a network is written down later, also after the sign-out.
_BEGUN = frozenset(
    {
        _S.IN_PROCEDURE,
        _S.ABORTED,
        _S.SIGNED_OUT,
        _S.POST_OP,
        _S.REPORTED,
        _S.FOLLOW_UP,
        _S.CLOSED,
        _S.ARCHIVED,
        _S.DEATH,
    }
)

ALLOWED_IN: Mapping[Gated, frozenset[ClinicalState]] = MappingProxyType(
    {
        # Pictures are tested before the patient comes in: from the day on which the operation is scheduled.
        Gated.OPEN: frozenset(
            {
                _S.SCHEDULED,
                _S.READY,
                _S.SIGNED_IN,
                _S.TIME_OUT_OK,
                _S.IN_PROCEDURE,
                _S.ABORTED,
                _S.SIGNED_OUT,
            }
        ),
        Gated.TREAT: _BEGUN,
    }
)

# Measures on telemedicine services of 2018, clause 2: a physician of the inviting side is there.
PHYSICIANS = frozenset({Role.ATTENDING, Role.OPERATOR, Role.ANAESTHETIST})


def present(statements: Iterable[Statement], role: Role) -> bool:
    """Whether somebody of this role has come and not left."""
    return _last(statements, role) is StatementKind.PRESENT


def physicians_gone_at(statements: Iterable[Statement]) -> datetime | None:
    """Since when no physician of the inviting side is there; ``None`` while one is, or before one has come."""
    said = tuple(statements)
    if any(present(said, role) for role in PHYSICIANS):
        return None
    left = [one.at for one in said if one.kind is StatementKind.LEFT and one.by.role in PHYSICIANS]
    return max(left, default=None)


def _last(statements: Iterable[Statement], role: Role) -> StatementKind | None:
    mine = tuple(one for one in statements if one.by.role is role)
    last = latest(mine, StatementKind.PRESENT, StatementKind.LEFT)
    return last.kind if last else None
