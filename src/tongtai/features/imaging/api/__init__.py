"""HTTP: pushes of images, and DICOMweb."""

from fastapi import APIRouter

from tongtai.features.imaging.api import dicomweb, pushes, rendered, store
from tongtai.features.imaging.api.wiring import imaging_services

router = APIRouter()
for _part in (pushes, store, dicomweb, rendered):
    router.include_router(_part.router)

__all__ = ["imaging_services", "router"]
