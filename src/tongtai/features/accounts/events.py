"""What happens to an account that others must know at once."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRevoked:
    """The user's sessions have ended; drop their streams and take them out of live rooms.

    The same notice may be told twice: whoever acts on it must do so once, or twice to the same end.
    """

    user_id: str
    notice_id: str
