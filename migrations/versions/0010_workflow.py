"""The way of cases: where each stands, its moves, statements and calls."""

import sqlalchemy as sa
from alembic import op

revision = "0010_workflow"
down_revision = "0009_consents"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_KEPT = ("workflow_moves", "workflow_statements")
_REFUSAL = "the record of a case is append-only"


def upgrade() -> None:
    """Towards this version."""
    op.create_table(
        "workflows",
        sa.Column("case_id", sa.String(64), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("entered_at", _INSTANT, nullable=False),
        sa.Column("began_at", _INSTANT, nullable=False),
        sa.Column("service_type", sa.String(16), nullable=False),
        sa.Column("urgent", sa.Boolean, nullable=False),
        sa.Column("legal", sa.String(16), nullable=False),
        sa.Column("returns", sa.Integer, nullable=False),
        sa.Column("suspended_from", sa.String(32)),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("ix_workflows_state", "workflows", ["state", "entered_at"])
    op.create_table(
        "workflow_moves",
        sa.Column("case_id", sa.String(64), sa.ForeignKey("workflows.case_id"), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("act", sa.String(32), nullable=False),
        sa.Column("before", sa.String(32)),
        sa.Column("after", sa.String(32), nullable=False),
        sa.Column("mover_json", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("values_json", sa.Text, nullable=False),
        sa.Column("prev_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_table(
        "workflow_statements",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("case_id", sa.String(64), sa.ForeignKey("workflows.case_id"), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("by_json", sa.Text, nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_index("ix_workflow_statements_case_id", "workflow_statements", ["case_id", "at"])
    _create_notices()
    for table in _KEPT:
        _forbid_changes(table)


def downgrade() -> None:
    """Back to the version before."""
    for table in ("workflow_notices", *reversed(_KEPT), "workflows"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION workflow_refuse()")


def _create_notices() -> None:
    op.create_table(
        "workflow_notices",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("case_id", sa.String(64), sa.ForeignKey("workflows.case_id"), nullable=False),
        sa.Column("institution_id", sa.String(64), sa.ForeignKey("institutions.id"), nullable=False),
        sa.Column("roles_json", sa.Text, nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("since", _INSTANT, nullable=False),
        sa.Column("due_at", _INSTANT, nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("read_by", sa.String(64)),
        sa.Column("read_at", _INSTANT),
        sa.UniqueConstraint("case_id", "code", "level", "since", name="uq_workflow_notices_call"),
    )
    op.create_index(
        "ix_workflow_notices_institution_id", "workflow_notices", ["institution_id", "read_at", "made_at"]
    )


def _forbid_changes(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION workflow_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
        f"ON {table} FOR EACH STATEMENT EXECUTE FUNCTION workflow_refuse()"
    )
