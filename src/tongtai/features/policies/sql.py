"""The table of house rules' settings."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text, UniqueConstraint, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from tongtai.features.cases.model import Case
from tongtai.features.policies.model import PolicyChange, PolicyKey, values_for, values_of
from tongtai.infra.database import Base, UtcDateTime


class PolicyChangeRow(Base):
    """One setting of a rule."""

    __tablename__ = "policy_changes"
    __table_args__ = (UniqueConstraint("institution_id", "key", "number", name="uq_policy_changes_number"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institutions.id"))
    key: Mapped[str] = mapped_column(String(64))
    number: Mapped[int] = mapped_column(Integer)
    value: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(Text)
    changed_by: Mapped[str] = mapped_column(String(64))
    changed_by_name: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


_FIELDS = tuple(field.name for field in fields(PolicyChange))


class SqlPolicies:
    """House rules in the database.

    Parameters
    ----------
    session : AsyncSession
        The transaction under way.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of_institution(self, institution_id: str) -> list[PolicyChange]:
        """Every setting of an institution, the newest first."""
        return await self._of({institution_id})

    async def add(self, change: PolicyChange) -> bool:
        """Insert; False when a setting of this number is there already."""
        columns = {name: getattr(change, name) for name in _FIELDS}
        try:
            async with self._session.begin_nested():
                self._session.add(PolicyChangeRow(**columns | {"key": change.key.value}))
                await self._session.flush()
        except IntegrityError:
            return False
        return True

    async def for_case(self, case: Case) -> dict[PolicyKey, int]:
        """The rules that hold for a case."""
        return (await self.for_cases([case]))[case.id]

    async def for_cases(self, cases: Iterable[Case]) -> dict[str, dict[PolicyKey, int]]:
        """The rules that hold for each of these cases, in one query."""
        cases = list(cases)
        asked = {case.inviting_institution_id for case in cases} | {
            case.invited_institution_id for case in cases
        }
        changes = await self._of(asked) if asked else []
        values = {
            institution: values_of(one for one in changes if one.institution_id == institution)
            for institution in asked
        }
        return {
            case.id: values_for(
                inviting=values[case.inviting_institution_id], invited=values[case.invited_institution_id]
            )
            for case in cases
        }

    async def _of(self, institution_ids: set[str]) -> list[PolicyChange]:
        query = (
            select(PolicyChangeRow)
            .where(PolicyChangeRow.institution_id.in_(institution_ids))
            .order_by(PolicyChangeRow.changed_at.desc(), PolicyChangeRow.number.desc())
        )
        return [_change(row) for row in await self._session.scalars(query)]


def _change(row: PolicyChangeRow) -> PolicyChange:
    columns = {name: getattr(row, name) for name in _FIELDS}
    return PolicyChange(**columns | {"key": PolicyKey(row.key)})
