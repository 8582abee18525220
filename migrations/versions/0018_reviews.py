"""Review of closed cases by quality control: draws, drawn cases, findings."""

import sqlalchemy as sa
from alembic import op

revision = "0018_reviews"
down_revision = "0017_policies"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Towards this version."""
    op.create_table(
        "review_draws",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("institution_id", sa.String(64), sa.ForeignKey("institutions.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("seed", sa.String(64), nullable=False),
        sa.Column("percent", sa.Integer, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("population", sa.Integer, nullable=False),
        sa.Column("drawn", sa.Integer, nullable=False),
        sa.Column("by_json", sa.Text, nullable=False),
        sa.UniqueConstraint("institution_id", "number", name="uq_review_draws_number"),
    )
    op.create_table(
        "case_reviews",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("draw_id", sa.String(64), sa.ForeignKey("review_draws.id"), nullable=False),
        sa.Column("institution_id", sa.String(64), sa.ForeignKey("institutions.id"), nullable=False),
        sa.Column("case_id", sa.String(64), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdicts_json", sa.Text, nullable=False),
        sa.Column("by_json", sa.Text, nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("ix_case_reviews_institution_id", "case_reviews", ["institution_id", "drawn_at"])
    op.create_table(
        "review_findings",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("review_id", sa.String(64), sa.ForeignKey("case_reviews.id"), nullable=False),
        sa.Column("institution_id", sa.String(64), sa.ForeignKey("institutions.id"), nullable=False),
        sa.Column("case_id", sa.String(64), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("point", sa.String(64), nullable=False),
        sa.Column("grade", sa.String(16), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("found_by_json", sa.Text, nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("responsible_json", sa.Text, nullable=False),
        sa.Column("due_on", sa.Date),
        sa.Column("steps_json", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("ix_review_findings_institution_id", "review_findings", ["institution_id", "found_at"])


def downgrade() -> None:
    """Back to the version before."""
    op.drop_table("review_findings")
    op.drop_table("case_reviews")
    op.drop_table("review_draws")
