"""Tables of opinions and decisions."""

from pydantic import TypeAdapter
from sqlalchemy import ForeignKey, Integer, String, Text, UniqueConstraint, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from tongtai.features.opinions.model import Decision, Opinion
from tongtai.infra.database import Base, updated_if

_OPINION = TypeAdapter(Opinion)
_DECISION = TypeAdapter(Decision)


class OpinionRow(Base):
    """An opinion, whole."""

    __tablename__ = "opinions"
    __table_args__ = (UniqueConstraint("case_id", "number", name="uq_opinions_case_id_number"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    number: Mapped[int] = mapped_column(Integer)
    opinion_json: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)


class DecisionRow(Base):
    """A decision, whole."""

    __tablename__ = "decisions"
    __table_args__ = (UniqueConstraint("case_id", "number", name="uq_decisions_case_id_number"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    number: Mapped[int] = mapped_column(Integer)
    decision_json: Mapped[str] = mapped_column(Text)


class SqlOpinions:
    """Opinions and decisions in the database.

    Parameters
    ----------
    session : AsyncSession
        The transaction under way.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def opinions(self, case_id: str) -> list[Opinion]:
        """The opinions of a case, the newest first."""
        query = select(OpinionRow.opinion_json).where(OpinionRow.case_id == case_id)
        texts = await self._session.scalars(query.order_by(OpinionRow.number.desc()))
        return [_OPINION.validate_json(text) for text in texts]

    async def add_opinion(self, opinion: Opinion) -> None:
        """Insert an opinion."""
        self._session.add(
            OpinionRow(
                id=opinion.id,
                case_id=opinion.case_id,
                number=opinion.number,
                opinion_json=_OPINION.dump_json(opinion).decode(),
                version=opinion.version,
            )
        )
        await self._session.flush()

    async def replace_opinion(self, opinion: Opinion, *, version: int) -> bool:
        """Replace an opinion that is still at ``version``."""
        return await updated_if(
            self._session,
            OpinionRow,
            OpinionRow.id == opinion.id,
            OpinionRow.version == version,
            values={"version": opinion.version, "opinion_json": _OPINION.dump_json(opinion).decode()},
        )

    async def decisions(self, case_id: str) -> list[Decision]:
        """The decisions of a case, the newest first."""
        query = select(DecisionRow.decision_json).where(DecisionRow.case_id == case_id)
        texts = await self._session.scalars(query.order_by(DecisionRow.number.desc()))
        return [_DECISION.validate_json(text) for text in texts]

    async def add_decision(self, decision: Decision) -> None:
        """Insert a signed decision."""
        self._session.add(
            DecisionRow(
                id=decision.id,
                case_id=decision.case_id,
                number=decision.number,
                decision_json=_DECISION.dump_json(decision).decode(),
            )
        )
        await self._session.flush()
