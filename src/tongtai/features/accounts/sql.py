"""Tables of users, their sessions and failed log-ins."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Boolean, ColumnElement, ForeignKey, Integer, String, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from tongtai.features.accounts.errors import UserNotFoundError
from tongtai.features.accounts.model import (
    Confirmation,
    Credentials,
    RevocationNotice,
    Role,
    User,
    WebSession,
)
from tongtai.infra.database import Base, Database, UtcDateTime, insert_into, updated_if
from tongtai.infra.identifiers import new_id

_LOCK = timedelta(minutes=15)


class UserRow(Base):
    """A person with an account."""

    __tablename__ = "users"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    display_name: Mapped[str] = mapped_column(String(200))
    display_name_en: Mapped[str] = mapped_column(String(200))
    institution_id: Mapped[str] = mapped_column(ForeignKey("institutions.id"), index=True)
    roles: Mapped[list[str]] = mapped_column(JSON)
    active: Mapped[bool] = mapped_column(Boolean)
    must_change_password: Mapped[bool] = mapped_column(Boolean)
    language: Mapped[str] = mapped_column(String(16))
    password_hash: Mapped[str] = mapped_column(String(300))
    totp_sealed: Mapped[str | None] = mapped_column(String(300))
    totp_confirmed: Mapped[bool] = mapped_column(Boolean)
    totp_last_step: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class WebSessionRow(Base):
    """A signed-in browser."""

    __tablename__ = "web_sessions"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    address: Mapped[str] = mapped_column(String(64))


class LoginAttemptRow(Base):
    """Failures under one key, which is hashed: names that do not exist are nobody's business."""

    __tablename__ = "login_attempts"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class RevocationNoticeRow(Base):
    """A revocation that not every part of the running servers has heard of."""

    __tablename__ = "revocation_notices"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(64))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SqlUsers:
    """Users in the database.

    Parameters
    ----------
    session : AsyncSession
        The transaction under way.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, user_id: str) -> User | None:
        """One user."""
        row = await self._session.get(UserRow, user_id)
        return _user(row) if row else None

    async def find_many(self, user_ids: Collection[str]) -> dict[str, User]:
        """These users by their ids, in one query; who does not exist is left out."""
        rows = await self._session.scalars(select(UserRow).where(UserRow.id.in_(user_ids)))
        return {row.id: _user(row) for row in rows}

    async def find_by_login(self, login: str) -> User | None:
        """The user with this login name, whatever its case."""
        query = select(UserRow).where(UserRow.login == login.strip().lower())
        row = await self._session.scalar(query)
        return _user(row) if row else None

    async def of_institution(self, institution_id: str | None) -> list[User]:
        """The users of an institution, or all, by login name."""
        query = select(UserRow).order_by(UserRow.login)
        if institution_id is not None:
            query = query.where(UserRow.institution_id == institution_id)
        return [_user(row) for row in await self._session.scalars(query)]

    async def credentials(self, user_id: str) -> Credentials:
        """A user's credentials."""
        row = await self._row(user_id)
        return Credentials(
            password_hash=row.password_hash,
            totp_sealed=row.totp_sealed,
            totp_confirmed=row.totp_confirmed,
            totp_last_step=row.totp_last_step,
        )

    async def add(self, user: User, credentials: Credentials, at: datetime) -> None:
        """Insert a user."""
        row = UserRow(id=user.id, created_at=at, institution_id=user.institution_id)
        _write_user(row, user)
        _write_credentials(row, credentials)
        self._session.add(row)
        await self._session.flush()

    async def save(self, user: User) -> None:
        """Replace what a user is."""
        _write_user(await self._row(user.id), user)
        await self._session.flush()

    async def save_credentials(self, user_id: str, credentials: Credentials) -> None:
        """Replace what proves that somebody is this user."""
        _write_credentials(await self._row(user_id), credentials)
        await self._session.flush()

    async def _row(self, user_id: str) -> UserRow:
        row = await self._session.get(UserRow, user_id)
        if row is None:
            raise UserNotFoundError(user_id=user_id)
        return row


class SqlSessions:
    """Signed-in browsers in the database.

    Parameters
    ----------
    session : AsyncSession
        The transaction under way.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, token_hash: str) -> tuple[WebSession, User] | None:
        """The session of a token, and whose it is."""
        # One query: every request asks this.
        query = (
            select(WebSessionRow, UserRow)
            .join(UserRow, UserRow.id == WebSessionRow.user_id)
            .where(WebSessionRow.token_hash == token_hash)
        )
        found = (await self._session.execute(query)).one_or_none()
        if found is None:
            return None
        row, user = found
        session = WebSession(
            id=row.id,
            token_hash=row.token_hash,
            user_id=row.user_id,
            created_at=row.created_at,
            expires_at=row.expires_at,
            address=row.address,
        )
        return session, _user(user)

    async def add(self, session: WebSession) -> None:
        """Insert a session."""
        self._session.add(
            WebSessionRow(
                id=session.id,
                token_hash=session.token_hash,
                user_id=session.user_id,
                created_at=session.created_at,
                expires_at=session.expires_at,
                address=session.address,
            )
        )
        await self._session.flush()

    async def remove(self, session_id: str) -> None:
        """End one session."""
        await self._session.execute(delete(WebSessionRow).where(WebSessionRow.id == session_id))

    async def remove_of_user(self, user_id: str, *, except_id: str | None = None) -> int:
        """End a user's sessions; return how many ended."""
        query = delete(WebSessionRow).where(WebSessionRow.user_id == user_id)
        if except_id is not None:
            query = query.where(WebSessionRow.id != except_id)
        ended = await self._session.scalars(query.returning(WebSessionRow.id))
        return len(ended.all())

    async def remove_expired(self, now: datetime) -> None:
        """Forget sessions that have ended."""
        await self._session.execute(delete(WebSessionRow).where(WebSessionRow.expires_at <= now))


class SqlAttempts:
    """Counts of failed log-ins; each change commits by itself, whatever the request does.

    Parameters
    ----------
    database : Database
        Where transactions begin.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def reserve(self, keys: dict[str, int], *, now: datetime) -> datetime | None:
        """Count one failure in advance under each key; return when the lock ends, if locked."""
        hashes = {_key_hash(key): limit for key, limit in keys.items()}
        async with self._database.aside() as session:
            rows = await self._locked(session, hashes, now)
            locked = [row.last_at for row in rows if row.failures >= hashes[row.key_hash]]
            if locked:
                return max(locked) + _LOCK
            for row in rows:
                row.failures += 1
                row.last_at = now
            await self._forget_old(session, hashes, now)
        return None

    async def _locked(
        self, session: AsyncSession, hashes: Collection[str], now: datetime
    ) -> Sequence[LoginAttemptRow]:
        """The counts of these keys, which nobody else changes until the transaction ends.

        Two who sign in at once from one hospital share the count of its address: the rows are there
        before they are locked, and are always locked in one order, so that neither fails nor waits for ever.
        """
        # A write first: in SQLite it takes the one write lock, so that nothing read below is stale.
        new = insert_into(session, LoginAttemptRow).on_conflict_do_nothing()
        await session.execute(
            new, [{"key_hash": key, "failures": 0, "last_at": now} for key in sorted(hashes)]
        )
        mine = LoginAttemptRow.key_hash.in_(hashes)
        query = select(LoginAttemptRow).where(mine).order_by(LoginAttemptRow.key_hash).with_for_update()
        rows = (await session.scalars(query)).all()
        for row in rows:
            if row.last_at <= now - _LOCK:
                row.failures = 0
        return rows

    async def _forget_old(self, session: AsyncSession, except_for: Collection[str], now: datetime) -> None:
        old = (
            select(LoginAttemptRow.key_hash)
            .where(LoginAttemptRow.last_at <= now - _LOCK, LoginAttemptRow.key_hash.not_in(except_for))
            .with_for_update(skip_locked=True)
        )
        await session.execute(delete(LoginAttemptRow).where(LoginAttemptRow.key_hash.in_(old)))

    async def refund(self, keys: dict[str, int], *, forget: str | None = None) -> None:
        """Take one count back; forget all of one key's."""
        async with self._database.aside() as session:
            # One by one, in the order in which all lock them.
            for key_hash in sorted(map(_key_hash, keys)):
                await session.execute(
                    update(LoginAttemptRow)
                    .where(LoginAttemptRow.key_hash == key_hash, LoginAttemptRow.failures > 0)
                    .values(failures=LoginAttemptRow.failures - 1)
                )
            if forget is not None:
                row = delete(LoginAttemptRow).where(LoginAttemptRow.key_hash == _key_hash(forget))
                await session.execute(row)

    async def use_code_step(self, user_id: str, step: int) -> bool:
        """Mark a one-time code as used, unless it or a later one was used already."""
        async with self._database.aside() as session:
            # One statement: two requests with the same code at the same time cannot both win.
            return await updated_if(
                session,
                UserRow,
                UserRow.id == user_id,
                UserRow.totp_last_step < step,
                values={"totp_last_step": step},
            )


class SqlNotices:
    """Leaves notices of revoked users.

    Parameters
    ----------
    session : AsyncSession
        The transaction that revokes.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, user_id: str, *, due_at: datetime) -> None:
        """Leave a notice, in place of an earlier one about the same user."""
        notice = RevocationNoticeRow(user_id=user_id, id=new_id("notice"), due_at=due_at)
        await self._session.merge(notice)
        await self._session.flush()


class SqlPendingNotices:
    """Notices of revoked users, read and settled in transactions of their own.

    Parameters
    ----------
    database : Database
        Where transactions begin.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_user(self, user_id: str) -> list[RevocationNotice]:
        """The notice about a user, if there is one."""
        return await self._found(RevocationNoticeRow.user_id == user_id)

    async def due(self, now: datetime) -> list[RevocationNotice]:
        """The notices whose time has come."""
        return await self._found(RevocationNoticeRow.due_at <= now)

    async def settle(self, notice: RevocationNotice) -> None:
        """Everybody has acted; a newer notice about the same user stays."""
        async with self._database.transaction() as session:
            await session.execute(delete(RevocationNoticeRow).where(RevocationNoticeRow.id == notice.id))

    async def postpone(self, notice: RevocationNotice, *, until: datetime) -> None:
        """Not everybody could act."""
        async with self._database.transaction() as session:
            mine = update(RevocationNoticeRow).where(RevocationNoticeRow.id == notice.id)
            await session.execute(mine.values(due_at=until))

    async def _found(self, wanted: ColumnElement[bool]) -> list[RevocationNotice]:
        async with self._database.sessions() as session:
            rows = await session.scalars(select(RevocationNoticeRow).where(wanted))
            return [RevocationNotice(id=row.id, user_id=row.user_id) for row in rows]


def _key_hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _user(row: UserRow) -> User:
    return User(
        id=row.id,
        login=row.login,
        display_name=row.display_name,
        display_name_en=row.display_name_en,
        institution_id=row.institution_id,
        roles=frozenset(Role(role) for role in row.roles),
        active=row.active,
        must_change_password=row.must_change_password,
        totp_enabled=row.totp_confirmed,
        language=row.language,
    )


def _write_user(row: UserRow, user: User) -> None:
    row.login = user.login.strip().lower()
    row.display_name = user.display_name
    row.display_name_en = user.display_name_en
    row.roles = sorted(role.value for role in user.roles)
    row.active = user.active
    row.must_change_password = user.must_change_password
    row.language = user.language


def _write_credentials(row: UserRow, credentials: Credentials) -> None:
    row.password_hash = credentials.password_hash
    row.totp_sealed = credentials.totp_sealed
    row.totp_confirmed = credentials.totp_confirmed
    row.totp_last_step = credentials.totp_last_step


def confirmation_json(one: Confirmation) -> dict[str, object]:
    """A confirmation as the tables of other features keep it."""
    return {**asdict(one), "at": one.at.isoformat()}


def confirmation_from(fields: Mapping[str, Any]) -> Confirmation:
    """A confirmation as it was kept."""
    return Confirmation(
        **{**fields, "role": Role(fields["role"]), "at": datetime.fromisoformat(fields["at"])}
    )
