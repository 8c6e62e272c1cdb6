"""A dialog that fits on every screen: where it is too high, its body scrolls."""

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDialog,
    QFrame,
    QLayout,
    QVBoxLayout,
    QWidget,
)

from gui.widgets.scroll_to import CalmScrollArea, reveal
from gui.widgets.wheel import leave_wheel_to_page

_GAP = 16  # pixels
_OF_SCREEN = 0.85  # the rest is for the title bar


class FittedDialog(QDialog):
    """The buttons below the body are always in view, and so is the field with the focus."""

    def fit(self, body: QWidget, buttons: QLayout, width: int) -> None:
        """Lay out the dialog, at least this wide; call it once."""
        self._body, self._buttons, self._scroll = body, buttons, CalmScrollArea()
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(body)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_GAP, _GAP, _GAP, _GAP)
        layout.setSpacing(_GAP)
        layout.addWidget(self._scroll, 1)
        layout.addLayout(buttons)
        self._narrowest = width
        self.setMinimumWidth(width)  # until its content is shown in its language
        for widget in body.findChildren(QWidget):
            widget.installEventFilter(self)
            if isinstance(widget, QComboBox | QAbstractSpinBox):
                leave_wheel_to_page(widget)

    def fit_height(self) -> None:
        """Make the visible dialog as high as its content, if the screen is high enough."""
        # Until its layouts know of what has just been shown in them, they say less.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        self.setMinimumWidth(self._least_width())
        width = max(self.width(), self.minimumWidth())
        # A scroll bar that was there goes only if the content also fits beside it.
        beside_bar = width - 2 * _GAP - self._bar_width()
        height = self._body.heightForWidth(beside_bar)  # -1: it has no texts to wrap
        if height < 0:
            height = self._body.sizeHint().height()
        height += self._buttons.sizeHint().height() + 3 * _GAP
        highest = int(self.screen().availableSize().height() * _OF_SCREEN)
        self.resize(width, min(height, highest))

    def _least_width(self) -> int:
        """Return the width of the longest line, which depends on the language, if it is wider."""
        needed = self._body.minimumSizeHint().width() + self._bar_width() + 2 * _GAP
        widest = int(self.screen().availableSize().width() * _OF_SCREEN)
        return max(self._narrowest, min(needed, widest))

    def _bar_width(self) -> int:
        return self._scroll.verticalScrollBar().sizeHint().width()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Scroll to the field that gets the focus."""
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, QWidget):
            reveal(self._scroll, watched)
        return super().eventFilter(watched, event)
