"""Notices of findings whose day is over, and notices to one person."""

import sqlalchemy as sa
from alembic import op

revision = "0024_finding_notices"
down_revision = "0023_readiness"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Towards this version."""
    with op.batch_alter_table("workflow_notices") as notices:
        notices.add_column(sa.Column("finding_id", sa.String(64)))
        notices.add_column(sa.Column("user_id", sa.String(64)))
        notices.create_foreign_key("fk_workflow_notices_user_id_users", "users", ["user_id"], ["id"])
        notices.create_unique_constraint(
            "uq_workflow_notices_finding_call", ["finding_id", "code", "level", "since"]
        )


def downgrade() -> None:
    """Back to the version before."""
    op.execute("DELETE FROM workflow_notices WHERE finding_id IS NOT NULL OR user_id IS NOT NULL")
    with op.batch_alter_table("workflow_notices") as notices:
        notices.drop_constraint("uq_workflow_notices_finding_call", type_="unique")
        notices.drop_constraint("fk_workflow_notices_user_id_users", type_="foreignkey")
        notices.drop_column("user_id")
        notices.drop_column("finding_id")
