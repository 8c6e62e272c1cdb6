"""Where the browser's answer arrives, by whichever way is first: loopback or paste."""

import queue
import time
from collections.abc import Mapping

from ...cancel import Cancellation
from ...errors import SignInNeeded
from ...model import LinkAsked, Note, PasteRefused, Progress
from .authorization_response import AuthorizationResponse, NotThisAnswer, read_parameters
from .pasted_response import read_pasted

_POLL = 0.1  # seconds; cancelling is noticed within it
_NOTE_EVERY = 60.0


class ResponseQueue:
    """Filled by other threads, emptied by the one that waits."""

    def __init__(self) -> None:
        """Empty, and open for pasting."""
        self._arrived: queue.SimpleQueue[Mapping[str, str] | str | None] = queue.SimpleQueue()

    def deliver(self, parameters: Mapping[str, str]) -> None:
        """What came to the loopback redirect, its state already looked at."""
        self._arrived.put(parameters)

    def paste(self, text: str) -> None:
        """What a person pasted, whatever it is; an empty line asks for the link."""
        self._arrived.put(text)

    def no_more_paste(self) -> None:
        """Standard input ended; the loopback may still bring the answer."""
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
        """The first answer that belongs to this sign-in; a paste that is none is told of.

        Raises what the sign-in page answered in place of a code, `SignInNeeded` when time is up or
        the only way is closed, `Cancelled`.
        """
        deadline = time.monotonic() + seconds
        last_note = seconds
        while (left := deadline - time.monotonic()) > 0:
            cancelled.check()
            if last_note - left >= _NOTE_EVERY:
                last_note = left
                progress(Note(f"Still waiting, {left / 60:.0f} min left"))
            try:
                arrived = self._arrived.get(timeout=_POLL)
            except queue.Empty:
                continue
            answer = _read(arrived, url, state, only_paste, progress)
            if answer is not None:
                return answer
        raise SignInNeeded(
            f"No answer came from the browser within {seconds / 60:.0f} minutes",
            hint="Start the sign-in again when you are in front of the browser",
        )


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
