"""Passwords, one-time codes, tokens, and secrets kept in the database."""

import asyncio
import base64
import hashlib
import secrets
from datetime import datetime
from functools import cached_property
from io import BytesIO

import pyotp
import segno
from argon2 import PasswordHasher, profiles
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from cryptography.fernet import Fernet

_TOTP_ISSUER = "Tongtai"
_TOTP_STEP_S = 30
# Without letters and digits that are mistaken for one another: passwords are read out by telephone.
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


class Passwords:
    """Argon2id hashes, made beside the event loop, a few at a time.

    Parameters
    ----------
    hasher : PasswordHasher, optional
        Default is RFC 9106's profile for machines with little memory (64 MiB a hash).
    parallel : int
        Hashes at the same time; a flood of log-ins waits instead of exhausting the memory.
    """

    def __init__(self, hasher: PasswordHasher | None = None, *, parallel: int = 2) -> None:
        self._hasher = hasher or PasswordHasher.from_parameters(profiles.RFC_9106_LOW_MEMORY)
        self._slots = asyncio.Semaphore(parallel)

    async def hash(self, password: str) -> str:
        """A new hash of the password."""
        async with self._slots:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether the password is right; without a hash it is not, after the same time."""
        async with self._slots:
            right = await asyncio.to_thread(self._verify, password_hash or self._decoy, password)
        return right and password_hash is not None

    def _verify(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerifyMismatchError, InvalidHashError):
            return False

    @cached_property
    def _decoy(self) -> str:
        return self._hasher.hash(secrets.token_hex(16))


class OneTimeCodes:
    """Codes of an authenticator app (RFC 6238: SHA-1, six digits, 30 s)."""

    def new_secret(self) -> str:
        """A new secret in base 32."""
        return pyotp.random_base32()

    def uri(self, secret: str, account: str) -> str:
        """The address that an authenticator app reads."""
        return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=_TOTP_ISSUER)

    def qr_svg(self, uri: str) -> str:
        """The address as a QR code: an SVG that stands inside a page as well as in an ``img``."""
        picture = BytesIO()
        # With its name space: without, a browser shows it inside HTML only.
        segno.make(uri, error="m").save(
            picture, kind="svg", scale=5, border=4, light="#fff", xmldecl=False, svgns=True, nl=False
        )
        return picture.getvalue().decode()

    def matching_step(self, secret: str, code: str, *, at: datetime, after_step: int) -> int | None:
        """The 30 s step that the code belongs to, one step early or late allowed.

        Parameters
        ----------
        after_step : int
            The last step that was used: a code counts once.
        """
        totp = pyotp.TOTP(secret)
        present = int(at.timestamp()) // _TOTP_STEP_S
        for step in (present - 1, present, present + 1):
            if step > after_step and secrets.compare_digest(totp.generate_otp(step).encode(), code.encode()):
                return step
        return None


class Vault:
    """Secrets that the database keeps and must be read again, encrypted.

    Parameters
    ----------
    secret : str
        A secret of the installation (hexadecimal, 32 bytes).
    """

    def __init__(self, secret: str) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(bytes.fromhex(secret)))

    def seal(self, text: str) -> str:
        """Encrypt."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Decrypt."""
        return self._fernet.decrypt(sealed.encode()).decode()


def new_token() -> str:
    """A bearer secret of 256 bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What the database keeps of a bearer secret: SHA-256; the token has no need of salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_password() -> str:
    """A password to be read out and typed: four groups of four, about 79 bits."""
    groups = ("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))
    return "-".join(groups)
