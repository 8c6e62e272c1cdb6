"""HTTPS requests of this program: the system's certificate store, proxies, limits.

TLS certificates are always verified; this can't be switched off. A private CA is trusted in
addition to those of the system. Requests to loopback never use a proxy. Redirects are not followed,
so that a secret is never sent to another server.
"""

import http.client
import io
import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from ..errors import AppError, TryAgain
from ..verdicts.verdict import Actor
from .network import LOOPBACK_HOSTS, USER_AGENT, HttpResponse, Network, quoted

LARGEST_ANSWER = 1 << 16  # bytes; less than the space reserved for a new token file


def tls_context(network: Network) -> ssl.SSLContext:
    """A TLS context for clients that verifies with the system's certificate store.

    Raises `AppError` if the CA file can't be used.
    """
    import truststore

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if network.ca_file is not None:
        try:
            context.load_verify_locations(cafile=str(network.ca_file))
        except (OSError, ssl.SSLError) as exc:
            raise AppError(
                f"The CA file {network.ca_file} can't be used",
                detail=exc.strerror or type(exc).__name__,
                hint="Name a file of CA certificates in PEM form with --ca_file.",
            ) from exc
    return context


def post_form(uri: str, fields: Mapping[str, str], network: Network) -> HttpResponse:
    """Send one form POST and return the response, whatever its status.

    Raises `TryAgain` for every problem of the network.
    """
    host = urlsplit(uri).hostname or ""
    request = urllib.request.Request(  # noqa: S310  # every endpoint is https: providers.values
        uri,
        data=urlencode(fields).encode("ascii"),
        headers={"Accept": "application/json", "User-Agent": USER_AGENT},
    )
    handlers: list[urllib.request.BaseHandler] = [
        _HttpsHandler(context=tls_context(network)),
        _NoRedirectHandler(),
    ]
    if host in LOOPBACK_HOSTS:
        handlers.append(urllib.request.ProxyHandler({}))
    try:
        with _open_request(
            urllib.request.build_opener(*handlers), request, network.timeout
        ) as response:
            headers = {key.lower(): value for key, value in response.headers.items()}
            return HttpResponse(response.status, headers, _read_body(response))
    except (OSError, ValueError, http.client.HTTPException) as exc:
        # ValueError: an invalid host name, or a proxy variable that holds no address.
        raise network_error(exc, host) from exc


def network_error(exc: BaseException, host: str) -> TryAgain:
    """The error for an exception that happened during a connection to a host."""
    for cause in _causes(exc):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return TryAgain(
                f"The certificate of {host} can't be trusted",
                detail=cause.verify_message,
                hint="A proxy or antivirus that reads along may have put its own in place: ask for "
                "its CA certificate and name it with --ca_file. Check the clock of this computer.",
                actor=Actor.ADMINISTRATOR,
            )
        if isinstance(cause, OSError) and str(cause).startswith(_PROXY_ERROR):
            return TryAgain(
                f"The proxy doesn't let this computer through to {host}",
                detail=quoted(cause),
                hint="Check the proxy's name and password in HTTPS_PROXY or the system settings.",
                actor=Actor.ADMINISTRATOR,
            )
        for kind, sentence in _NETWORK_ERRORS:
            if isinstance(cause, kind):
                return TryAgain(sentence.format(host=host), hint="Check the network and try again.")
    return TryAgain(
        f"The connection to {host} failed",
        detail=type(exc).__name__,
        hint="Check the network and try again.",
    )


_PROXY_ERROR = "Tunnel connection failed"  # how http.client's message begins
_NETWORK_ERRORS: tuple[tuple[type[BaseException], str], ...] = (
    (TimeoutError, "{host} gave no answer in time"),
    (socket.gaierror, "The name {host} can't be found"),
    (ConnectionRefusedError, "{host} refused the connection"),
    (ConnectionError, "{host} broke the connection off"),
    (ssl.SSLError, "No secure connection to {host} came about"),
    (http.client.HTTPException, "{host} gave an answer that is no HTTP"),
)


class _DeadlineReader(io.RawIOBase):
    """Reads a socket until a deadline; a socket's own timeout applies to each read alone."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket) -> None:
        self._raw = raw
        self._socket = sock
        self._deadline = time.monotonic() + (sock.gettimeout() or 0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._socket.settimeout(_remaining(self._deadline))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class TimedResponse(http.client.HTTPResponse):
    """A response whose headers and body together must arrive within the socket's timeout."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_DeadlineReader(self.fp.detach(), sock))


class _Connection(http.client.HTTPSConnection):
    """A connection with one timeout for connecting, handshake and response together."""

    response_class = TimedResponse

    def connect(self) -> None:
        limit = self.timeout or 0
        deadline = time.monotonic() + limit

        def connect_until_deadline(
            address: tuple[str, int], _timeout: float, source: tuple[str, int] | None
        ) -> socket.socket:
            return _connect(address, deadline, source)

        # http.client calls this. Its default would wait for the whole timeout at each address.
        self._create_connection = connect_until_deadline
        super().connect()
        self.sock.settimeout(_remaining(deadline))


def _connect(
    address: tuple[str, int], deadline: float, source: tuple[str, int] | None
) -> socket.socket:
    """Like `socket.create_connection`, but with one deadline for all addresses of the host."""
    host, port = address
    failed: OSError = TimeoutError()
    for *_, found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        try:
            return socket.create_connection((str(found[0]), port), _remaining(deadline), source)
        except OSError as exc:
            failed = exc
    raise failed


def _remaining(deadline: float) -> float:
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


class _HttpsHandler(urllib.request.HTTPSHandler):
    def https_open(self, request: urllib.request.Request) -> Any:
        return self.do_open(_Connection, request, context=self._context)  # type: ignore[attr-defined]


class _NoRedirectHandler(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def _open_request(opener: urllib.request.OpenerDirector, request: Any, timeout: float) -> Any:
    try:
        return opener.open(request, timeout=timeout)
    except urllib.error.HTTPError as answer:
        return answer


def _read_body(response: Any) -> bytes:
    body: bytes = response.read(LARGEST_ANSWER + 1)
    if len(body) > LARGEST_ANSWER:
        raise http.client.HTTPException("too large")
    return body


def _causes(exc: BaseException) -> list[BaseException]:
    """The exception and those that it wraps, innermost first.

    urllib, urllib3 and requests each wrap exceptions in another way.
    """
    found: list[BaseException] = []
    queue: list[Any] = [exc]
    while queue:
        one = queue.pop(0)
        if isinstance(one, BaseException) and one not in found:
            found.append(one)
            queue += [getattr(one, "reason", None), one.__cause__, one.__context__, *one.args]
    return found[::-1]
