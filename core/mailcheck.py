"""The proof of an access token: a real login at the mailbox's IMAP server, then LIST.

LIST belongs to it, since Microsoft accepts the login for a wrong mailbox and refuses what follows.
"""

import contextlib
import ssl
from base64 import b64encode
from typing import TYPE_CHECKING

from .errors import Refused, TryAgain
from .http import tls_context, trouble
from .model import Registration
from .network import Network, quoted

if TYPE_CHECKING:
    import imaplib


def check_mailbox(
    registration: Registration, address: str, access_token: str, *, network: Network
) -> int:
    """The number of folders that the token opens.

    Raises `Refused` where the server says no, `TryAgain` where it can't be asked.
    """
    import imaplib

    host = registration.imap_host
    try:
        imap = _connected(registration, network)
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


def _connected(registration: Registration, network: Network) -> "imaplib.IMAP4":
    import imaplib

    context: ssl.SSLContext = tls_context(network)
    host, port = registration.imap_host, registration.imap_port
    if not registration.imap_starttls:
        return imaplib.IMAP4_SSL(host, port, ssl_context=context, timeout=network.timeout)
    imap = imaplib.IMAP4(host, port, timeout=network.timeout)
    try:
        imap.starttls(context)
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
        said=quoted(said, *secrets),
        todo="Try again later; if it stays so, check the IMAP server's name and port.",
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
        said=said,
        todo=f"Sign in as {address} itself; if it was, ask whether IMAP is switched on for it.",
    )


def _opens_nothing(host: str, address: str, said: str) -> Refused:
    return Refused(
        f"{host} takes the token but opens no folder of {address}",
        said=said,
        todo=f"Sign in as the person who may open {address}, not as an administrator; if it was, "
        "ask whether IMAP is switched on for this mailbox.",
    )
