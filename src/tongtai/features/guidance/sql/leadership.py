"""Which of several processes keeps the time of all sessions."""

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from tongtai.infra.database import Database

_LEADER_LOCK = 0x746F6E67  # any number that nothing else locks


class SqlLeadership:
    """The process that holds PostgreSQL's advisory lock leads; with SQLite there is one process.

    Parameters
    ----------
    database : Database
        The installation's database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: AsyncConnection | None = None

    async def held(self) -> bool:
        """Whether this process leads. The lock goes with its connection, and so with the process."""
        if self._database.is_sqlite:
            return True
        try:
            if self._connection is not None:
                await self._connection.execute(text("SELECT 1"))
                return True
            return await self._try()
        except SQLAlchemyError:
            await self.release()
            return False

    async def release(self) -> None:
        """Let another process lead."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.invalidate()
            await connection.close()

    async def _try(self) -> bool:
        connection = await self._database.engine.connect()
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        query = text("SELECT pg_try_advisory_lock(:key)")
        if await connection.scalar(query, {"key": _LEADER_LOCK}):
            self._connection = connection
            return True
        await connection.close()
        return False
