"""Pushes of images, images, and confirmations of whose they are."""

import sqlalchemy as sa
from alembic import op

revision = "0003_imaging"
down_revision = "0002_gateways"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Towards this version."""
    _create_pushes()
    _create_images()
    op.create_table(
        "imaging_confirmations",
        sa.Column("case_id", sa.String(64), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("identity", sa.String(32), primary_key=True),
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
    )


def downgrade() -> None:
    """Back to the version before."""
    for table in (
        "imaging_confirmations",
        "imaging_instances",
        "imaging_series",
        "imaging_push_files",
        "imaging_pushes",
    ):
        op.drop_table(table)


def _create_pushes() -> None:
    op.create_table(
        "imaging_pushes",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("case_id", sa.String(64), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("declared_files", sa.Integer),
        sa.Column("started_at", _INSTANT, nullable=False),
        sa.Column("finished_at", _INSTANT),
    )
    op.create_index("ix_imaging_pushes_case_id", "imaging_pushes", ["case_id", "user_id"])
    op.create_table(
        "imaging_push_files",
        sa.Column("push_id", sa.String(64), sa.ForeignKey("imaging_pushes.id"), primary_key=True),
        sa.Column("name", sa.String(500), primary_key=True),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("message", sa.String(500), nullable=False),
        sa.Column("series_uid", sa.String(64), nullable=False),
        sa.Column("sop_instance_uid", sa.String(64), nullable=False),
    )


def _create_images() -> None:
    op.create_table(
        "imaging_series",
        sa.Column("case_id", sa.String(64), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("series_uid", sa.String(64), primary_key=True),
        sa.Column("study_uid", sa.String(64), nullable=False),
        sa.Column("modality", sa.String(64), nullable=False),
    )
    op.create_table(
        "imaging_instances",
        sa.Column("case_id", sa.String(64), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("sop_instance_uid", sa.String(64), primary_key=True),
        sa.Column("push_id", sa.String(64), sa.ForeignKey("imaging_pushes.id"), nullable=False),
        sa.Column("quarantined", sa.Boolean, nullable=False),
        sa.Column("identity", sa.String(32), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size_bytes", sa.Integer, nullable=False),
        sa.Column("received_at", _INSTANT, nullable=False),
        *(
            sa.Column(name, sa.String(64), nullable=False)
            for name in (
                "sop_class_uid",
                "study_uid",
                "series_uid",
                "transfer_syntax_uid",
                "modality",
                "study_description",
                "study_date",
                "series_description",
            )
        ),
        sa.Column("series_number", sa.Integer),
        sa.Column("instance_number", sa.Integer),
        sa.Column("position_mm", sa.Float),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("rows", "columns", "frames")),
        sa.Column("patient_json", sa.Text, nullable=False),
        sa.Column("attributes_json", sa.Text, nullable=False),
    )
    op.create_index(
        "ix_imaging_instances_series", "imaging_instances", ["case_id", "series_uid", "quarantined"]
    )
