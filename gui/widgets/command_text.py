"""A command to read and select, and a button that copies one."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication, QResizeEvent, QTextOption
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QPushButton, QWidget

from gui.widgets.copied import say_copied
from gui.widgets.key_button import give_key


class CommandText(QPlainTextEdit):
    """A read-only text in a fixed-width font, as high as its lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setFrameShape(QFrame.Shape.NoFrame)
        # As in a terminal. Wrapping by words would end a line between -- and the option's name.
        self.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the height to the lines at the new width."""
        super().resizeEvent(event)
        self._fit()

    def show_command(self, name: str, text: str) -> None:
        """Show a command; `name` is its name for screen readers."""
        self.setAccessibleName(name)
        self.viewport().setAccessibleName(name)  # some screen readers go to it, and find no name
        if text != self.toPlainText():
            self.setPlainText(text)
            self._fit()

    def _fit(self) -> None:
        """Set the height that the lines need."""
        lines = max(round(self.document().size().height()), 1)  # QPlainTextEdit counts in lines
        room = 2 * (self.document().documentMargin() + self.frameWidth())
        self.setFixedHeight(round(lines * self.fontMetrics().lineSpacing() + room) + 1)


def clipboard_text() -> str:
    """Return what can be pasted now: a command that was copied, or something else by now."""
    return QGuiApplication.clipboard().text()


def follow_clipboard(follow: Callable[[], None]) -> None:
    """Call a method of a widget, as long as there is one, when something else can be pasted."""
    QGuiApplication.clipboard().dataChanged.connect(follow)


class CopyButton(QPushButton):
    """Copies the text that it offers, and says so for a moment."""

    def __init__(self, text: str, name: str, key: str, parent: QWidget | None = None) -> None:
        """`name` says what is copied; `key` is the button's shortcut."""
        super().__init__(text, parent, autoDefault=False)
        give_key(self, name, key)
        self._offered = ""
        self.clicked.connect(self._copy)

    def offer(self, text: str) -> None:
        """Offer a text; the button is greyed out without one."""
        self._offered = text
        self.setEnabled(bool(text))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._offered)
        say_copied(self)
