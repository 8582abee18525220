"""Sessions seen again: who has seen what, and what is approved for teaching."""

import sqlalchemy as sa
from alembic import op

revision = "0019_replays"
down_revision = "0018_reviews"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Towards this version."""
    op.create_table(
        "replay_plays",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("case_id", sa.String(64), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("user_id", sa.String(64), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("view", sa.String(16), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_replay_plays_case_user", "replay_plays", ["case_id", "user_id"])
    op.create_table(
        "teaching_approvals",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("case_id", sa.String(64), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("body_json", sa.Text, nullable=False),
        sa.UniqueConstraint("case_id", "number", name="uq_teaching_approvals_number"),
    )


def downgrade() -> None:
    """Back to the version before."""
    op.drop_table("teaching_approvals")
    op.drop_index("ix_replay_plays_case_user", "replay_plays")
    op.drop_table("replay_plays")
