"""Requests for plans, plans, and their files."""

import sqlalchemy as sa
from alembic import op

revision = "0006_plans"
down_revision = "0005_revocations"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Towards this version."""
    op.create_table(
        "plan_jobs",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("case_id", sa.String(64), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("order_json", sa.Text, nullable=False),
        sa.Column("requested_by_json", sa.Text, nullable=False),
        sa.Column("requested_at", _INSTANT, nullable=False),
    )
    op.create_index("ix_plan_jobs_case_id", "plan_jobs", ["case_id", "requested_at"])
    op.create_table(
        "plans",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("case_id", sa.String(64), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("job_id", sa.String(64), sa.ForeignKey("plan_jobs.id"), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("numbers_json", sa.Text, nullable=False),
        sa.Column("series_uid", sa.String(64), nullable=False),
        sa.Column("series_description", sa.String(64), nullable=False),
        sa.Column("plan_sha256", sa.String(64), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("made_by_json", sa.Text, nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("reviewed_by_json", sa.Text),
        sa.Column("reviewed_at", _INSTANT),
        sa.Column("review_note", sa.Text, nullable=False),
        sa.Column("approved_by_json", sa.Text),
        sa.Column("approved_at", _INSTANT),
        sa.Column("superseded_at", _INSTANT),
        sa.UniqueConstraint("case_id", "version", name="uq_plans_case_id_version"),
        sa.UniqueConstraint("job_id", name="uq_plans_job_id"),
    )
    op.create_table(
        "plan_files",
        sa.Column("plan_id", sa.String(64), sa.ForeignKey("plans.id"), primary_key=True),
        sa.Column("name", sa.String(200), primary_key=True),
        sa.Column("shown", sa.String(16), primary_key=True),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size_bytes", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    """Back to the version before."""
    for table in ("plan_files", "plans", "plan_jobs"):
        op.drop_table(table)
