"""Tests an access token with a login at the mailbox's IMAP server and a LIST command.

LIST is needed because Microsoft accepts the login for a wrong mailbox and refuses the commands
after it. What the server answers is only taken apart here; `core.verdicts` says what it means.
"""

import imaplib
import json
import logging
import re
from base64 import b64encode

from ..address import same_address
from ..errors import Cancelled, as_error
from ..net.faults import network_error
from ..net.imap_session import Heard, Missing, imap_session
from ..net.network import Network, quoted
from ..net.tls import tls_context
from ..providers.fields import Registration
from ..verdicts.verdict import Origin, Symptom

log = logging.getLogger(__name__)

# A status response that refuses, with its response code (RFC 9051 section 7.1).
_REFUSAL = re.compile(
    r"\S+ (?P<status>NO|BAD|BYE)\b\s*(?P<words>(\[(?P<code>[A-Z-]+)[^\]]*\])?.*)",
    re.IGNORECASE | re.DOTALL,
)
_MOST_CHALLENGES = 2  # one for the credentials, one that explains a refusal
_BACK_OFF = re.compile(r"Suggested Backoff Time: (\d{1,9}) milliseconds", re.IGNORECASE)


def check_mailbox(
    registration: Registration,
    address: str,
    access_token: str,
    *,
    network: Network,
    account: str = "",
) -> int:
    """Log in with the access token and return the number of folders.

    `account` is the account that signed in, if that is known. Raises the `AppError` for the
    server's answer, or for the fault on the way to the server, and `Cancelled`.
    """
    host = registration.imap_host
    credentials = f"user={address}\1auth=Bearer {access_token}\1\1".encode()
    context = tls_context(network)
    heard = Heard()
    origin = Origin.LOGIN
    try:
        with imap_session(registration, context, network, heard) as imap:
            _log_in(imap, credentials, heard)
            origin = Origin.LIST
            return _count_folders(imap)
    except Cancelled:
        raise
    except Exception as exc:  # whatever a server sends, imaplib's error is no mistake of ours
        log.debug("the session with %s ended with %s", host, type(exc).__name__)
        symptom = _symptom(exc, heard, origin)
        if symptom is None:
            # What followed from the end of the time limit says nothing.
            fault = TimeoutError() if isinstance(exc, TimeoutError) else exc
            raise network_error(fault, host) from None
        from ..verdicts.match import match  # imported late, since most logins succeed

        known = {"account": account} if account else {}
        same_account = same_address(account, address) if account else None
        raise as_error(
            match(symptom._replace(same_account=same_account, grant=registration.grant)),
            # A server may repeat the credentials in its messages, as they were sent or decoded.
            detail=quoted(_said(exc, heard), access_token, b64encode(credentials).decode()),
            retry_after=_back_off(symptom.words),
            host=host,
            address=address,
            client_id=registration.client_id,
            **known,
        ) from None


def _log_in(imap: imaplib.IMAP4, credentials: bytes, heard: Heard) -> None:
    # https://developers.google.com/gmail/imap/xoauth2-protocol: a refusal is sent as a challenge.
    # The client has to send an empty response to it before the server sends NO.
    challenges = 0

    def respond(challenge: bytes) -> bytes:
        nonlocal challenges
        challenges += 1
        if challenges > _MOST_CHALLENGES:
            raise imap.error("too many challenges")
        heard.challenge = challenge
        return b"" if challenge else credentials

    if "AUTH=XOAUTH2" not in imap.capabilities:
        raise Missing("no_xoauth2", " ".join(imap.capabilities))
    imap.authenticate("XOAUTH2", respond)


def _count_folders(imap: imaplib.IMAP4) -> int:
    status, folders = imap.list()
    if status != "OK":
        raise imap.error(status)
    found = [folder for folder in folders if folder]  # imaplib adds an empty entry after a literal
    if not found:
        raise Missing("no_folders")
    return len(found)


def _symptom(exc: Exception, heard: Heard, origin: Origin) -> Symptom | None:
    """What the server answered; None if the connection failed without an answer."""
    if isinstance(exc, Missing):
        return Symptom(origin, exc.name)
    if refusal := _REFUSAL.match(_text(heard.refusal)):
        unnamed = "bye" if refusal["status"].upper() == "BYE" else ""
        return Symptom(
            origin,
            refusal["code"] or unnamed,
            words=refusal["words"].strip(),
            status=_status(heard.challenge),
        )
    # imaplib hides the error of a failed send behind one of its own.
    if isinstance(exc, OSError) or isinstance(exc.__context__, OSError):
        return None
    return Symptom(origin, "not_imap")


def _said(exc: Exception, heard: Heard) -> str:
    """The server's own words about a failure."""
    if isinstance(exc, Missing):
        return exc.words
    if refusal := _REFUSAL.match(_text(heard.refusal)):
        reason = _reason(heard.challenge)
        facts = ", ".join(
            f"{name} {reason[name]}" for name in ("status", "scope") if name in reason
        )
        return f"{refusal['words'].strip()} ({facts})" if facts else refusal["words"]
    return _text(heard.line)


def _reason(challenge: bytes) -> dict[str, str | int]:
    """The JSON object with which XOAUTH2 explains a refusal, as far as it is one."""
    try:
        content = json.loads(challenge)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(content, dict):
        return {}
    return {name: value for name, value in content.items() if isinstance(value, str | int)}


def _status(challenge: bytes) -> int:
    status = str(_reason(challenge).get("status", ""))
    return int(status) if re.fullmatch(r"\d{3}", status) else 0


def _back_off(words: str) -> float:
    """The seconds after which Exchange wants to be asked again; 0 if it doesn't say."""
    found = _BACK_OFF.search(words)
    return int(found[1]) / 1000 if found else 0.0


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace")
