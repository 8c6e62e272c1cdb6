"""The certificate of one wait."""

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
    """A port where one TLS handshake is answered."""
    listener = socket.create_server(("127.0.0.1", 0))

    def handshake() -> None:
        with listener, listener.accept()[0] as accepted:
            accepted.settimeout(AT_ONCE)
            try:
                context.wrap_socket(accepted, server_side=True).close()
            except OSError:
                return  # the client distrusts us

    threading.Thread(target=handshake, daemon=True).start()
    return int(listener.getsockname()[1])


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1"])
def test_serves_real_tls_for_every_loopback_name(name: str) -> None:
    """A client that trusts this very certificate accepts it for the three names."""
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
    """On Windows truststore takes only issuers from there; this call is how it asks."""
    context = ssl.create_default_context(cadata=self_signed().certificate_pem.decode())
    assert 1 == len(context.get_ca_certs(binary_form=True))


def test_nothing_else_is_trusted_through_it() -> None:
    """A client that trusts one wait's certificate refuses the next one's, and other names."""
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
    """It can sign nothing, and is of no use tomorrow; a slow clock finds it valid."""
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
    """And neither is in a repr."""
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
    """The file that ssl loads from is gone, also when loading failed."""
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
