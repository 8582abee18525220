"""Documents of cases, and the certificates that sign them."""

import sqlalchemy as sa
from alembic import op

revision = "0007_documents"
down_revision = "0006_plans"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Towards this version."""
    op.create_table(
        "case_documents",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("case_id", sa.String(64), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("service_type", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("record_sha256", sa.String(64), nullable=False),
        sa.Column("draft_sha256", sa.String(64), nullable=False),
        sa.Column("pdf_sha256", sa.String(64), nullable=False),
        sa.Column("signers_json", sa.Text, nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("issued_at", _INSTANT),
        sa.Column("row_version", sa.Integer, nullable=False),
        sa.UniqueConstraint("case_id", "kind", "version", name="uq_case_documents_version"),
    )
    op.create_index("ix_case_documents_record", "case_documents", ["record_sha256"])
    op.create_index("ix_case_documents_state", "case_documents", ["state"])
    op.create_table(
        "signing_keys",
        sa.Column("serial", sa.String(64), primary_key=True),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("certificate", sa.Text, nullable=False),
        sa.Column("key_sealed", sa.Text),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.Column("revoked_at", _INSTANT),
        sa.UniqueConstraint("subject", "number", name="uq_signing_keys_subject"),
    )


def downgrade() -> None:
    """Back to the version before."""
    for table in ("signing_keys", "case_documents"):
        op.drop_table(table)
