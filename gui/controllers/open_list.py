"""A list of mailboxes: opened from the menu or dropped, worked through, then the sign-ins."""

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from core.errors import AppError
from core.i18n.translation import N_, _
from core.model import Outcome
from gui.controllers.parts import Parts
from gui.controllers.sign_in import SignInController
from gui.controllers.sign_in_queue import Turn
from gui.model.messages import in_one_paragraph
from gui.system.open_external import open_or_tell

if TYPE_CHECKING:  # imported with the first list
    from core.batch.script import Written
    from gui.model.list_run import ListProgress, ListReport, OpenedList
    from gui.widgets.list_dialog import ListDialog

AskFile = Callable[[QWidget], str]

_KINDS = N_("Lists (*.csv *.txt *.tsv);;All files (*)")
_SCRIPTS = N_("Scripts (*.bat *.cmd *.ps1 *.sh)")
_SHOW_EVERY = 2_000  # ms; showing thousands of new mailboxes takes longer the oftener it is done
_DROPPED = frozenset({".csv"})


def ask_list(window: QWidget) -> str:
    """Ask for the list; return its path, empty where none was chosen."""
    from PySide6.QtWidgets import QFileDialog  # seldom needed

    title = _("Choose a list of mailboxes: a CSV file, or a text file with an address a line")
    return QFileDialog.getOpenFileName(window, title, "", _(_KINDS))[0]


def ask_script(window: QWidget) -> str:
    """Ask where to save the script; return its path, empty where none was chosen."""
    from PySide6.QtWidgets import QFileDialog  # seldom needed

    return QFileDialog.getSaveFileName(window, _("Save a script for imapsync"), "", _(_SCRIPTS))[0]


def is_list(path: Path) -> bool:
    """Whether a file that is dropped is a list, and not one of another program."""
    return path.suffix.lower() in _DROPPED


class OpenListController(QObject):
    """Connects the list with its dialog, with the strip, and with the sign-ins of the window."""

    def __init__(
        self,
        parts: Parts,
        sign_in: SignInController,
        *,
        ask: AskFile = ask_list,
        ask_for_script: AskFile = ask_script,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._sign_in = sign_in
        self._ask = ask
        self._ask_for_script = ask_for_script
        self._report: Path | None = None
        self._obtained: list[Path] = []  # not yet shown
        self._to_keep: set[Path] = set()  # as soon as they are shown
        self._show_obtained = QTimer(self, interval=_SHOW_EVERY, singleShot=True)
        self._connect()

    def _connect(self) -> None:
        run, strip = self._parts.list_run, self._parts.list_strip
        run.opened.connect(self._show)
        run.begun.connect(self._show_running)
        run.advanced.connect(self._show_progress)
        run.obtained.connect(self._take)
        run.ended.connect(self._show_report)
        run.ended.connect(self._tell_end)
        run.ended.connect(lambda _: self._parts.mailboxes.files.reload())
        self._show_obtained.timeout.connect(self._list_obtained)
        run.reported.connect(self._show_report)
        run.script_written.connect(self._tell_script)
        run.failed.connect(self._fail)
        strip.show_wanted.connect(self._show_again)
        strip.sign_in_wanted.connect(self.sign_in_next)
        strip.close_wanted.connect(self._close)
        self._parts.mailboxes.files.listed.connect(self._keep_listed)

    def restore(self) -> None:
        """Offer the list of an earlier start that isn't finished."""
        unfinished = Path(self._parts.settings.open_list)
        if unfinished.is_file():
            from gui.model.list_words import unfinished_text

            self._parts.list_strip.say(unfinished_text(unfinished.name))

    def choose(self) -> None:
        """Ask for a list, and open it."""
        if chosen := self._ask(self._parts.window):
            self.open(Path(chosen))

    def open(self, path: Path) -> None:
        """Open a list, unless one is worked through now: then show that one."""
        if self._parts.list_run.is_running:
            self._show_dialog()
        else:
            self._parts.list_run.open(path)

    def sign_in_next(self) -> None:
        """Sign in to the next mailbox, as soon as no other sign-in is under way."""
        run = self._parts.list_run
        request = run.take_next()
        if request is None:
            return
        if self._is_shown:
            self._dialog.close()
        self._parts.window.come_to_front()
        self._show_waiting()
        self._sign_in.queue.add(Turn(request, done=run.settle))

    @cached_property
    def _dialog(self) -> "ListDialog":
        from gui.widgets.list_dialog import ListDialog

        run, dialog = self._parts.list_run, ListDialog(self._parts.window)
        dialog.start_wanted.connect(run.start)
        dialog.stop_wanted.connect(run.cancel)
        dialog.sign_in_wanted.connect(self.sign_in_next)
        dialog.script_wanted.connect(self._write_script)
        dialog.folder_wanted.connect(self._open_folder)
        return dialog

    @property
    def _is_shown(self) -> bool:
        return "_dialog" in self.__dict__ and self._dialog.isVisible()

    def _show(self, opened: "OpenedList") -> None:
        self._report = opened.batch.report.as_csv
        self._dialog.show_opened(opened)
        self._parts.list_strip.say("")
        self._show_dialog()

    def _show_dialog(self) -> None:
        self._dialog.show()
        self._dialog.fit_height()
        self._dialog.raise_()
        self._dialog.activateWindow()

    def _show_again(self) -> None:
        if self._parts.list_run.path is None:
            self.open(Path(self._parts.settings.open_list))
        else:
            self._show_dialog()

    def _show_running(self) -> None:
        self._parts.settings.open_list = str(self._parts.list_run.path)
        self._dialog.show_running()

    def _show_progress(self, progress: "ListProgress") -> None:
        from gui.model.list_words import progress_text

        self._dialog.show_progress(progress)
        self._parts.list_strip.say(progress_text(progress), can_close=False)

    def _take(self, outcomes: Sequence[Outcome]) -> None:
        """Remember the new token files, which are shown soon."""
        self._obtained.extend(Path(outcome.file) for outcome in outcomes)
        if not self._show_obtained.isActive():
            self._show_obtained.start()

    def _list_obtained(self) -> None:
        """Show the new token files, and keep them fresh as those that were signed in to here."""
        files = self._parts.mailboxes.files
        paths, self._obtained = self._obtained, []
        for path in paths:
            files.include(path)
        if self._parts.settings.keep_refreshing:
            self._to_keep.update(paths)
        files.show_many(paths)

    def _keep_listed(self) -> None:
        listed = {path for path in self._to_keep if self._parts.model.row(path)}
        if listed:
            self._to_keep -= listed
            self._parts.mailboxes.keep_many(listed, True)

    def _show_report(self, report: "ListReport") -> None:
        run = self._parts.list_run
        self._dialog.show_report(report, waiting=len(run.waiting), has_pairs=run.has_pairs)
        if report.progress.is_complete and not run.waiting:
            self._parts.settings.open_list = ""
        self._show_waiting()

    def _tell_end(self, report: "ListReport") -> None:
        from gui.model.list_words import end_text

        name = self._report.name if self._report else ""
        self._parts.window.note(end_text(report, name), warning=report.is_bad)

    def _show_waiting(self) -> None:
        from gui.model.list_words import waiting_text

        run = self._parts.list_run
        count, name = len(run.waiting), run.path.name if run.path else ""
        text = waiting_text(name, count) if count else ""
        self._parts.list_strip.say(text, can_sign_in=not run.is_signing_in)

    def _close(self) -> None:
        self._parts.settings.open_list = ""
        self._parts.list_run.close()
        self._parts.list_strip.say("")

    def _write_script(self) -> None:
        if chosen := self._ask_for_script(self._dialog):
            self._parts.list_run.write_script(Path(chosen))

    def _tell_script(self, script: Path, written: "Written") -> None:
        from gui.model.list_words import script_text

        self._dialog.tell(script_text(script, written))

    def _open_folder(self) -> None:
        if self._report is not None:
            open_or_tell(self._report.parent, self._parts.window.note)

    def _fail(self, error: AppError) -> None:
        """Say it where the user looks: a list that can't be read has no dialog."""
        if self._is_shown:
            self._dialog.show_failure(in_one_paragraph(error))
        else:
            self._parts.message_bar.show_error(error)
