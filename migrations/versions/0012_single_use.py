"""Single-use devices that were used."""

import sqlalchemy as sa
from alembic import op

revision = "0012_single_use"
down_revision = "0011_followup"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Towards this version."""
    op.create_table(
        "guidance_single_use",
        sa.Column("udi", sa.String(120), primary_key=True),
        sa.Column("case_id", sa.String(64), sa.ForeignKey("cases.id"), nullable=False),
    )


def downgrade() -> None:
    """Back to the version before."""
    op.drop_table("guidance_single_use")
