"""Use cases of accounts."""

from tongtai.features.accounts.service.authentication import Authentication
from tongtai.features.accounts.service.revocations import TELL_GRACE, RevocationHub, Revocations
from tongtai.features.accounts.service.users import (
    AccountService,
    NewUser,
    UserChange,
)

__all__ = [
    "TELL_GRACE",
    "AccountService",
    "Authentication",
    "NewUser",
    "RevocationHub",
    "Revocations",
    "UserChange",
]
