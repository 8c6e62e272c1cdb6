"""What the window does with token files: lists, refreshes, tests and removes them."""

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from core.cancel import Cancellation
from core.error_lines import log_line
from core.errors import AppError
from core.keeping.keeper import Keeper, renew_now
from core.keeping.retries import doubt
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
from core.times import local_time
from core.verdicts.verdict import Kind
from gui.model.mailbox_model import MailboxModel, Row
from gui.model.tasks import Task, Tasks, is_cancelled

log = logging.getLogger(__name__)

_TICK = 5_000  # ms between two looks for what is due

# Another try doesn't help with these errors: somebody has to act.
_USER_NEEDED = (Kind.DEAD_GRANT, Kind.MISCONFIGURED, Kind.REFUSED_ACCOUNT, Kind.REFUSED_WAY)

MailboxAction = Callable[[Job], object]


class Mailboxes(QObject):
    """Changes the rows of the model; all work is done in tasks, so that nothing blocks."""

    noted = Signal(str, bool)  # text, warning
    failed = Signal(str, AppError, str)  # address, error, the time of the next try or nothing
    user_needed = Signal(str, AppError)  # address; emitted once until the mailbox recovers
    recovered = Signal(str, bool)  # address, whether its token was refreshed
    removed = Signal(str)  # address; also where another program deleted the file
    state_changed = Signal(str, str)  # name of the worst state's icon, all states in words
    reloaded = Signal()
    kept_changed = Signal(object)  # set[Path]: the token files that are kept fresh

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
        """`interval` is in seconds; `reload` reads the folder."""
        super().__init__(parent)
        self.folder = folder
        self.network = network
        self.protect: bool | None = None  # as in `Request`
        self._model = model
        self._tasks = tasks
        self._dependencies = dependencies
        self._elsewhere: list[Path] = []  # files outside the folder, or with other names
        self._keeper = Keeper(interval=interval)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK)
        self._timer.timeout.connect(self.refresh_due)
        self._timer.start()

    @property
    def catalog(self) -> Catalog:
        """The providers that the window knows."""
        return self._dependencies.catalog

    def folder_warnings(self) -> list[str]:
        """Return warnings about the token folder, as sentences."""
        return folder_warnings(self.folder)

    @property
    def interval(self) -> float:
        """Seconds between two refreshes of a mailbox."""
        return self._keeper.interval

    def set_interval(self, seconds: float) -> None:
        """Use another interval, also for the refreshes that are planned already."""
        self._keeper.interval = seconds
        self.refresh_due()

    def include(self, path: Path) -> None:
        """List this file too from the next `reload` on, while it exists, in whatever folder."""
        if path not in self._elsewhere:
            self._elsewhere.append(path)

    def reload(self) -> None:
        """Read the token folder and the files elsewhere, and show them."""
        infos = mailboxes_in(self.folder, self._dependencies.catalog)
        listed = {info.path for info in infos}
        others = [path for path in self._elsewhere if path not in listed and path.is_file()]
        infos += [mailbox_at(path, self._dependencies.catalog) for path in others]
        here = {info.path for info in infos}
        deleted = [row for row in self._model.rows if row.path not in here]
        self._model.show(infos, self._now())
        self._show_due()
        self._emit_state()
        for row in deleted:
            self.removed.emit(row.info.address)
        self.reloaded.emit()

    def refresh_due(self) -> None:
        """Update the times, and start the refreshes that are due."""
        self._model.tick(self._now())
        self._emit_state()
        for kept in self._keeper.take_due(max(len(self._model.rows), 1)):
            row = self._model.row(kept.path)
            if row is None or row.busy:
                self._keeper.give_back(kept)
            else:
                self._run(row, "Refreshing…", partial(renew_now, check=not kept.tested))
        self._show_due()

    def refresh(self, path: Path) -> None:
        """Refresh one mailbox now."""
        self._act_on(path, "Refreshing…", partial(renew_now, check=False))

    def check(self, path: Path) -> None:
        """Test the login to one mailbox with its token."""
        self._act_on(path, "Testing the login…", _test_login, refreshes=False)

    def keep(self, path: Path, on: bool) -> None:
        """Keep one mailbox fresh, or no longer."""
        row = self._model.row(path)
        if row is None:
            return
        if on:
            self._keeper.add(self._job(row.info))
        else:
            self._keeper.remove(path)
        self._model.change(path, kept=on)
        self._show_due()
        self._emit_kept()

    def remove(self, path: Path) -> None:
        """Delete a token file that can't be read, with its lock and its copies."""
        self.keep(path, False)
        try:
            remove_mailbox(path)
        except AppError as exc:
            self.failed.emit(path.name, exc, "")
        self.reload()

    def forget(self, path: Path, *, revoke: bool) -> None:
        """Delete a token file and everything that belongs to it; `revoke` its tokens before.

        Where revoking fails, nothing is deleted and the mailbox is still kept fresh.
        """
        self._act_on(path, "Removing…", partial(_forget, revoke=revoke), refreshes=False)

    def signed_in(self, outcome: Outcome, *, keep: bool) -> None:
        """Show the result of a successful sign-in, and keep the mailbox fresh if wanted."""
        path = Path(outcome.file)
        self.include(path)
        self.reload()
        self._settle(path, outcome)
        if keep:
            self.keep(path, True)

    def sign_in_request(self, info: MailboxInfo) -> Request:
        """Return the request for a new sign-in, even if the token is still valid."""
        return replace(self.request_for(info), provider=info.provider, start_over=True)

    def request_for(self, info: MailboxInfo) -> Request:
        """Return the request to core for an existing token file."""
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
        return Job(self.request_for(info), self._dependencies, _ignore, Cancellation())

    def _act_on(self, path: Path, busy: str, act: MailboxAction, *, refreshes: bool = True) -> None:
        row = self._model.row(path)
        if row is not None and not row.busy:
            self._run(row, busy, act, refreshes=refreshes)

    def _run(self, row: Row, busy: str, act: MailboxAction, *, refreshes: bool = True) -> None:
        self._model.change(row.path, busy=busy)
        request = self.request_for(row.info)

        def call(progress: Callable[[Event], None], cancelled: Cancellation) -> object:
            return act(Job(request, self._dependencies, progress, cancelled))

        task = self._tasks.start(call)
        self._listen(task, row.path, refreshes)

    def _listen(self, task: Task, path: Path, refreshes: bool) -> None:
        task.progressed.connect(self._show_note)
        task.succeeded.connect(lambda result: self._end(path, result, refreshes))
        task.failed.connect(lambda error: self._end(path, error, refreshes))

    def _show_note(self, event: Event) -> None:
        if isinstance(event, Note):
            self.noted.emit(event.text, event.warning)

    def _end(self, path: Path, result: object, refreshes: bool) -> None:
        if not isinstance(result, AppError) and not path.exists():
            self._keeper.remove(path)
            self.reload()
            self._emit_kept()
            return
        # Read this file only: reading the whole folder for each of fifty mailboxes takes too long.
        info = mailbox_at(path, self._dependencies.catalog)
        self._model.change(path, busy="", info=info)
        if isinstance(result, AppError) and is_cancelled(result):
            return
        if isinstance(result, Outcome | AppError):
            self._settle(path, result, refreshes)
        self._show_due()
        self._emit_state()
        self.reloaded.emit()

    def _settle(self, path: Path, result: Outcome | AppError, refreshes: bool = True) -> None:
        """Record the result; emit once that the user is needed, and once that it works again.

        `refreshes` is False for a test of the login, which says nothing about the refresh token.
        """
        doubted = refreshes and self._keeper.settle(path, result)
        if (row := self._model.row(path)) is None:
            return
        if doubted:
            self.noted.emit(doubt(row.info.address), True)
            return
        before = row.error
        error = result if isinstance(result, AppError) else None
        if error is None and not refreshes and before and before.kind is Kind.DEAD_GRANT:
            return  # the refresh token still doesn't work
        self._model.change(path, error=error)
        address = row.info.address
        if error is None:
            if before is not None:
                self.recovered.emit(address, refreshes)
            return
        log.warning("%s", log_line(error, address))
        self.failed.emit(address, error, self._next_try(path))
        if error.kind in _USER_NEEDED and not (before and before.kind in _USER_NEEDED):
            self.user_needed.emit(address, error)

    def _next_try(self, path: Path) -> str:
        """When a mailbox is tried again after an error; empty if it is not."""
        kept = self._keeper.kept(path)
        return local_time(kept.due, self._now()) if kept and not kept.ended else ""

    def _emit_state(self) -> None:
        now = self._now()
        self.state_changed.emit(self._model.worst(now), self._model.summary(now))

    def _emit_kept(self) -> None:
        self.kept_changed.emit({row.path for row in self._model.kept_rows})

    def _show_due(self) -> None:
        for row in self._model.rows:
            kept = self._keeper.kept(row.path)
            due = kept.due if kept is not None and not kept.ended else None
            if row.due != due:
                self._model.change(row.path, due=due)

    def _now(self) -> float:
        return self._dependencies.clock()


def _forget(job: Job, *, revoke: bool) -> object:
    from core.mailbox.forget import forget  # imported in the worker thread, like check_login below

    return forget(job, revoke=revoke)


def _test_login(job: Job) -> Outcome:
    from core.mailbox.get_token import check_login

    return check_login(job)


def _ignore(event: Event) -> None:
    """Ignore progress: the keeper's own jobs are never run, they only say which file to keep."""
