"""What the command line says: what was asked for to standard output, the rest to standard error."""

import contextlib
import json
import logging
import os
import sys
import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from ..errors import AppError, ExitCode
from ..model import Event, LinkAsked, Note, Outcome, PasteRefused, State, WaitingForBrowser

if TYPE_CHECKING:
    from ..mailbox.inventory import MailboxInfo

log = logging.getLogger(__name__)

_STATES = {
    ExitCode.SIGN_IN_NEEDED: State.SIGN_IN_NEEDED,
    ExitCode.TRY_AGAIN: State.TRY_AGAIN,
    ExitCode.REFUSED: State.REFUSED,
}


class Console:
    """Speaks to a person; `quiet` leaves out everything but warnings and errors.

    `prefix` begins each line, where another program speaks too.
    """

    def __init__(self, *, quiet: bool = False, prefix: str = "") -> None:
        """Where a windowed program has no standard error, `print` says nothing."""
        self._quiet = quiet
        self._prefix = prefix
        self._lock = threading.Lock()  # several mailboxes at once: the lines of each stay together

    def progress(self, event: Event) -> None:
        """Say how it is going."""
        match event:
            case Note(text, warning):
                log.log(logging.WARNING if warning else logging.INFO, "%s", text)
                self.say(f"! {text}" if warning else text, always=warning)
            case WaitingForBrowser():
                self.say(*_waiting(event), always=True)
            case LinkAsked(url):
                self.say(f"The link: {url}", always=True)
            case PasteRefused(error):
                self.error(error)

    def error(self, error: AppError, address: str = "") -> None:
        """What happened, what the other side said, what to do and who can do it."""
        log.error("%s%s", f"{address}: " if address else "", error.message)
        lines = [f"{address}: {_sentence(error.message)}" if address else _sentence(error.message)]
        if error.detail:
            lines.append(f"  It was said: {error.detail}")
        if error.hint:
            lines.append(f"  To do, by {error.actor}: {_sentence(error.hint)}")
        self.say(*lines, always=True)

    def say(self, *lines: str, always: bool = False) -> None:
        """Write lines for a person; `always` those that a quiet run says too."""
        if always or not self._quiet:
            try:
                with self._lock:
                    for line in lines:
                        print(f"{self._prefix}{line}", file=sys.stderr, flush=True)
            except OSError:  # nobody reads any more; but a new token may not be saved yet
                discard_stream(sys.stderr)


def discard_stream(stream: TextIO | None) -> None:
    """So that the interpreter doesn't try to flush at its end what nobody takes."""
    if stream is None:
        return
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def imapsync_lines(outcome: Outcome) -> Iterable[str]:
    """What to hand to imapsync, for either side."""
    from ..imapsync.options import Side, side_options  # what a silent refresh doesn't need
    from ..imapsync.shell_quoting import own_shells

    shell = own_shells(sys.platform)[0]
    side = Side(
        outcome.address,
        Path(outcome.file),
        outcome.imap_host,
        outcome.imap_port,
        outcome.imap_starttls,
    )
    for number, role in ((1, "source"), (2, "destination")):
        yield f"imapsync, {role}:  {side_options(number, side, shell)}"


def success_line(outcome: Outcome) -> str:
    """One JSON object: address, provider, file, expires_at (UTC), state, error."""
    return _json(
        outcome.address, outcome.provider, outcome.file, outcome.expires_at, State.FRESH, None
    )


def failure_line(address: str, error: AppError, known: "MailboxInfo | None") -> str:
    """The same for a run that failed; `known` is what the token file says, where there is one."""
    state = _STATES.get(error.exit_code, State.FAILED)
    if known is None:
        return _json(address, "", "", None, state, error)
    return _json(address, known.provider, str(known.path), known.expires_at, state, error)


def _json(
    address: str,
    provider: str,
    file: str,
    expires_at: float | None,
    state: State,
    error: AppError | None,
) -> str:
    return json.dumps(
        {
            "address": address,
            "provider": provider or None,
            "file": file or None,
            "expires_at": utc(expires_at),
            "state": state,
            "error": _error_object(error) if error else None,
        }
    )


def _error_object(error: AppError) -> dict[str, Any]:
    return {"title": error.message, "said": error.detail, "todo": error.hint, "who": error.actor}


def utc(moment: float | None) -> str | None:
    """As JSON takes it; None where it isn't known."""
    if moment is None:
        return None
    return datetime.fromtimestamp(int(moment), UTC).isoformat().replace("+00:00", "Z")


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _waiting(event: WaitingForBrowser) -> Iterable[str]:
    opens = "Your browser opens now." if event.opens_browser else "Open the link below."
    yield f"{opens} Sign in as {event.sign_in_as}."
    yield (
        f"The page asks to allow {event.application_label}: that is on purpose, since oauth2_imap "
        "asks with that application's registration, which the providers know."
    )
    if event.certificate_warning:
        yield (
            "At the end the browser warns of the certificate of https://localhost: this program "
            "made it just now, for this one sign-in, so no authority knows it. Go on to the page; "
            "nothing leaves this computer there."
        )
    if not event.opens_browser:
        yield f"The link: {event.url}"
    if event.takes_paste:
        if event.opens_browser:
            yield "No page, or the wrong browser? Press Enter here to see the link."
        yield (
            "If the browser is on another computer, or ends on an error page: paste the whole "
            "address that it shows then (or the code in it) here and press Enter."
        )
    yield f"Waiting for the answer, {event.seconds / 60:.0f} minutes at most. Ctrl-C cancels."
