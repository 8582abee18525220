"""Tables of the archive."""

from datetime import date
from typing import Any, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import Date, ForeignKey, Integer, String, Text, UniqueConstraint, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from tongtai.features.archive.model import Bundle, Hold, Seal
from tongtai.infra.database import Base, updated_if

_BUNDLE = TypeAdapter(Bundle)
_HOLD = TypeAdapter(Hold)
_SEAL = TypeAdapter(Seal)
T = TypeVar("T")


class BundleRow(Base):
    """A version of a case's archive."""

    __tablename__ = "archive_bundles"
    __table_args__ = (UniqueConstraint("case_id", "number", name="uq_archive_bundles_case_id_number"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    number: Mapped[int] = mapped_column(Integer)
    kept_until: Mapped[date] = mapped_column(Date, index=True)
    bundle_json: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)


class HoldRow(Base):
    """A legal hold."""

    __tablename__ = "archive_holds"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    body_json: Mapped[str] = mapped_column(Text)


class SealRow(Base):
    """A seal."""

    __tablename__ = "archive_seals"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    body_json: Mapped[str] = mapped_column(Text)


class SqlArchive:
    """The archive in the database.

    Parameters
    ----------
    session : AsyncSession
        The transaction under way.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def bundles(self, case_id: str) -> list[Bundle]:
        """The bundles of a case, the newest first."""
        query = select(BundleRow.bundle_json).where(BundleRow.case_id == case_id)
        texts = await self._session.scalars(query.order_by(BundleRow.number.desc()))
        return [_BUNDLE.validate_json(text) for text in texts]

    async def add_bundle(self, bundle: Bundle) -> None:
        """Insert a bundle."""
        self._session.add(
            BundleRow(
                id=bundle.id,
                case_id=bundle.case_id,
                number=bundle.number,
                kept_until=bundle.kept_until,
                bundle_json=_BUNDLE.dump_json(bundle).decode(),
                version=bundle.version,
            )
        )
        await self._session.flush()

    async def replace_bundle(self, bundle: Bundle, *, version: int) -> bool:
        """Replace a bundle that is still at ``version``."""
        return await updated_if(
            self._session,
            BundleRow,
            BundleRow.id == bundle.id,
            BundleRow.version == version,
            values={"version": bundle.version, "bundle_json": _BUNDLE.dump_json(bundle).decode()},
        )

    async def holds(self, case_id: str) -> list[Hold]:
        """The legal holds of a case."""
        return await self._bodies(HoldRow, _HOLD, case_id)

    async def save_hold(self, hold: Hold) -> None:
        """Insert or replace a hold."""
        text = _HOLD.dump_json(hold).decode()
        await self._session.merge(HoldRow(id=hold.id, case_id=hold.case_id, body_json=text))
        await self._session.flush()

    async def seals(self, case_id: str) -> list[Seal]:
        """The seals of a case, the newest first."""
        return (await self._bodies(SealRow, _SEAL, case_id))[::-1]

    async def save_seal(self, seal: Seal) -> None:
        """Insert or replace a seal."""
        text = _SEAL.dump_json(seal).decode()
        await self._session.merge(SealRow(id=seal.id, case_id=seal.case_id, body_json=text))
        await self._session.flush()

    async def run_out(self, today: date, *, limit: int) -> list[str]:
        """Cases all of whose bundles need no longer be kept."""
        query = (
            select(BundleRow.case_id)
            .group_by(BundleRow.case_id)
            .having(func.max(BundleRow.kept_until) < today)
            .order_by(BundleRow.case_id)
            .limit(limit)
        )
        return list(await self._session.scalars(query))

    async def _bodies(self, row: type[Any], adapter: TypeAdapter[T], case_id: str) -> list[T]:
        query = select(row.body_json).where(row.case_id == case_id).order_by(row.id)
        return [adapter.validate_json(text) for text in await self._session.scalars(query)]
