"""What stands at a token endpoint: whose certificate it shows, and what time it is there.

A proxy or an antivirus that reads along shows a certificate of its own, and its issuer names it;
also where it isn't trusted, which is when somebody needs to know. So the certificate is looked at
over a connection of its own that verifies nothing and carries nothing: it ends with the handshake.
The time is asked by the program's usual, verified way.
"""

import http.client
import ssl
import urllib.request
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from ..errors import AppError
from ..net.http import network_error, post_form
from ..net.network import LOOPBACK_HOSTS, Network, quoted


def certificate_issuer(uri: str, timeout: float) -> str:
    """Who issued the certificate that this computer is shown for an endpoint."""
    host = urlsplit(uri).hostname or ""
    handlers: list[urllib.request.BaseHandler] = [_LookHandler()]
    if host in LOOPBACK_HOSTS:
        handlers.append(urllib.request.ProxyHandler({}))
    try:
        urllib.request.build_opener(*handlers).open(uri, timeout=timeout)
    except _Seen as seen:
        return _issuer(seen.certificate)
    except (OSError, ValueError, http.client.HTTPException) as exc:
        raise network_error(exc, host) from exc
    raise AppError(f"{host} showed no certificate")


def clock_difference(uri: str, network: Network, clock: Callable[[], float]) -> float | None:
    """By how many seconds this computer's clock is ahead; None where the answer has no time.

    An empty form is a question that every token endpoint refuses, and that rotates nothing.
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
        return "somebody whose name can't be read"


class _Seen(Exception):
    """The certificate is there, and nothing else is wanted."""

    def __init__(self, certificate: bytes) -> None:
        """In DER form."""
        super().__init__()
        self.certificate = certificate


class _Look(http.client.HTTPSConnection):
    def connect(self) -> None:
        """Shake hands, and go before anything is said."""
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
