"""Gateways, their feeds and their recordings."""

import sqlalchemy as sa
from alembic import op

revision = "0002_gateways"
down_revision = "0001_accounts"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Towards this version."""
    op.create_table(
        "gateways",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("operating_room_id", sa.String(64), sa.ForeignKey("operating_rooms.id"), nullable=False),
        sa.Column(
            "institution_id", sa.String(64), sa.ForeignKey("institutions.id"), nullable=False, index=True
        ),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("code_digest", sa.String(64), unique=True),
        sa.Column("code_expires_at", _INSTANT),
        sa.Column("token_digest", sa.String(64), unique=True),
        sa.Column("enrolled_at", _INSTANT),
        sa.Column("revoked_at", _INSTANT),
        sa.Column("last_seen_at", _INSTANT),
        sa.Column("clock_offset_ms", sa.Float),
        sa.Column("disk_free_bytes", sa.BigInteger),
        sa.Column("reported_case_id", sa.String(64)),
    )
    op.create_table(
        "gateway_feeds",
        sa.Column("gateway_id", sa.String(64), sa.ForeignKey("gateways.id"), primary_key=True),
        sa.Column("feed", sa.String(20), primary_key=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("detail", sa.String(300), nullable=False),
    )
    _create_recordings()


def downgrade() -> None:
    """Back to the version before."""
    for table in ("recordings", "gateway_feeds", "gateways"):
        op.drop_table(table)


def _create_recordings() -> None:
    op.create_table(
        "recordings",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("gateway_id", sa.String(64), sa.ForeignKey("gateways.id"), nullable=False),
        sa.Column("case_id", sa.String(64), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("feed", sa.String(20), nullable=False),
        sa.Column("segment", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("started_at", _INSTANT, nullable=False),
        sa.Column("duration_s", sa.Float, nullable=False),
        sa.Column("clock_offset_ms", sa.Float, nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("received", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.UniqueConstraint("gateway_id", "feed", "segment", "sha256", name="uq_recordings_segment"),
    )
    op.create_index("ix_recordings_case", "recordings", ["case_id", "feed", "started_at"])
