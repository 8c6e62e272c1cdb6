"""Tests an access token with a login at the mailbox's IMAP server and a LIST command.

LIST is needed because Microsoft accepts the login for a wrong mailbox and refuses the commands
after it.
"""

import contextlib
import socket
import ssl
import threading
from base64 import b64encode
from typing import TYPE_CHECKING, Any, Self

from ..errors import Refused, TryAgain
from ..model import Registration
from ..net.http import network_error, tls_context
from ..net.network import Network, quoted

if TYPE_CHECKING:
    import imaplib


def check_mailbox(
    registration: Registration, address: str, access_token: str, *, network: Network
) -> int:
    """Log in with the access token and return the number of folders.

    Raises `Refused` if the server refuses the token, and `TryAgain` if it can't be asked.
    """
    host = registration.imap_host
    limit = _TimeLimit(_LIMIT_FACTOR * network.timeout)
    try:
        with limit:
            return _count_in_session(registration, address, access_token, network, limit)
    except TryAgain:
        if limit.expired:
            raise network_error(TimeoutError(), host) from None
        raise


def _count_in_session(
    registration: Registration,
    address: str,
    access_token: str,
    network: Network,
    limit: "_TimeLimit",
) -> int:
    import imaplib

    host = registration.imap_host
    try:
        imap = _connect(registration, network, limit)
    except imaplib.IMAP4.error as exc:
        raise _session_failed(exc, host) from exc
    except (OSError, UnicodeError) as exc:  # UnicodeError: an invalid host name
        raise network_error(exc, host) from exc
    # A server may repeat the credentials in its messages, as they were sent or decoded.
    credentials = _credentials(address, access_token)
    secrets = (access_token, b64encode(credentials).decode())
    try:
        _login(imap, credentials)
        return _count_folders(imap)
    except (_LoginRefused, _NoFoldersListed) as exc:
        detail = quoted(exc, *secrets)
        if detail.upper().startswith(_TRANSIENT_CODES):
            raise _session_failed(exc, host, *secrets) from None
        refused = _folders_error if isinstance(exc, _NoFoldersListed) else _login_error
        raise refused(host, address, detail) from None
    except imaplib.IMAP4.abort as exc:
        raise _session_failed(exc, host, *secrets) from None
    except OSError as exc:
        raise network_error(exc, host) from exc
    finally:
        _close(imap)


# RFC 5530 section 3: temporary problems of the server, which say nothing about the token.
_TRANSIENT_CODES = ("[UNAVAILABLE]", "[INUSE]", "[SERVERBUG]")


class _LoginRefused(Exception):
    """The server refused the login; the text is its message."""


class _NoFoldersListed(Exception):
    """The server listed no folders; the text is its message."""


# The time limit of the whole session, as a multiple of the limit for one response.
_LIMIT_FACTOR = 3


class _TimeLimit:
    """Ends a session that takes too long; imaplib's own timeout applies to each read alone."""

    def __init__(self, seconds: float) -> None:
        self.expired = False
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._expire)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._timer.join()

    def watch(self, connected: socket.socket) -> None:
        """Shut this socket down when the time is over."""
        self._socket = connected
        if self.expired:  # the time ended while the socket was connecting
            self._expire()

    def _expire(self) -> None:
        self.expired = True
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


def _connect(registration: Registration, network: Network, limit: _TimeLimit) -> "imaplib.IMAP4":
    import imaplib

    class Plain(imaplib.IMAP4):
        def open(self, *args: Any, **kwargs: Any) -> None:
            super().open(*args, **kwargs)
            limit.watch(self.sock)

    class Tls(imaplib.IMAP4_SSL):
        def open(self, *args: Any, **kwargs: Any) -> None:
            super().open(*args, **kwargs)
            limit.watch(self.sock)

    context: ssl.SSLContext = tls_context(network)
    host, port = registration.imap_host, registration.imap_port
    if not registration.imap_starttls:
        return Tls(host, port, ssl_context=context, timeout=network.timeout)
    imap = Plain(host, port, timeout=network.timeout)
    try:
        imap.starttls(context)
        limit.watch(imap.sock)
    except (OSError, imaplib.IMAP4.error):
        _close(imap)
        raise
    return imap


def _close(imap: "imaplib.IMAP4") -> None:
    with contextlib.suppress(OSError):  # the connection may be broken already
        imap.shutdown()


def _session_failed(exc: Exception, host: str, *secrets: str) -> TryAgain:
    """The error for a server that opens no session, has no STARTTLS or ends the session early."""
    words = exc.args[0] if exc.args else ""
    detail = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return TryAgain(
        f"{host} opens no IMAP session or breaks it off",
        detail=quoted(detail, *secrets),
        hint="Try again later; if it stays so, check the IMAP server's name and port.",
    )


def _credentials(address: str, access_token: str) -> bytes:
    return f"user={address}\1auth=Bearer {access_token}\1\1".encode()


def _login(imap: "imaplib.IMAP4", credentials: bytes) -> None:
    # https://developers.google.com/gmail/imap/xoauth2-protocol: a refusal is sent as a challenge.
    # The client has to send an empty response to it before the server sends NO.
    try:
        imap.authenticate("XOAUTH2", lambda challenge: b"" if challenge else credentials)
    except imap.abort:
        raise
    except imap.error as exc:
        raise _LoginRefused(*exc.args) from None


def _count_folders(imap: "imaplib.IMAP4") -> int:
    try:
        status, folders = imap.list()
    except imap.abort:
        raise
    except imap.error as exc:
        raise _NoFoldersListed(*exc.args) from None
    found = [folder for folder in folders if folder]  # imaplib adds an empty entry after a literal
    if status != "OK" or not found:
        words = b" ".join(part for part in found if isinstance(part, bytes))
        raise _NoFoldersListed(words.decode("utf-8", "replace") or "no folders")
    return len(found)


def _login_error(host: str, address: str, detail: str) -> Refused:
    return Refused(
        f"{host} doesn't let {address} in with this token",
        detail=detail,
        hint=f"Sign in as {address} itself; if it was, ask whether IMAP is switched on for it.",
    )


def _folders_error(host: str, address: str, detail: str) -> Refused:
    return Refused(
        f"{host} takes the token but opens no folder of {address}",
        detail=detail,
        hint=f"Sign in as the person who may open {address}, not as an administrator; if it was, "
        "ask whether IMAP is switched on for this mailbox.",
    )
