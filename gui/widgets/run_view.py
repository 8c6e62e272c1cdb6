"""A run of imapsync: how far it is, its last lines, and how it ended."""

from collections.abc import Sequence
from textwrap import fill
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QProgressBar,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from core.error_lines import sentence
from core.i18n.translation import _, joined
from gui.model.imapsync_run import LAST_LINES, RunEnd, Step
from gui.model.plain_text import plain, tool_tip
from gui.model.run_words import (
    GET_IT,
    IS_GONE,
    MISSING,
    STOPPING,
    TITLES,
    end_text,
    end_title,
    is_bad,
    may_be_another,
    progress_text,
)
from gui.model.running_time import clock
from gui.widgets.keep_room import keep_room
from gui.widgets.key_button import key_button
from gui.widgets.plain_label import PlainLabel

if TYPE_CHECKING:
    from core.imapsync.run.watch import Seen

_GAP = 8  # pixels
_LINES = 2  # of what is said, for which there is always room
_TIP_WIDTH = 100  # characters: a tool tip without tags is not wrapped, and ends with the screen


class RunView(QWidget):
    """Emits what the user wants of the run that it shows.

    While it runs, and when it ends, the buttons stay where they are.
    """

    stop_wanted = Signal()
    output_wanted = Signal()
    choose_wanted = Signal()  # another imapsync
    site_wanted = Signal()  # where imapsync is offered
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._step = Step.TEST
        self._is_stopping = self._offers_program = False
        self._title, self._who = PlainLabel(), PlainLabel(break_words=True)
        self._time = PlainLabel()
        self._bar = QProgressBar()
        self._text = PlainLabel(break_words=True)
        self._lines = LastLines()
        self._stop = key_button(_("Stop"), _("Stop imapsync"), "Alt+Shift+T")
        self._output = key_button(
            _("Show the output…"), _("Show what imapsync prints"), "Alt+Shift+O"
        )
        self._choose = key_button(
            _("Choose imapsync…"), _("Choose another imapsync"), "Alt+Shift+I"
        )
        self._site = key_button(
            _("Get imapsync…"), _("Open the site of imapsync in the browser"), "Alt+Shift+G"
        )
        self._close = key_button(_("Hide"), _("Hide the result of imapsync"), "Alt+Shift+Q")
        self._lay_out()
        self._stop.clicked.connect(self._ask_to_stop)
        self._output.clicked.connect(self.output_wanted)
        self._choose.clicked.connect(self.choose_wanted)
        self._site.clicked.connect(self.site_wanted)
        self._close.clicked.connect(self.closed)

    def _lay_out(self) -> None:
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        self._bar.setTextVisible(False)
        self._bar.setMaximumHeight(_GAP)
        self._bar.setAccessibleName(_("Messages that imapsync is done with"))
        for label in (self._title, self._text, self._who):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._title.setObjectName("run_title")
        self._text.setObjectName("run_text")
        # Its second line comes and goes while the numbers change.
        self._text.setMinimumHeight(_LINES * self._text.fontMetrics().lineSpacing())
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop)
        head = QHBoxLayout()
        head.setSpacing(_GAP)
        head.addWidget(self._title, 1)
        head.addWidget(self._time)
        head.addWidget(self._stop)
        buttons = QHBoxLayout()
        buttons.addWidget(self._output)
        buttons.addWidget(self._bar, 1)
        buttons.addStretch()
        # None in the place of Stop, which may be pressed too late, or of another one.
        for button in (self._site, self._choose, self._close):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, _GAP, 0, 0)
        column.setSpacing(_GAP // 2)
        column.addLayout(head)
        column.addWidget(self._text)
        column.addWidget(self._who)
        column.addLayout(buttons)
        column.addWidget(self._lines)

    def begin(self, step: Step, who: str, program: str) -> None:
        """Show that a run begins: of whom, and with which imapsync."""
        self._step, self._is_stopping = step, False
        keep_room(self._stop)  # for the title at the end
        self._title.setText(_(TITLES[step]))
        self._who.setText(who)
        self._who.setToolTip(tool_tip(program))
        self._show_running(True)
        self._lines.show_lines(())
        self._lines.show()  # their room is there before the first one: then nothing moves
        self._offer_program(False)

    def take_focus(self) -> None:
        """Have the focus where Enter changes nothing."""
        self._output.setFocus(Qt.FocusReason.ShortcutFocusReason)  # which shows where it is

    def show_missing(self, step: Step, who: str, chosen: str) -> None:
        """Show which step can't start without imapsync, and what the user can do.

        `chosen` is the imapsync that the user once chose, which is gone; empty if none was.
        """
        self._step = step
        self._title.setText(_(MISSING[step]))
        self._who.setText(who)
        keep_room(self._stop, kept=False)
        lost = sentence(_(IS_GONE, file=chosen)) if chosen else ""
        self._say(f"⚠ {joined((lost, _(GET_IT)))}")
        self._show_running(False)
        self._offer_program(True, has_site=True)
        self._output.hide()

    @property
    def is_seen(self) -> bool:
        """Whether the user has not scrolled it out of view."""
        return not self._title.visibleRegion().isEmpty()

    @property
    def offers_program(self) -> bool:
        """Whether it waits until another imapsync is chosen."""
        return self._offers_program

    def show_time(self, seconds: int) -> None:
        """Show how long it has been running."""
        # Translators: how long it has been running: for 0:12
        self._time.setText(_("for {time}", time=clock(seconds)))

    def show_run(self, seen: "Seen") -> None:
        """Show how far it is."""
        progress = seen.progress
        if progress.total and progress.left is not None:
            self._bar.show()  # before that, an empty or a full bar would say something wrong
            self._bar.setRange(0, progress.total)
            self._bar.setValue(progress.total - progress.left)
        self._say(_(STOPPING) if self._is_stopping else progress_text(self._step, seen))
        self._lines.show_lines(seen.lines)

    def show_end(self, end: RunEnd, time: str) -> None:
        """Show how it ended, and when."""
        self._title.setText(end_title(end))
        self._who.setText(f"{self._who.text()} · {time}")
        self._say(end_text(end))
        self._show_running(False)
        self._offer_program(may_be_another(end))
        self._lines.setVisible(is_bad(end) and bool(end.seen.lines))  # they say why

    def close_result(self) -> None:
        """Let no step wait any more; the owner hides the view."""
        self._offer_program(False)

    def _show_running(self, running: bool) -> None:
        self._bar.hide()
        self._lines.hide()
        self._time.setVisible(running)
        self._stop.setVisible(running)
        self._stop.setEnabled(running)
        self._output.show()
        self._close.setVisible(not running)

    def _offer_program(self, offered: bool, *, has_site: bool = False) -> None:
        self._offers_program = offered
        self._choose.setVisible(offered)
        self._site.setVisible(has_site)

    def _ask_to_stop(self) -> None:
        self._is_stopping = True
        self._stop.setEnabled(False)
        self._say(_(STOPPING))
        self.stop_wanted.emit()

    def _say(self, text: str) -> None:
        self._text.setText(text)
        self.setAccessibleName(plain(text))


class LastLines(PlainLabel):
    """Some lines in a fixed-width font, without their middle where they are too long.

    The whole lines are in the tool tip: how fast it goes, and why a message failed, is at the end.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole: tuple[str, ...] = ()
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setAccessibleName(_("Last lines of imapsync"))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(LAST_LINES * self.fontMetrics().lineSpacing())
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)

    def show_lines(self, lines: Sequence[str]) -> None:
        """Show these lines."""
        self._whole = tuple(lines)
        self.setToolTip(tool_tip("\n".join(fill(line, _TIP_WIDTH) for line in lines)))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the lines to the new width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setText("\n".join(self._shortened(plain(line)) for line in self._whole))

    def _shortened(self, line: str) -> str:
        """Leave out whole words in the middle: half of a number would be another number."""
        room = self.contentsRect().width()
        short = self.fontMetrics().elidedText(line, Qt.TextElideMode.ElideMiddle, room)
        if short == line:
            return line
        begin, ellipsis, end = short.partition("…")
        return f"{begin.rpartition(' ')[0]} {ellipsis} {end.partition(' ')[2]}"
