"""Look at a token endpoint: who issued its certificate, and what time its server has.

A proxy or an antivirus that inspects TLS shows its own certificate, whose issuer tells its name.
Users need this name most when the certificate is not trusted. So this module reads the certificate
over a separate connection that does not verify it. That connection ends after the handshake and
carries no data. The time comes from a usual, verified request.
"""

import http.client
import ssl
import time
import urllib.request
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from ..errors import as_error
from ..net.connecting import in_time
from ..net.faults import network_error
from ..net.http import post_form
from ..net.network import LOOPBACK_HOSTS, Network, quoted
from ..verdicts import local_files


def certificate_issuer(uri: str, network: Network) -> str:
    """The issuer of the certificate that this computer receives for an endpoint."""
    host = urlsplit(uri).hostname or ""
    handlers: list[urllib.request.BaseHandler] = [_LookHandler()]
    if host in LOOPBACK_HOSTS:
        handlers.append(urllib.request.ProxyHandler({}))
    try:
        opener = urllib.request.build_opener(*handlers)
        in_time(
            lambda: opener.open(uri, timeout=network.timeout),
            time.monotonic() + network.timeout,
            network.cancelled,
        )
    except _Seen as seen:
        return _issuer(seen.certificate)
    except (OSError, ValueError, http.client.HTTPException) as exc:
        raise network_error(exc, host) from exc
    raise as_error(local_files.NO_CERTIFICATE, host=host)


def clock_difference(uri: str, network: Network, clock: Callable[[], float]) -> float | None:
    """Seconds by which this computer's clock is ahead; None if the response has no time.

    The request is an empty form. Every token endpoint refuses it, and it changes no token.
    """
    date = post_form(uri, {}, network).headers.get("date", "")
    try:
        return clock() - parsedate_to_datetime(date).timestamp()
    except ValueError:
        return None


def _issuer(certificate: bytes) -> str:
    from cryptography import x509

    try:
        return quoted(x509.load_der_x509_certificate(certificate).issuer.rfc4514_string())
    except ValueError:
        return "an unreadable name"


class _Seen(Exception):
    """Ends the connection once the certificate (in DER form) is known."""

    def __init__(self, certificate: bytes) -> None:
        super().__init__()
        self.certificate = certificate


class _Look(http.client.HTTPSConnection):
    def connect(self) -> None:
        """Do the TLS handshake, then close the connection before any data is sent."""
        super().connect()
        certificate = self.sock.getpeercert(binary_form=True)
        self.close()
        raise _Seen(certificate or b"")  # typed as if there might be none


class _LookHandler(urllib.request.HTTPSHandler):
    def https_open(self, request: urllib.request.Request) -> Any:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return self.do_open(_Look, request, context=context)
