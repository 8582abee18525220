"""Sign PDF documents (PAdES) and check the signatures that a PDF carries."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from asn1crypto.keys import PrivateKeyInfo
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.general import SigningError as PyhankoSigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer, SimpleSigner
from pyhanko.sign.timestamps import DummyTimeStamper, HTTPTimeStamper, TimeStamper, TimestampRequestError
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tongtai.infra.signing.authority import TEST_AUTHORITY, KeyPair
from tongtai.infra.signing.errors import NotASignedPdfError, SigningError, TimestampError


def _der(pem_bytes: bytes) -> bytes:
    _, _, der = pem.unarmor(pem_bytes)
    return bytes(der)


# It logs names from certificates when one does not hold; the caller is told instead.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


def certificate_of(pem_bytes: bytes) -> asn1_x509.Certificate:
    """A PEM certificate as pyHanko wants it."""
    return asn1_x509.Certificate.load(_der(pem_bytes))


def software_signer(pair: KeyPair, *, root: bytes) -> Signer:
    """A signer whose key is in this process."""
    registry = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # its constructor has no types
    registry.register(certificate_of(root))
    return SimpleSigner(
        signing_cert=certificate_of(pair.certificate),
        signing_key=PrivateKeyInfo.load(_der(pair.key)),
        cert_registry=registry,
    )


def local_timestamps(pair: KeyPair, *, root: bytes, at: datetime) -> TimeStamper:
    """Timestamps (RFC 3161) of the installation's own test authority, at the time of its clock."""
    registry = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # its constructor has no types
    registry.register(certificate_of(root))
    return DummyTimeStamper(
        tsa_cert=certificate_of(pair.certificate),
        tsa_key=PrivateKeyInfo.load(_der(pair.key)),
        certs_to_embed=registry,
        fixed_dt=at,
    )


def timestamps_from(url: str) -> TimeStamper:
    """Timestamps (RFC 3161) of an authority at an address."""
    return HTTPTimeStamper(url, https=url.startswith("https:"), timeout=10)


async def sign_pdf(
    document: bytes, signer: Signer, *, field: str, reason: str, timestamps: TimeStamper
) -> bytes:
    """Add a signature; what was signed before stays as it is (PDF's incremental update).

    Parameters
    ----------
    field : str
        Name of the signature, one of its kind in the document.
    reason : str
        What the signature says, such as the role in which somebody signs.

    Raises
    ------
    NotASignedPdfError
        If it cannot be read as a PDF.
    TimestampError
        If no timestamp can be had.
    SigningError
        If it cannot be signed, such as twice under one name.
    """
    metadata = PdfSignatureMetadata(
        field_name=field, md_algorithm="sha256", reason=reason, subfilter=SigSeedSubFilter.PADES
    )
    try:
        writer = IncrementalPdfFileWriter(BytesIO(document))
        signed = await PdfSigner(metadata, signer, timestamper=timestamps).async_sign_pdf(writer)
    except TimestampRequestError as error:
        raise TimestampError from error
    except PyhankoSigningError as error:
        raise SigningError(field=field) from error
    except PdfError as error:
        raise NotASignedPdfError from error
    return bytes(signed.getvalue())


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSignature:
    """A signature in a PDF and what checking it gave.

    Attributes
    ----------
    signer, organisation, identifier
        From the certificate.
    intact
        What was signed has not been changed by a byte.
    trusted
        The certificate leads to an authority that this installation trusts, and was good at that time.
    revoked
        The certificate was revoked before the signature was made.
    covers_all
        Nothing but further signatures was added afterwards.
    timestamp
        The instant that a timestamp authority confirms, if one does.
    test_only
        The certificate is of a test authority: without legal effect.
    """

    field: str
    signer: str
    organisation: str
    identifier: str
    reason: str
    timestamp: datetime | None
    intact: bool
    trusted: bool
    revoked: bool
    covers_all: bool
    test_only: bool

    @property
    def good(self) -> bool:
        """Whether everything holds."""
        return self.intact and self.trusted and self.covers_all and not self.revoked


async def verify_pdf(
    document: bytes, *, roots: Sequence[bytes], revocations: Sequence[bytes], at: datetime
) -> list[FoundSignature]:
    """Check every signature of a PDF.

    Parameters
    ----------
    roots
        Certificates (PEM) of the authorities that are trusted.
    revocations
        Their lists of revoked certificates (DER).

    Raises
    ------
    NotASignedPdfError
        If it cannot be read as a PDF.
    """
    # Broken files raise what their bytes happen to break in the reader: all of it means the same here.
    try:
        found = PdfFileReader(BytesIO(document)).embedded_regular_signatures
        trust = _Trust(roots=roots, revocations=revocations)
        return [await _verified(each, trust, at, newest=each is found[-1]) for each in found]
    except (PdfError, SignatureValidationError, ValueError, KeyError, IndexError, TypeError) as error:
        raise NotASignedPdfError from error


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trust:
    roots: Sequence[bytes]
    revocations: Sequence[bytes]


async def _verified(
    embedded: EmbeddedPdfSignature, trust: _Trust, at: datetime, *, newest: bool
) -> FoundSignature:
    test_only = TEST_AUTHORITY in str(embedded.signer_cert.issuer.native.get("common_name", ""))

    async def judged(moment: datetime) -> PdfSignatureStatus:
        context = ValidationContext(
            trust_roots=[certificate_of(root) for root in trust.roots],
            crls=list(trust.revocations),
            moment=moment,
            # Of our own authority there is always a list; of others only if the installation has it.
            revocation_mode="require" if test_only else "soft-fail",
            retroactive_revinfo=True,
        )
        return await async_validate_pdf_signature(embedded, context)

    status = await judged(at)
    stamp = status.timestamp_validity
    if stamp is not None and stamp.valid:
        # What counts is whether the certificate was good when it signed, not whether it is today.
        status = await judged(stamp.timestamp)
    subject = embedded.signer_cert.subject.native
    return FoundSignature(
        field=embedded.field_name,
        signer=str(subject.get("common_name", "")),
        organisation=str(subject.get("organization_name", "")),
        identifier=str(subject.get("user_id", "")),
        reason=str(embedded.sig_object.get("/Reason", "")),
        timestamp=stamp.timestamp if stamp is not None and stamp.valid else None,
        intact=bool(status.intact and status.valid),
        trusted=bool(status.trusted),
        revoked=bool(status.revoked),
        covers_all=_covers_all(status, newest=newest),
        test_only=test_only,
    )


def _covers_all(status: PdfSignatureStatus, *, newest: bool) -> bool:
    # Bytes behind the newest signature, even white space, were signed by nobody.
    if newest or status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return bool(status.coverage == SignatureCoverageLevel.ENTIRE_FILE)
    return bool(status.coverage == SignatureCoverageLevel.ENTIRE_REVISION and status.docmdp_ok)
