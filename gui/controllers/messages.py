"""Decides what the message bar says; every error also stands in its mailbox's row.

What the user asked for and what failed comes first, then the mailboxes that need the user, summed
up. Trouble that passes by itself stays in its row. A sign-in that worked is told beside all that.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from core.errors import AppError
from core.i18n.translation import _
from core.model import Outcome
from core.times import short_time
from core.verdicts.verdict import Kind
from gui.controllers.parts import Parts
from gui.controllers.sign_in import SignInController
from gui.model.bar_message import (
    Message,
    calm_message,
    ended_run_message,
    error_message,
    known_errors,
    many_errors,
    run_message,
    signed_in_message,
)
from gui.model.icons import IconState
from gui.model.imapsync_run import RunEnd
from gui.model.not_kept import WHILE_IT_RUNS, not_kept_text
from gui.model.rehearsal import standing
from gui.model.side_trouble import side_trouble

if TYPE_CHECKING:  # imported by the first run
    from core.imapsync.run.watch import Seen


class MessageController(QObject):
    """Keeps the message bar up to date; what the user has closed stays closed until it changes."""

    def __init__(
        self, parts: Parts, sign_in: SignInController, *, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._sign_in = sign_in
        self._bar = parts.message_bar
        self._has_answered = False  # whether an error was told since the user has asked
        self._failed: dict[Path, None] = {}  # a set in the order of the first failures
        self._selected: list[Path] = []
        self._closed: dict[Path, str] = {}  # the verdict that the user has closed
        self._signed_in: Outcome | None = None  # the latest sign-in, while it is news
        self._again = False  # whether its mailbox was there before
        self._is_off = False  # whether new mailboxes were not kept then
        self._run: Seen | None = None  # of the imapsync that runs
        self._failed_run: Message | None = None  # what was told of the last one
        self._asked: Path | None = None  # whose refresh the user waits for
        self._connect()
        self._update()

    def _connect(self) -> None:
        mailboxes, bar = self._parts.mailboxes, self._bar
        mailboxes.failed.connect(self._take)
        mailboxes.recovered.connect(lambda path, _: self._end(path))
        mailboxes.tested.connect(self._end)
        mailboxes.login_worked.connect(self._tell_login)
        mailboxes.removed.connect(self._end)
        mailboxes.removed.connect(bar.forget_success)
        mailboxes.files.failed.connect(bar.show_error)
        mailboxes.state_changed.connect(lambda *_: self._update())
        self._parts.mailboxes.obtained.connect(self._notice_refresh)
        self._sign_in.signed_in.connect(self._remember_sign_in)
        run = self._parts.imapsync_run
        run.begun.connect(lambda *_: self._begin_run())
        run.changed.connect(self._follow_run)
        run.ended.connect(self._end_run)
        task = self._parts.sign_in_task
        task.cancelled.connect(self._forget_sign_in)
        for moved in (self._sign_in.queue.changed, task.waiting, task.waiting_for_device):
            moved.connect(lambda _: self._update())
        window, table = self._parts.window, self._parts.mailbox_table
        for acted in (table.keep, self._parts.refresh_bar.keep_toggled):
            acted.connect(lambda *_: bar.forget_mistake())
            acted.connect(lambda *_: self._forget_sign_in())
        table.selected.connect(self._follow_selection)
        for asked in (table.refresh, table.check, table.end_sign_in):
            asked.connect(lambda _: self._await_answer())
        table.refresh.connect(self._await_refresh)
        self._parts.migration.cleared.connect(lambda: bar.forget_success())
        window.address_bar.edited.connect(bar.forget_mistake)
        for menu in (window.program_menu, window.help_menu):
            menu.aboutToShow.connect(bar.forget_mistake)
        bar.dismissed.connect(self._close)
        bar.show_mailboxes.connect(lambda paths: self._parts.mailbox_table.select(paths[0]))

    def _follow_selection(self, paths: list[Path]) -> None:
        """Another selection is an act; a list that changes names the same one again."""
        if paths != self._selected:
            self._selected = paths
            self._bar.forget_mistake()

    def _remember_sign_in(self, outcome: Outcome) -> None:
        """It is called before the list shows the outcome."""
        self._bar.forget_warning(self._failed_run)
        self._signed_in = None if outcome.login_error else outcome
        self._again = self._parts.model.row(Path(outcome.file)) is not None
        self._is_off = not self._parts.settings.keep_refreshing

    def _forget_sign_in(self) -> None:
        """Say no more that an earlier one worked: the user has done something else."""
        self._signed_in = None
        self._update()

    def _notice_refresh(self, outcome: Outcome) -> None:
        """Once its token was refreshed, the sign-in is no news any more."""
        if Path(outcome.file) == self._asked:
            self._asked = None
            self._tell_refresh(outcome)
        known = self._signed_in
        if known and outcome != known and outcome.file == known.file and outcome.renewed:
            self._signed_in = None

    def _follow_run(self, seen: "Seen") -> None:
        if self._run is None:
            self._bar.forget_success()
            self._signed_in = None
        self._run = seen
        self._update()

    def _end_run(self, end: RunEnd) -> None:
        """Tell how a run ended, until there is other news; first of all, until the user acts."""
        self._run = None
        self._bar.offer_run(False)
        from gui.model.run_words import is_bad  # needed by a run only

        message = ended_run_message(end, self._parts.imapsync_run.who)
        if is_bad(end):
            self._failed_run = message
            self._bar.show_warning(message)
        else:
            self._bar.show_success(message.headline, message.below, state=message.state)
        self._update()
        if not self._bar.message.is_calm and self._bar.message != message:
            self._bar.show_first(message)

    def _begin_run(self) -> None:
        self._bar.offer_run(True)
        self._bar.forget_warning(self._failed_run)

    def _tell_login(self, path: Path) -> None:
        """Answer the user who asked; a login may work for a while without a sign-in."""
        self._bar.forget_warning(self._failed_run)  # what it advises is done
        headline = _("The login of {name} works", name=self._parts.model.name(path))
        if self._parts.model.dead(path):
            below = _("It needs a sign-in all the same: its token can't be refreshed.")
            answer = Message(IconState.SIGN_IN, headline, below, sign_in=path)
        else:
            below = _("If imapsync was refused before, run it again.")
            answer = Message(IconState.FRESH, headline, below)
        self._bar.show_mistake(answer)

    def _tell_refresh(self, outcome: Outcome) -> None:
        """Answer the user who asked, unless there is trouble to be read."""
        if outcome.renewed and outcome.expires_at and self._bar.message.is_calm:
            model = self._parts.model
            headline = _("{name} was refreshed", name=model.name(Path(outcome.file)))
            end = short_time(outcome.expires_at, model.now)
            below = _("Its token is valid until {time}.", time=end)
            self._bar.show_first(Message(IconState.FRESH, headline, below))

    def _take(self, path: Path, error: AppError, asked: bool) -> None:
        if path == self._asked:
            self._asked = None  # the answer is this one
        if path not in self._failed:
            self._signed_in = None
        self._failed.setdefault(path)
        if self._closed.get(path) != error.verdict.id:
            self._closed.pop(path, None)
        told, errors = self._bar.error_path, self._errors()
        is_answer = asked and not (self._has_answered and path in errors)
        if told is not None and told != path and told in errors and not is_answer:
            self._bar.clear_for(told)  # one of several now, which are told in one message
        elif asked or path == told:
            name, next_try = self._parts.model.name(path), self._parts.mailboxes.next_try(path)
            self._bar.show_error(error, name, next_try, path=path)
            self._has_answered = asked
        self._update()

    def _await_answer(self) -> None:
        """The first error after an act answers it; others of the same act are summed up."""
        self._has_answered = False
        self._bar.forget_mistake()

    def _await_refresh(self, paths: list[Path]) -> None:
        """The refresh of one mailbox is answered; that of many is seen in the list."""
        self._asked = paths[0] if len(paths) == 1 else None

    def _end(self, path: Path) -> None:
        """The mailbox is well again, or gone."""
        self._failed.pop(path, None)
        self._closed.pop(path, None)
        self._bar.clear_for(path)
        self._update()

    def _close(self, message: Message) -> None:
        """Remember what the user has seen."""
        self._signed_in = None
        errors, paths = self._errors(), (message.path, *message.mailboxes)
        self._closed.update({p: errors[p].verdict.id for p in paths if p in errors})
        self._update()

    def _update(self) -> None:
        self._bar.show_standing(self._with_sign_in(self._standing()))

    def _with_sign_in(self, rest: Message) -> Message:
        """Say that the latest sign-in worked, unless the calm words say enough."""
        model = self._parts.model
        row = model.row(Path(self._signed_in.file)) if self._signed_in else None
        if row is None or row.error or not row.is_usable(model.now):
            return rest
        adds_something = self._again or (self._is_off and not row.kept)
        if rest.is_calm and (self._run is not None or not adds_something):
            return rest
        dead = [p for p, error in self._errors().items() if error.kind is Kind.DEAD_GRANT]
        other = model.name(rest.path) if rest.path in dead else ""
        name, now = model.name(row.path), model.now
        return signed_in_message(row, name, now, rest, again=self._again, other=other)

    def _standing(self) -> Message:
        model, errors = self._parts.model, self._errors()
        if not errors:
            return self._calm()
        if all(self._closed.get(path) == error.verdict.id for path, error in errors.items()):
            return known_errors(len(errors)) if self._run is None else self._of_run(self._run)
        if len(errors) > 1:
            return many_errors([row for path in errors if (row := model.row(path))])
        ((path, error),) = errors.items()
        next_try = self._parts.mailboxes.next_try(path)
        message = error_message(error, model.name(path), next_try, path=path)
        row = model.row(path)
        return message._replace(below=row.signing_in) if row and row.signing_in else message

    def _calm(self) -> Message:
        """Pretend mailboxes end with the program, so alone they need no advice for imapsync."""
        if self._run is not None:
            return self._of_run(self._run)
        model, is_pretend = self._parts.model, self._parts.rehearsal.has
        real = [row for row in model.rows if not is_pretend(row.path)]
        if model.rows and not real:
            headline, next_step = standing(len(model.rows))
            is_busy = self._sign_in.queue.current is not None  # then that is what is next
            state = None if is_busy else IconState.FRESH  # it would seem to have worked
            return Message(state, headline, "" if is_busy else next_step)
        return calm_message(model.rows, real, model.now)

    def _of_run(self, seen: "Seen") -> Message:
        """How far imapsync is, or that it ends before its time."""
        run, model = self._parts.imapsync_run, self._parts.model
        rows = [row for path in run.files if (row := model.row(path))]
        trouble = side_trouble(rows, model.name, model.now) or not_kept_text(
            rows, model.name, model.now, WHILE_IT_RUNS
        )
        return run_message(run.step, run.who, seen, trouble)

    def _errors(self) -> dict[Path, AppError]:
        """The errors that need the user, or that have lasted until the token expired."""
        model = self._parts.model
        rows = (row for path in self._failed if (row := model.row(path)))
        return {
            row.path: row.error
            for row in rows
            if row.error and (row.needs_user or not row.is_usable(model.now))
        }
