"""A certificate authority of this installation, for tests and teaching: its certificates say so.

A hospital that signs in earnest uses keys of a licensed authority (:mod:`tongtai.infra.signing.token`); until
then every certificate made here carries the words below in its issuer, and whoever checks a
signature is told.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

TEST_AUTHORITY = "Tongtai TEST authority - no legal effect"
_ROOT_YEARS = 20
_PERSON_YEARS = 2
_CRL_DAYS = 7
# Clocks of hospitals differ: a certificate is good from a little before it was made.
_BEFORE = timedelta(minutes=5)
_YEAR = timedelta(days=365)

# The library's timestamps are signed with RSA only.
_TIMESTAMP_KEY_BITS = 3072

_PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPair:
    """A certificate and its private key.

    Attributes
    ----------
    certificate, key : bytes
        Both PEM; the key is PKCS#8 without a password and must be sealed wherever it is kept.
    """

    certificate: bytes
    key: bytes

    @property
    def serial(self) -> str:
        """The certificate's serial number, hexadecimal."""
        return f"{self.x509.serial_number:x}"

    @property
    def x509(self) -> x509.Certificate:
        """The certificate."""
        return x509.load_pem_x509_certificate(self.certificate)


def _named(common_name: str, *, organisation: str, identifier: str = "") -> x509.Name:
    parts = [
        x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64]),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64]),
    ]
    if identifier:
        parts.append(x509.NameAttribute(NameOID.USER_ID, identifier[:64]))
    return x509.Name(parts)


def _usage(*used: str) -> x509.KeyUsage:
    names = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: name in used for name in names})


def _pem(certificate: x509.Certificate, key: _PrivateKey) -> KeyPair:
    return KeyPair(
        certificate=certificate.public_bytes(serialization.Encoding.PEM),
        key=key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    )


def _key_of(pair: KeyPair) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(pair.key, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(type(key).__name__)
    return key


def new_root(*, at: datetime) -> KeyPair:
    """A new test authority (ECDSA on P-256, SHA-256)."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _named(TEST_AUTHORITY, organisation="Tongtai")
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - _BEFORE)
        .not_valid_after(at + _ROOT_YEARS * _YEAR)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return _pem(certificate, key)


def issue_person(root: KeyPair, *, name: str, organisation: str, identifier: str, at: datetime) -> KeyPair:
    """A person's certificate for signing documents.

    Parameters
    ----------
    name, organisation : str
        As they are to stand in every signature.
    identifier : str
        What tells people of the same name apart: the account's identifier.
    """
    subject = _named(name, organisation=organisation, identifier=identifier)
    return _issued(
        root,
        subject,
        ec.generate_private_key(ec.SECP256R1()),
        lasts=_PERSON_YEARS * _YEAR,
        at=at,
        usage=_usage("digital_signature", "content_commitment"),
    )


def issue_timestamper(root: KeyPair, *, at: datetime) -> KeyPair:
    """A certificate of the installation's own timestamp authority (RFC 3161)."""
    subject = _named("Tongtai TEST timestamps", organisation="Tongtai")
    return _issued(
        root,
        subject,
        rsa.generate_private_key(public_exponent=65537, key_size=_TIMESTAMP_KEY_BITS),
        lasts=(_ROOT_YEARS - 1) * _YEAR,
        at=at,
        usage=_usage("digital_signature"),
        extended=ExtendedKeyUsageOID.TIME_STAMPING,
    )


def _issued(
    root: KeyPair,
    subject: x509.Name,
    key: _PrivateKey,
    *,
    lasts: timedelta,
    at: datetime,
    usage: x509.KeyUsage,
    extended: x509.ObjectIdentifier | None = None,
) -> KeyPair:
    issuer = root.x509
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - _BEFORE)
        .not_valid_after(min(at + lasts, issuer.not_valid_after_utc))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(_key_of(root).public_key()), critical=False
        )
    )
    if extended is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage([extended]), critical=True)
    return _pem(builder.sign(_key_of(root), hashes.SHA256()), key)


def revocation_list(root: KeyPair, revoked: Iterable[tuple[str, datetime]], *, at: datetime) -> bytes:
    """The list of revoked certificates (DER).

    Parameters
    ----------
    revoked
        Serial number (hexadecimal) and instant of each.
    """
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.x509.subject)
        .last_update(at - _BEFORE)
        .next_update(at + timedelta(days=_CRL_DAYS))
    )
    for serial, when in revoked:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder().serial_number(int(serial, 16)).revocation_date(when).build()
        )
    return builder.sign(_key_of(root), hashes.SHA256()).public_bytes(serialization.Encoding.DER)
