"""Rows of cases for quality indicators, and what says that they are old."""

import sqlalchemy as sa
from alembic import op

revision = "0014_quality"
down_revision = "0013_case_records"
branch_labels = None
depends_on = None

_MARKS = (
    "mdt_before",
    "plan_before",
    "margin_reached",
    "warnings_acknowledged",
    "local_control",
    "severe_30d",
    "mortality_30d",
    "follow_up_1m",
    "lost",
    "survival_1y",
    "seed_dose_verified",
)


def upgrade() -> None:
    """Towards this version."""
    op.add_column("care_cases", sa.Column("revision", sa.Integer, nullable=False, server_default="0"))
    op.create_table(
        "quality_rows",
        sa.Column("case_id", sa.String(64), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("inviting_institution_id", sa.String(64), nullable=False),
        sa.Column("invited_institution_id", sa.String(64), nullable=False),
        sa.Column("technique", sa.String(16), nullable=False),
        sa.Column("ended_on", sa.Date, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("care_revision", sa.Integer, nullable=False),
        sa.Column("case_version", sa.Integer, nullable=False),
        sa.Column("until", sa.Date, nullable=False),
        *(sa.Column(name, sa.SmallInteger) for name in _MARKS),
    )
    op.create_index("ix_quality_rows_inviting", "quality_rows", ["inviting_institution_id", "ended_on"])
    op.create_index("ix_quality_rows_invited", "quality_rows", ["invited_institution_id", "ended_on"])


def downgrade() -> None:
    """Back to the version before."""
    op.drop_table("quality_rows")
    op.drop_column("care_cases", "revision")
