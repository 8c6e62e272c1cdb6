"""What the command line prints: results to standard output, everything else to standard error.

Nothing else in core prints. So one place makes sure that no text from outside (a token file, a file
name, a setting, a server) can control the terminal.
"""

import contextlib
import logging
import os
import sys
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from ..error_lines import detail_line, headline, log_line, sentence, step_lines
from ..errors import AppError, ExitCode
from ..i18n.translation import _, english
from ..model import Note, Outcome, State
from ..plain_text import readable

if TYPE_CHECKING:
    from ..events import Event
    from ..mailbox.inventory import MailboxInfo

log = logging.getLogger(__name__)

_STATES = {
    ExitCode.SIGN_IN_NEEDED: State.SIGN_IN_NEEDED,
    ExitCode.TRY_AGAIN: State.TRY_AGAIN,
    ExitCode.REFUSED: State.REFUSED,
}


class Console:
    """Prints messages for the user to standard error.

    If `quiet`, it prints warnings and errors only. `prefix` begins each line, so that the user can
    tell our lines from those of another program. A windowed program has no standard error, so it
    prints nothing.
    """

    def __init__(self, *, quiet: bool = False, prefix: str = "") -> None:
        self._quiet = quiet
        self._prefix = prefix
        self._lock = threading.Lock()  # keeps the lines of one message together across threads

    def progress(self, event: "Event") -> None:
        """Print what is happening."""
        if isinstance(event, Note):
            log.log(logging.WARNING if event.warning else logging.INFO, "%s", english(event.text))
            self.say(f"! {event.text}" if event.warning else event.text, always=event.warning)
        else:
            self._tell_of_sign_in(event)

    def _tell_of_sign_in(self, event: "Event") -> None:
        from .. import events  # needed for a sign-in only
        from .waiting import waiting_lines

        match event:
            case events.WaitingForBrowser() | events.WaitingForDevice() | events.WaitingForOwner():
                self.say(*waiting_lines(event), always=True)
            case events.WayEnded(error):
                self.warning(error)
            case events.BrowserFailed(url):
                self.warn(_("No browser could be started. Open the link yourself."))
                self.progress(events.LinkAsked(url))
            case events.LinkAsked(url):
                self.say(_("Link: {url}", url=url), always=True)
            case events.PasteRefused(error):
                log.info("%s", log_line(error))
                self.say(*_lines(error, "", step_lines(error)), always=True)
                self.say(*_letter_for(error))

    def error(
        self, error: AppError, address: str = "", *, mailbox: Sequence[str] = (), next_try: str = ""
    ) -> None:
        """Print an error as `lines_of` writes it, and put it into the log."""
        log.error("%s", log_line(error, address))
        self.say(*lines_of(error, address, mailbox=mailbox, next_try=next_try), always=True)
        self.say(*_letter_for(error))

    def warn(self, text: str) -> None:
        """Print a warning, even if the console is quiet."""
        self.progress(Note(text, warning=True))

    def warning(self, error: AppError, address: str = "") -> None:
        """Print an error in spite of which the run goes on."""
        log.warning("%s", log_line(error, address))
        first, *others = _lines(error, address, step_lines(error))
        self.say(f"! {first}", *others, always=True)

    def say(self, *lines: str, always: bool = False) -> None:
        """Print lines for the user; with `always`, even if the console is quiet."""
        if always or not self._quiet:
            try:
                with self._lock:
                    for line in lines:
                        print(f"{self._prefix}{readable(line)}", file=sys.stderr, flush=True)
            except OSError:  # the reader has gone; go on, since a new token may not be saved yet
                discard_stream(sys.stderr)


def print_lines(*lines: str) -> None:
    """Print results to standard output, all lines at once."""
    if lines:
        print(*map(readable, lines), sep="\n", flush=True)


def ask(question: str) -> None:
    """Print a question to standard error; the answer is typed behind it."""
    print(readable(question), end=" ", file=sys.stderr, flush=True)


def rewrite_line(text: str) -> None:
    """Print over the last line of standard error, which must be a terminal."""
    with contextlib.suppress(OSError):  # the terminal has gone; the run goes on
        print(f"\r{readable(text)}", end="", file=sys.stderr, flush=True)


def discard_stream(stream: TextIO | None) -> None:
    """Send the rest of a stream nowhere, so that the interpreter can flush it at exit."""
    if stream is None:
        return
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def imapsync_lines(outcome: Outcome) -> Iterable[str]:
    """The options for imapsync, one line for the source and one for the destination."""
    from ..imapsync.command import Side, side_options  # not needed by a silent refresh
    from ..imapsync.shell_quoting import own_shells

    shell = own_shells(sys.platform)[0]
    side = Side(
        outcome.address,
        Path(outcome.file),
        outcome.imap_host,
        outcome.imap_port,
        outcome.imap_starttls,
    )
    yield _(
        "imapsync options if this mailbox is the source:  {options}",
        options=side_options(1, side, shell),
    )
    yield _(
        "imapsync options if this mailbox is the destination:  {options}",
        options=side_options(2, side, shell),
    )


def success_line(outcome: Outcome) -> str:
    """A JSON object with address, provider, file, expires_at (UTC), state and error."""
    error = outcome.login_error
    state = _state_after(error) if error else State.FRESH
    return _json(outcome.address, outcome.provider, outcome.file, outcome.expires_at, state, error)


def failure_line(address: str, error: AppError, known: "MailboxInfo | None") -> str:
    """The same object after an error; `known` is what the token file says, if there is one."""
    state = _state_after(error)
    if known is None:
        return _json(address, "", "", None, state, error)
    return _json(address, known.provider, str(known.path), known.expires_at, state, error)


def _state_after(error: AppError) -> State:
    return _STATES.get(error.exit_code, State.FAILED)


def _json(
    address: str,
    provider: str,
    file: str,
    expires_at: float | None,
    state: State,
    error: AppError | None,
) -> str:
    from .json_lines import Format, json_line  # only --json needs it

    return json_line(
        Format.MAILBOX,
        {
            "address": address,
            "provider": provider or None,
            "file": file or None,
            "expires_at": utc(expires_at),
            "state": state,
            "error": error_object(error) if error else None,
        },
    )


def error_object(error: AppError) -> dict[str, Any]:
    """The fields of an error for JSON."""
    return {
        "verdict": error.verdict.id,
        "message": error.message,
        "detail": error.detail,
        "explanation": error.explanation,
        "hint": error.hint,
        "actor": error.actor,
        "action": error.action,
        "notes": error.notes,
    }


def utc(moment: float | None) -> str | None:
    """The time in ISO 8601 for JSON; None if it is unknown."""
    if moment is None:
        return None
    from datetime import UTC, datetime

    return datetime.fromtimestamp(int(moment), UTC).isoformat().replace("+00:00", "Z")


def lines_of(
    error: AppError, address: str = "", *, mailbox: Sequence[str] = (), next_try: str = ""
) -> list[str]:
    """What happened, the server's own words, why, what to do, how, and who can help.

    `mailbox` are the words that name the mailbox on a command line; `next_try` is the time at which
    the program itself tries again, if it does.
    """
    from .actions import action_lines  # needed after an error only

    means = action_lines(error, mailbox)
    return _lines(error, address, step_lines(error, means=means, next_try=next_try))


def what_happened(error: AppError) -> list[str]:
    """What happened and the server's own words, without what to do."""
    return [sentence(headline(error)), *(f"  {line}" for line in [detail_line(error)] if line)]


def _lines(error: AppError, address: str, steps: Iterable[str]) -> list[str]:
    below = (detail_line(error), error.explanation, *steps)
    return [sentence(headline(error, address)), *(f"  {line}" for line in below if line)]


def _letter_for(error: AppError) -> Iterable[str]:
    """The lines of a request to the administrator, where one settles the error."""
    from ..oauth.admin_consent import request_for_consent  # needed after an error only

    request = request_for_consent(error)
    return ("", *request.splitlines()) if request else ()
