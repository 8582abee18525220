"""The table of commands: who may ask for what, and which rule decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tongtai.features.accounts.model import Permission
from tongtai.features.guidance.model import EventType, Side
from tongtai.features.guidance.model.catalogue import CRITICAL_STEPS, TABLE_ENTRIES, Gated
from tongtai.features.guidance.service import rules, table_rules
from tongtai.features.guidance.service.context import Command
from tongtai.features.guidance.service.rules import Rule, in_open_session


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandSpec:
    """The right that a command needs in its case, and its rule."""

    permission: Permission
    rule: Rule


def _spec(permission: Permission, rule: Rule) -> CommandSpec:
    return CommandSpec(permission=permission, rule=in_open_session(rule))


def _table(rule: Rule) -> CommandSpec:
    """Whoever stands at the table writes down what is done there."""
    return _spec(Permission.SESSION_RECORD, table_rules.at_table(rule))


_P, _E, _T = Permission, EventType, table_rules

_TABLE: Mapping[str, CommandSpec] = {
    _E.PLAN_LOADED: _table(rules.plain(_E.PLAN_LOADED)),
    _E.NEEDLE_PUNCTURED: _table(_T.puncture),
    _E.NEEDLE_ADVANCED: _table(_T.with_needle(_E.NEEDLE_ADVANCED)),
    _E.NEEDLE_CONFIRMED: _table(_T.with_needle(_E.NEEDLE_CONFIRMED)),
    _E.NEEDLE_REPOSITIONED: _table(_T.with_needle(_E.NEEDLE_REPOSITIONED)),
    _E.NEEDLE_WITHDRAWN: _table(_T.withdraw),
    _E.ENERGY_STARTED: _table(_T.start_energy),
    _E.ENERGY_SAMPLED: _table(_T.with_energy(_E.ENERGY_SAMPLED)),
    _E.ENERGY_STOPPED: _table(_T.with_energy(_E.ENERGY_STOPPED)),
    _E.SEEDS_ISSUED: _table(_T.seeds(_E.SEEDS_ISSUED)),
    _E.SEEDS_DROPPED: _table(_T.seeds(_E.SEEDS_DROPPED)),
    _E.SEEDS_COUNTED: _table(_T.seeds(_E.SEEDS_COUNTED)),
    _E.DEVICE_USED: _table(_T.unexpired(_T.use_device)),
    **{kind: _table(rules.plain(kind)) for kind in TABLE_ENTRIES},
}

COMMANDS: Mapping[str, CommandSpec] = MappingProxyType(
    {
        _E.SESSION_OPENED: CommandSpec(permission=_P.SESSION_STEP, rule=rules.open_session),
        _E.SESSION_CLOSED: _spec(_P.SESSION_STEP, rules.close_session),
        _E.SESSION_RESUMED: _spec(_P.SESSION_ANSWER, rules.resume),
        _E.STEP_MARKED: _spec(_P.SESSION_STEP, rules.mark_step),
        _E.ADVICE_GIVEN: _spec(_P.SESSION_ADVISE, rules.give_advice),
        _E.ADVICE_READ_BACK: _spec(_P.SESSION_ANSWER, rules.change_advice(_E.ADVICE_READ_BACK, Side.SITE)),
        _E.ADVICE_ACCEPTED: _spec(_P.SESSION_ANSWER, rules.change_advice(_E.ADVICE_ACCEPTED, Side.SITE)),
        _E.ADVICE_DECLINED: _spec(_P.SESSION_ANSWER, rules.change_advice(_E.ADVICE_DECLINED, Side.SITE)),
        _E.ADVICE_DONE: _spec(_P.SESSION_ANSWER, rules.change_advice(_E.ADVICE_DONE, Side.SITE)),
        _E.ADVICE_SUPERSEDED: _spec(
            _P.SESSION_ADVISE, rules.change_advice(_E.ADVICE_SUPERSEDED, Side.CENTRE)
        ),
        _E.DRAW_ADDED: _spec(_P.SESSION_DRAW, rules.draw),
        _E.DRAW_UNDONE: _spec(_P.SESSION_DRAW, rules.undo),
        _E.DRAW_CLEARED: _spec(_P.SESSION_DRAW, rules.plain(_E.DRAW_CLEARED)),
        _E.PICTURE_FROZEN: _spec(_P.SESSION_DRAW, rules.freeze),
        _E.PICTURE_UNFROZEN: _spec(_P.SESSION_DRAW, rules.unfreeze),
        _E.CT_SHOWN: _spec(_P.SESSION_SHOW_CT, rules.plain(_E.CT_SHOWN)),
        _E.CT_HIDDEN: _spec(_P.SESSION_SHOW_CT, rules.plain(_E.CT_HIDDEN)),
        _E.HELP_CALLED: _spec(_P.SESSION_HELP, rules.call_help),
        _E.HELP_ANSWERED: _spec(_P.SESSION_ADVISE, rules.answer_help),
        _E.HANDOVER_OFFERED: _spec(_P.SESSION_HANDOVER, rules.offer_handover),
        _E.HANDOVER_ACCEPTED: _spec(_P.SESSION_HANDOVER, rules.answer_handover(_E.HANDOVER_ACCEPTED)),
        _E.HANDOVER_DECLINED: _spec(_P.SESSION_HANDOVER, rules.answer_handover(_E.HANDOVER_DECLINED)),
        _E.ARBITRATION_OVERRIDDEN: _spec(_P.SESSION_STEP, rules.override_arbitration),
        _E.MARK_ADDED: _spec(_P.SESSION_MARK, rules.plain(_E.MARK_ADDED)),
        **_TABLE,
    }
)

# Calling STOP is a right of its own, beside giving advice.
STOP_PERMISSION = Permission.SESSION_STOP

# The patient is touched: the workflow must have begun the procedure.
_TREATS = frozenset({_E.NEEDLE_PUNCTURED, _E.ENERGY_STARTED, _E.SEEDS_DROPPED})


def gated_by(command: Command) -> Gated | None:
    """What the workflow is asked before a command; most need no leave.

    Examples
    --------
    >>> gated_by(Command(id="c", type="step.marked", payload={"step": "puncture"}))
    <Gated.TREAT: 'treat'>
    """
    if command.type == _E.SESSION_OPENED:
        return Gated.OPEN
    treats = command.type in _TREATS
    marks = command.type == _E.STEP_MARKED and command.payload.get("step") in CRITICAL_STEPS
    return Gated.TREAT if treats or marks else None
