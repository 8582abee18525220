"""Link tests of gateways, pushes of test series, and when guides were last at their pages."""

import sqlalchemy as sa
from alembic import op

revision = "0023_readiness"
down_revision = "0022_experts"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Towards this version."""
    op.create_table(
        "gateway_links",
        sa.Column("gateway_id", sa.String(64), sa.ForeignKey("gateways.id"), primary_key=True),
        sa.Column("position", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("measured_at", _INSTANT, nullable=False),
        sa.Column("rtt_ms", sa.Float),
        sa.Column("jitter_ms", sa.Float),
        sa.Column("loss_percent", sa.Float),
        sa.Column("up_mbit_s", sa.Float, nullable=False),
        sa.Column("down_mbit_s", sa.Float, nullable=False),
    )
    op.create_table(
        "link_test_requests",
        sa.Column("operating_room_id", sa.String(64), sa.ForeignKey("operating_rooms.id"), primary_key=True),
        sa.Column("at", _INSTANT, nullable=False),
    )
    op.create_table(
        "guide_presence",
        sa.Column("user_id", sa.String(64), sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("seen_at", _INSTANT, nullable=False),
    )
    op.add_column("imaging_pushes", sa.Column("test", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Back to the version before."""
    op.drop_column("imaging_pushes", "test")
    op.drop_table("guide_presence")
    op.drop_table("link_test_requests")
    op.drop_table("gateway_links")
