"""A certificate for one wait on https://localhost: no CA, nothing shared, nothing kept.

The original published the private key of the CA that its users were asked to trust, so anybody could
intercept them. Here every wait has a key of its own, which is forgotten with it.
"""

import datetime
import ipaddress
import os
import secrets
import ssl
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

LIFETIME = datetime.timedelta(hours=12)
# A clock that is a little slow must not find the certificate "not yet valid".
BACKDATED = datetime.timedelta(hours=1)
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Certificate:
    """PEM texts; the key is encrypted under `passphrase`, so that it may touch the disk."""

    certificate_pem: bytes
    encrypted_key_pem: bytes = field(repr=False)
    passphrase: bytes = field(repr=False)


def self_signed(names: tuple[str, ...] = LOOPBACK_NAMES) -> Certificate:
    """Make a self-signed server certificate for host names and IP addresses."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names[0])])
    now = datetime.datetime.now(datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.SubjectAlternativeName([_general_name(n) for n in names]), False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
        .add_extension(x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.SERVER_AUTH]), False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
    )
    passphrase = secrets.token_urlsafe(24).encode()
    return Certificate(
        builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM),
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(passphrase),
        ),
        passphrase,
    )


def server_context(certificate: Certificate) -> ssl.SSLContext:
    """A TLS server context; `ssl` loads keys from files alone, so one exists for a moment."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    handle, name = tempfile.mkstemp(suffix=".pem")  # 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(certificate.encrypted_key_pem + certificate.certificate_pem)
        context.load_cert_chain(name, password=certificate.passphrase)
    finally:
        Path(name).unlink()
    return context


def _general_name(name: str):  # type: ignore[no-untyped-def]  # the library's type, imported late
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
