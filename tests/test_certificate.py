"""Tests of the certificate for one sign-in."""

import ipaddress
import os
import socket
import ssl
import tempfile
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from core.oauth.sign_in.certificate import Certificate, self_signed, server_context
from servers import AT_ONCE


def serve_one_handshake(context: ssl.SSLContext) -> int:
    """Accept one TLS handshake; returns the port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def handshake() -> None:
        with listener, listener.accept()[0] as accepted:
            accepted.settimeout(AT_ONCE)
            try:
                context.wrap_socket(accepted, server_side=True).close()
            except OSError:
                return  # the client doesn't trust the certificate

    threading.Thread(target=handshake, daemon=True).start()
    return int(listener.getsockname()[1])


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1"])
def test_serves_real_tls_for_every_loopback_name(name: str) -> None:
    """A client that trusts the certificate accepts it for all three loopback names."""
    certificate = self_signed()
    trusting = ssl.create_default_context(cadata=certificate.certificate_pem.decode())
    trusting.verify_flags |= ssl.VERIFY_X509_STRICT  # the default from Python 3.13 on
    port = serve_one_handshake(server_context(certificate))

    with (
        socket.create_connection(("127.0.0.1", port), timeout=AT_ONCE) as connection,
        trusting.wrap_socket(connection, server_hostname=name) as client,
    ):
        assert client.version() in {"TLSv1.2", "TLSv1.3"}


def test_a_ca_file_of_it_holds_an_issuer() -> None:
    """The CA file holds an issuer.

    On Windows truststore accepts nothing else; this call is its check.
    """
    context = ssl.create_default_context(cadata=self_signed().certificate_pem.decode())
    assert 1 == len(context.get_ca_certs(binary_form=True))


def test_nothing_else_is_trusted_through_it() -> None:
    """A client that trusts one certificate refuses the next one and other names."""
    first, second = self_signed(), self_signed()
    trusting = ssl.create_default_context(cadata=first.certificate_pem.decode())
    for certificate, name in ((second, "localhost"), (first, "example.com")):
        port = serve_one_handshake(server_context(certificate))
        with (
            socket.create_connection(("127.0.0.1", port), timeout=AT_ONCE) as connection,
            pytest.raises(ssl.SSLCertVerificationError),
        ):
            trusting.wrap_socket(connection, server_hostname=name)


def test_it_is_no_authority_and_short_lived() -> None:
    """The certificate can't sign others, is invalid tomorrow, and is valid for a slow clock."""
    certificate = x509.load_pem_x509_certificate(self_signed(("localhost", "::1")).served_pem)
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    now = datetime.now(UTC)

    assert not constraints.ca
    assert ["localhost"] == names.get_values_for_type(x509.DNSName)
    assert [ipaddress.ip_address("::1")] == names.get_values_for_type(x509.IPAddress)
    assert certificate.not_valid_before_utc < now - timedelta(minutes=30)
    assert certificate.not_valid_after_utc < now + timedelta(days=1)


def test_the_key_is_unreadable_without_its_passphrase() -> None:
    """The key needs its passphrase, and the repr shows neither."""
    certificate = self_signed()

    with pytest.raises(ValueError, match=r"[Ii]ncorrect password|[Bb]ad decrypt"):
        load_pem_private_key(certificate.encrypted_key_pem, b"another")
    assert b"ENCRYPTED" in certificate.encrypted_key_pem
    assert certificate.passphrase.decode() not in repr(certificate)
    assert "ENCRYPTED" not in repr(certificate)


@pytest.mark.parametrize("loadable", [True, False])
def test_nothing_stays_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loadable: bool
) -> None:
    """The temporary file for ssl is deleted, even if loading it fails."""
    monkeypatch.setattr(tempfile, "tempdir", os.fspath(tmp_path))
    certificate = self_signed()
    if loadable:
        server_context(certificate)
    else:
        with pytest.raises(ssl.SSLError):
            server_context(
                Certificate(b"", b"", certificate.encrypted_key_pem, certificate.passphrase)
            )

    assert [] == list(tmp_path.iterdir())
