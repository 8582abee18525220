"""Use cases of incidents: report, act, look at their clocks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tongtai.core.clock import Clock
from tongtai.core.record_form import RecordForm, Value
from tongtai.features.accounts.errors import ForbiddenError
from tongtai.features.accounts.model import Permission, Principal
from tongtai.features.audit.model import AuditAction
from tongtai.features.audit.service import AuditLog
from tongtai.features.incidents.errors import (
    IncidentActRefusedError,
    IncidentChangedError,
    IncidentNotFoundError,
)
from tongtai.features.incidents.model import (
    Incident,
    IncidentAct,
    IncidentEvent,
    IncidentState,
    due_calls,
)
from tongtai.features.incidents.ports import Calls, IncidentStore
from tongtai.features.workflow.model import Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentService:
    """Incidents of one's own institution. Everybody reports; who holds the permission sees all and acts."""

    store: IncidentStore
    audit: AuditLog
    clock: Clock
    new_id: Callable[[str], str]
    form: RecordForm

    async def listed(self, principal: Principal) -> list[Incident]:
        """All incidents of one's institution, or those that one has reported, the newest first."""
        self.audit.record(principal.actor, AuditAction.INCIDENT_READ)
        return [
            one
            for one in await self.store.of_institution(principal.institution_id)
            if _may_see(principal, one)
        ]

    async def read(self, principal: Principal, incident_id: str) -> tuple[Incident, list[IncidentEvent]]:
        """One incident with everything that was done about it.

        Raises
        ------
        IncidentNotFoundError
            If one's institution has none of this id, or it is neither reported by oneself nor one's to handle.
        """
        found = await self._found(principal, incident_id)
        self.audit.record(principal.actor, AuditAction.INCIDENT_READ, subject=found.id)
        return found, await self.store.events(found.id)

    async def report(self, principal: Principal, given: Mapping[str, object]) -> Incident:
        """Report an incident with what is known of it.

        Raises
        ------
        IncidentActRefusedError
            If a field is missing without which nobody can act, or the discovery lies ahead.
        RecordFormError
            If a value is not of its field's kind.
        """
        values, now = self.form.checked(given), self.clock.now()
        lacks = [one.as_dict() for one in self.form.lacks_for("report", values)]
        discovered = datetime.fromisoformat(str(values["discovered_at"])) if not lacks else now
        if discovered > now:
            lacks = [{"code": "incident_time_wrong", "values": {}}]
        if lacks:
            raise IncidentActRefusedError(act="report", lacks=lacks)
        known = await self.store.of_institution(principal.institution_id)
        incident = Incident(
            id=self.new_id("inc"),
            institution_id=principal.institution_id,
            number=len(known) + 1,
            state=IncidentState.REPORTED,
            values=values,
            discovered_at=discovered,
            reported_at=now,
            reporter=principal.by,
        )
        if not await self.store.add(incident):
            raise IncidentChangedError
        await self._note(principal, incident, "report", text="", done_at=now)
        return incident

    async def act(
        self,
        principal: Principal,
        incident_id: str,
        act: IncidentAct,
        *,
        version: int,
        text: str,
        done_at: datetime | None = None,
        values: Mapping[str, object] | None = None,
    ) -> Incident:
        """Do something about an incident, in words.

        Raises
        ------
        IncidentNotFoundError
            If one's institution has none of this id.
        IncidentActRefusedError
            With everything that is missing.
        IncidentChangedError
            If somebody else was quicker.
        """
        if Permission.PRIVACY_MANAGE not in principal.permissions:
            await self.audit.record_denied(principal.actor, AuditAction.INCIDENT_CHANGED)
            raise ForbiddenError(permission=Permission.PRIVACY_MANAGE.value)
        known, now = await self._found(principal, incident_id), self.clock.now()
        checked = None if values is None else self.form.checked(values)
        changed = known.after(act, self.form, now=now, text=text, done_at=done_at, values=checked)
        if known.version != version or not await self.store.replace(changed, version=version):
            raise IncidentChangedError
        await self._note(principal, changed, act.value, text=text.strip(), done_at=done_at or now)
        return changed

    async def _found(self, principal: Principal, incident_id: str) -> Incident:
        found = await self.store.find(principal.institution_id, incident_id)
        if found is None or not _may_see(principal, found):
            raise IncidentNotFoundError(incident_id=incident_id[:64])
        return found

    async def _note(
        self, principal: Principal, incident: Incident, act: str, *, text: str, done_at: datetime
    ) -> None:
        kept: Mapping[str, Value] = incident.values if act in ("report", IncidentAct.AMEND) else {}
        await self.store.add_event(
            IncidentEvent(
                incident_id=incident.id,
                seq=incident.version,
                act=act,
                by=principal.by,
                at=self.clock.now(),
                done_at=done_at,
                text=text,
                values=kept,
            )
        )
        self.audit.record(
            principal.actor,
            AuditAction.INCIDENT_CHANGED,
            subject=incident.id,
            act=act,
            state=incident.state.value,
        )


def _may_see(principal: Principal, incident: Incident) -> bool:
    return (
        Permission.PRIVACY_MANAGE in principal.permissions or incident.reporter.user_id == principal.user_id
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentTimers:
    """Looks at the clocks of incidents. Looking twice calls once."""

    store: IncidentStore
    calls: Calls
    clock: Clock
    new_id: Callable[[str], str]

    async def tick(self) -> list[Notice]:
        """Make the calls whose time has come; return the new ones."""
        now, made = self.clock.now(), []
        for incident in await self.store.open_ones():
            for due in due_calls(incident, now):
                notice = Notice(
                    id=self.new_id("note"),
                    incident_id=incident.id,
                    institution_id=incident.institution_id,
                    roles=frozenset(role.value for role in due.roles),
                    code=due.code,
                    level=due.level,
                    due_at=due.due_at,
                    made_at=now,
                )
                if await self.calls.add_notice(notice, since=incident.reported_at):
                    made.append(notice)
        return made
