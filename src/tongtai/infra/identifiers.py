"""Identifiers that sort by the time they were made and cannot be guessed."""

import secrets
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_TIME_CHARACTERS = 9
_RANDOM_CHARACTERS = 16


def new_id(prefix: str) -> str:
    """Make an identifier such as ``case_01k9…``: 45 bits of milliseconds, 80 bits of chance.

    Parameters
    ----------
    prefix : str
        The noun it stands for, so that an identifier in a log explains itself.
    """
    number = (int(time.time() * 1000) << 80) | secrets.randbits(80)
    digits = []
    for _ in range(_TIME_CHARACTERS + _RANDOM_CHARACTERS):
        number, remainder = divmod(number, 32)
        digits.append(_ALPHABET[remainder])
    return f"{prefix}_{''.join(reversed(digits))}"
