"""The time that is left for a sign-in, as a bar and as text."""

import time

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from core.i18n.translation import _
from gui.model.running_time import clock
from gui.widgets.plain_label import PlainLabel

_TICK = 1000  # ms
_BAR = (120, 8)  # pixels


class TimeLeft(QWidget):
    """Counts down between `start` and `stop`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._end_time = 0.0
        self._bar = QProgressBar()
        self._bar.setAccessibleName(_("Time left to sign in"))
        self._bar.setTextVisible(False)  # the end of the bar would cut through it
        self._bar.setFixedSize(*_BAR)
        self._text = PlainLabel()
        self._ticks = QTimer(self)
        self._ticks.setInterval(_TICK)
        self._ticks.timeout.connect(self._show)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._bar)
        row.addWidget(self._text)

    def start(self, seconds: float) -> None:
        """Count down from so many seconds."""
        self._end_time = time.monotonic() + seconds
        self._bar.setMaximum(int(seconds))
        self._show()
        self._ticks.start()

    def stop(self) -> None:
        """Count no more."""
        self._ticks.stop()

    def _show(self) -> None:
        seconds = max(0, round(self._end_time - time.monotonic()))
        self._bar.setValue(seconds)
        self._bar.setFormat(_("{time} left", time=clock(seconds)))
        self._text.setText(self._bar.text())
