"""Enter presses the focused button of the window, as Space does.

Qt does that in dialogs alone. The key is a shortcut that is there only while a button has the
focus: a field's Enter may move the focus to a button, for example Cancel, and must not press it.
"""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton, QWidget

_BUTTONS = (QPushButton, QToolButton)


class EnterKey(QShortcut):
    """The key of one window; its dialogs have their own default buttons."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setKeys([QKeySequence(Qt.Key.Key_Return), QKeySequence(Qt.Key.Key_Enter)])
        self.setAutoRepeat(False)  # Space doesn't repeat either
        self.setEnabled(False)
        self.activated.connect(self._press)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)

    @Slot(QWidget, QWidget)
    def _follow(self, _old: QWidget | None, now: QWidget | None) -> None:
        """Be there for a button of this window; a box to tick is none."""
        self.setEnabled(isinstance(now, _BUTTONS) and now.window() is self._window)

    def _press(self) -> None:
        button = QApplication.focusWidget()
        if isinstance(button, _BUTTONS):
            button.click()
