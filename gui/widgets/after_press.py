"""Waits for the end of a press: what is being pressed must not move away from under the mouse."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

_LOOK_AGAIN = 50  # ms


def after_press(owner: QObject, act: Callable[[], None]) -> None:
    """Call `act` once no mouse button is held, unless the owner is gone by then."""
    if QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton:
        act()
    else:
        QTimer.singleShot(_LOOK_AGAIN, owner, lambda: after_press(owner, act))
