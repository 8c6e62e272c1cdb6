"""What the window does with token files: shows them, refreshes them when due, tests, removes."""

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from core.cancel import Cancellation
from core.errors import AppError, Misconfigured, SignInNeeded
from core.keeping.keeper import Keeper, renew_now
from core.mailbox.inventory import (
    MailboxInfo,
    folder_warnings,
    mailbox_at,
    mailboxes_in,
    remove_mailbox,
)
from core.mailbox.job import Dependencies, Job, Request
from core.model import Event, Note, Outcome
from core.net.network import Network
from core.providers.catalog import Catalog
from gui.model.mailbox_model import MailboxModel, Row
from gui.model.messages import error_for_window
from gui.model.tasks import Task, Tasks, is_cancelled

log = logging.getLogger(__name__)

_TICK = 5_000  # ms; the bars move, and what is due is begun

# What no later try heals by itself.
_FOR_PERSON = (SignInNeeded, Misconfigured)

MailboxAction = Callable[[Job], object]


class Mailboxes(QObject):
    """Owns the model's rows; nothing here blocks, all work is done by `Tasks`."""

    noted = Signal(str, bool)  # text, warning
    failed = Signal(str, AppError)  # address
    user_needed = Signal(str, AppError)  # address; said once until it is well again
    recovered = Signal(str)  # address
    removed = Signal(str)  # address; whoever deleted the file
    state_changed = Signal(str, str)  # the icon's name of the worst state, and words
    reloaded = Signal()
    kept_changed = Signal(object)  # a set of Path: the files that are kept fresh

    def __init__(
        self,
        model: MailboxModel,
        tasks: Tasks,
        dependencies: Dependencies,
        *,
        folder: Path,
        interval: float,
        network: Network,
        parent: QObject | None = None,
    ) -> None:
        """`interval` is in seconds; nothing is read before `reload`."""
        super().__init__(parent)
        self.folder = folder
        self.network = network
        self.protect: bool | None = None  # where refresh tokens shall live, as `Request` has it
        self._model = model
        self._tasks = tasks
        self._dependencies = dependencies
        self._elsewhere: list[Path] = []  # outside the folder, or under a name of their own
        self._keeper = Keeper(interval=interval)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK)
        self._timer.timeout.connect(self.refresh_due)
        self._timer.start()

    @property
    def catalog(self) -> Catalog:
        """The providers that this window knows."""
        return self._dependencies.catalog

    def folder_warnings(self) -> list[str]:
        """What is unwise about where the token files lie."""
        return folder_warnings(self.folder)

    @property
    def interval(self) -> float:
        """Seconds between refreshes."""
        return self._keeper.interval

    def set_interval(self, seconds: float) -> None:
        """Take another interval; due times follow."""
        self._keeper.interval = seconds
        for row in self._model.rows:
            kept = self._keeper.kept(row.path)
            if kept is not None and not kept.failures:
                kept.due = 0.0  # so that the keeper asks the file again
        self.refresh_due()

    def include(self, path: Path) -> None:
        """Show this file too from the next `reload` on, wherever it lies, while it is there."""
        if path not in self._elsewhere:
            self._elsewhere.append(path)

    def reload(self) -> None:
        """Show what the folder holds now, and the files elsewhere."""
        infos = mailboxes_in(self.folder, self._dependencies.catalog)
        listed = {info.path for info in infos}
        others = [path for path in self._elsewhere if path not in listed and path.is_file()]
        infos += [mailbox_at(path, self._dependencies.catalog) for path in others]
        here = {info.path for info in infos}
        gone = [row for row in self._model.rows if row.path not in here]
        self._model.show(infos, self._now())
        self._show_due()
        self._announce()
        for row in gone:
            self.removed.emit(row.info.address)
        self.reloaded.emit()

    def refresh_due(self) -> None:
        """Move the times on and begin what is due."""
        self._model.tick(self._now())
        self._announce()
        for kept in self._keeper.due():
            row = self._model.row(kept.path)
            if row is not None and not row.busy:
                kept.busy = True
                self._run(row, "Refreshing…", partial(renew_now, check=not kept.proved))
        self._show_due()

    def refresh(self, path: Path) -> None:
        """Refresh one now."""
        self._on(path, "Refreshing…", partial(renew_now, check=False))

    def check(self, path: Path) -> None:
        """Log in with the token of one, to see whether it works."""
        self._on(path, "Testing the login…", _prove, renews=False)

    def keep(self, path: Path, on: bool) -> None:
        """Keep one fresh, or no longer."""
        row = self._model.row(path)
        if row is None:
            return
        if on:
            self._keeper.add(self._job(row.info))
        else:
            self._keeper.remove(path)
        self._model.change(path, kept=on)
        self._show_due()
        self._tell_kept()

    def remove(self, path: Path) -> None:
        """Delete a file that can't be read, and what stands beside it."""
        self.keep(path, False)
        try:
            remove_mailbox(path)
        except AppError as exc:
            self.failed.emit(path.name, exc)
        self.reload()

    def forget(self, path: Path, *, revoke: bool) -> None:
        """Delete one with all that belongs to it, and where wanted end its grant before.

        Where that fails it is kept fresh as before.
        """
        self._on(path, "Removing…", partial(_forget, revoke=revoke), renews=False)

    def signed_in(self, outcome: Outcome, *, keep: bool) -> None:
        """A sign-in, or a refresh by hand, went well."""
        path = Path(outcome.file)
        self.include(path)
        self.reload()
        self._settle(path, outcome)
        if keep:
            self.keep(path, True)

    def sign_in_request(self, info: MailboxInfo) -> Request:
        """What asks for a new sign-in, whatever the file holds."""
        return replace(self.request_for(info), provider=info.provider, start_over=True)

    def request_for(self, info: MailboxInfo) -> Request:
        """What asks the core about a file that is there."""
        return Request(
            address=info.address,
            folder=self.folder,
            application=info.application,
            token_file=info.path,
            login_hint=info.login_hint,
            protect=self.protect,
            network=self.network,
        )

    def _job(self, info: MailboxInfo) -> Job:
        return Job(self.request_for(info), self._dependencies, _unheard, Cancellation())

    def _on(self, path: Path, busy: str, act: MailboxAction, *, renews: bool = True) -> None:
        row = self._model.row(path)
        if row is not None and not row.busy:
            self._run(row, busy, act, renews=renews)

    def _run(self, row: Row, busy: str, act: MailboxAction, *, renews: bool = True) -> None:
        self._model.change(row.path, busy=busy)
        request = self.request_for(row.info)

        def call(progress: Callable[[Event], None], cancelled: Cancellation) -> object:
            return act(Job(request, self._dependencies, progress, cancelled))

        task = self._tasks.start(call)
        self._listen(task, row.path, renews)

    def _listen(self, task: Task, path: Path, renews: bool) -> None:
        task.progressed.connect(self._say)
        task.succeeded.connect(lambda result: self._ended(path, result, renews))
        task.failed.connect(lambda error: self._ended(path, error, renews))

    def _say(self, event: Event) -> None:
        if isinstance(event, Note):
            self.noted.emit(event.text, event.warning)

    def _ended(self, path: Path, result: object, renews: bool) -> None:
        if not isinstance(result, AppError) and not path.exists():
            self._keeper.remove(path)
            self.reload()
            self._tell_kept()
            return
        # This file alone: the whole folder, for each of fifty mailboxes, is felt as a hang.
        info = mailbox_at(path, self._dependencies.catalog)
        self._model.change(path, busy="", info=info)
        if isinstance(result, AppError) and is_cancelled(result):
            return
        if isinstance(result, Outcome | AppError):
            self._settle(path, result, renews)
        self._show_due()
        self._announce()
        self.reloaded.emit()

    def _settle(self, path: Path, result: Outcome | AppError, renews: bool = True) -> None:
        """Note how it went; a person is told once of what needs them, and once that it is well.

        A test of the login tells nothing of the grant, which is all that keeping is about.
        """
        if renews:
            self._keeper.settle(path, result)
        row = self._model.row(path)
        if row is None:
            return
        before, error = (
            row.error,
            error_for_window(result) if isinstance(result, AppError) else None,
        )
        if error is None and not renews and isinstance(before, SignInNeeded):
            return  # the grant is as dead as before
        self._model.change(path, error=error)
        address = row.info.address
        if error is None:
            if before is not None:
                self.recovered.emit(address)
            return
        log.warning("%s: %s", address, error.message)
        self.failed.emit(address, error)
        if isinstance(error, _FOR_PERSON) and not isinstance(before, _FOR_PERSON):
            self.user_needed.emit(address, error)

    def _announce(self) -> None:
        now = self._now()
        self.state_changed.emit(self._model.worst(now), self._model.summary(now))

    def _tell_kept(self) -> None:
        self.kept_changed.emit({row.path for row in self._model.rows if row.kept})

    def _show_due(self) -> None:
        for row in self._model.rows:
            kept = self._keeper.kept(row.path)
            due = kept.due if kept is not None and not kept.ended else None
            if row.due != due:
                self._model.change(row.path, due=due)

    def _now(self) -> float:
        return self._dependencies.clock()


def _forget(job: Job, *, revoke: bool) -> object:
    from core.mailbox.forget import forget  # in the worker's thread, as below

    return forget(job, revoke=revoke)


def _prove(job: Job) -> Outcome:
    # In the worker's thread, with all that it imports.
    from core.mailbox.get_token import check_login

    return check_login(job)


def _unheard(event: Event) -> None:
    """The keeper's own jobs only tell it where to look."""
