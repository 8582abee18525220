"""Who does something to a plan."""

from tongtai.features.accounts.model import Principal
from tongtai.features.plans.model import PlanPerson


def person(principal: Principal) -> PlanPerson:
    """Somebody who is signed in, by the names that they have now."""
    return PlanPerson(
        user_id=principal.user_id, name=principal.display_name, name_en=principal.display_name_en
    )
