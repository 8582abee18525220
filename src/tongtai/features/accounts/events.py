"""What happens to an account that others must know at once."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRevoked:
    """The user's sessions have ended; drop their streams and take them out of live rooms."""

    user_id: str
