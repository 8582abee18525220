"""A push is of a sender, who may be a gateway."""

from alembic import op

revision = "0006_push_senders"
down_revision = "0005_revocations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Towards this version."""
    # Both databases rename in place, and the index follows.
    op.execute("ALTER TABLE imaging_pushes RENAME COLUMN user_id TO sender_id")


def downgrade() -> None:
    """Back to the version before."""
    op.execute("ALTER TABLE imaging_pushes RENAME COLUMN sender_id TO user_id")
