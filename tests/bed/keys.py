"""Makes the certificates and the signing key for a test run; the repository has no keys."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import trustme
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)


@dataclass(frozen=True, slots=True)
class Keys:
    """Paths of PEM files."""

    ca: Path
    certificate: Path
    certificate_key: Path
    signing_key: Path
    signing_key_public: Path
    client_certificate: Path  # with its key; of the client svc-certificate


def make_keys(folder: Path) -> Keys:
    """Write a certificate authority, a certificate for localhost and a key for signing tokens."""
    keys = Keys(
        ca=folder / "ca.pem",
        certificate=folder / "server.pem",
        certificate_key=folder / "server.key",
        signing_key=folder / "signing.key",
        signing_key_public=folder / "signing.pem",
        client_certificate=folder / "client.pem",
    )
    folder.mkdir(mode=0o700)
    authority = trustme.CA(organization_name="oauth2_imap test bed")
    server = authority.issue_cert("localhost", "127.0.0.1", "::1")
    authority.cert_pem.write_to_path(keys.ca)
    server.private_key_pem.write_to_path(keys.certificate_key)
    keys.certificate.write_bytes(b"".join(blob.bytes() for blob in server.cert_chain_pems))
    client = authority.issue_cert(common_name="client", key_type=trustme.KeyType.RSA)
    client.private_key_and_cert_chain_pem.write_to_path(keys.client_certificate)
    signing = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    keys.signing_key.write_bytes(
        signing.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    public = signing.public_key()
    keys.signing_key_public.write_bytes(
        public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    return keys
