"""Runs imapsync in the window: finds it, keeps both mailboxes fresh, and tells how it ended."""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QUrl

from core.error_lines import sentence
from core.i18n.translation import N_, _, english, joined
from core.times import local_time
from gui.controllers.parts import Parts
from gui.model.bar_message import Message, note_message
from gui.model.imapsync_run import RunEnd, Step, sides_text
from gui.model.run_words import TITLES, end_text, has_its_name, has_worked, is_bad
from gui.model.side_trouble import side_trouble
from gui.model.tasks import Threads
from gui.system.open_external import open_external

if TYPE_CHECKING:  # imported when a mailbox is selected for the first time
    from core.imapsync.command import Side

_OTHER_NAME = N_("⚠ Its name is not imapsync. If that is wrong, choose another one.")
_NO_PROGRAM = N_("{file} is not a program that can be started. Choose another one.")
_OFF_AGAIN = N_('"Keep refreshing" is off again for {name}')
_OFF_AGAIN_BOTH = N_('"Keep refreshing" is off again for both mailboxes')
_SITE = "https://imapsync.lamiral.info/"

log = logging.getLogger(__name__)

Start = Callable[[Path], None]
Pair = tuple[Path, Path]  # token files of source and destination


class RunHereController(QObject):
    """Answers the buttons "Run here" of the migration card."""

    def __init__(self, parts: Parts, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._paths: list[Path] = []  # of the last run
        # Of source and destination: whether the last login test worked, or a copy was agreed to.
        self._tested: dict[Pair, bool] = {}
        self._kept: list[Path] = []  # for the run alone
        self._released: list[Path] = []  # of those, the ones that are not kept any more
        self._again: Start | None = None  # starts the last run again, if it could not begin
        # What needs a sign-in first, and what is asked again after it.
        self._waits_for: tuple[Path, Pair, Callable[[], None]] | None = None
        card, run = parts.migration, parts.imapsync_run
        card.run_wanted.connect(self._run)
        card.stop_wanted.connect(run.stop)
        card.choose_wanted.connect(self._choose)
        card.program_wanted.connect(lambda: self._ask_where(self._tell_program))
        card.copied.connect(self._look_for_program)
        card.site_wanted.connect(lambda: open_external(QUrl(_SITE)))
        card.output_wanted.connect(self._show_output)
        run.begun.connect(card.begin_run)
        run.begun.connect(self._tell_begin)
        run.passed.connect(card.show_time)
        run.changed.connect(card.show_run)
        run.stopping.connect(self._release)  # when the program quits, nothing comes after it
        run.ended.connect(self._end)
        parts.mailboxes.removed.connect(self._forget)
        parts.model.dataChanged.connect(lambda *_: self._ask_again())
        parts.sign_in_task.cancelled.connect(self._wait_no_more)
        parts.sign_in_task.succeeded.connect(lambda outcome: self._take(Path(outcome.file)))
        parts.mailboxes.login_worked.connect(self._forget_failure)
        parts.mailbox_table.keep.connect(self._leave_to_user)
        parts.refresh_bar.keep_toggled.connect(lambda _: self._leave_to_user(self._kept))

    def _run(self, step: Step, source: "Side", destination: "Side") -> None:
        start = partial(self._ask, step, source, destination)
        chosen = self._parts.settings.imapsync

        def go_on(found: Path | None) -> None:
            self._again = start  # not before: what waits is what the card shows
            if found:
                start(found)
            else:
                self._parts.migration.show_missing(step, sides_text(source, destination), chosen)

        self._find_program(go_on)

    def _look_for_program(self) -> None:
        """Tell whoever has copied a command if there is no imapsync for it yet."""

        def tell(found: Path | None) -> None:
            if found is None:
                self._parts.migration.say_missing()

        self._find_program(tell)

    def _find_program(self, go_on: Callable[[Path | None], None]) -> None:
        chosen = self._parts.settings.imapsync

        def call(*_: object) -> Path | None:
            from core.imapsync.find import chosen_or_found

            return chosen_or_found(chosen)

        self._parts.tasks.start(call, Threads.FILES).succeeded.connect(go_on)

    def _choose(self) -> None:
        again = self._again

        def start(program: Path) -> None:
            if again:
                self._parts.migration.hide_result()  # it says that there is no imapsync
            if again and has_its_name(program):
                again(program)
            else:
                self._tell_program(program)

        self._ask_where(start)

    def _ask_where(self, start: Start) -> None:
        """Ask where imapsync is, once: the answer is remembered."""
        self._find_program(partial(self._open_dialog, start))

    def _open_dialog(self, start: Start, found: Path | None) -> None:
        from PySide6.QtWidgets import QFileDialog  # seldom needed

        folder = found.parent if found else Path.home()
        dialog = QFileDialog(self._parts.migration, _("Where is imapsync?"), str(folder))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(["imapsync (imapsync*)", _("All files (*)")])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda file: self._remember(Path(file), start))
        dialog.open()

    def _remember(self, file: Path, start: Start) -> None:
        from core.imapsync.find import can_start

        settings = self._parts.settings
        if not can_start(file):
            self._parts.message_bar.show_mistake(note_message(_(_NO_PROGRAM, file=file)))
            return
        settings.imapsync = str(file)
        self._tested = {pair: ok for pair, ok in self._tested.items() if ok}
        self._parts.migration.use_imapsync(settings.imapsync)
        start(file)

    def _tell_program(self, file: Path) -> None:
        text = _('"Run here" and the commands now use {file}', file=file)
        if not has_its_name(file):
            text = joined((sentence(text), _(_OTHER_NAME)))
        self._parts.migration.say(text)
        self._parts.window.note(text)
        self._parts.message_bar.show_first(Message(None, text))

    def _ask(self, step: Step, source: "Side", destination: "Side", program: Path) -> None:
        """Ask before the first copy in this direction, unless the logins were tested.

        Often only the order of the sign-ins has named the sides. A copy that can't last is asked
        for too, and once more after the sign-in that it needs.
        """
        pair = Path(source.token_file), Path(destination.token_file)
        if step is Step.TEST or (self._tested.get(pair) and not self._dead(*pair)):
            self._start(step, source, destination, program)
        else:
            self._open_question(source, destination, program)

    def _dead(self, *paths: Path) -> list[Path]:
        """Which of these need a sign-in."""
        return [path for path in paths if self._parts.model.dead(path)]

    def _open_question(self, source: "Side", destination: "Side", program: Path) -> None:
        from gui.widgets.copy_box import show_copy_box  # seldom needed

        pair, model = (Path(source.token_file), Path(destination.token_file)), self._parts.model
        dead = self._dead(*pair)
        rows = [row for path in pair if (row := model.row(path))]

        def run(chosen: Step) -> None:
            if chosen is Step.COPY:
                self._tested[pair] = True
            self._start(chosen, source, destination, program)

        def sign_in() -> None:
            ask = partial(self._open_question, source, destination, program)
            self._waits_for = dead[0], pair, ask
            self._parts.mailbox_table.sign_in.emit([dead[0]])

        show_copy_box(
            model.name(pair[0]),
            model.name(pair[1]),
            run,
            self._parts.window,
            has_failed=self._tested.get(pair) is False,
            trouble=side_trouble(rows, model.name, model.now),
            sign_in=sign_in,
        )

    def _ask_again(self) -> None:
        """Ask once more when the mailbox has the sign-in that the copy waits for.

        A sign-in that failed may be tried again. Who names other sides wants another copy.
        """
        if self._waits_for is None:
            return
        path, pair, ask = self._waits_for
        parts = self._parts
        if not self._dead(path):
            self._wait_no_more()
            is_free = not parts.imapsync_run.is_running
            if parts.model.row(path) and pair == parts.migration.pair and is_free:
                ask()

    def _wait_no_more(self) -> None:
        self._waits_for = None

    def _start(self, step: Step, source: "Side", destination: "Side", program: Path) -> None:
        if self._parts.imapsync_run.is_running:
            return
        self._paths = [Path(side.token_file) for side in (source, destination)]
        rows = (self._parts.model.row(path) for path in self._paths)
        self._kept = [row.path for row in rows if row and not row.kept]
        self._released = []
        dead = self._dead(*self._kept)
        for name in (self._parts.model.name(path) for path in self._kept if path not in dead):
            self._parts.window.note(_("{name} is kept fresh while imapsync runs", name=name))
        self._parts.mailboxes.keep_many(self._kept, True)
        self._mark(in_use=True)
        self._parts.imapsync_run.start(program, step, source, destination)

    def _tell_begin(self, step: Step, who: str, program: str) -> None:
        text = _("{title} with {program}: {who}", title=_(TITLES[step]), program=program, who=who)
        self._parts.window.note(text)

    def _leave_to_user(self, paths: Sequence[Path], _keep: bool = True) -> None:
        """What the user says of these counts, also after the run."""
        self._kept = [path for path in self._kept if path not in paths]
        if self._parts.imapsync_run.is_running:
            self._mark(in_use=True)

    def _release(self) -> None:
        """Keep those no longer fresh that were kept for the run alone."""
        kept, self._kept = self._kept, []
        self._parts.mailboxes.keep_many(kept, False)
        self._released += kept

    def _tell_released(self) -> None:
        """Say that the run has left them as they were: they may have been fresh for hours."""
        if self._released:
            is_both = len(self._released) > 1
            name = self._parts.model.name(self._released[0])
            text = _(_OFF_AGAIN_BOTH) if is_both else _(_OFF_AGAIN, name=name)
            self._parts.window.note(text)
            self._parts.message_bar.add_success(text, "")

    def _end(self, end: RunEnd) -> None:
        parts, text, now = self._parts, end_text(end), self._parts.mailboxes.now()
        if end.step is Step.TEST and (has_worked(end) or is_bad(end)):
            source, destination = self._paths
            self._tested[source, destination] = has_worked(end)
        if end.error is None:
            self._again = None
        self._mark(in_use=False)
        self._release()
        parts.migration.show_end(end, local_time(now, now))
        self._tell_released()
        if is_bad(end):
            log.warning("%s", english(text))  # the message bar tells it with its mailboxes
        else:
            parts.window.note(text)
        parts.tray.notify(_("imapsync has ended"), text, urgent=is_bad(end))

    def _mark(self, *, in_use: bool) -> None:
        """Say in the rows of the run's mailboxes whether imapsync uses them."""
        rows = (self._parts.model.row(path) for path in self._paths)
        self._parts.model.change_rows(
            row._replace(in_use=in_use, kept_for_run=in_use and row.path in self._kept)
            for row in rows
            if row
        )

    def _forget(self, path: Path) -> None:
        """Hide the result of a run of a mailbox that is gone."""
        if path in self._paths and not self._parts.imapsync_run.is_running:
            self._parts.migration.hide_result()

    def _take(self, path: Path) -> None:
        """A new sign-in may mend the login, and its mailbox is kept, also after the run."""
        self._forget_failure(path)
        if self._parts.settings.keep_refreshing:
            self._leave_to_user([path])

    def _forget_failure(self, path: Path) -> None:
        """A login test of these mailboxes has failed, but since then one of the logins works."""
        self._tested = {pair: ok for pair, ok in self._tested.items() if ok or path not in pair}

    def _show_output(self) -> None:
        from gui.widgets.run_output import RunOutputDialog  # rarely needed

        run = self._parts.imapsync_run
        dialog = RunOutputDialog(lambda: run.output, run.folder, self._parts.window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
