"""The dialog of a list of mailboxes: what it holds, how far the work is, and what is left to do."""

from collections.abc import Sequence
from enum import Enum, auto

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from core.i18n.translation import _
from gui.model.list_run import ListProgress, ListReport, OpenedList
from gui.model.list_words import (
    STOPPING,
    headline,
    mistakes_title,
    places,
    problems_title,
    progress_text,
    row_lines,
    summary,
)
from gui.model.plain_text import plain
from gui.widgets.fitted_dialog import FittedDialog
from gui.widgets.plain_label import PlainLabel
from gui.widgets.primary_button import PrimaryButton

_WIDTH = 640  # pixels
_LINES_HEIGHT = 160
_GAP = 8
_AT_ONCE, _MOST_AT_ONCE = 8, 256  # as --at_once of the command line


class _Phase(Enum):
    """How far the list is."""

    OPENED = auto()
    RUNNING = auto()
    ENDED = auto()


class ListDialog(FittedDialog):
    """Emits the wishes of the user. The work goes on while it is closed."""

    start_wanted = Signal(int)  # how many mailboxes at the same time
    stop_wanted = Signal()
    sign_in_wanted = Signal()
    script_wanted = Signal()
    folder_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("List of mailboxes"))
        self._title, self._summary = PlainLabel(), PlainLabel()
        self._places = PlainLabel(break_words=True)
        self._lines_title, self._lines = PlainLabel(), QPlainTextEdit(readOnly=True)
        self._at_once = QSpinBox(minimum=1, maximum=_MOST_AT_ONCE, value=_AT_ONCE)
        self._at_once_label = QLabel(_("Mailboxes at the same &time"))
        self._bar, self._progress = QProgressBar(), PlainLabel()
        self._start = PrimaryButton(_("&Start"))
        self._stop = QPushButton(_("Sto&p"), autoDefault=False)
        self._sign_in = PrimaryButton(_("Sign in &next"))
        self._script = QPushButton(_("Save a script for &imapsync…"), autoDefault=False)
        self._folder = QPushButton(_("Open the report's &folder"), autoDefault=False)
        self._close = QPushButton(_("&Close"), autoDefault=False)
        self._phase = _Phase.OPENED
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        self._summary.setObjectName("list_summary")
        self._places.setObjectName("list_places")
        self._progress.setObjectName("list_progress")
        for label in (
            self._title,
            self._summary,
            self._places,
            self._lines_title,
            self._progress,
        ):
            label.setWordWrap(True)
        self._lines.setAccessibleName(_("Lines without a valid token"))
        self._lines.setTabChangesFocus(True)
        self._lines.setMinimumHeight(_LINES_HEIGHT)
        self._at_once_label.setBuddy(self._at_once)
        self._bar.setAccessibleName(_("Mailboxes of the list that are done"))
        self._bar.setTextVisible(False)
        at_once = QHBoxLayout()
        at_once.addWidget(self._at_once_label)
        at_once.addWidget(self._at_once)
        at_once.addStretch()
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_GAP)
        for widget in (self._title, self._summary, self._bar, self._progress, self._places):
            column.addWidget(widget)
        column.addWidget(self._lines_title)
        column.addWidget(self._lines, 1)
        column.addLayout(at_once)
        column.addStretch()
        buttons = QHBoxLayout()
        for button in (self._folder, self._script):
            buttons.addWidget(button)
        buttons.addStretch()
        for button in (self._stop, self._sign_in, self._start, self._close):
            buttons.addWidget(button)
        self.fit(body, buttons, _WIDTH)

    def _connect(self) -> None:
        self._start.clicked.connect(lambda: self.start_wanted.emit(self._at_once.value()))
        self._stop.clicked.connect(self._ask_to_stop)
        self._sign_in.clicked.connect(self.sign_in_wanted)
        self._script.clicked.connect(self.script_wanted)
        self._folder.clicked.connect(self.folder_wanted)
        self._close.clicked.connect(self.reject)

    def show_opened(self, opened: OpenedList) -> None:
        """Show what the list holds, before anything is done."""
        mistakes = opened.batch.report.rows
        self._title.setText(headline(opened))
        self._summary.setText(summary(opened))
        self._places.setText(places(opened))
        self._show_lines(mistakes_title(len(mistakes)), [*row_lines(mistakes)])
        self._show_phase(_Phase.OPENED)
        self._start.setEnabled(bool(opened.batch.tasks))
        self._start.setFocus()

    def show_running(self) -> None:
        """Show that the work has begun."""
        self._bar.setRange(0, 0)  # busy
        self._progress.setText("")
        self._show_phase(_Phase.RUNNING)
        self._stop.setEnabled(True)
        self._stop.setFocus()

    def show_progress(self, progress: ListProgress) -> None:
        """Show how far it is."""
        self._bar.setRange(0, progress.size)
        self._bar.setValue(progress.tried)
        self._progress.setText(progress_text(progress) if self._stop.isEnabled() else _(STOPPING))

    def show_report(self, report: ListReport, *, waiting: int, has_pairs: bool) -> None:
        """Show what the report says, and offer what is left to do."""
        problems = report.problems
        self._progress.setText(progress_text(report.progress))
        self._show_lines(problems_title(len(problems)), [*row_lines(problems)])
        self._show_phase(_Phase.ENDED)
        is_complete = report.progress.is_complete
        self._start.setText(_("&Start again") if is_complete else _("&Go on"))
        self._sign_in.setVisible(bool(waiting))
        self._script.setVisible(has_pairs)
        first = self._sign_in if waiting else self._close
        first.setDefault(True)
        first.setFocus()

    def tell(self, text: str) -> None:
        """Say what was done, or why it wasn't."""
        self._progress.setText(text)
        self._progress.show()
        self._fit_shown()

    def show_failure(self, text: str) -> None:
        """Say what failed; a run that has ended by it can be started again."""
        if self._phase is _Phase.RUNNING:
            self._show_phase(_Phase.OPENED)
        self.tell(text)

    def _ask_to_stop(self) -> None:
        self._stop.setEnabled(False)
        self._progress.setText(_(STOPPING))
        self.stop_wanted.emit()

    def _show_lines(self, title: str, lines: Sequence[str]) -> None:
        self._lines_title.setText(title)
        self._lines.setPlainText("\n".join(map(plain, lines)))
        for widget in (self._lines_title, self._lines):
            widget.setVisible(bool(lines))

    def _show_phase(self, phase: _Phase) -> None:
        self._phase = phase
        is_running, is_ended = phase is _Phase.RUNNING, phase is _Phase.ENDED
        self._start.setText(_("&Start"))
        self._start.setDefault(not is_ended)
        visible: tuple[tuple[bool, Sequence[QWidget]], ...] = (
            (not is_running, (self._start, self._at_once_label, self._at_once)),
            (phase is _Phase.OPENED, (self._summary,)),
            (is_running, (self._bar, self._stop)),
            (is_running or is_ended, (self._progress,)),
            (is_ended, (self._folder,)),
            (False, (self._sign_in, self._script)),
        )
        for shown, widgets in visible:
            for widget in widgets:
                widget.setVisible(shown)
        self._fit_shown()

    def _fit_shown(self) -> None:
        if self.isVisible():
            self.fit_height()
