"""HTTP: accounts, and everything below them that needs a person.

Routes of institutions are here because they need to know who asks, which the features below accounts
do not.
"""

from fastapi import APIRouter

from tongtai.features.accounts.api import auth, institutions, users
from tongtai.features.accounts.api.identity import (
    COOKIE,
    Current,
    SignedIn,
    account_service,
    authentication,
    principal_of_request,
    principal_of_websocket,
    prove_again,
    require,
)

router = APIRouter()
for _part in (auth, users, institutions):
    router.include_router(_part.router)

__all__ = [
    "COOKIE",
    "Current",
    "SignedIn",
    "account_service",
    "authentication",
    "principal_of_request",
    "principal_of_websocket",
    "prove_again",
    "require",
    "router",
]
