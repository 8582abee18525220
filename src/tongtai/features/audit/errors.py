"""What can be wrong about the audit log."""

from tongtai.core.errors import TongtaiError


class AuditHeadMissingError(TongtaiError):
    """The audit log has no head; the database was not migrated or its head was deleted."""

    code = "audit_head_missing"
