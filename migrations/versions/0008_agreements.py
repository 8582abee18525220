"""Agreements between institutions, their qualifications, and in which country they are."""

import sqlalchemy as sa
from alembic import op

revision = "0008_agreements"
down_revision = "0007_documents"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Towards this version."""
    op.add_column("institutions", sa.Column("country", sa.String(2), nullable=False, server_default="CN"))
    op.create_table(
        "agreements",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("services_json", sa.Text, nullable=False),
        sa.Column("clauses_json", sa.Text, nullable=False),
        sa.Column("dispute_authority", sa.String(200), nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_until", sa.Date, nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("signatures_json", sa.Text, nullable=False),
        sa.Column("ended_at", _INSTANT),
        sa.Column("end_reason", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "agreement_parties",
        sa.Column("agreement_id", sa.String(64), sa.ForeignKey("agreements.id"), primary_key=True),
        sa.Column(
            "institution_id", sa.String(64), sa.ForeignKey("institutions.id"), primary_key=True, index=True
        ),
        sa.Column("role", sa.String(16), primary_key=True),
        sa.Column("place", sa.Integer, nullable=False),
    )
    op.create_table(
        "qualifications",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("institution_id", sa.String(64), sa.ForeignKey("institutions.id"), nullable=False),
        sa.Column("user_id", sa.String(64), sa.ForeignKey("users.id")),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("number", sa.String(100), nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("valid_until", sa.Date),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("recorded_by", sa.String(64), nullable=False),
        sa.Column("recorded_at", _INSTANT, nullable=False),
        sa.Column("tested_at", _INSTANT),
        sa.Column("revoked_at", _INSTANT),
    )
    op.create_index("ix_qualifications_institution_id", "qualifications", ["institution_id", "kind"])


def downgrade() -> None:
    """Back to the version before."""
    for table in ("qualifications", "agreement_parties", "agreements"):
        op.drop_table(table)
    op.drop_column("institutions", "country")
