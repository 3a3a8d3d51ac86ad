"""An authority that signs one certificate and is forgotten: its key is kept nowhere, so it never signs another."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAYS = 3650
# A clock that is a little behind must not refuse what was made a moment ago.
SKEW = timedelta(hours=1)
AUTHORITY = "classic authority"
SIGNS_ONLY = x509.KeyUsage(
    key_cert_sign=True,
    crl_sign=True,
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    encipher_only=False,
    decipher_only=False,
)
Key = ec.EllipticCurvePrivateKey


def make_certificates(names: Sequence[str]) -> tuple[bytes, bytes, bytes]:
    """An authority, a certificate for these names and this machine itself, and its key, all PEM."""
    # Handshakes are what health checks mostly cost, and of this kind they cost a tenth of RSA's.
    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    identifier = x509.SubjectKeyIdentifier.from_public_key(authority_key.public_key())
    authority = (
        _unsigned(AUTHORITY, authority_key)
        .add_extension(x509.BasicConstraints(True, 0), critical=True)
        .add_extension(SIGNS_ONLY, critical=True)
        .add_extension(identifier, critical=False)
    )
    alternatives = [*map(x509.DNSName, (*names, "localhost")), x509.IPAddress(IPv4Address("127.0.0.1"))]
    certificate = (
        _unsigned(names[0], key)
        .add_extension(x509.BasicConstraints(False, None), critical=True)
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier(identifier.digest, None, None), critical=False)
    )
    signed = [each.sign(authority_key, hashes.SHA256()) for each in (authority, certificate)]
    pem = [each.public_bytes(serialization.Encoding.PEM) for each in signed]
    return pem[0], pem[1], _text_of(key)


def _unsigned(name: str, key: Key) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return x509.CertificateBuilder(
        issuer_name=_name(AUTHORITY),
        subject_name=_name(name),
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now - SKEW,
        not_valid_after=now + timedelta(days=DAYS),
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _text_of(key: Key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
