"""Names each fault on the way to a server; `core.verdicts.network` says what it means."""

import errno
import http.client
import socket
import ssl
from typing import Any

from ..errors import AppError, as_error
from ..verdicts.verdict import Origin, Symptom
from .network import quoted
from .proxy import ProxyFault, proxy_for


class AnswerTooLarge(http.client.HTTPException):
    """The answer is longer than any answer should be."""


# The first type that matches counts.
_NAMES: tuple[tuple[type[BaseException], str], ...] = (
    (ssl.SSLCertVerificationError, "tls_untrusted"),
    (ssl.SSLEOFError, "connection_broken"),
    (ssl.SSLZeroReturnError, "connection_broken"),
    (ssl.SSLError, "tls_failed"),
    (socket.gaierror, "name_not_found"),
    (UnicodeError, "name_not_found"),  # a label of the name is empty or too long
    (TimeoutError, "timeout"),
    (ConnectionRefusedError, "connection_refused"),
    (ConnectionError, "connection_broken"),
    (http.client.IncompleteRead, "connection_broken"),
    (AnswerTooLarge, "too_large"),
    (http.client.HTTPException, "not_http"),
)
# The last two are how firewalls refuse a connection on this computer.
_UNREACHABLE = frozenset(
    {
        errno.ENETUNREACH,
        errno.EHOSTUNREACH,
        errno.ENETDOWN,
        errno.EHOSTDOWN,
        errno.EADDRNOTAVAIL,
        errno.EACCES,
        errno.EPERM,
    }
)
_BY_PROXY = {"name_not_found": "proxy_name_not_found", "timeout": "proxy_timeout"}
_TUNNEL_REFUSED = "Tunnel connection failed"  # how http.client's message begins


def network_error(exc: BaseException, host: str) -> AppError:
    """The error for an exception that happened during a connection to a host."""
    from ..verdicts.match import match  # imported late, since most connections work

    symptom = _symptom(exc)
    parameters: dict[str, Any] = {"host": host} if host else {}
    if symptom.error.startswith("proxy_") and (proxy := proxy_for(host)) is not None:
        parameters |= {"proxy": proxy.name, "proxy_source": proxy.source}
    return as_error(match(symptom), detail=quoted(symptom.words), **parameters)


def _symptom(exc: BaseException) -> Symptom:
    """The name of the fault, and the words of the system or of OpenSSL."""
    causes = _causes(exc)
    name, words, codes = "unknown", type(exc).__name__, tuple[int, ...]()
    for cause in causes:
        if isinstance(cause, OSError) and str(cause).startswith(_TUNNEL_REFUSED):
            return Symptom(Origin.NETWORK, "proxy_refused", words=str(cause))
        if found := _name(cause):
            name, words = found, _words(cause)
            codes = (getattr(cause, "verify_code", 0),)
            break
    if any(isinstance(cause, ProxyFault) for cause in causes):
        name = _BY_PROXY.get(name, "proxy_unreachable")
    return Symptom(Origin.NETWORK, name, codes=codes, words=words)


def _name(cause: BaseException) -> str:
    if isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_AGAIN:
        return "name_server_silent"
    for kind, name in _NAMES:
        if isinstance(cause, kind):
            return name
    unreachable = isinstance(cause, OSError) and cause.errno in _UNREACHABLE
    return "network_unreachable" if unreachable else ""


def _words(cause: BaseException) -> str:
    """What the system or OpenSSL says; a text of http.client's may quote the server at length."""
    if isinstance(cause, ssl.SSLError):  # only OpenSSL itself sets all of its attributes
        return getattr(cause, "verify_message", "") or getattr(cause, "reason", "") or ""
    return (cause.strerror or "") if isinstance(cause, OSError) else type(cause).__name__


def _causes(exc: BaseException) -> list[BaseException]:
    """The exception and those that it wraps, innermost first.

    urllib, urllib3 and requests each wrap exceptions in another way.
    """
    found: list[BaseException] = []
    queue: list[object] = [exc]
    while queue:
        one = queue.pop(0)
        if isinstance(one, BaseException) and one not in found:
            found.append(one)
            queue += [getattr(one, "reason", None), one.__cause__, one.__context__, *one.args]
    return found[::-1]
