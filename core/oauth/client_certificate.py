"""An application's certificate: reads its file, and signs with its key who the application is.

The key stays in the file. Windows' own certificate store can't be used, since it doesn't give the
key away, and msal signs with the key itself.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import as_error
from ..files import read_regular
from ..times import local_time
from ..verdicts import local_app_only as verdicts

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import rsa

    from ..providers.fields import Registration

_LARGEST = 1 << 16  # bytes
_PEM = b"-----BEGIN "
_CERTIFICATE = b"-----BEGIN CERTIFICATE-----"
_LIFE = 300.0  # seconds; Microsoft takes what is valid for 5 to 10 minutes
# https://learn.microsoft.com/entra/identity-platform/certificate-credentials
_ALGORITHM = "PS256"


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """A certificate, and the private key that belongs to it."""

    certificate: "x509.Certificate"
    key: "rsa.RSAPrivateKey" = field(repr=False)

    @property
    def expires_at(self) -> float:
        """When the certificate expires."""
        return self.certificate.not_valid_after_utc.timestamp()

    def assertion(self, client_id: str, token_uri: str, now: float) -> str:
        """A signed text that shows a token endpoint who asks (RFC 7523 section 2.2)."""
        from cryptography.hazmat.primitives.hashes import SHA256
        from msal.oauth2cli.assertion import JwtAssertionCreator

        creator = JwtAssertionCreator(
            self.key, _ALGORITHM, sha256_thumbprint=self.certificate.fingerprint(SHA256()).hex()
        )
        signed = creator.create_normal_assertion(
            audience=token_uri,
            issuer=client_id,
            issued_at=int(now),
            not_before=int(now),
            expires_at=int(now + _LIFE),
        )
        return bytes(signed).decode("ascii")


def certificate_of(registration: "Registration") -> ClientCertificate:
    """The certificate of an application; the client secret is the password of its file."""
    return read_certificate(Path(registration.certificate), registration.client_secret)


def read_certificate(path: Path, password: str) -> ClientCertificate:
    """The certificate and its key in a PEM or PFX file; raises an `AppError` if it has none.

    `password` is that of the key; it is empty if the key is not encrypted.
    """
    try:
        content = read_regular(path, limit=_LARGEST)
    except OSError as exc:
        detail = exc.strerror or ""
        raise as_error(verdicts.CERTIFICATE_UNREADABLE, detail=detail, file=path) from exc
    # cryptography names a wrong password and a broken file by the same errors.
    try:
        found = _of_pem(content, password) if _PEM in content else _of_pfx(content, password)
    except (ValueError, TypeError) as exc:
        verdict = verdicts.CERTIFICATE_PASSWORD if password else verdicts.CERTIFICATE_UNUSABLE
        raise as_error(verdict, file=path) from exc
    return _checked(path, *found)


def refuse_expired(certificate: ClientCertificate, path: str, now: float) -> None:
    """Raise an `AppError` if the certificate has expired."""
    if certificate.expires_at <= now:
        time = local_time(certificate.expires_at, now)
        raise as_error(verdicts.CERTIFICATE_EXPIRED, file=path, time=time)


def _of_pem(content: bytes, password: str) -> tuple[object, "x509.Certificate | None"]:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    certificate = x509.load_pem_x509_certificate(content) if _CERTIFICATE in content else None
    is_encrypted = b"ENCRYPTED" in content
    return load_pem_private_key(content, password.encode() if is_encrypted else None), certificate


def _of_pfx(content: bytes, password: str) -> tuple[object, "x509.Certificate | None"]:
    from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates

    key, certificate, _ = load_key_and_certificates(content, password.encode() or None)
    return key, certificate


def _checked(path: Path, key: object, certificate: "x509.Certificate | None") -> ClientCertificate:
    """Raise an `AppError` for what Microsoft can't take: a key without certificate, or not RSA."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    if not isinstance(key, RSAPrivateKey) or certificate is None:
        raise as_error(verdicts.CERTIFICATE_UNUSABLE, file=path)
    if certificate.public_key() != key.public_key():
        raise as_error(verdicts.CERTIFICATE_OF_ANOTHER_KEY, file=path)
    return ClientCertificate(certificate, key)
