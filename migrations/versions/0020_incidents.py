"""Incidents with everything that was done about them, and calls that are about one instead of a case."""

import sqlalchemy as sa
from alembic import op

revision = "0020_incidents"
down_revision = "0019_replays"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_REFUSAL = "what was done about an incident is kept as it is"


def upgrade() -> None:
    """Towards this version."""
    op.create_table(
        "incidents",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("institution_id", sa.String(64), sa.ForeignKey("institutions.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("values_json", sa.Text, nullable=False),
        sa.Column("discovered_at", _INSTANT, nullable=False),
        sa.Column("reported_at", _INSTANT, nullable=False),
        sa.Column("reporter_json", sa.Text, nullable=False),
        sa.Column("authority_told_at", _INSTANT),
        sa.Column("people_told_at", _INSTANT),
        sa.Column("people_waived_at", _INSTANT),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("institution_id", "number", name="uq_incidents_number"),
    )
    op.create_index("ix_incidents_state", "incidents", ["state"])
    op.create_table(
        "incident_events",
        sa.Column("incident_id", sa.String(64), sa.ForeignKey("incidents.id"), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("act", sa.String(32), nullable=False),
        sa.Column("by_json", sa.Text, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("done_at", _INSTANT, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("values_json", sa.Text, nullable=False),
    )
    _forbid_changes()
    with op.batch_alter_table("workflow_notices") as notices:
        notices.alter_column("case_id", existing_type=sa.String(64), nullable=True)
        notices.add_column(sa.Column("incident_id", sa.String(64)))
        notices.create_unique_constraint(
            "uq_workflow_notices_incident_call", ["incident_id", "code", "level", "since"]
        )


def downgrade() -> None:
    """Back to the version before."""
    op.execute("DELETE FROM workflow_notices WHERE case_id IS NULL")
    with op.batch_alter_table("workflow_notices") as notices:
        notices.drop_constraint("uq_workflow_notices_incident_call", type_="unique")
        notices.drop_column("incident_id")
        notices.alter_column("case_id", existing_type=sa.String(64), nullable=False)
    op.drop_table("incident_events")
    op.drop_table("incidents")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION incident_refuse()")


def _forbid_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER incident_events_no_{verb.lower()} BEFORE {verb} ON incident_events "
                f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION incident_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER incident_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
        "ON incident_events FOR EACH STATEMENT EXECUTE FUNCTION incident_refuse()"
    )
