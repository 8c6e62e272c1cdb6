"""The proof of an access token: a real login at the mailbox's IMAP server, then LIST.

LIST belongs to it, since Microsoft accepts the login for a wrong mailbox and refuses what follows.
"""

import ssl
from typing import TYPE_CHECKING

from .errors import Refused, Who
from .http import Network, quoted, tls_context, trouble
from .model import Registration

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
    except (OSError, imaplib.IMAP4.error) as exc:
        raise trouble(exc, host) from exc
    try:
        _login(imap, address, access_token)
        return _count_folders(imap, address, host)
    except _Said as exc:
        said = quoted(exc, access_token)
        raise Refused(
            f"{host} doesn't let {address} in with this token",
            said=said,
            todo=f"Sign in as {address} itself; if it was, ask whether IMAP is switched on for it.",
            who=Who.YOU,
        ) from None
    except (OSError, imaplib.IMAP4.abort) as exc:
        raise trouble(exc, host) from exc
    finally:
        imap.shutdown()


class _Said(Exception):
    """What the server said when it refused the login."""


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
        imap.shutdown()
        raise
    return imap


def _login(imap: "imaplib.IMAP4", address: str, access_token: str) -> None:
    # https://developers.google.com/gmail/imap/xoauth2-protocol: a refusal comes as a challenge,
    # which wants an empty answer before the server says NO.
    words = f"user={address}\1auth=Bearer {access_token}\1\1".encode()
    try:
        imap.authenticate("XOAUTH2", lambda challenge: b"" if challenge else words)
    except imap.abort:
        raise
    except imap.error as exc:
        raise _Said(*exc.args) from None


def _count_folders(imap: "imaplib.IMAP4", address: str, host: str) -> int:
    try:
        status, folders = imap.list()
    except imap.abort:
        raise
    except imap.error as exc:
        raise _opens_nothing(address, host, str(exc)) from None
    found = [folder for folder in folders if folder is not None]
    if status != "OK" or not found:
        said = b" ".join(part for part in found if isinstance(part, bytes)).decode(
            "utf-8", "replace"
        )
        raise _opens_nothing(address, host, said or "no folders")
    return len(found)


def _opens_nothing(address: str, host: str, said: str) -> Refused:
    return Refused(
        f"{host} takes the token but opens no folder of {address}",
        said=quoted(said),
        todo=f"Sign in as the person who may open {address}, not as an administrator; if it was, "
        "ask whether IMAP is switched on for this mailbox.",
    )
