"""Questions that a sign-in waits for in its thread, and that the user answers in the window."""

import contextlib
import queue
from typing import Generic, TypeVar

from core.cancel import Cancellation
from core.events import AccountAnswer, AccountQuestion, FoundServer
from core.oauth.sign_in.methods import WAIT
from gui.model.tasks import Progress

_POLL = 0.2  # seconds
_Question = TypeVar("_Question")
_Answer = TypeVar("_Answer")


class Asked(Generic[_Question, _Answer]):
    """A question; `unanswered` counts if nobody answers in time."""

    unanswered: _Answer

    def __init__(self, question: _Question) -> None:
        self.question = question
        self._answers: queue.SimpleQueue[_Answer] = queue.SimpleQueue()

    def answer(self, answer: _Answer) -> None:
        """Let the sign-in go on; called in the window's thread."""
        self._answers.put(answer)

    def ask(self, progress: Progress, cancelled: Cancellation) -> _Answer:
        """Ask the user; called in the sign-in's thread."""
        progress(self)
        return self.wait(WAIT, cancelled)

    def wait(self, seconds: float, cancelled: Cancellation) -> _Answer:
        """Return the answer, or `unanswered` if nobody answers for so long: a script may wait.

        Called in the sign-in's thread. Raises `Cancelled`.
        """
        for _ in range(int(seconds / _POLL)):
            cancelled.check()
            with contextlib.suppress(queue.Empty):
                return self._answers.get(timeout=_POLL)
        return self.unanswered


class AccountAsked(Asked[AccountQuestion, AccountAnswer]):
    """Another account has signed in than was asked for."""

    unanswered = AccountAnswer.STOP


class ServerAsked(Asked[FoundServer, bool]):
    """Only the address's domain names the server where the user would sign in."""

    unanswered = False
