"""Mailboxes that are dragged from the list to where one of them is named."""

import os
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QDrag, QDropEvent, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QRubberBand, QWidget

# A type of our own: no text field or other program takes the mailbox for text or for a file.
_MIME_TYPE = "application/x-oauth2-imap-mailbox"
_ENTERS = (QEvent.Type.DragEnter, QEvent.Type.DragMove)
_LEAVES = (QEvent.Type.DragLeave, QEvent.Type.Drop)
_GAP = 8  # pixels


def mailbox_data(path: Path) -> QMimeData:
    """Return what is dragged: the token file's path."""
    data = QMimeData()
    data.setData(_MIME_TYPE, os.fsencode(path))
    return data


def mailbox_drag(path: Path, name: str, source: QWidget) -> QDrag:
    """Return the drag of a mailbox, with its name beside the mouse."""
    drag = QDrag(source)
    drag.setMimeData(mailbox_data(path))
    drag.setPixmap(_picture(name, source))
    drag.setHotSpot(QPoint(-_GAP, -_GAP))
    return drag


def _picture(name: str, source: QWidget) -> QPixmap:
    ratio, font = source.devicePixelRatioF(), source.fontMetrics()
    size = font.size(0, name) + QSize(2 * _GAP, _GAP)
    picture = QPixmap(size * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(source.palette().color(QPalette.ColorRole.Highlight))
    painter = QPainter(picture)
    painter.setFont(source.font())
    painter.setPen(source.palette().color(QPalette.ColorRole.HighlightedText))
    painter.drawText(QRect(QPoint(), size), Qt.AlignmentFlag.AlignCenter, name)
    painter.end()
    return picture


class MailboxDrop(QObject):
    """Takes a mailbox that is dropped onto a field or its label, and frames the field until then.

    Whether there is such a mailbox is for the receiver to say: another window may have sent it.
    """

    dropped = Signal(Path)

    def __init__(self, field: QWidget, label: QWidget) -> None:
        super().__init__(field)
        self._field = field
        self._frame = QRubberBand(QRubberBand.Shape.Rectangle, field)
        for widget in (field, label):
            widget.setAcceptDrops(True)
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Accept a mailbox, show that, and emit it when it is dropped."""
        if event.type() in _LEAVES:
            self._frame.hide()
        is_drop = event.type() is QEvent.Type.Drop
        if not (is_drop or event.type() in _ENTERS) or not isinstance(event, QDropEvent):
            return super().eventFilter(watched, event)
        if not event.mimeData().hasFormat(_MIME_TYPE):
            return super().eventFilter(watched, event)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if is_drop:
            self.dropped.emit(Path(os.fsdecode(bytes(event.mimeData().data(_MIME_TYPE).data()))))
        else:
            self._frame.setGeometry(self._field.rect())
            self._frame.show()
        return True
