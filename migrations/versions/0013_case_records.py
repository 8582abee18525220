"""The material of cases, team meetings, opinions, checklists, the archive, and saved views."""

import sqlalchemy as sa
from alembic import op

revision = "0013_case_records"
down_revision = "0012_single_use"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
# Later ones refer to earlier ones.
_TABLES = (
    "intakes",
    "intake_answers",
    "intake_attachments",
    "mdt_meetings",
    "opinions",
    "decisions",
    "checklists",
    "user_pins",
    "archive_bundles",
    "archive_holds",
    "archive_seals",
    "workflow_views",
)


def upgrade() -> None:
    """Towards this version."""
    op.add_column("cases", sa.Column("record", sa.String(16), nullable=False, server_default="open"))
    _create_intake()
    for table, body in (
        ("mdt_meetings", "meeting_json"),
        ("opinions", "opinion_json"),
        ("decisions", "decision_json"),
    ):
        versioned = [sa.Column("version", sa.Integer, nullable=False)] if table != "decisions" else []
        op.create_table(
            table,
            sa.Column("id", sa.String(64), primary_key=True),
            _case(),
            sa.Column("number", sa.Integer, nullable=False),
            sa.Column(body, sa.Text, nullable=False),
            *versioned,
            sa.UniqueConstraint("case_id", "number", name=f"uq_{table}_case_id_number"),
        )
    _create_checklists()
    _create_archive()
    op.create_table(
        "workflow_views",
        sa.Column("user_id", sa.String(64), sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("name", sa.String(100), primary_key=True),
        sa.Column("query_json", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """Back to the version before."""
    for table in reversed(_TABLES):
        op.drop_table(table)
    op.drop_column("cases", "record")


def _case(*, key: bool = False) -> sa.Column[str]:
    return sa.Column("case_id", sa.String(64), sa.ForeignKey("cases.id"), primary_key=key, nullable=False)


def _create_intake() -> None:
    op.create_table("intakes", _case(key=True), sa.Column("version", sa.Integer, nullable=False))
    op.create_table(
        "intake_answers",
        sa.Column("case_id", sa.String(64), sa.ForeignKey("intakes.case_id"), primary_key=True),
        sa.Column("item", sa.String(64), primary_key=True),
        sa.Column("answer_json", sa.Text, nullable=False),
        sa.Column("entered_by", sa.String(64), nullable=False),
        sa.Column("entered_at", _INSTANT, nullable=False),
        sa.Column("origin", sa.String(16), nullable=False),
    )
    op.create_table(
        "intake_attachments",
        sa.Column("id", sa.String(64), primary_key=True),
        _case(),
        sa.Column("item", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("media_type", sa.String(64), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size_bytes", sa.Integer, nullable=False),
        sa.Column("added_by", sa.String(64), nullable=False),
        sa.Column("added_at", _INSTANT, nullable=False),
    )
    op.create_index("ix_intake_attachments_case_id", "intake_attachments", ["case_id", "added_at"])


def _create_checklists() -> None:
    op.create_table(
        "checklists",
        _case(key=True),
        sa.Column("sheet", sa.String(16), primary_key=True),
        sa.Column("round", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("filled_json", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "user_pins",
        sa.Column("user_id", sa.String(64), sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("pin_hash", sa.String(300), nullable=False),
        sa.Column("set_at", _INSTANT, nullable=False),
    )


def _create_archive() -> None:
    op.create_table(
        "archive_bundles",
        sa.Column("id", sa.String(64), primary_key=True),
        _case(),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("kept_until", sa.Date, nullable=False, index=True),
        sa.Column("bundle_json", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("case_id", "number", name="uq_archive_bundles_case_id_number"),
    )
    for table in ("archive_holds", "archive_seals"):
        op.create_table(
            table,
            sa.Column("id", sa.String(64), primary_key=True),
            sa.Column("case_id", sa.String(64), sa.ForeignKey("cases.id"), nullable=False, index=True),
            sa.Column("body_json", sa.Text, nullable=False),
        )
