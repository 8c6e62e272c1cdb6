"""The proof of an access token: a real login at the mailbox's IMAP server, then LIST.

LIST belongs to it, since Microsoft accepts the login for a wrong mailbox and refuses what follows.
"""

import contextlib
import socket
import ssl
import threading
from base64 import b64encode
from typing import TYPE_CHECKING, Any, Self

from ..errors import Refused, TryAgain
from ..model import Registration
from ..net.http import tls_context, trouble
from ..net.network import Network, quoted

if TYPE_CHECKING:
    import imaplib


def check_mailbox(
    registration: Registration, address: str, access_token: str, *, network: Network
) -> int:
    """The number of folders that the token opens.

    Raises `Refused` where the server says no, `TryAgain` where it can't be asked.
    """
    host = registration.imap_host
    watch = _Watch(_LONGEST * network.timeout)
    try:
        with watch:
            return _check(registration, address, access_token, network, watch)
    except TryAgain:
        if watch.cut:
            raise trouble(TimeoutError(), host) from None
        raise


def _check(
    registration: Registration, address: str, access_token: str, network: Network, watch: "_Watch"
) -> int:
    import imaplib

    host = registration.imap_host
    try:
        imap = _connected(registration, network, watch)
    except imaplib.IMAP4.error as exc:
        raise _broken_off(exc, host) from exc
    except (OSError, UnicodeError) as exc:  # the second: a host that no name can be
        raise trouble(exc, host) from exc
    # A server may repeat what it was told, as it was sent or decoded.
    credentials = _credentials(address, access_token)
    secrets = (access_token, b64encode(credentials).decode())
    try:
        _login(imap, credentials)
        return _count_folders(imap)
    except (_NoLogin, _NoFolders) as exc:
        said = quoted(exc, *secrets)
        if said.upper().startswith(_PASSING):
            raise _broken_off(exc, host, *secrets) from None
        refused = _opens_nothing if isinstance(exc, _NoFolders) else _no_login
        raise refused(host, address, said) from None
    except imaplib.IMAP4.abort as exc:
        raise _broken_off(exc, host, *secrets) from None
    except OSError as exc:
        raise trouble(exc, host) from exc
    finally:
        _close(imap)


# RFC 5530 section 3: the server's own trouble, which says nothing of the token.
_PASSING = ("[UNAVAILABLE]", "[INUSE]", "[SERVERBUG]")


class _NoLogin(Exception):
    """What the server said when it refused the login."""


class _NoFolders(Exception):
    """What the server said when it showed none."""


# The whole check, in limits of one answer.
_LONGEST = 3


class _Watch:
    """Cuts a session that goes on and on: imaplib's time limit is for each piece alone."""

    def __init__(self, seconds: float) -> None:
        self.cut = False
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._timer.join()

    def over(self, connected: socket.socket) -> None:
        """Watch over this socket from now on."""
        self._socket = connected
        if self.cut:  # while it was being connected
            self._cut()

    def _cut(self) -> None:
        self.cut = True
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


def _connected(registration: Registration, network: Network, watch: _Watch) -> "imaplib.IMAP4":
    import imaplib

    class Plain(imaplib.IMAP4):
        def open(self, *args: Any, **kwargs: Any) -> None:
            super().open(*args, **kwargs)
            watch.over(self.sock)

    class Tls(imaplib.IMAP4_SSL):
        def open(self, *args: Any, **kwargs: Any) -> None:
            super().open(*args, **kwargs)
            watch.over(self.sock)

    context: ssl.SSLContext = tls_context(network)
    host, port = registration.imap_host, registration.imap_port
    if not registration.imap_starttls:
        return Tls(host, port, ssl_context=context, timeout=network.timeout)
    imap = Plain(host, port, timeout=network.timeout)
    try:
        imap.starttls(context)
        watch.over(imap.sock)
    except (OSError, imaplib.IMAP4.error):
        _close(imap)
        raise
    return imap


def _close(imap: "imaplib.IMAP4") -> None:
    with contextlib.suppress(OSError):  # of a connection that broke already
        imap.shutdown()


def _broken_off(exc: Exception, host: str, *secrets: str) -> TryAgain:
    """For a greeting that is a farewell, a server without STARTTLS, an end amid the session."""
    words = exc.args[0] if exc.args else ""
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return TryAgain(
        f"{host} opens no IMAP session or breaks it off",
        detail=quoted(said, *secrets),
        hint="Try again later; if it stays so, check the IMAP server's name and port.",
    )


def _credentials(address: str, access_token: str) -> bytes:
    return f"user={address}\1auth=Bearer {access_token}\1\1".encode()


def _login(imap: "imaplib.IMAP4", credentials: bytes) -> None:
    # https://developers.google.com/gmail/imap/xoauth2-protocol: a refusal comes as a challenge,
    # which wants an empty answer before the server says NO.
    try:
        imap.authenticate("XOAUTH2", lambda challenge: b"" if challenge else credentials)
    except imap.abort:
        raise
    except imap.error as exc:
        raise _NoLogin(*exc.args) from None


def _count_folders(imap: "imaplib.IMAP4") -> int:
    try:
        status, folders = imap.list()
    except imap.abort:
        raise
    except imap.error as exc:
        raise _NoFolders(*exc.args) from None
    found = [folder for folder in folders if folder]  # a literal leaves an empty piece behind
    if status != "OK" or not found:
        words = b" ".join(part for part in found if isinstance(part, bytes))
        raise _NoFolders(words.decode("utf-8", "replace") or "no folders")
    return len(found)


def _no_login(host: str, address: str, said: str) -> Refused:
    return Refused(
        f"{host} doesn't let {address} in with this token",
        detail=said,
        hint=f"Sign in as {address} itself; if it was, ask whether IMAP is switched on for it.",
    )


def _opens_nothing(host: str, address: str, said: str) -> Refused:
    return Refused(
        f"{host} takes the token but opens no folder of {address}",
        detail=said,
        hint=f"Sign in as the person who may open {address}, not as an administrator; if it was, "
        "ask whether IMAP is switched on for this mailbox.",
    )
