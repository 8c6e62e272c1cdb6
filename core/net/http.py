"""HTTPS requests of this program: the system's certificate store, proxies, limits.

TLS certificates are always verified; this can't be switched off. A private CA is trusted in
addition to those of the system. Requests to loopback never use a proxy. Redirects are not followed,
so that a secret is never sent to another server.
"""

import http.client
import io
import json
import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode, urlsplit

from ..cancel import Cancellation
from .compression import LARGEST_ANSWER, decompressed
from .connecting import GRACE, connect, in_time, remaining
from .faults import AnswerTooLarge, network_error
from .network import USER_AGENT, Network
from .proxy import blamed_on_proxy, proxy_for
from .response import HttpResponse
from .tls import tls_context

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


def post_form(
    uri: str, fields: Mapping[str, str], network: Network, headers: Mapping[str, str] = _NO_HEADERS
) -> HttpResponse:
    """Send one form POST and return the response, whatever its status; `headers` come in addition.

    Raises the `AppError` that a problem of the network means, and `Cancelled` if the work is
    cancelled before anything was sent.
    """
    data = urlencode(fields).encode("ascii")
    return _response(_Request(uri, network, data=data, headers=headers))


def post_json(uri: str, content: Mapping[str, object], network: Network) -> HttpResponse:
    """Send one POST with JSON; like `post_form`."""
    data = json.dumps(content).encode("ascii")
    headers = {"Content-Type": "application/json"}
    return _response(_Request(uri, network, data=data, headers=headers))


def get(uri: str, network: Network) -> HttpResponse:
    """Send one GET; like `post_form`."""
    return _response(_Request(uri, network))


def _response(request: "_Request") -> HttpResponse:
    network = request.network
    host = urlsplit(request.full_url).hostname or ""
    proxy = proxy_for(host)
    opener = _opener(proxy.uri if proxy else "")
    try:
        with _open_request(opener, request, network.timeout) as response:
            headers = {key.lower(): value for key, value in response.headers.items()}
            body = decompressed(_read_body(response), headers.get("content-encoding", ""))
            return HttpResponse(response.status, headers, body)
    except (OSError, ValueError, http.client.HTTPException) as exc:
        # ValueError: an invalid host name.
        raise network_error(exc, host) from exc


class _DeadlineReader(io.RawIOBase):
    """Reads a socket until a deadline; a socket's own timeout applies to each read alone.

    What has arrived by then is still read. The process may have been stopped meanwhile (Ctrl-Z, a
    paused machine), and the answer may hold the only copy of a new refresh token.
    """

    def __init__(self, raw: io.RawIOBase, sock: socket.socket) -> None:
        self._raw = raw
        self._socket = sock
        self._deadline = time.monotonic() + (sock.gettimeout() or 0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._socket.settimeout(max(self._deadline - time.monotonic(), 0))
        try:
            count = self._raw.readinto(buffer)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            count = None
        if count is None:  # the time is over, and nothing is there
            raise TimeoutError
        return count

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

    def __init__(self, *args: Any, cancelled: Cancellation | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._cancelled = cancelled

    def connect(self) -> None:
        deadline = time.monotonic() + (self.timeout or 0)

        def connect_until_deadline(
            address: tuple[str, int], _timeout: float, source: tuple[str, int] | None
        ) -> socket.socket:
            with blamed_on_proxy(getattr(self, "_tunnel_host", None)):
                return connect(address, deadline, self._cancelled, source)

        self._create_connection = connect_until_deadline  # http.client calls this
        # Nothing is sent yet, so this may be cancelled while a refresh is shielded.
        in_time(super().connect, deadline + GRACE, self._cancelled, discard=lambda _: self.close())
        self.sock.settimeout(remaining(deadline))

    def _tunnel(self) -> None:
        with blamed_on_proxy(tunnel=True):
            super()._tunnel()  # type: ignore[misc]


class _Request(urllib.request.Request):
    """A request with its network settings, since an opener serves all requests."""

    def __init__(
        self,
        uri: str,
        network: Network,
        *,
        data: bytes | None = None,
        headers: Mapping[str, str] = _NO_HEADERS,
    ) -> None:
        known = {"Accept": "application/json", "User-Agent": USER_AGENT, **headers}
        super().__init__(uri, data, known)  # every endpoint is https: providers.values
        self.network = network


class _HttpsHandler(urllib.request.HTTPSHandler):
    def https_open(self, request: Any) -> Any:
        connection = partial(_Connection, cancelled=request.network.cancelled)
        context = tls_context(request.network)
        return self.do_open(connection, request, context=context)


class _NoRedirectHandler(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


@lru_cache(maxsize=8)
def _opener(proxy: str) -> urllib.request.OpenerDirector:
    """What sends requests, through this proxy or, if it is empty, directly; threads share it."""
    return urllib.request.build_opener(
        _HttpsHandler(context=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)),  # each request has its own
        _NoRedirectHandler(),
        urllib.request.ProxyHandler({"https": proxy} if proxy else {}),
    )


def _open_request(opener: urllib.request.OpenerDirector, request: Any, timeout: float) -> Any:
    try:
        return opener.open(request, timeout=timeout)
    except urllib.error.HTTPError as answer:
        return answer


def _read_body(response: Any) -> bytes:
    try:
        body: bytes = response.read(LARGEST_ANSWER + 1)
    except http.client.IncompleteRead as exc:  # only the end mark is missing, or more
        body = exc.partial
    if len(body) > LARGEST_ANSWER:
        raise AnswerTooLarge
    return body
