"""For whom a case waits: which steps and statements are a person's to do next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tongtai.features.accounts.model import Role
from tongtai.features.workflow.model.dossier import MAY_STATE, StatementKind
from tongtai.features.workflow.model.states import ClinicalState
from tongtai.features.workflow.model.transitions import Act, Guard, leaving

# These are done when something goes wrong or has come to its end by itself: no case waits for them.
_NOBODY_WAITS_FOR = frozenset(
    {Act.CANCEL, Act.SUSPEND, Act.NOTE_DEATH, Act.ABORT, Act.STAND_DOWN, Act.PLAN_AGAIN, Act.CLOSE_UNTREATED}
)
# The follow-up's own tasks say when it is over.
_RUNS_BY_ITSELF = frozenset({ClinicalState.FOLLOW_UP})
_STATED_FOR: Mapping[Guard, StatementKind] = MappingProxyType(
    {
        Guard.REQUEST_APPROVED: StatementKind.REQUEST_APPROVED,
        Guard.PLAN_READ_BY_OPERATOR: StatementKind.PLAN_READ,
        Guard.RECORDS_WRITTEN: StatementKind.RECORD_WRITTEN,
        Guard.DISCHARGED: StatementKind.DISCHARGED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What a case waits for from somebody."""

    acts: tuple[Act, ...] = ()
    statements: tuple[StatementKind, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.acts or self.statements)


def waits_for(state: ClinicalState, roles: Iterable[Role], stated: Iterable[StatementKind] = ()) -> Waiting:
    """What somebody with these roles does next in a case; ``stated`` is done already.

    Examples
    --------
    >>> waits_for(ClinicalState.DRAFT, {Role.MEDICAL_AFFAIRS}).statements
    (<StatementKind.REQUEST_APPROVED: 'request_approved'>,)
    >>> bool(waits_for(ClinicalState.DRAFT, {Role.COORDINATOR}))
    False
    """
    if state in _RUNS_BY_ITSELF:
        return Waiting()
    mine, done = frozenset(roles), frozenset(stated)
    onward = [way for way in leaving(state) if way.act not in _NOBODY_WAITS_FOR]
    acts = dict.fromkeys(way.act for way in onward if way.roles & mine)
    asked = dict.fromkeys(
        _STATED_FOR[guard] for way in onward for guard in way.guards if guard in _STATED_FOR
    )
    statements = tuple(kind for kind in asked if MAY_STATE[kind] & mine and kind not in done)
    return Waiting(acts=tuple(acts), statements=statements)


def states_waiting_for(roles: Iterable[Role]) -> frozenset[ClinicalState]:
    """The states in which a case may wait for somebody with these roles."""
    mine = frozenset(roles)
    return frozenset(state for state in ClinicalState if waits_for(state, mine))
