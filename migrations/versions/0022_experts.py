"""Entries and leaves of experts, and how hospitals rate sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0022_experts"
down_revision = "0021_privacy"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Towards this version."""
    op.create_table(
        "expert_profiles",
        sa.Column("user_id", sa.String(64), sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("specialties_json", sa.Text, nullable=False),
        sa.Column("languages_json", sa.Text, nullable=False),
    )
    op.create_table(
        "expert_leaves",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("user_id", sa.String(64), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("since", _INSTANT, nullable=False),
        sa.Column("until", _INSTANT, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("recorded_by", sa.String(64), nullable=False),
        sa.Column("recorded_at", _INSTANT, nullable=False),
    )
    op.create_index("ix_expert_leaves_user_id", "expert_leaves", ["user_id", "until"])
    op.create_table(
        "session_evaluations",
        sa.Column("case_id", sa.String(64), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("item", sa.String(40), primary_key=True),
        sa.Column("score", sa.SmallInteger, nullable=False),
        sa.Column("inviting_institution_id", sa.String(64), sa.ForeignKey("institutions.id"), nullable=False),
        sa.Column("invited_institution_id", sa.String(64), sa.ForeignKey("institutions.id"), nullable=False),
        sa.Column("by_json", sa.Text, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
    )
    for side in ("inviting", "invited"):
        op.create_index(
            f"ix_session_evaluations_{side}",
            "session_evaluations",
            [f"{side}_institution_id", "item", "score"],
        )


def downgrade() -> None:
    """Back to the version before."""
    op.drop_table("session_evaluations")
    op.drop_table("expert_leaves")
    op.drop_table("expert_profiles")
