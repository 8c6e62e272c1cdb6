"""What the window does with mailboxes: refreshes, tests and removes them; each is its file."""

import logging
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from core.cancel import Cancellation
from core.error_lines import log_line
from core.errors import AppError
from core.i18n.translation import N_, _
from core.keeping.retries import doubt
from core.mailbox.inventory import MailboxInfo
from core.mailbox.job import Dependencies, Job
from core.model import Outcome
from core.net.network import Network
from core.providers.catalog import Catalog
from core.times import local_time
from core.tokenfile.expiry import obtained_at
from gui.model import work_queue
from gui.model.keeping import Keeping
from gui.model.mailbox_model import MailboxModel
from gui.model.mailbox_row import USER_NEEDED, Row
from gui.model.rehearsal import Rehearsal
from gui.model.request_maker import RequestMaker
from gui.model.tasks import Tasks, is_cancelled
from gui.model.token_files import TokenFiles
from gui.model.work_queue import Work, WorkQueue

log = logging.getLogger(__name__)

_TICK = 5_000  # ms between two looks for what is due
_TICK_PER_ROW = 6  # ms; the rows show minutes, and thousands needn't be looked at every 5 s
_SUMMARY_AFTER = 200  # ms; a summary of thousands is not made for each of them
_SUMMARY_PER_ROW = 0.5  # ms; so rare for many that the work in a second doesn't grow
_READS = 20  # files in one turn of the event loop
_NEXT_TURN = 20  # ms
_YOUNG = N_("The token of {name} is only seconds old, so it was not refreshed again.")
_NOT_RENEWABLE = N_("The token of {name} can't be refreshed. When it ends, sign in again.")


class Mailboxes(QObject):
    """Changes the rows of the model; all work is done in tasks, so that nothing blocks."""

    noted = Signal(object, bool)  # text, warning
    failed = Signal(Path, AppError, bool)  # the last: whether the user asked for what failed
    user_needed = Signal(Path, AppError)  # emitted once until the mailbox recovers
    recovered = Signal(Path, bool)  # whether its token was refreshed
    obtained = Signal(Outcome)  # after each refresh, test and sign-in that worked
    tested = Signal(Path)  # the first login that worked after a sign-in without one
    login_worked = Signal(Path)  # for the user who asked for a test
    removed = Signal(Path)  # also where another program deleted the file
    state_changed = Signal(str, str)  # name of the worst state's icon, the states in words
    kept_changed = Signal(object)  # set[Path]: the token files that are kept fresh

    def __init__(
        self,
        model: MailboxModel,
        tasks: Tasks,
        dependencies: Dependencies,
        rehearsal: Rehearsal,
        *,
        folder: Path,
        interval: float,
        network: Network,
        environment_secret: str = "",
        parent: QObject | None = None,
    ) -> None:
        """`interval` is in seconds; `environment_secret` is the client secret given there."""
        super().__init__(parent)
        self.files = TokenFiles(model, tasks, dependencies, folder, self)
        self.requests = RequestMaker(self.files, rehearsal, network, environment_secret)
        self._model = model
        self._dependencies = dependencies
        self._work = WorkQueue(model, tasks, dependencies, self.requests.for_file, self)
        self._never = Cancellation()
        self.keeping = Keeping(model, self._job, interval, self)
        self._keeper = self.keeping.keeper
        self._timer = QTimer(self, interval=_TICK)
        self._summary = QTimer(self, interval=_SUMMARY_AFTER, singleShot=True)
        self._next_turn = QTimer(self, interval=_NEXT_TURN, singleShot=True)
        self._timer.timeout.connect(self._look)
        self._summary.timeout.connect(self._emit_state)
        self._next_turn.timeout.connect(self._start)
        self._timer.start()
        self._ticked = QElapsedTimer()
        self._ticked.start()
        tasks.freed.connect(self._start)
        self._work.ended.connect(self._end)
        self._work.noted.connect(self.noted)
        self.files.gone.connect(self._forget_gone)
        self.files.listed.connect(self.keeping.find_again)
        self.files.listed.connect(self._notice_renewed)
        self.files.listed.connect(self._change_summary)
        self.keeping.changed.connect(self.kept_changed)
        self.keeping.changed.connect(self._change_summary)
        for warned in (self.files.warned, self.keeping.warned):
            warned.connect(lambda text: self.noted.emit(text, True))

    @property
    def catalog(self) -> Catalog:
        """The providers as they are now."""
        return self._dependencies.catalog

    @property
    def own_file(self) -> Path:
        """The path of the user's own providers.toml, which may not exist."""
        return self._dependencies.own_file

    def set_interval(self, seconds: float) -> None:
        """Use another interval, also for the refreshes that are planned already."""
        self._keeper.interval = seconds
        self._start()

    def refresh_due(self) -> None:
        """Update the times, look for new providers, and start the refreshes that are due."""
        self._ticked.start()
        self._model.tick(self.now())
        self._change_summary()
        self.files.look_at_catalog()
        self._start()

    def _look(self) -> None:
        """Start what is due, and update the times if they are old."""
        if self._ticked.hasExpired(_TICK_PER_ROW * len(self._model.rows)):
            self.refresh_due()
        else:
            self.files.look_at_catalog()
            self._start()

    def refresh(self, paths: Iterable[Path], *, even_young: bool = False) -> None:
        """Refresh mailboxes now, and test the logins that no test has shown to work yet.

        With `even_young` tokens that are only seconds old are refreshed too.
        """
        paths = list(paths)
        untested = {p for p in paths if (row := self._model.row(p)) and row.untested}
        for check in (False, True):
            work = work_queue.refresh(check=check, asked=True, even_young=even_young)
            self._ask([path for path in paths if (path in untested) is check], work)

    def check(self, paths: Iterable[Path]) -> None:
        """Test the logins to mailboxes with their tokens."""
        self._ask(paths, work_queue.test_login())

    def keep_many(self, paths: Iterable[Path], on: bool) -> None:
        """Keep mailboxes fresh, or no longer; it is done once the list is complete."""
        self.files.when_complete(partial(self.keeping.keep, tuple(paths), on))

    def keep_all(self, on: bool) -> None:
        """Keep all mailboxes fresh, or none."""
        rows = self._model.rows
        self.files.when_complete(lambda: self.keeping.keep([row.path for row in rows], on))

    def remove(self, paths: Sequence[Path]) -> None:
        """Delete token files that can't be read, with their locks and copies."""
        from core.mailbox.remove import remove_mailbox  # rarely needed

        self.keep_many(paths, False)
        for path in paths:
            try:
                remove_mailbox(path)
            except AppError as exc:
                self.failed.emit(path, exc, True)
            self.files.show(path)

    def forget(self, paths: Iterable[Path], *, revoke: bool) -> None:
        """Delete token files and everything that belongs to them; `revoke` their tokens before.

        Where revoking fails, nothing is deleted and the mailbox is still kept fresh.
        """
        self._ask(paths, work_queue.forget(revoke=revoke))

    def signed_in(self, outcome: Outcome, *, keep: bool) -> None:
        """Show the result of a successful sign-in, and keep the mailbox fresh if wanted."""
        path = Path(outcome.file)
        self.files.look_at_catalog()
        self.files.include(path)
        self.files.show(path)
        self._model.change(path, untested=not outcome.checked)
        self._settle(path, outcome)
        if keep:
            self.keep_many([path], True)
        self.files.reload()  # the folder may be new

    def next_try(self, path: Path) -> str:
        """When a mailbox is tried again after an error; empty if it is not."""
        due, now = self.keeping.due(path), self.now()
        return "" if due is None else local_time(max(due, now), now)

    def _job(self, info: MailboxInfo) -> Job:
        return Job(self.requests.for_file(info), self._dependencies, _ignore, self._never)

    def _ask(self, paths: Iterable[Path], work: Work) -> None:
        for path in self._work.ask(paths, work):
            self._keeper.hold(path)
        self._start()

    def _start(self) -> None:
        """Start what the user asked for, then what is due, as long as threads are free."""
        self._work.start_asked()
        if free := self._work.free:
            for kept in self._keeper.take_due(free, reads=_READS):
                self._work.start(kept.path, work_queue.due(kept))
            if self._work.free and self._keeper.is_behind():
                self._next_turn.start()
        self.keeping.show_plans()

    def _end(self, path: Path, result: object, work: Work) -> None:
        self._keeper.release(path)
        self._model.change(path, busy="")
        if path.exists():
            self.files.show(path)
        elif not isinstance(result, AppError):
            self.keeping.forget(path)
            self.files.drop(path)
        cancelled = isinstance(result, AppError) and is_cancelled(result)
        if isinstance(result, Outcome | AppError) and not cancelled:
            self._settle(path, result, refreshes=work.refreshes, asked=work.asked)
        self.keeping.show_plans()
        self._change_summary()

    def _settle(
        self, path: Path, result: Outcome | AppError, *, refreshes: bool = True, asked: bool = True
    ) -> None:
        doubted = refreshes and self._keeper.settle(path, result)
        if isinstance(result, Outcome):
            self.obtained.emit(result)
        row = self._model.row(path)
        if row is None:
            return
        if doubted:
            self.noted.emit(doubt(self._model.name(path)), False)
        elif isinstance(result, AppError):
            self._fail(row, result, asked)
        else:
            self._succeed(row, result, refreshes)
            if asked:
                self._answer(row, result, refreshes)

    def _answer(self, row: Row, outcome: Outcome, refreshes: bool) -> None:
        """Tell the user that the login works, or why there was no refresh."""
        if not refreshes and outcome.checked:
            self.login_worked.emit(row.path)
        if refreshes and not outcome.renewed:
            text = _YOUNG if row.info.renewable else _NOT_RENEWABLE
            self.noted.emit(_(text, name=self._model.name(row.path)), not row.info.renewable)

    def _succeed(self, row: Row, outcome: Outcome, refreshes: bool) -> None:
        """Record it, and emit once that it works again."""
        if row.untested and outcome.checked:
            self._model.change(row.path, untested=False)
            self.tested.emit(row.path)
        kept = self._keeper.kept(row.path)
        repeats = kept is not None and kept.repeats
        by_login = not refreshes and row.is_ended_by_login(repeats=repeats)
        if by_login or (refreshes and row.is_ended_by_refresh(outcome)):
            self._model.change(row.path, error=None)
            self.recovered.emit(row.path, refreshes)

    def _notice_renewed(self) -> None:
        """End the errors of mailboxes whose tokens another program has renewed since."""
        for row in self._model.rows:
            if row.is_renewed:
                self._model.change(row.path, error=None)
                self.recovered.emit(row.path, True)

    def _fail(self, row: Row, error: AppError, asked: bool) -> None:
        """Record the error, and emit once that the user is needed."""
        is_the_same = row.error is not None and row.error.verdict.id == error.verdict.id
        since = row.since if is_the_same else self.now()
        token = obtained_at(row.info)
        self._model.change(row.path, error=error, since=since, failed_with=token)
        log.warning("%s", log_line(error, self._model.name(row.path)))
        self.failed.emit(row.path, error, asked)
        if error.kind in USER_NEEDED and not row.needs_user:
            self.user_needed.emit(row.path, error)

    def _forget_gone(self, paths: Sequence[Path]) -> None:
        for path in paths:
            self.keeping.lose(path)
            self.removed.emit(path)
        self._change_summary()

    def _change_summary(self, *_: object) -> None:
        if not self._summary.isActive():
            self._summary.start(max(_SUMMARY_AFTER, int(_SUMMARY_PER_ROW * len(self._model.rows))))

    def _emit_state(self) -> None:
        self.state_changed.emit(*self._model.summary(self.now()))

    def now(self) -> float:
        """Return the time."""
        return self._dependencies.clock()


def _ignore(_event: object) -> None:
    """Ignore progress: the keeper's own jobs are never run, they only say which file to keep."""
