"""A migration by imapsync: who is source and who is destination, and the two steps."""

import sys
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from core.i18n.translation import N_, _
from gui.model.imapsync_run import RunEnd, Step
from gui.model.mailbox_model import MailboxModel
from gui.model.migration_sides import MigrationSides
from gui.widgets.mailbox_drag import MailboxDrop
from gui.widgets.scroll_to import scroll_to
from gui.widgets.tab_order import put_into_tab_order

if TYPE_CHECKING:  # imported when the first mailbox is listed, or by the first run
    from core.imapsync.run.watch import Seen
    from gui.widgets.migration_steps import MigrationSteps
    from gui.widgets.run_view import RunView
    from gui.widgets.side_choosers import SideChoosers

_EMPTY = N_(
    "To move a mailbox with imapsync, sign in to the source and to the destination. Then name them "
    "here, test both logins and copy the mail."
)
_OF_SIDES = (
    "source_chosen",
    "destination_chosen",
    "source_dropped",
    "destination_dropped",
    "pair_chosen",
    "swapped",
    "cleared",
)
_GAP = 8  # pixels
_BELOW_TITLE = 1  # the place in the column


class MigrationCard(QWidget):
    """Emits what the user names; the controller then calls `show_sides`."""

    source_chosen = Signal(Path)
    destination_chosen = Signal(Path)
    source_dropped = Signal(Path)
    destination_dropped = Signal(Path)
    pair_chosen = Signal(Path, Path)
    mailbox_dropped = Signal(Path)  # beside both lists
    swapped = Signal()
    cleared = Signal()
    run_wanted = Signal(object, object, object)  # Step, and the Sides of source and destination
    stop_wanted = Signal()
    output_wanted = Signal()
    choose_wanted = Signal()  # another imapsync for the run that could not begin
    program_wanted = Signal()  # another imapsync for the next runs
    copied = Signal()  # a command that an imapsync of this computer is to run
    said = Signal()  # an answer to a press, below the steps
    site_wanted = Signal()  # where imapsync is offered

    def __init__(
        self,
        model: MailboxModel,
        program: Sequence[str] = (),
        *,
        imapsync: str = "",
        platform: str = sys.platform,
        parent: QWidget | None = None,
    ) -> None:
        """`program` is the command with which imapsync starts us; empty where there is none.

        `imapsync` is the path of the one that the user has chosen.
        """
        super().__init__(parent)
        self._model = model
        self._program = tuple(program)
        self._imapsync = imapsync
        self._platform = platform
        self._has_run = self._is_running = False
        self._sides = MigrationSides()
        self._title = QLabel(_("Migration"))
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        self._empty = QLabel(_(_EMPTY))
        self._empty.setWordWrap(True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(_GAP, 0, 0, _GAP)
        self._head = QWidget()  # a widget of its own, since Tab follows the order of the widgets
        self._beside_title = QHBoxLayout(self._head)
        self._beside_title.setContentsMargins(0, 0, 0, 0)
        self._beside_title.addWidget(self._title)
        self._beside_title.addStretch()
        self._column.addWidget(self._head)
        self._column.addWidget(self._empty)
        self._column.addStretch(1)
        self._column.setAlignment(Qt.AlignmentFlag.AlignTop)
        MailboxDrop(self, self._title).dropped.connect(self.mailbox_dropped)

    @cached_property
    def _parts(self) -> "tuple[SideChoosers, MigrationSteps]":
        """The lists and the steps, made when the first mailbox is listed."""
        from gui.widgets.migration_steps import MigrationSteps
        from gui.widgets.side_choosers import SideChoosers

        choosers = SideChoosers(self._model)
        for name in _OF_SIDES:
            getattr(choosers, name).connect(getattr(self, name))
        self._beside_title.addWidget(choosers.clear)
        steps = MigrationSteps(self._program, platform=self._platform)
        steps.use_imapsync(self._imapsync)
        steps.run_wanted.connect(self.run_wanted)
        steps.program_wanted.connect(self.program_wanted)
        steps.copied.connect(self.copied)
        steps.done.said.connect(self.said)
        self._empty.hide()
        for at, widget in enumerate((choosers, steps), start=_BELOW_TITLE):
            self._column.insertWidget(at, widget)
            widget.show()  # else only in the next turn of the event loop
        return choosers, steps

    def align_title(self, height: int) -> None:
        """Make the line of the title at least this high, as what stands beside it."""
        self._head.setMinimumHeight(height)

    def show_sides(self, sides: MigrationSides) -> None:
        """Show who is who, and what imapsync needs for it."""
        if self._has_run and not self._is_running and sides.both != self._sides.both:
            self._close_run()  # a result, or a step that waits for imapsync, goes with its pair
        self._sides = sides
        for part in self._parts:
            part.show_sides(sides)
        # Later, since what stands above the card may be made for the same selection.
        QTimer.singleShot(0, self, lambda: put_into_tab_order(self, self))

    @property
    def pair(self) -> tuple[Path, Path] | None:
        """The token files of the source and the destination that are shown, if both are."""
        both = self._sides.both
        return (Path(both[0].token_file), Path(both[1].token_file)) if both else None

    def use_imapsync(self, path: str) -> None:
        """Let the commands start the imapsync that the user has just chosen here."""
        _, steps = self._parts
        steps.use_imapsync(path)

    @cached_property
    def _run(self) -> "RunView":
        """What is shown of a run, made for the first one."""
        from gui.widgets.run_view import RunView

        self._has_run = True
        _, steps = self._parts
        run = RunView()
        run.stop_wanted.connect(self.stop_wanted)
        run.output_wanted.connect(self.output_wanted)
        run.choose_wanted.connect(self.choose_wanted)
        run.site_wanted.connect(self.site_wanted)
        run.closed.connect(self._close_run)
        column = QVBoxLayout(steps.run_place)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(run)
        return run

    def say(self, text: str) -> None:
        """Say what the user has done, below the steps."""
        _, steps = self._parts
        steps.done.say(text)

    @property
    def unread(self) -> str:
        """What it says below the steps, unless the whole of it is in view."""
        _, steps = self._parts
        return steps.done.unread

    def say_missing(self) -> None:
        """Say that the command that was copied finds no imapsync here."""
        _, steps = self._parts
        steps.done.say_missing()

    def show_missing(self, step: Step, who: str, chosen: str) -> None:
        """Show that there is no imapsync that could run this step, and offer what helps.

        `chosen` is as in `RunView.show_missing`.
        """
        self._run.show_missing(step, who, chosen)
        self._show_run_place()
        self._allow_runs()

    def begin_run(self, step: Step, who: str, program: str) -> None:
        """Show that imapsync runs; meanwhile no other run can begin."""
        _, steps = self._parts
        has_focus = steps.run_has_focus()
        steps.begin_run()
        self._is_running = True
        self._run.begin(step, who, program)
        self._show_run_place()
        if has_focus:  # greyed out, it would hand it to the button that copies
            self._run.take_focus()
        self._allow_runs()

    def _show_run_place(self) -> None:
        _, steps = self._parts
        steps.run_place.show()
        put_into_tab_order(self, self)
        scroll_to(self._run)  # with its last lines, or the buttons that help

    def show_run_again(self) -> None:
        """Scroll to the run, which may be out of view; its output is left once it was closed."""
        if self._run.isVisible():
            scroll_to(self._run)
            self._run.take_focus()  # which shows where it is
        else:
            self.output_wanted.emit()

    def show_time(self, seconds: int) -> None:
        """Show how long imapsync has been running."""
        self._run.show_time(seconds)

    def show_run(self, seen: "Seen") -> None:
        """Show how far the run is."""
        self._run.show_run(seen)

    def show_end(self, end: RunEnd, time: str) -> None:
        """Show how the run ended, and when."""
        if self._run.is_seen:
            scroll_to(self._run)  # the result may be longer
        self._is_running = False
        self._run.show_end(end, time)
        self._allow_runs()

    def come_into_view(self) -> None:
        """Scroll to both sides and the steps."""
        scroll_to(self)

    def hide_result(self) -> None:
        """Hide how a run ended, once that says nothing any more."""
        if self._has_run:
            self._close_run()

    def _close_run(self) -> None:
        _, steps = self._parts
        self._run.close_result()
        steps.run_place.hide()
        self._allow_runs()

    def _allow_runs(self) -> None:
        """Allow no second run."""
        from gui.model.run_words import RUNNING  # needed by runs only

        choosers, steps = self._parts
        running = self._is_running
        choosers.lock(running)
        steps.allow_runs(not running, _(RUNNING))
        steps.offer_program(not self._run.offers_program)
        put_into_tab_order(self, self)
