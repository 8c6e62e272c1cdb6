"""How this program speaks https: the machine's own certificate store, proxies, limits.

TLS is always verified and can't be switched off; a private CA is trusted beside the machine's own.
Loopback never goes through a proxy. No redirect is followed: a token endpoint has no reason to
send a secret elsewhere.
"""

import http.client
import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from . import __version__
from .errors import AppError, TryAgain, Who

LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "::1")
USER_AGENT = f"oauth2_imap/{__version__}"
LARGEST_ANSWER = 1 << 16  # bytes; so a pair of tokens always fits the place made ready for it
_SAID = 400  # characters of somebody else's words


@dataclass(frozen=True, slots=True)
class Network:
    """`timeout` is for one answer, in seconds; `ca_file` is trusted beside the machine's store."""

    timeout: float = 15.0
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A whole answer; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def tls_context(network: Network) -> ssl.SSLContext:
    """A client context that verifies against the machine's own store."""
    import truststore

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if network.ca_file is not None:
        try:
            context.load_verify_locations(cafile=str(network.ca_file))
        except (OSError, ssl.SSLError) as exc:
            raise AppError(
                f"The CA file {network.ca_file} can't be used",
                said=exc.strerror or type(exc).__name__,
                todo="Name a file of CA certificates in PEM form with --ca_file.",
            ) from exc
    return context


def post_form(uri: str, fields: Mapping[str, str], network: Network) -> HttpAnswer:
    """One form post, one answer of any status; whatever the network does becomes `TryAgain`."""
    host = urlsplit(uri).hostname or ""
    request = urllib.request.Request(  # noqa: S310  # every endpoint is https: providers.values
        uri,
        data=urlencode(fields).encode("ascii"),
        headers={"Accept": "application/json", "User-Agent": USER_AGENT},
    )
    handlers: list[urllib.request.BaseHandler] = [
        urllib.request.HTTPSHandler(context=tls_context(network)),
        _NoRedirect(),
    ]
    if host in LOOPBACK_HOSTS:
        handlers.append(urllib.request.ProxyHandler({}))
    try:
        with _open(urllib.request.build_opener(*handlers), request, network.timeout) as response:
            headers = {key.lower(): value for key, value in response.headers.items()}
            return HttpAnswer(response.status, headers, _read(response, network.timeout))
    except (OSError, http.client.HTTPException) as exc:
        raise trouble(exc, host) from exc


def trouble(exc: BaseException, host: str) -> TryAgain:
    """A sentence for whatever went wrong on the way to a host."""
    for cause in _causes(exc):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return TryAgain(
                f"The certificate of {host} can't be trusted",
                said=cause.verify_message,
                todo="A proxy or antivirus that reads along may have put its own in place: ask for "
                "its CA certificate and name it with --ca_file. Check the clock of this computer.",
                who=Who.ADMINISTRATOR,
            )
        for kind, sentence in _TROUBLES:
            if isinstance(cause, kind):
                return TryAgain(sentence.format(host=host), todo="Check the network and try again.")
    return TryAgain(
        f"The connection to {host} failed",
        said=type(exc).__name__,
        todo="Check the network and try again.",
    )


def quoted(text: object, *secrets: str) -> str:
    """Somebody else's words, bounded and on one line, without the secrets they were told."""
    words = str(text)
    for secret in secrets:
        if secret:
            words = words.replace(secret, "…")
    words = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    return words if len(words) <= _SAID else words[:_SAID] + "…"


_TROUBLES: tuple[tuple[type[BaseException], str], ...] = (
    (TimeoutError, "{host} gave no answer in time"),
    (socket.gaierror, "The name {host} can't be found"),
    (ConnectionRefusedError, "{host} refused the connection"),
    (ConnectionError, "{host} broke the connection off"),
    (ssl.SSLError, "No secure connection to {host} came about"),
    (http.client.HTTPException, "{host} gave an answer that is no HTTP"),
)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def _open(opener: urllib.request.OpenerDirector, request: Any, timeout: float) -> Any:
    try:
        return opener.open(request, timeout=timeout)
    except urllib.error.HTTPError as answer:
        return answer


def _read(response: Any, timeout: float) -> bytes:
    """The body, bounded in size and in time: a socket's limit is for each piece alone."""
    deadline = time.monotonic() + timeout
    body = b""
    while len(body) <= LARGEST_ANSWER:
        piece = response.read1(LARGEST_ANSWER)
        if not piece:
            return body
        body += piece
        if time.monotonic() > deadline:
            raise TimeoutError
    raise http.client.HTTPException("too large")


def _causes(exc: BaseException) -> list[BaseException]:
    """The exception and all that it wraps, innermost first (urllib, urllib3, requests differ)."""
    found: list[BaseException] = []
    queue: list[Any] = [exc]
    while queue:
        one = queue.pop(0)
        if isinstance(one, BaseException) and one not in found:
            found.append(one)
            queue += [getattr(one, "reason", None), one.__cause__, one.__context__, *one.args]
    return found[::-1]
