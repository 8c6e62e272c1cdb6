"""A command to read, select and copy: a title, the text and a Copy button."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFontDatabase, QGuiApplication, QResizeEvent, QTextOption
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from gui.widgets.plain_label import PlainLabel

_COPIED = 2000  # ms for which the button says that it copied


class WrappedText(QPlainTextEdit):
    """A read-only text in a fixed-width font, as high as its lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        # As in a terminal. Wrapping by words would end a line between -- and the option's name.
        self.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the height to the lines at the new width."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Set the height that the lines need."""
        lines = max(round(self.document().size().height()), 1)  # QPlainTextEdit counts in lines
        room = 2 * (self.document().documentMargin() + self.frameWidth())
        self.setFixedHeight(round(lines * self.fontMetrics().lineSpacing() + room) + 1)


class CopyableCommand(QWidget):
    """Shows a command; hidden while it has none."""

    def __init__(self, copy: str, name: str, parent: QWidget | None = None) -> None:
        """`copy` is the text of the button, `name` the name of the command for screen readers."""
        super().__init__(parent)
        self._title = PlainLabel()
        self._title.setWordWrap(True)
        self._copy = QPushButton(copy)
        self._copy.setAutoDefault(False)
        self._copy_text = copy
        self._text = WrappedText()
        self._text.setAccessibleName(name)
        self._back = QTimer(self)
        self._back.setSingleShot(True)
        self._back.setInterval(_COPIED)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(self._text)
        self._connect()
        self.hide()

    def _connect(self) -> None:
        self._copy.clicked.connect(self._copy_all)
        self._back.timeout.connect(lambda: self._copy.setText(self._copy_text))

    def text(self) -> str:
        """Return the command that is shown."""
        return self._text.toPlainText()

    def show_text(self, title: str, text: str) -> None:
        """Show a command with its title; hide everything for an empty one."""
        self._title.setText(title)
        if text != self.text():
            self._text.setPlainText(text)
            self._text.fit()
        self.setVisible(bool(text))

    def _copy_all(self) -> None:
        QGuiApplication.clipboard().setText(self.text())
        self._copy.setMinimumWidth(self._copy.width())
        self._copy.setText("Copied ✓")
        self._back.start()
