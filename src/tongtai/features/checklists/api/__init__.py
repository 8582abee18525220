"""HTTP: checklists, what is measured of them, and PINs."""

from tongtai.features.checklists.api.sheets import checklist_service, router

__all__ = ["checklist_service", "router"]
