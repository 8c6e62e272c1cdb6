"""What the user types or pastes at the terminal. There is one reader for the whole run.

A read that is waiting can't be cancelled, so it would take the first line from a second reader.
"""

import queue
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..cancel import Cancellation
from .output import ask
from .standard_input import StandardInput

if TYPE_CHECKING:
    from ..oauth.sign_in.response_queue import ResponseQueue

_POLL = 0.2  # seconds


class TypedLines:
    """Lines from standard input, for whom they are meant at the moment."""

    def __init__(self) -> None:
        self._input = StandardInput()
        self._start_device_code: Callable[[], None] | None = None

    def paste(self, responses: "ResponseQueue") -> Callable[[], None]:
        """Put lines into `responses`. Returns the function that stops this."""
        from .waiting import DEVICE_CODE_WORD  # needed for a sign-in only

        def take(line: str) -> None:
            if self._start_device_code and line.strip().lower() == DEVICE_CODE_WORD:
                self._start_device_code()
            else:
                responses.paste(line)

        self._input.start(take, responses.no_more_paste)
        return self._input.close

    def offer_device_code(self, start: Callable[[], None]) -> None:
        """Let the user start a device code by typing its word, while answers are pasted."""
        self._start_device_code = start

    def answer(self, question: str, seconds: float, cancelled: Cancellation) -> str:
        """The line that follows; empty at the end of the input, or if nobody types for so long."""
        lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._input.start(lines.put, lambda: lines.put(""))
        ask(question)  # not before the start, or a quick answer would be ignored
        try:
            for _ in range(int(seconds / _POLL)):
                cancelled.check()
                try:
                    return lines.get(timeout=_POLL)
                except queue.Empty:
                    continue
            return ""
        finally:
            self._input.close()
