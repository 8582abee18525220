"""Changes of the purpose for which personal information is handled, and impact assessments."""

import sqlalchemy as sa
from alembic import op

revision = "0021_privacy"
down_revision = "0020_incidents"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Towards this version."""
    op.create_table(
        "purpose_changes",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("institution_id", sa.String(64), sa.ForeignKey("institutions.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("changed_on", sa.Date, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("by_json", sa.Text, nullable=False),
        sa.Column("recorded_at", _INSTANT, nullable=False),
        sa.UniqueConstraint("institution_id", "number", name="uq_purpose_changes_number"),
    )
    op.create_table(
        "impact_assessments",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("institution_id", sa.String(64), sa.ForeignKey("institutions.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("values_json", sa.Text, nullable=False),
        sa.Column("author_json", sa.Text, nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("file_sha256", sa.String(64), nullable=False),
        sa.Column("approver_json", sa.Text, nullable=False),
        sa.Column("approved_at", _INSTANT),
        sa.Column("kept_until", sa.Date),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("institution_id", "number", name="uq_impact_assessments_number"),
    )


def downgrade() -> None:
    """Back to the version before."""
    op.drop_table("impact_assessments")
    op.drop_table("purpose_changes")
