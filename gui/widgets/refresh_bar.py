"""Keep refreshing, how often, and what keeps the computer at it."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSpinBox,
    QWidget,
)

from core.imapsync.running import ImapsyncRun

_DAY = 24 * 60  # minutes


class RefreshBar(QWidget):
    """The timer in place of the batch loop, for all mailboxes at once."""

    keep_toggled = Signal(bool)
    interval_changed = Signal(int)  # minutes
    awake_toggled = Signal(bool)
    autostart_toggled = Signal(bool)
    imapsync_runs_asked = Signal()
    imapsync_run_chosen = Signal(object)  # an ImapsyncRun, or None: until the person stops it

    def __init__(
        self, *, awake_available: bool, autostart_available: bool, parent: QWidget | None = None
    ) -> None:
        """What this system doesn't offer is greyed out."""
        super().__init__(parent)
        self._keep = QCheckBox("&Keep refreshing every")
        self._minutes = QSpinBox()
        self._minutes.setRange(1, _DAY)
        self._minutes.setSuffix(" minutes")
        self._minutes.setKeyboardTracking(False)  # the 3 of a 30 is no interval
        self._minutes.setAccessibleName("Minutes between refreshes")
        self._until = QPushButton()
        self._until.setAccessibleName("Until when it refreshes")
        self._until.setEnabled(False)
        self._choices = QMenu(self)
        self.show_imapsync_run("")
        self._awake = QCheckBox("Keep this comp&uter awake")
        self._awake.setEnabled(awake_available)
        self._awake.setToolTip("While mailboxes are kept fresh, the computer doesn't go to sleep.")
        self._autostart = QCheckBox("Start &when I log in")
        self._autostart.setEnabled(autostart_available)
        self._autostart.setToolTip("So that an update's restart doesn't end the weekend.")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for widget in (self._keep, self._minutes, self._until, QLabel("  ")):
            row.addWidget(widget)
        for widget in (self._awake, self._autostart):
            row.addWidget(widget)
        row.addStretch()
        self._keep.toggled.connect(self._until.setEnabled)
        self._until.clicked.connect(lambda _: self.imapsync_runs_asked.emit())
        self._keep.toggled.connect(self.keep_toggled)
        self._minutes.valueChanged.connect(self.interval_changed)
        self._awake.toggled.connect(self.awake_toggled)
        self._autostart.toggled.connect(self.autostart_toggled)

    @property
    def keeps(self) -> bool:
        """Whether new mailboxes are kept fresh too."""
        return self._keep.isChecked()

    def stop_keeping(self) -> None:
        """As if the person had taken the tick away."""
        self._keep.setChecked(False)

    def offer_imapsync_runs(self, runs: Sequence[ImapsyncRun]) -> None:
        """Let the person choose one of these, below the button."""
        menu = self._choices
        menu.clear()
        menu.addAction("Until I stop it").triggered.connect(
            lambda: self.imapsync_run_chosen.emit(None)
        )
        for run in runs:
            action = menu.addAction(f"Until imapsync ends: {run.label.replace('&', '&&')}")
            action.triggered.connect(lambda _=False, run=run: self.imapsync_run_chosen.emit(run))
        if not runs:
            menu.addAction("No imapsync runs on this computer").setEnabled(False)
        menu.popup(self._until.mapToGlobal(QPoint(0, self._until.height())))

    def show_imapsync_run(self, name: str) -> None:
        """What ends the keeping; empty for the person alone."""
        self._until.setText(f"Until imapsync e&xits{' ✓' if name else '…'}")
        self._until.setToolTip(f"Stops with {name}" if name else "Stops with one that you choose")

    def show_settings(self, *, keep: bool, minutes: int, awake: bool, autostart: bool) -> None:
        """Take what was set before; the signals tell."""
        self._minutes.setValue(minutes)
        self._keep.setChecked(keep)
        self._awake.setChecked(awake)
        self._autostart.setChecked(autostart)
