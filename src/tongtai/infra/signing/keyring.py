"""Whose key signs: made by the installation's test authority, or kept in a token with a real certificate."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cryptography import x509

from tongtai.core.clock import Clock
from tongtai.infra.credentials import Vault
from tongtai.infra.settings import Settings
from tongtai.infra.signing import authority
from tongtai.infra.signing.authority import KeyPair
from tongtai.infra.signing.errors import CertificateRefusedError, SigningTokenError

if TYPE_CHECKING:
    from tongtai.infra.signing.pdf import FoundSignature
    from tongtai.infra.signing.token import TokenPlace

_ROOT = "authority"
_TIMESTAMPS = "timestamps"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredKey:
    """A certificate, and its key where this installation keeps it.

    Attributes
    ----------
    subject : str
        ``authority``, ``timestamps``, or a user's identifier.
    key_sealed : str or None
        Sealed by the installation's secret; ``None`` when the key is in a token.
    """

    serial: str
    subject: str
    certificate: bytes
    key_sealed: str | None
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None


class KeyStore(Protocol):
    """Where certificates are kept."""

    async def current(self, subject: str, *, at: datetime) -> StoredKey | None:
        """The newest certificate of a subject that is neither revoked nor expired."""
        ...

    async def add(self, key: StoredKey) -> StoredKey:
        """Insert; the one that is there already when another process was quicker."""
        ...

    async def revoked(self) -> Sequence[tuple[str, datetime]]:
        """Serial number and instant of every revoked certificate."""
        ...

    async def revoke(self, subject: str, *, at: datetime) -> int:
        """Revoke every certificate of a subject; how many."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningPerson:
    """Who signs, as the certificate names them."""

    user_id: str
    name: str
    organisation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A signed document and the certificate that signed it."""

    pdf: bytes
    serial: str


class KeyRing:
    """Signs and checks with the keys of this installation.

    Parameters
    ----------
    store : KeyStore
        Within the present transaction.
    """

    def __init__(self, store: KeyStore, settings: Settings, clock: Clock) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self._vault = Vault(settings.secret("signing"))

    async def sign(
        self, pdf: bytes, person: SigningPerson, *, field: str, reason: str, pin: str = ""
    ) -> Signed:
        """Sign a document in somebody's name.

        Parameters
        ----------
        pin
            Of the person's token; not needed for a key that the installation keeps.

        Raises
        ------
        SigningTokenError
            If the key is in a token that does not sign.
        """
        # pyHanko and its libraries load for a third of a second: whoever signs waits for it, not who starts.
        from tongtai.infra.signing.pdf import (  # noqa: PLC0415
            local_timestamps,
            sign_pdf,
            software_signer,
            timestamps_from,
        )
        from tongtai.infra.signing.token import token_signer  # noqa: PLC0415

        now = self._clock.now()
        root = await self._pair(_ROOT)
        key = await self._store.current(person.user_id, at=now) or await self._issued(root, person)
        if self._settings.timestamp_url:
            stamps = timestamps_from(self._settings.timestamp_url)
        else:
            stamps = local_timestamps(await self._pair(_TIMESTAMPS), root=root.certificate, at=now)

        def signed() -> bytes:
            # Beside the event loop: a signature costs a tenth of a second, a token may take seconds.
            if key.key_sealed is not None:
                pair = KeyPair(certificate=key.certificate, key=self._vault.open(key.key_sealed).encode())
                signer = software_signer(pair, root=root.certificate)
                return asyncio.run(sign_pdf(pdf, signer, field=field, reason=reason, timestamps=stamps))
            place = self._token()
            with token_signer(
                place, key_label=person.user_id, pin=pin, certificate=key.certificate
            ) as in_token:
                return asyncio.run(sign_pdf(pdf, in_token, field=field, reason=reason, timestamps=stamps))

        return Signed(pdf=await asyncio.to_thread(signed), serial=key.serial)

    async def verify(self, pdf: bytes) -> "list[FoundSignature]":
        """Check a document's signatures; the authorities of this installation are trusted."""
        from tongtai.infra.signing.pdf import verify_pdf  # noqa: PLC0415  (as in `sign`)

        now = self._clock.now()
        roots = [await self.root_certificate(), *await asyncio.to_thread(self._trusted)]
        lists = [await self.revocations()]

        def verified() -> "list[FoundSignature]":
            return asyncio.run(verify_pdf(pdf, roots=roots, revocations=lists, at=now))

        return await asyncio.to_thread(verified)

    async def root_certificate(self) -> bytes:
        """The test authority's certificate (PEM)."""
        return (await self._pair(_ROOT)).certificate

    async def revocations(self) -> bytes:
        """The test authority's list of revoked certificates (DER)."""
        root = await self._pair(_ROOT)
        return authority.revocation_list(root, await self._store.revoked(), at=self._clock.now())

    async def register(self, user_id: str, certificate: bytes) -> StoredKey:
        """Note that somebody's key is in the token, under their identifier as label.

        Raises
        ------
        CertificateRefusedError
            If it is no certificate in PEM, or has expired.
        """
        try:
            read = x509.load_pem_x509_certificate(certificate)
        except ValueError as error:
            raise CertificateRefusedError(reason="unreadable") from error
        now = self._clock.now()
        if read.not_valid_after_utc <= now:
            raise CertificateRefusedError(reason="expired")
        await self._store.revoke(user_id, at=now)
        return await self._store.add(self._stored(user_id, certificate, None))

    async def _pair(self, subject: str) -> KeyPair:
        now = self._clock.now()
        found = await self._store.current(subject, at=now)
        if found is None:
            if subject == _ROOT:
                made = await asyncio.to_thread(authority.new_root, at=now)
            else:
                root = await self._pair(_ROOT)
                made = await asyncio.to_thread(authority.issue_timestamper, root, at=now)
            found = await self._store.add(self._stored(subject, made.certificate, made.key))
        return KeyPair(certificate=found.certificate, key=self._vault.open(found.key_sealed or "").encode())

    async def _issued(self, root: KeyPair, person: SigningPerson) -> StoredKey:
        if self._settings.signing_token_module:
            # Where keys belong into tokens, none is made on the side.
            raise SigningTokenError(reason="no_certificate")
        made = authority.issue_person(
            root,
            name=person.name,
            organisation=person.organisation,
            identifier=person.user_id,
            at=self._clock.now(),
        )
        return await self._store.add(self._stored(person.user_id, made.certificate, made.key))

    def _stored(self, subject: str, certificate: bytes, key: bytes | None) -> StoredKey:
        read = x509.load_pem_x509_certificate(certificate)
        return StoredKey(
            serial=f"{read.serial_number:x}",
            subject=subject,
            certificate=certificate,
            key_sealed=self._vault.seal(key.decode()) if key is not None else None,
            made_at=self._clock.now(),
            expires_at=read.not_valid_after_utc,
        )

    def _token(self) -> "TokenPlace":
        from tongtai.infra.signing.token import TokenPlace  # noqa: PLC0415  (as in `sign`)

        if self._settings.signing_token_module is None:
            raise SigningTokenError(reason="no_module")
        return TokenPlace(
            module=self._settings.signing_token_module, token=self._settings.signing_token_label
        )

    def _trusted(self) -> list[bytes]:
        folder = self._settings.signing_roots
        return [path.read_bytes() for path in sorted(_pem_files(folder))] if folder else []


def _pem_files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.suffix == ".pem"]
