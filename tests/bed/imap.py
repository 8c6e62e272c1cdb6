"""Logs in to an IMAP server with an access token, as imapsync does."""

from __future__ import annotations

import imaplib
import ssl
from pathlib import Path


class LoginRefused(Exception):
    """The server refused the token; the message is its response."""


def login(
    user: str, token: str, *, port: int, ca_file: Path, starttls: bool = False
) -> imaplib.IMAP4:
    """Log in by XOAUTH2; use the session in a `with` statement."""
    context = ssl.create_default_context(cafile=ca_file)
    session: imaplib.IMAP4
    if starttls:
        session = imaplib.IMAP4("localhost", port)
        session.starttls(context)
    else:
        session = imaplib.IMAP4_SSL("localhost", port, ssl_context=context)
    bearer = f"user={user}\1auth=Bearer {token}\1\1".encode()
    try:
        # A second challenge carries the reason of a refusal and wants an empty answer.
        session.authenticate("XOAUTH2", lambda challenge: b"" if challenge else bearer)
    except imaplib.IMAP4.error as error:
        session.shutdown()
        raise LoginRefused(str(error)) from error
    return session
