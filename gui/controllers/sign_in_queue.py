"""Sign-ins for scripts that wait: each begins when the one before it has ended."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer

from core.errors import AppError, Cancelled
from core.mailbox.job import Request
from core.model import Outcome
from gui.controllers.parts import Parts
from gui.controllers.sign_in import SignInController


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request, what to call with its outcome, and whether somebody still wants it."""

    request: Request
    done: Callable[[Outcome | AppError], None]
    is_wanted: Callable[[], bool]


class SignInQueue(QObject):
    """Never cancels a sign-in that is under way: there is one user, and one browser."""

    def __init__(
        self, parts: Parts, sign_in: SignInController, *, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._task = parts.sign_in_task
        self._sign_in = sign_in
        self._queue: deque[Waiting] = deque()
        self._current: Waiting | None = None
        self._task.succeeded.connect(self._end)
        self._task.failed.connect(self._end)
        self._task.cancelled.connect(lambda: self._end(Cancelled()))
        self._task.demo_succeeded.connect(lambda _: self._start_soon())

    def add(
        self,
        request: Request,
        done: Callable[[Outcome | AppError], None],
        is_wanted: Callable[[], bool],
    ) -> None:
        """Sign in as soon as no other sign-in is under way, unless nobody wants it any more."""
        self._queue.append(Waiting(request, done, is_wanted))
        self._start_soon()

    def _end(self, result: Outcome | AppError) -> None:
        current, self._current = self._current, None
        if current is not None:
            current.done(result)
        self._start_soon()

    def _start_soon(self) -> None:
        # From the event loop: what ends a sign-in may start the next one at once.
        QTimer.singleShot(0, self, self._start)

    def _start(self) -> None:
        while self._queue and not self._task.is_running:
            waiting = self._queue.popleft()
            if waiting.is_wanted():
                self._sign_in.start(waiting.request)
                self._current = waiting
