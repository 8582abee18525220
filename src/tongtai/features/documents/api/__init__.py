"""HTTP: documents of a case, and the check of any document."""

from fastapi import APIRouter

from tongtai.features.documents.api import checking, documents

router = APIRouter()
for _part in (checking, documents):
    router.include_router(_part.router)

__all__ = ["router"]
