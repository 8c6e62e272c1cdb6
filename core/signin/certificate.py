"""A certificate for one wait on https://localhost: no CA, nothing shared, nothing kept.

The original published the private key of the CA that its users were asked to trust, so anybody
could intercept them. Here every wait has a key of its own, which is forgotten with it. Browsers
warn of it all the same, since nobody vouches for it.
"""

import datetime
import ipaddress
import secrets
import ssl
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography import x509

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
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
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
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
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
    # The folder is the user's alone; a virus scanner that holds the file must not end the sign-in.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        file = Path(folder) / "certificate.pem"
        file.write_bytes(certificate.encrypted_key_pem + certificate.certificate_pem)
        context.load_cert_chain(file, password=certificate.passphrase)
    return context


def _general_name(name: str) -> "x509.GeneralName":
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
