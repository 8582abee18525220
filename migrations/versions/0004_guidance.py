"""The sessions' numbered logs."""

import sqlalchemy as sa
from alembic import op

revision = "0004_guidance"
down_revision = "0003_imaging"
branch_labels = None
depends_on = None

_REFUSAL = "the log of a session is append-only"


def upgrade() -> None:
    """Towards this version."""
    op.create_table(
        "guidance_sessions",
        sa.Column("case_id", sa.String(64), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("phase", sa.String(16), nullable=False, index=True),
    )
    op.create_table(
        "guidance_events",
        sa.Column("case_id", sa.String(64), sa.ForeignKey("guidance_sessions.case_id"), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("id", sa.String(64), nullable=False, unique=True),
        sa.Column("command_id", sa.String(64), index=True),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("t_server_ms", sa.BigInteger, nullable=False),
        sa.Column("t_site_ms", sa.BigInteger),
        sa.Column("clock_offset_ms", sa.Float),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("prev_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_table(
        "guidance_finished_identities",
        sa.Column("identity", sa.String(200), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, index=True),
    )
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER guidance_events_no_{verb.lower()} BEFORE {verb} ON guidance_events "
                f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION guidance_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER guidance_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
        "ON guidance_events FOR EACH STATEMENT EXECUTE FUNCTION guidance_refuse()"
    )


def downgrade() -> None:
    """Back to the version before."""
    for table in ("guidance_finished_identities", "guidance_events", "guidance_sessions"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION guidance_refuse()")
