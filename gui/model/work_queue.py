"""What is being done with mailboxes: never more at once than there are threads for it."""

from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from core.cancel import Cancellation
from core.i18n.translation import _
from core.keeping.keeper import renew_now
from core.keeping.kept_mailbox import KeptMailbox
from core.mailbox.inventory import MailboxInfo
from core.mailbox.job import Dependencies, Job, Request
from core.model import Note, Outcome
from gui.model.mailbox_model import MailboxModel
from gui.model.tasks import Progress, Tasks


class Work(NamedTuple):
    """What is done with a mailbox; `words` are its state meanwhile.

    `refreshes` is False for a test of the login, which says nothing about the refresh token.
    `asked` is False for the keeper's own refreshes.
    """

    words: str
    act: Callable[[Job], object]
    refreshes: bool = True
    asked: bool = True


def refresh(*, check: bool, asked: bool, even_young: bool = False) -> Work:
    """Refresh the token now; with `check` a login tests it.

    With `even_young` it is refreshed also if it is only seconds old.
    """
    act = partial(renew_now, check=check, even_young=even_young)
    return Work(_("Refreshing…"), act, asked=asked)


def due(kept: KeptMailbox) -> Work:
    """Refresh a token because it is due."""
    return refresh(check=not kept.tested, asked=False, even_young=kept.repeats)


def test_login() -> Work:
    """Test the login with the token."""
    return Work(_("Testing the login…"), _test_login, refreshes=False)


def forget(*, revoke: bool) -> Work:
    """Delete the token file and what belongs to it; `revoke` its tokens before."""
    return Work(_("Removing…"), partial(_forget, revoke=revoke), refreshes=False)


class WorkQueue(QObject):
    """Runs work in tasks. What the user asks for waits here for a free thread."""

    ended = Signal(Path, object, Work)  # the object: what the work returned, or its AppError
    noted = Signal(object, bool)  # text, warning

    def __init__(
        self,
        model: MailboxModel,
        tasks: Tasks,
        dependencies: Dependencies,
        request_for: Callable[[MailboxInfo], Request],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._tasks = tasks
        self._dependencies = dependencies
        self._request_for = request_for
        self._asked: deque[tuple[Path, Work]] = deque()

    @property
    def free(self) -> int:
        """How much more can start now."""
        return self._tasks.free

    def ask(self, paths: Iterable[Path], work: Work) -> list[Path]:
        """Queue this work for all mailboxes that are not busy; return their paths."""
        rows = [row for path in paths if (row := self._model.row(path)) and not row.busy]
        self._model.change_rows(row._replace(busy=_("Waiting…")) for row in rows)
        self._asked.extend((row.path, work) for row in rows)
        return [row.path for row in rows]

    def start_asked(self) -> None:
        """Start what was asked for, as far as threads are free."""
        while self._asked and self.free:
            self.start(*self._asked.popleft())

    def start(self, path: Path, work: Work) -> None:
        """Start work; not if the file was deleted while it waited."""
        if (row := self._model.row(path)) is None:
            return
        self._model.change(path, busy=work.words)
        request = self._request_for(row.info)

        def call(progress: Progress, cancelled: Cancellation) -> object:
            return work.act(Job(request, self._dependencies, progress, cancelled))

        task = self._tasks.start(call)
        task.progressed.connect(self._show_note)
        task.succeeded.connect(lambda result: self.ended.emit(path, result, work))
        task.failed.connect(lambda error: self.ended.emit(path, error, work))

    def _show_note(self, event: object) -> None:
        if isinstance(event, Note):
            self.noted.emit(event.text, event.warning)


def _forget(job: Job, *, revoke: bool) -> object:
    from core.mailbox.forget import forget  # imported in the worker thread, like check_login below

    return forget(job, revoke=revoke)


def _test_login(job: Job) -> Outcome:
    from core.mailbox.get_token import check_login

    return check_login(job)
