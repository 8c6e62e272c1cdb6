"""The TLS certificate for one sign-in on https://localhost.

The original script published the private key of a CA that its users had to trust, so anyone could
intercept their connections. Here every sign-in has its own key, and the key of its issuer is
discarded at once. Browsers warn of the certificate, since they don't know the issuer.
"""

import datetime
import ipaddress
import secrets
import ssl
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ...net.network import LOOPBACK_HOSTS

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

LIFETIME = datetime.timedelta(hours=12)
# Otherwise a browser whose clock is slow would find the certificate "not yet valid".
BACKDATED = datetime.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate and its key in PEM form; the key is encrypted with `passphrase`."""

    certificate_pem: bytes  # the issuer's: a client has to trust it
    served_pem: bytes  # the server's own
    encrypted_key_pem: bytes = field(repr=False)
    passphrase: bytes = field(repr=False)


def self_signed(names: tuple[str, ...] = LOOPBACK_HOSTS) -> Certificate:
    """Create a server certificate for host names and IP addresses, and an issuer for it alone.

    The certificate doesn't sign itself, because on Windows truststore accepts only issuers in a CA
    file.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID

    issuer_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    issuer_name, name = _x509_name(f"Issuer of {names[0]}"), _x509_name(names[0])
    issuer_id = x509.SubjectKeyIdentifier.from_public_key(issuer_key.public_key())
    issuer = (
        _builder(issuer_name, issuer_name, issuer_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .add_extension(_ca_key_usage(), True)
    )
    served = (
        _builder(name, issuer_name, key.public_key())
        .add_extension(x509.SubjectAlternativeName([_general_name(n) for n in names]), False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer_id), False
        )
    )
    pem, passphrase = serialization.Encoding.PEM, secrets.token_urlsafe(24).encode()
    return Certificate(
        issuer.sign(issuer_key, hashes.SHA256()).public_bytes(pem),
        served.sign(issuer_key, hashes.SHA256()).public_bytes(pem),
        key.private_bytes(
            pem,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(passphrase),
        ),
        passphrase,
    )


def _x509_name(common_name: str) -> "x509.Name":
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _builder(
    name: "x509.Name", issuer: "x509.Name", key: "EllipticCurvePublicKey"
) -> "x509.CertificateBuilder":
    """A builder with the fields that both certificates have."""
    from cryptography import x509

    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), False)
    )


def _ca_key_usage() -> "x509.KeyUsage":
    """The key usage of an issuer, required by strict verification (RFC 5280 section 4.2.1.3)."""
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def server_context(certificate: Certificate) -> ssl.SSLContext:
    """A TLS server context; writes a temporary file, since `ssl` loads keys only from files."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # The folder is private to the user. A virus scanner that holds the file must not end the
    # sign-in, so errors of the clean-up are ignored.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        file = Path(folder) / "certificate.pem"
        file.write_bytes(certificate.encrypted_key_pem + certificate.served_pem)
        context.load_cert_chain(file, password=certificate.passphrase)
    return context


def _general_name(name: str) -> "x509.GeneralName":
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
