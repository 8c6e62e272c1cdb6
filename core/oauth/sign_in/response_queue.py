"""The queue in which the browser's response arrives, from the loopback listener or a paste."""

import queue
import time
from collections.abc import Mapping

from ...cancel import Cancellation
from ...errors import SignInNeeded
from ...events import Event, LinkAsked, PasteRefused, Progress
from ...i18n.translation import _, joined, ngettext
from ...model import Note
from ...verdicts.local_sign_in import INPUT_ENDED, NO_ANSWER_IN_TIME, NO_ANSWER_IN_TIME_NO_PASTE
from .authorization_response import (
    AuthorizationResponse,
    NotThisAnswer,
    PendingSignIn,
    read_parameters,
)
from .pasted_response import read_pasted

_POLL = 0.1  # seconds until a cancellation is noticed
_NOTE_EVERY = 60.0
_SAME_PASTE = 1.0  # seconds; lines that arrive faster were pasted together


class ResponseQueue:
    """Other threads put responses into the queue; the thread of the sign-in waits for them."""

    def __init__(self) -> None:
        self._arrived: queue.SimpleQueue[Mapping[str, str] | str | None] = queue.SimpleQueue()

    def deliver(self, parameters: Mapping[str, str]) -> None:
        """Add the parameters that the loopback listener received; it has checked their state."""
        self._arrived.put(parameters)

    def paste(self, text: str) -> None:
        """Add a text that the user pasted; an empty line asks for the link."""
        self._arrived.put(text)

    def no_more_paste(self) -> None:
        """Report that standard input has ended; the loopback listener may still get a response."""
        self._arrived.put(None)

    def wait(
        self,
        pending: PendingSignIn,
        *,
        seconds: float,
        listens: bool,
        takes_paste: bool,
        progress: Progress,
        cancelled: Cancellation,
    ) -> AuthorizationResponse:
        """Wait for the first response that belongs to this sign-in.

        A pasted text that is not a response is reported through `progress`. Raises `SignInNeeded`
        when the time is over or no way is left to get a response, `Cancelled` when the user
        cancels, and another `AppError` if the sign-in page sent an error.
        """
        deadline = time.monotonic() + seconds
        last_note = seconds
        tell = _OncePerPaste(progress)
        while (left := deadline - time.monotonic()) > 0:
            cancelled.check()
            if last_note - left >= _NOTE_EVERY:
                last_note = left
                progress(Note(_time_left(left, takes_paste)))
            try:
                arrived = self._arrived.get(timeout=_POLL)
            except queue.Empty:
                continue
            if arrived is None:
                takes_paste = False
                if not listens:
                    raise SignInNeeded(INPUT_ENDED, **pending.parameters)
            elif not isinstance(arrived, str):
                return read_parameters(arrived, pending)
            elif (response := _read_paste(arrived, pending, tell)) is not None:
                return response
        verdict = NO_ANSWER_IN_TIME if takes_paste else NO_ANSWER_IN_TIME_NO_PASTE
        raise SignInNeeded(verdict, minutes=f"{seconds / 60:.0f}", **pending.parameters)


class _OncePerPaste:
    """Passes events on, but each kind only once for the lines of one paste.

    A terminal delivers the text of an error page line by line, and most lines say nothing.
    """

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._last: dict[str, float] = {}

    def __call__(self, event: Event) -> None:
        kind = event.error.verdict.id if isinstance(event, PasteRefused) else type(event).__name__
        before, now = self._last.get(kind), time.monotonic()
        self._last[kind] = now
        if before is None or now - before > _SAME_PASTE:
            self._progress(event)


def _read_paste(
    text: str, pending: PendingSignIn, tell: _OncePerPaste
) -> AuthorizationResponse | None:
    """The response in a pasted text, or None after telling what the text is."""
    if not text.strip():
        tell(LinkAsked(pending.url))
        return None
    try:
        return read_pasted(text, pending)
    except NotThisAnswer as exc:
        tell(PasteRefused(exc))
        return None


def _time_left(seconds: float, takes_paste: bool) -> str:
    note = ngettext(
        "Still waiting for the sign-in in the browser: {count} minute left.",
        "Still waiting for the sign-in in the browser: {count} minutes left.",
        round(seconds / 60),
    )
    hint = _("Does the page show an error? Then paste its text.") if takes_paste else ""
    return joined((note, hint))
