"""Judgements by the complication rules, tasks of care, records of follow-up."""

import sqlalchemy as sa
from alembic import op

revision = "0011_followup"
down_revision = "0010_workflow"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Towards this version."""
    op.create_table(
        "complication_judgements",
        sa.Column("case_id", sa.String(64), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("content_json", sa.Text, nullable=False),
    )
    op.create_table(
        "care_cases",
        sa.Column("case_id", sa.String(64), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("ended_at", _INSTANT, nullable=False),
    )
    op.create_table(
        "care_tasks",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("case_id", sa.String(64), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("text_zh", sa.Text, nullable=False),
        sa.Column("text_en", sa.Text, nullable=False),
        sa.Column("due_h", sa.Float, nullable=False),
        sa.Column("due_at", _INSTANT, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("finished_json", sa.Text),
        sa.Column("result", sa.Text, nullable=False),
        sa.UniqueConstraint("case_id", "origin", "code", name="uq_care_tasks_case_id_origin_code"),
    )
    op.create_index("ix_care_tasks_state_due_at", "care_tasks", ["state", "due_at"])
    op.create_table(
        "care_records",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("case_id", sa.String(64), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("content_json", sa.Text, nullable=False),
    )
    op.create_index("ix_care_records_case_id", "care_records", ["case_id", "number"])


def downgrade() -> None:
    """Back to the version before."""
    for table in ("care_records", "care_tasks", "care_cases", "complication_judgements"):
        op.drop_table(table)
