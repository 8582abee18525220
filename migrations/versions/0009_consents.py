"""Consents, and whether a case is shown to the invited side."""

import sqlalchemy as sa
from alembic import op

revision = "0009_consents"
down_revision = "0008_agreements"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Towards this version. Cases that exist are shown as they were."""
    op.add_column("cases", sa.Column("sharing", sa.String(16), nullable=False, server_default="open"))
    op.create_table(
        "consents",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("case_id", sa.String(64), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("template", sa.String(64), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("signer_name", sa.String(200), nullable=False),
        sa.Column("relation", sa.String(32), nullable=False),
        sa.Column("signed_at", _INSTANT, nullable=False),
        sa.Column("explained_by", sa.String(64), nullable=False),
        sa.Column("explained_by_name", sa.String(200), nullable=False),
        sa.Column("fee_line", sa.Text, nullable=False),
        sa.Column("recipients_json", sa.Text, nullable=False),
        sa.Column("risks", sa.Text, nullable=False),
        sa.Column("alternatives", sa.Text, nullable=False),
        sa.Column("proxy_reason", sa.Text, nullable=False),
        sa.Column("valid_until", sa.Date),
        sa.Column("withdrawn_at", _INSTANT),
        sa.Column("withdrawn_by", sa.String(64), nullable=False),
        sa.Column("withdrawal_reason", sa.Text, nullable=False),
        sa.UniqueConstraint("case_id", "kind", "number", name="uq_consents_case_id_kind_number"),
    )


def downgrade() -> None:
    """Back to the version before."""
    op.drop_table("consents")
    op.drop_column("cases", "sharing")
