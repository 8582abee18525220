"""Keys in a token, card or key store with a PKCS#11 module: they never leave it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pkcs11.exceptions import PKCS11Error
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign.general import SigningError as PyhankoSigningError
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
from pyhanko.sign.signers import Signer

from tongtai.infra.signing.errors import SigningTokenError
from tongtai.infra.signing.pdf import certificate_of


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPlace:
    """Where keys are.

    Attributes
    ----------
    module : Path
        The maker's PKCS#11 library.
    token : str
        Label of the token.
    """

    module: Path
    token: str


@contextmanager
def token_signer(place: TokenPlace, *, key_label: str, pin: str, certificate: bytes) -> Iterator[Signer]:
    """A signer whose key is in a token, while the session with the token is open.

    Parameters
    ----------
    key_label : str
        Label of the private key.
    pin : str
        The person's PIN; it is handed to the token and not kept.
    certificate : bytes
        The key's certificate (PEM), from the authority that the hospital uses.

    Raises
    ------
    SigningTokenError
        If the token does not answer, the PIN is wrong, or the token has no such key.
    """
    try:
        with open_pkcs11_session(
            str(place.module), token_criteria=TokenCriteria(label=place.token), user_pin=pin
        ) as session:
            # Hashing here and signing the hash there: many tokens know ECDSA, few know it with SHA-256.
            yield PKCS11Signer(
                session,
                key_label=key_label,
                signing_cert=certificate_of(certificate),
                use_raw_mechanism=True,
            )
    except (PKCS11Error, PyhankoSigningError, OSError) as error:
        # The library's text may hold the PIN's state or a path: only that it failed is told.
        raise SigningTokenError(token=place.token) from error
