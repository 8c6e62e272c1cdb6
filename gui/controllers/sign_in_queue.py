"""Sign-ins one after the other: there is one user, and one browser."""

from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from core.errors import AppError, Cancelled
from core.mailbox.job import Request
from core.model import Outcome
from core.tokenfile.place import file_name
from gui.model.sign_in_task import SignInTask

Done = Callable[[Outcome | AppError], None]


class Turn(NamedTuple):
    """A sign-in that is wanted.

    `remote`: the browser is on another computer. `device_code`: the user types a code on another
    device. `done` is called with the outcome for a script
    that waits for it, and `is_wanted` says whether the script still does.
    """

    request: Request
    remote: bool = False
    device_code: bool = False
    done: Done | None = None
    is_wanted: Callable[[], bool] = lambda: True

    @property
    def name(self) -> str:
        """Whose sign-in it is."""
        return self.request.address

    @property
    def path(self) -> Path:
        """The token file: the one that is named, or the usual one of the address."""
        request = self.request
        return request.token_file or request.folder / file_name(request.address)


class SignInQueue(QObject):
    """Never cancels a sign-in that is under way; the next one begins after its end."""

    begun = Signal(str)  # whose sign-in begins
    changed = Signal(list)  # whose sign-ins wait; also emitted when one begins or ends

    def __init__(self, task: SignInTask, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task = task
        self._queue: deque[Turn] = deque()
        self.current: Turn | None = None  # the sign-in that is under way
        self.last: Turn | None = None  # the sign-in that has ended last
        task.succeeded.connect(self._end)
        task.failed.connect(self._end)
        task.cancelled.connect(lambda: self._end(Cancelled()))

    @property
    def waiting(self) -> Sequence[Turn]:
        """The sign-ins that come after it."""
        return tuple(self._queue)

    @property
    def names(self) -> Sequence[str]:
        """Whose sign-ins wait."""
        return [turn.name for turn in self._queue]

    def has(self, request: Request) -> bool:
        """Whether this sign-in is under way, or waits."""
        return request in (turn.request for turn in (self.current, *self._queue) if turn)

    def add(self, turn: Turn) -> None:
        """Begin as soon as no other sign-in is under way; what is wanted already isn't added."""
        if turn.done is None and self.has(turn.request):
            return
        self._queue.append(turn)
        self._begin()

    def _end(self, result: Outcome | AppError) -> None:
        self.last = current = self.current
        self.current = None
        if current is not None and current.done is not None:
            current.done(result)
        self.changed.emit(self.names)
        # From the event loop: others have to hear of the end before the next one begins.
        QTimer.singleShot(0, self, self._begin)

    def _begin(self) -> None:
        while self._queue and self.current is None:
            turn = self._queue.popleft()
            if turn.is_wanted():
                self.current = turn
                self._task.start(turn.request, remote=turn.remote, device_code=turn.device_code)
                self.begun.emit(turn.name)
        self.changed.emit(self.names)
