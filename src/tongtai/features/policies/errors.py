"""What can be wrong about a house rule."""

from tongtai.core.errors import TongtaiError


class PolicyRefusedError(TongtaiError):
    """The value is outside what this rule allows, or its reason is missing; the values say which."""

    code = "policy_refused"


class PolicyNotYoursError(TongtaiError):
    """Such a rule is set by the other kind of institution."""

    code = "policy_not_yours"


class PolicyChangedError(TongtaiError):
    """Somebody else changed the rule meanwhile; load it again."""

    code = "policy_changed"
    retryable = True
