"""Use cases of house rules: read and set those of one's own institution."""

from collections.abc import Callable
from dataclasses import dataclass

from tongtai.core.clock import Clock
from tongtai.features.accounts.model import Principal
from tongtai.features.audit.model import AuditAction
from tongtai.features.audit.service import AuditLog
from tongtai.features.institutions.model import InstitutionKind
from tongtai.features.policies.errors import PolicyChangedError, PolicyNotYoursError, PolicyRefusedError
from tongtai.features.policies.model import RULES, PolicyChange, PolicyKey, Rule, is_decided_by
from tongtai.features.policies.ports import PolicyStore


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyService:
    """House rules of one's own institution. Who may call what is decided by the caller."""

    store: PolicyStore
    audit: AuditLog
    clock: Clock
    new_id: Callable[[str], str]

    async def listed(self, principal: Principal) -> list[PolicyChange]:
        """Every setting of one's institution, the newest first."""
        return await self.store.of_institution(principal.institution_id)

    async def set(
        self,
        principal: Principal,
        kind: InstitutionKind,
        key: PolicyKey,
        *,
        value: int,
        reason: str,
        number: int,
    ) -> PolicyChange:
        """Set a rule anew, with the reason.

        Parameters
        ----------
        kind
            Of one's own institution.
        number
            How many settings of this rule one has seen: another's setting is not overwritten unseen.

        Raises
        ------
        PolicyNotYoursError
            If the other side decides this rule.
        PolicyRefusedError
            If the value is out of bounds, or the reason is missing.
        PolicyChangedError
            If somebody else has set it meanwhile.
        """
        rule = _permitted(kind, key, value=value, reason=reason)
        known = [one for one in await self.listed(principal) if one.key is key]
        before = known[0].value if known else rule.default
        change = PolicyChange(
            id=self.new_id("pol"),
            institution_id=principal.institution_id,
            key=key,
            number=len(known) + 1,
            value=value,
            reason=reason.strip(),
            changed_by=principal.user_id,
            changed_by_name=principal.display_name,
            changed_at=self.clock.now(),
        )
        if number != len(known) or not await self.store.add(change):
            raise PolicyChangedError(key=key.value)
        self.audit.record(
            principal.actor,
            AuditAction.POLICY_SET,
            subject=change.id,
            key=key.value,
            before=before,
            value=value,
        )
        return change


def _permitted(kind: InstitutionKind, key: PolicyKey, *, value: int, reason: str) -> Rule:
    rule = RULES[key]
    if not is_decided_by(rule, kind):
        raise PolicyNotYoursError(key=key.value, decided_by=rule.decided_by)
    if not rule.low <= value <= rule.high:
        raise PolicyRefusedError(key=key.value, value=value, low=rule.low, high=rule.high)
    if not reason.strip():
        raise PolicyRefusedError(key=key.value, missing="reason")
    return rule
