"""Use cases of accounts."""

from tongtai.features.accounts.service.authentication import Authentication
from tongtai.features.accounts.service.users import (
    AccountService,
    NewUser,
    RevocationHub,
    UserChange,
)

__all__ = ["AccountService", "Authentication", "NewUser", "RevocationHub", "UserChange"]
