"""Typesetting, storing, signing and checking files, with the parts of this server."""

import asyncio
from pathlib import Path

from tongtai.core.case_document import CaseDocument
from tongtai.features.documents.model import CheckedSignature, Signer
from tongtai.features.documents.ports import SignedPdf
from tongtai.formats.case_documents import DocumentUnreadableError, embedded_record, typeset
from tongtai.infra.blobs import Blobs
from tongtai.infra.signing.keyring import KeyRing, SigningPerson


class ServerPress:
    """Typesets with the web application's font and keeps files in the store of blobs.

    Parameters
    ----------
    fonts : Path
        Folder of the font.
    """

    def __init__(self, blobs: Blobs, fonts: Path) -> None:
        self._blobs = blobs
        self._fonts = fonts

    async def typeset(self, document: CaseDocument) -> bytes:
        """The document as PDF."""
        return await asyncio.to_thread(typeset, document, fonts=self._fonts)

    async def keep(self, content: bytes) -> str:
        """Store a file; its SHA-256."""
        return await self._blobs.put(content)

    async def fetch(self, sha256: str) -> bytes:
        """A stored file."""
        return await self._blobs.get(sha256)

    async def record_of(self, pdf: bytes) -> str:
        """SHA-256 of the record inside a file, or empty."""
        try:
            return (await asyncio.to_thread(embedded_record, pdf)).sha256
        except DocumentUnreadableError:
            return ""


class KeyRingSignatures:
    """Signs in the name of the account, by the keys of this installation."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    async def sign(self, pdf: bytes, signer: Signer, *, reason: str, pin: str) -> SignedPdf:
        """Sign in somebody's name."""
        person = SigningPerson(user_id=signer.user_id, name=signer.name, organisation=signer.institution)
        signed = await self._keys.sign(pdf, person, field=signer.field, reason=reason, pin=pin)
        return SignedPdf(pdf=signed.pdf, serial=signed.serial)

    async def check(self, pdf: bytes) -> tuple[CheckedSignature, ...]:
        """Check every signature."""
        return tuple(
            CheckedSignature(
                signer=found.signer,
                organisation=found.organisation,
                reason=found.reason,
                timestamp=found.timestamp,
                intact=found.intact,
                trusted=found.trusted,
                revoked=found.revoked,
                covers_all=found.covers_all,
                test_only=found.test_only,
                good=found.good,
            )
            for found in await self._keys.verify(pdf)
        )
