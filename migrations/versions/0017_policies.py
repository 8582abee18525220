"""House rules: numbers that an institution sets for itself, every setting kept."""

import sqlalchemy as sa
from alembic import op

revision = "0017_policies"
down_revision = "0016_counting"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Towards this version."""
    op.create_table(
        "policy_changes",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("institution_id", sa.String(64), sa.ForeignKey("institutions.id"), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("value", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("changed_by", sa.String(64), nullable=False),
        sa.Column("changed_by_name", sa.String(200), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("institution_id", "key", "number", name="uq_policy_changes_number"),
    )


def downgrade() -> None:
    """Back to the version before."""
    op.drop_table("policy_changes")
