"""The switches for refreshing: whether, how often and until when."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QPushButton,
    QSpinBox,
    QWidget,
)

from core.i18n.translation import N_, _
from gui.model.plain_text import button_text, plain, tool_tip
from gui.widgets.flow_layout import FlowLayout
from gui.widgets.keep_box import KeepBox
from gui.widgets.outlined import Menu
from gui.widgets.wheel import leave_wheel_to_page

if TYPE_CHECKING:
    from core.imapsync.running import ImapsyncRun

_DAY = 24 * 60  # minutes
_EVERY = N_("at least every {minutes} min")
_ALWAYS_THERE = 2  # lines of the menu
_STOP = N_("Stop whe&n imapsync ends…")
_STOP_CHOSEN = N_("Stop whe&n imapsync ends ✓")


class RefreshBar(QWidget):
    """Controls how all mailboxes are kept fresh."""

    keep_toggled = Signal(bool)
    interval_changed = Signal(int)  # minutes
    imapsync_runs_asked = Signal()
    imapsync_run_chosen = Signal(object)  # an ImapsyncRun; None: refreshing doesn't stop by itself
    stop_changed = Signal()  # whether refreshing stops by itself

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keep = KeepBox(_("&Keep refreshing"))
        self._minutes = QSpinBox()
        self._minutes.setRange(1, _DAY)
        before, _minutes, after = _(_EVERY).partition("{minutes}")
        self._minutes.setPrefix(before)
        self._minutes.setSuffix(after)
        self._minutes.setKeyboardTracking(False)  # the 3 of a 30 is no interval
        self._minutes.setAccessibleName(_("Minutes between refreshes"))
        leave_wheel_to_page(self._minutes)
        self._stop = QPushButton()
        self._stops_with: ImapsyncRun | None = None
        self._runs = Menu(self)
        self._stop.setMenu(self._runs)
        self.show_imapsync_run(None)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        row = FlowLayout()
        for widget in (self._keep, self._minutes, self._stop):
            row.addWidget(widget)
        self.setLayout(row)

    def _connect(self) -> None:
        self._keep.clicked.connect(self.keep_toggled)
        self._minutes.valueChanged.connect(self.interval_changed)
        self._runs.aboutToShow.connect(self._ask_for_runs)

    def show_kept(self, kept: int, total: int) -> None:
        """Show how many of all mailboxes are kept fresh."""
        self._keep.show_kept(kept, total)
        self._stop.setEnabled(kept > 0)

    def _ask_for_runs(self) -> None:
        """Begin the menu with what is there at all times; the owner then offers the runs."""
        self._runs.clear()
        first = self._runs.addAction(_("Stop refreshing all mailboxes when this imapsync ends:"))
        first.setEnabled(False)
        # Translators: below "Stop refreshing all mailboxes when this imapsync ends:"
        self._offer(_("Don't stop"), None)
        self.imapsync_runs_asked.emit()

    def offer_imapsync_runs(self, runs: "Sequence[ImapsyncRun]", none: str) -> None:
        """Add these to the menu, for the user to choose one; `none` says that there is none."""
        for action in self._runs.actions()[_ALWAYS_THERE:]:
            self._runs.removeAction(action)  # of an opening before this one
            action.deleteLater()
        for run in runs:
            here = _("{imapsync} (started in this window)", imapsync=run.label)
            self._offer(here if run.is_ours else run.label, run)
        if not runs:
            self._runs.addAction(none).setEnabled(False)

    def _offer(self, label: str, run: "ImapsyncRun | None") -> None:
        action = self._runs.addAction(button_text(label))
        action.setCheckable(True)
        action.setChecked(run == self._stops_with)
        action.triggered.connect(lambda _=False: self.imapsync_run_chosen.emit(run))

    @property
    def stops(self) -> bool:
        """Whether refreshing stops by itself."""
        return self._stops_with is not None

    def show_imapsync_run(self, run: "ImapsyncRun | None") -> None:
        """Show with which imapsync refreshing stops; None for none."""
        self._stops_with = run
        self._stop.setText(_(_STOP_CHOSEN) if run else _(_STOP))
        what = (
            _(
                "Refreshing stops for all mailboxes when this imapsync ends: {label}",
                label=run.label,
            )
            if run
            else _("Refreshing goes on when imapsync ends. To stop it then, choose the imapsync.")
        )
        self._stop.setToolTip(tool_tip(what))
        self._stop.setAccessibleDescription(plain(what))
        self.stop_changed.emit()

    def show_settings(self, *, keep: bool, minutes: int) -> None:
        """Show these settings; the widgets emit what changes by that. `keep` is for new ones."""
        self._minutes.setValue(minutes)
        self._keep.setChecked(keep)
