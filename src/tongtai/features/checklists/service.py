"""Use cases of checklists: answer lines, confirm for a party by log-in or PIN, open again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tongtai.core.checklists import Party, Sheet, SheetForm, checked_value
from tongtai.core.clock import Clock
from tongtai.core.measured_lines import ReadingState
from tongtai.features.accounts.errors import ForbiddenError, LoginLockedError
from tongtai.features.accounts.model import Permission, Principal, Role, confirmation
from tongtai.features.audit.model import AuditAction
from tongtai.features.audit.service import AuditLog
from tongtai.features.cases.model import Case, CaseView
from tongtai.features.cases.service import CaseAccess
from tongtai.features.checklists.errors import (
    MeasurementMissingError,
    MeasurementNotMetError,
    PinTooWeakError,
    PinWrongError,
    SheetConfirmedError,
    SheetIncompleteError,
    SheetOrderError,
)
from tongtai.features.checklists.model import PARTIES_OF, Filled, Mark, Reading, is_weak_pin, reading_of
from tongtai.features.checklists.ports import (
    Attempts,
    Hasher,
    Measurements,
    PeopleByLogin,
    PinStore,
    SheetStore,
)

_PIN_FAILURES = 5
_ORDER = tuple(Sheet)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistService:
    """The sheets of a case."""

    sheets: Mapping[Sheet, SheetForm]
    store: SheetStore
    measurements: Measurements
    pins: PinStore
    people: PeopleByLogin
    attempts: Attempts
    hasher: Hasher
    access: CaseAccess
    audit: AuditLog
    clock: Clock

    async def look(self, principal: Principal, case_id: str) -> tuple[CaseView, dict[Sheet, Filled]]:
        """Every sheet of a case, also those that nobody has begun."""
        view = await self.access.require(
            principal, case_id, Permission.CASE_READ, action=AuditAction.CHECKLIST_READ
        )
        known = await self.store.of_case(case_id)
        return view, {sheet: known.get(sheet) or _empty(case_id, sheet) for sheet in Sheet}

    async def readings(self, case: Case, filled: Filled) -> dict[str, Reading]:
        """What can be said now of the measured lines of a sheet that nobody has confirmed."""
        form = self.sheets[filled.sheet]
        if filled.confirmations or not any(line.measured for line in form.lines):
            return {}
        found, now = await self.measurements.of_case(case, form), self.clock.now()
        readings = {line.key: reading_of(line, found.get(line.key), now) for line in form.lines}
        return {key: reading for key, reading in readings.items() if reading is not None}

    async def want_measurements(self, principal: Principal, case_id: str) -> None:
        """Ask for new measurements; the gateways of the room hear of it with their next report."""
        view = await self._party(principal, case_id)
        await self.measurements.want(view.case)

    async def take_over(
        self,
        principal: Principal,
        case_id: str,
        sheet: Sheet,
        lines: Sequence[str],
        *,
        reasons: Mapping[str, str],
        version: int,
    ) -> None:
        """Answer lines with what was measured of them.

        Raises
        ------
        MeasurementMissingError
            If a line has no fresh measurement.
        MeasurementNotMetError
            If a measurement misses its limit and no reason is given.
        """
        case, filled = await self._to_answer(principal, case_id, sheet, lines)
        readings = await self.readings(case, filled)
        values: dict[str, object] = {}
        for key in lines:
            reading = readings.get(key)
            if reading is None or reading.found is None or reading.state is ReadingState.STALE:
                raise MeasurementMissingError(line=key)
            values[key] = reading.found.value
        marks = self._marks(principal, sheet, values, readings, reasons, taken=True)
        await self._answer(principal, case, filled, marks, version)

    async def mark(
        self,
        principal: Principal,
        case_id: str,
        sheet: Sheet,
        values: Mapping[str, object],
        *,
        version: int,
        reasons: Mapping[str, str] | None = None,
    ) -> None:
        """Answer lines by hand.

        Raises
        ------
        SheetOrderError
            If the sheet before is not complete.
        SheetConfirmedError
            If somebody has confirmed this one.
        ForbiddenError
            If a line is another party's to answer.
        MeasurementNotMetError
            If a measurement of the line misses its limit and no reason is given.
        """
        case, filled = await self._to_answer(principal, case_id, sheet, values)
        readings = await self.readings(case, filled)
        marks = self._marks(principal, sheet, values, readings, reasons or {}, taken=False)
        await self._answer(principal, case, filled, marks, version)

    async def confirm(
        self, principal: Principal, case_id: str, sheet: Sheet, party: Party, *, means: str = "login"
    ) -> None:
        """Confirm a sheet for a party, as who one is signed in (or has just given a PIN).

        Raises
        ------
        SheetIncompleteError
            If a line is missing, or the same person has confirmed for another party.
        ForbiddenError
            If the person does not speak for this party.
        """
        view = await self._party(principal, case_id)
        form = self.sheets[sheet]
        role = next((role for role in Role if role in view.roles & PARTIES_OF[party]), None)
        if role is None or party not in form.parties:
            await self.audit.record_denied(
                principal.actor, AuditAction.CHECKLIST_CONFIRMED, case=view.case.reference
            )
            raise ForbiddenError(party=party.value)
        filled = await self._begun(view.case, sheet)
        missing = filled.lacks_of_lines(form, view.case.technique.value)
        lacks = [one.as_dict() for one in missing + filled.old_measurements(form, self.clock.now())]
        twice = [
            other for other, one in filled.confirmations.items()
            if other is not party and one.user_id == principal.user_id
        ]  # fmt: skip
        if twice:
            lacks.append({"code": "parties_not_distinct", "values": {"sheet": sheet.value}})
        if lacks:
            raise SheetIncompleteError(sheet=sheet.value, lacks=lacks)
        mine = confirmation(principal, role, at=self.clock.now(), sha256=filled.sha256, means=means)
        confirmed = replace(filled, confirmations={**filled.confirmations, party: mine})
        await self._save(confirmed, filled.version)
        self.audit.record(
            principal.actor,
            AuditAction.CHECKLIST_CONFIRMED,
            case=view.case.reference,
            subject=sheet.value,
            party=party.value,
            means=means,
        )

    async def person_with_pin(self, at_tablet: Principal, *, login: str, pin: str) -> Principal:
        """Who gives their PIN at a tablet at which a colleague is signed in.

        Raises
        ------
        PinWrongError
            If it is wrong, or the person is of another institution.
        LoginLockedError
            After too many failures.
        """
        keys = {f"pin {login.strip().lower()}": _PIN_FAILURES}
        now = self.clock.now()
        locked_until = await self.attempts.reserve(keys, now=now)
        if locked_until is not None:
            seconds = max(1, round((locked_until - now).total_seconds()))
            raise LoginLockedError(retry_after_s=seconds)
        user = await self.people.find_by_login(login)
        known = await self.pins.find(user.id) if user else None
        right = await self.hasher.verify(known, pin)
        if not right or user is None or not user.active or user.institution_id != at_tablet.institution_id:
            await self.audit.record_denied(at_tablet.actor, AuditAction.PIN_FAILED)
            raise PinWrongError
        await self.attempts.refund(keys, forget=next(iter(keys)))
        return Principal(
            user_id=user.id,
            institution_id=user.institution_id,
            roles=user.roles,
            display_name=user.display_name,
            display_name_en=user.display_name_en,
            session_id=at_tablet.session_id,
        )

    async def set_pin(self, principal: Principal, pin: str) -> None:
        """Set one's own PIN; the caller has just proved who they are."""
        if is_weak_pin(pin):
            raise PinTooWeakError
        await self.pins.put(principal.user_id, await self.hasher.hash(pin), self.clock.now())
        self.audit.record(principal.actor, AuditAction.PIN_SET)

    async def reopen(self, principal: Principal, case_id: str, sheet: Sheet, *, reason: str) -> None:
        """Begin a sheet anew; the earlier round is kept with its confirmations."""
        view = await self._party(principal, case_id)
        filled = await self._begun(view.case, sheet)
        fresh = Filled(case_id=case_id, sheet=sheet, round=filled.round + 1, reopen_reason=reason)
        await self._save(fresh, 0)

    async def _party(self, principal: Principal, case_id: str) -> CaseView:
        view = await self.access.require(
            principal, case_id, Permission.CASE_READ, action=AuditAction.CHECKLIST_MARKED, changes=True
        )
        if not _parties(view.roles):
            await self.audit.record_denied(
                principal.actor, AuditAction.CHECKLIST_MARKED, case=view.case.reference
            )
            raise ForbiddenError(reason="no_party_of_the_sheet")
        return view

    async def _to_answer(
        self, principal: Principal, case_id: str, sheet: Sheet, lines: Iterable[str]
    ) -> tuple[Case, Filled]:
        """The case and the sheet, of which this person may answer these lines now."""
        view = await self._party(principal, case_id)
        form, mine = self.sheets[sheet], _parties(view.roles)
        for key in lines:
            line = form.line(key)
            if not (line.parties or form.parties) & mine:
                raise ForbiddenError(line=key, parties=sorted(line.parties or form.parties))
        filled = await self._begun(view.case, sheet)
        if filled.confirmations:
            raise SheetConfirmedError(sheet=sheet.value)
        return view.case, filled

    def _marks(
        self,
        principal: Principal,
        sheet: Sheet,
        values: Mapping[str, object],
        readings: Mapping[str, Reading],
        reasons: Mapping[str, str],
        *,
        taken: bool,
    ) -> dict[str, Mark]:
        now, marks = self.clock.now(), {}
        for key, value in values.items():
            line, reading = self.sheets[sheet].line(key), readings.get(key)
            missed = reading is not None and reading.state is ReadingState.NOT_MET
            # That there is a problem needs no reason: said by hand, it keeps the sheet open.
            problem = value is False and not taken
            if missed and not problem and not reasons.get(key):
                raise MeasurementNotMetError(line=key)
            marks[key] = Mark(
                value=checked_value(line, value),
                by=principal.user_id,
                by_name=principal.display_name,
                at=now,
                measured=reading.found if reading else None,
                reading=reading.state if reading else None,
                taken=taken,
                reason=reasons.get(key, "") if missed and not problem else "",
            )
        return marks

    async def _answer(
        self, principal: Principal, case: Case, filled: Filled, marks: Mapping[str, Mark], version: int
    ) -> None:
        await self._save(replace(filled, marks={**filled.marks, **marks}), version)
        for key, mark in marks.items():
            if mark.reason:
                self.audit.record(
                    principal.actor,
                    AuditAction.CHECKLIST_OVERRIDDEN,
                    case=case.reference,
                    subject=filled.sheet.value,
                    line=key,
                )

    async def _begun(self, case: Case, sheet: Sheet) -> Filled:
        known = await self.store.of_case(case.id)
        before = _ORDER[: _ORDER.index(sheet)]
        for earlier in before[-1:]:
            form = self.sheets[earlier]
            filled = known.get(earlier) or _empty(case.id, earlier)
            lacks = filled.lacks(form, case.technique.value)
            if lacks:
                raise SheetOrderError(
                    sheet=sheet.value, before=earlier.value, lacks=[one.as_dict() for one in lacks]
                )
        return known.get(sheet) or _empty(case.id, sheet)

    async def _save(self, filled: Filled, version: int) -> None:
        newer = replace(filled, version=version + 1)
        if not await self.store.save(newer, version=version):
            raise SheetConfirmedError(sheet=filled.sheet.value, reason="changed_meanwhile")


def _empty(case_id: str, sheet: Sheet) -> Filled:
    return Filled(case_id=case_id, sheet=sheet, round=1)


def _parties(roles: frozenset[Role]) -> frozenset[Party]:
    return frozenset(party for party, may in PARTIES_OF.items() if may & roles)
