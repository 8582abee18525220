"""Institutions, operating rooms, users, sessions, cases and the audit log."""

import sqlalchemy as sa
from alembic import op

revision = "0001_accounts"
down_revision = None
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Towards this version."""
    _create_institutions()
    _create_accounts()
    _create_cases()
    _create_audit()
    if op.get_bind().dialect.name == "sqlite":
        _forbid_audit_changes_sqlite()
    else:
        _forbid_audit_changes_postgresql()


def downgrade() -> None:
    """Back to the version before."""
    for table in (
        "audit_entries",
        "audit_head",
        "case_team",
        "case_numbers",
        "cases",
        "login_attempts",
        "web_sessions",
        "users",
        "operating_rooms",
        "institutions",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_refuse()")
        op.execute("DROP FUNCTION audit_head_guard()")


def _create_institutions() -> None:
    op.create_table(
        "institutions",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False, unique=True),
        sa.Column("name_en", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
    )
    op.create_table(
        "operating_rooms",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("institution_id", sa.String(64), sa.ForeignKey("institutions.id"), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("name_en", sa.String(200), nullable=False),
        sa.UniqueConstraint("institution_id", "name"),
    )


def _create_accounts() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("login", sa.String(64), nullable=False, unique=True),
        sa.Column("display_name", sa.String(200), nullable=False),
        sa.Column("display_name_en", sa.String(200), nullable=False),
        sa.Column(
            "institution_id", sa.String(64), sa.ForeignKey("institutions.id"), nullable=False, index=True
        ),
        sa.Column("roles", sa.JSON, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("must_change_password", sa.Boolean, nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("password_hash", sa.String(300), nullable=False),
        sa.Column("totp_sealed", sa.String(300)),
        sa.Column("totp_confirmed", sa.Boolean, nullable=False),
        sa.Column("totp_last_step", sa.Integer, nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
    )
    op.create_table(
        "web_sessions",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("user_id", sa.String(64), sa.ForeignKey("users.id"), nullable=False, index=True),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False, index=True),
        sa.Column("address", sa.String(64), nullable=False),
    )
    op.create_table(
        "login_attempts",
        sa.Column("key_hash", sa.String(64), primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last_at", _INSTANT, nullable=False, index=True),
    )


def _create_cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("number", sa.String(32), nullable=False, unique=True),
        sa.Column("technique", sa.String(16), nullable=False),
        sa.Column("lesion", sa.Text, nullable=False),
        sa.Column("patient_name", sa.String(200), nullable=False),
        sa.Column("patient_sex", sa.String(1), nullable=False),
        sa.Column("patient_birth_date", sa.Date, nullable=False),
        sa.Column("patient_hospital_number", sa.String(64), nullable=False),
        sa.Column("disclosure", sa.String(16), nullable=False),
        sa.Column("inviting_institution_id", sa.String(64), sa.ForeignKey("institutions.id"), nullable=False),
        sa.Column("invited_institution_id", sa.String(64), sa.ForeignKey("institutions.id"), nullable=False),
        sa.Column("operating_room_id", sa.String(64), sa.ForeignKey("operating_rooms.id"), nullable=False),
        sa.Column("scheduled_at", _INSTANT, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("ix_cases_inviting", "cases", ["inviting_institution_id", "scheduled_at"])
    op.create_index("ix_cases_invited", "cases", ["invited_institution_id", "scheduled_at"])
    op.create_index("ix_cases_operating_room", "cases", ["operating_room_id", "scheduled_at"])
    op.create_table(
        "case_team",
        sa.Column("case_id", sa.String(64), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("user_id", sa.String(64), sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("role", sa.String(32), primary_key=True),
        sa.Column("place", sa.Integer, nullable=False),
    )
    op.create_table(
        "case_numbers",
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("last", sa.Integer, nullable=False),
    )


def _create_audit() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("actor_kind", sa.String(16), nullable=False),
        sa.Column("actor_id", sa.String(64), nullable=False),
        sa.Column("actor_name", sa.String(200), nullable=False),
        sa.Column("institution_id", sa.String(64)),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("case_id", sa.String(64)),
        sa.Column("owner_institution_id", sa.String(64)),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("values_json", sa.Text, nullable=False),
        sa.Column("prev_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    for column in ("institution_id", "owner_institution_id", "case_id"):
        op.create_index(f"ix_audit_entries_{column}_seq", "audit_entries", [column, "seq"])
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("signature", sa.String(64), nullable=False),
    )
    op.bulk_insert(head, [{"id": 1, "seq": 0, "hash": "0" * 64, "signature": ""}])


def _forbid_audit_changes_sqlite() -> None:
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_entries_no_{act.lower()} BEFORE {act} ON audit_entries "
            "BEGIN SELECT RAISE(ABORT, 'audit_entries is append-only'); END"
        )
    op.execute(
        "CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head "
        "BEGIN SELECT RAISE(ABORT, 'audit_head stays'); END"
    )
    op.execute(
        "CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head WHEN NEW.seq < OLD.seq "
        "BEGIN SELECT RAISE(ABORT, 'audit_head only goes forward'); END"
    )


def _forbid_audit_changes_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'audit_entries is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
        "ON audit_entries FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
    )
    op.execute(
        "CREATE FUNCTION audit_head_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP = 'UPDATE' AND NEW.seq >= OLD.seq THEN RETURN NEW; END IF; "
        "RAISE EXCEPTION 'audit_head only goes forward'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_head_forward BEFORE UPDATE OR DELETE ON audit_head "
        "FOR EACH ROW EXECUTE FUNCTION audit_head_guard()"
    )
