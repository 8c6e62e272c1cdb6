"""One session with an IMAP server by imaplib: always with TLS, and within limits.

imaplib has no limit for a whole session or for what a server sends, and it mixes the server's words
into texts of its own. So a session stops at limits here, and notes what the server said.
"""

import contextlib
import imaplib
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from ..providers.fields import Registration

# The time limit of the whole session, as a multiple of the limit for one response.
_LIMIT_FACTOR = 3
# What the server may send in one session, in bytes; enough for the list of 100,000 folders. Each
# line counts for more than its length, because millions of short lines would need much memory too.
_MOST = 16 << 20
_LINE_COST = 100
_STATUS = re.compile(rb"\S+ (OK|NO|BAD|BYE)\b", re.IGNORECASE)


class Missing(Exception):
    """The server lacks what a login needs.

    `name` is the name of this in the table of verdicts, `words` what the server offers instead.
    """

    def __init__(self, name: str, words: str = "") -> None:
        super().__init__(name)
        self.name = name
        self.words = words


class TooLarge(Exception):
    """The server sent more than a session may take."""


class Heard:
    """What the server said: its last line, its last refusal, and its reason in a SASL challenge.

    They are what it sent, and empty if there is none. An OK ends a refusal.
    """

    def __init__(self) -> None:
        self.line = self.refusal = self.challenge = b""
        self._left = _MOST

    def count(self, size: int) -> None:
        """Raise `TooLarge` if so many more bytes are too many."""
        if size > self._left:
            raise TooLarge
        self._left -= size

    def note(self, line: bytes) -> None:
        """Take a line of the server."""
        self.line = line
        if status := _STATUS.match(line):
            self.refusal = b"" if status[1].upper() == b"OK" else line


@contextmanager
def imap_session(
    registration: Registration, context: ssl.SSLContext, *, timeout: float, heard: Heard
) -> Iterator[imaplib.IMAP4]:
    """A session that is not logged in yet; `timeout` is the limit for one response.

    Raises `Missing`, an OSError if the connection fails, and whatever imaplib raises when a server
    violates the protocol.
    """
    host, port = registration.imap_host, registration.imap_port
    with TimeLimit(_LIMIT_FACTOR * timeout) as limit:
        imap: _Session | None = None
        try:
            if registration.imap_starttls:
                imap = _Session(heard, limit, host, port, timeout=timeout)
            else:
                imap = _TlsSession(heard, limit, host, port, ssl_context=context, timeout=timeout)
            if imap.state == "AUTH":
                raise Missing("preauth")
            if registration.imap_starttls:
                _start_tls(imap, context, limit)
            yield imap
        except Exception as exc:
            if limit.expired:
                raise TimeoutError from exc
            raise
        finally:
            if imap is not None:
                with contextlib.suppress(OSError):  # the connection may be broken already
                    imap.shutdown()


class TimeLimit:
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


class _Session(imaplib.IMAP4):
    """A session that is within the limits and notes what the server says."""

    def __init__(self, heard: Heard, limit: TimeLimit, *args: Any, **kwargs: Any) -> None:
        self._heard, self._limit = heard, limit
        super().__init__(*args, **kwargs)

    def open(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().open(*args, **kwargs)
        except UnicodeError as exc:  # no server has such a name
            raise socket.gaierror(socket.EAI_NONAME, "invalid host name") from exc
        self._limit.watch(self.sock)

    def read(self, size: int) -> bytes:
        self._heard.count(size)
        return super().read(size)

    def readline(self) -> bytes:
        line = super().readline()
        if not line:
            raise ConnectionResetError("the server closed the connection")
        self._heard.count(len(line) + _LINE_COST)
        self._heard.note(line)
        return line


class _TlsSession(_Session, imaplib.IMAP4_SSL):
    """The same with TLS from the start."""


def _start_tls(imap: imaplib.IMAP4, context: ssl.SSLContext, limit: TimeLimit) -> None:
    if "STARTTLS" not in imap.capabilities:
        raise Missing("no_starttls", " ".join(imap.capabilities))
    imap.starttls(context)
    limit.watch(imap.sock)
