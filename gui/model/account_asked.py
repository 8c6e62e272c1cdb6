"""A question that a sign-in waits for in its thread, and that the user answers in the window."""

import contextlib
import queue

from core.cancel import Cancellation
from core.model import AccountAnswer, AccountQuestion

_POLL = 0.2  # seconds


class AccountAsked:
    """Another account has signed in than was asked for."""

    def __init__(self, question: AccountQuestion) -> None:
        self.question = question
        self._answers: queue.SimpleQueue[AccountAnswer] = queue.SimpleQueue()

    def answer(self, answer: AccountAnswer) -> None:
        """Let the sign-in go on; called in the window's thread."""
        self._answers.put(answer)

    def wait(self, seconds: float, cancelled: Cancellation) -> AccountAnswer:
        """Return the answer, or stop if nobody answers for so long: a script may be waiting.

        Called in the sign-in's thread. Raises `Cancelled`.
        """
        for _ in range(int(seconds / _POLL)):
            cancelled.check()
            with contextlib.suppress(queue.Empty):
                return self._answers.get(timeout=_POLL)
        return AccountAnswer.STOP
