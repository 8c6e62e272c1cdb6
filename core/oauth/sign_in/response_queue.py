"""The queue in which the browser's response arrives, from the loopback listener or a paste."""

import queue
import time
from collections.abc import Mapping

from ...cancel import Cancellation
from ...errors import SignInNeeded
from ...model import LinkAsked, Note, PasteRefused, Progress
from .authorization_response import AuthorizationResponse, NotThisAnswer, read_parameters
from .pasted_response import read_pasted

_POLL = 0.1  # seconds until a cancellation is noticed
_NOTE_EVERY = 60.0


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
        url: str,
        state: str,
        *,
        seconds: float,
        only_paste: bool,
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
        while (left := deadline - time.monotonic()) > 0:
            cancelled.check()
            if last_note - left >= _NOTE_EVERY:
                last_note = left
                progress(Note(_time_left(left)))
            try:
                arrived = self._arrived.get(timeout=_POLL)
            except queue.Empty:
                continue
            response = _read(arrived, url, state, only_paste, progress)
            if response is not None:
                return response
        raise SignInNeeded(
            f"No answer came from the browser within {seconds / 60:.0f} minutes",
            hint="Start the sign-in again when you are in front of the browser",
        )


def _time_left(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes == 1:
        return "Still waiting for the sign-in in the browser: 1 minute left"
    return f"Still waiting for the sign-in in the browser: {minutes} minutes left"


def _read(
    arrived: Mapping[str, str] | str | None,
    url: str,
    state: str,
    only_paste: bool,
    progress: Progress,
) -> AuthorizationResponse | None:
    match arrived:
        case None if only_paste:
            raise SignInNeeded(
                "Standard input ended before an answer was pasted",
                hint="Run this in a terminal and paste the address that the browser ends on",
            )
        case None:
            return None
        case str() if not arrived.strip():
            progress(LinkAsked(url))
            return None
        case str():
            try:
                return read_pasted(arrived, state=state)
            except NotThisAnswer as exc:
                progress(PasteRefused(exc))
                return None
        case _:
            return read_parameters(arrived, state)
