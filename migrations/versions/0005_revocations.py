"""Revocations that the running servers have not all heard of."""

import sqlalchemy as sa
from alembic import op

revision = "0005_revocations"
down_revision = "0004_guidance"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Towards this version."""
    op.create_table(
        "revocation_notices",
        sa.Column("user_id", sa.String(64), sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """Back to the version before."""
    op.drop_table("revocation_notices")
