"""Where the browser's answer arrives, by whichever way is first: loopback or paste."""

import queue
import time
from collections.abc import Callable, Mapping

from ..cancel import Cancellation
from ..errors import AppError, SignInNeeded
from .answer import Answer, read_parameters
from .paste import read_pasted

_POLL = 0.1  # seconds; cancelling is noticed within it
_SAY_EVERY = 60.0


class Inbox:
    """Filled by other threads, emptied by the one that waits."""

    def __init__(self) -> None:
        """Empty, and open for pasting."""
        self._arrived: queue.SimpleQueue[Mapping[str, str] | str | None] = queue.SimpleQueue()

    def deliver(self, parameters: Mapping[str, str]) -> None:
        """What came to the loopback redirect, its state already looked at."""
        self._arrived.put(parameters)

    def paste(self, text: str) -> None:
        """What a person pasted, whatever it is."""
        self._arrived.put(text)

    def no_more_paste(self) -> None:
        """Standard input ended; the loopback may still bring the answer."""
        self._arrived.put(None)

    def wait(
        self,
        state: str,
        *,
        seconds: float,
        only_paste: bool,
        refused: Callable[[AppError], None],
        still_waiting: Callable[[float], None],
        cancelled: Cancellation,
    ) -> Answer:
        """The first answer that belongs to this sign-in.

        `refused` hears of a paste that is something else, and the wait goes on; `still_waiting`
        hears once a minute how many seconds are left. Raises what the sign-in page answered in place of a code, `SignInNeeded` when time is up or the only way is
        closed, `Cancelled`.
        """
        deadline = time.monotonic() + seconds
        said = seconds
        while (left := deadline - time.monotonic()) > 0:
            cancelled.check()
            if said - left >= _SAY_EVERY:
                said = left
                still_waiting(left)
            try:
                arrived = self._arrived.get(timeout=_POLL)
            except queue.Empty:
                continue
            if isinstance(arrived, Mapping):
                return read_parameters(arrived, state)
            if arrived is None:
                if only_paste:
                    raise SignInNeeded(
                        "Standard input ended before an answer was pasted",
                        todo="Run this in a terminal and paste the address the browser ends on.",
                    )
                continue
            try:
                return read_pasted(arrived, state=state)
            except AppError as exc:
                refused(exc)
        raise SignInNeeded(
            f"No answer came from the browser within {seconds / 60:.0f} minutes",
            todo="Start the sign-in again when you are in front of the browser.",
        )
