"""A QR code: dark on white in every theme, since not every camera reads the reverse."""

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.i18n.translation import _
from core.qr_code import QUIET_ZONE, Modules, qr_modules

_MODULE = 3  # pixels at 100 %: large enough for cameras, and the code stands in the card
_DARK, _LIGHT = 0, 1  # indexes of the colours


class QrCode(QWidget):
    """Shows the QR code of a text, in whole pixels of the screen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._modules: Modules = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("QR code of the page"))

    def show_text(self, text: str) -> None:
        """Show the QR code of a text; none for an empty one."""
        self._modules = qr_modules(text) if text else ()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """A square: the code with its quiet zone."""
        side = (len(self._modules) + 2 * QUIET_ZONE) * _MODULE
        return QSize(side, side)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint the code in the middle of a white square."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("white"))
        if self._modules:
            ratio = painter.deviceTransform().m11()  # pixels of the screen for each of ours
            side = int(self.width() * ratio)
            image = _image(self._modules, side)
            image.setDevicePixelRatio(ratio)
            # The corner has to be a whole pixel of the screen too.
            corner = (side - image.width()) // 2 / ratio
            painter.drawImage(QPointF(corner, corner), image)
        painter.end()


def _image(modules: Modules, side: int) -> QImage:
    """The code without its quiet zone, as large as it fits with it into so many pixels."""
    count = len(modules)
    image = QImage(count, count, QImage.Format.Format_Indexed8)
    image.setColorTable([0xFF000000, 0xFFFFFFFF])
    for y, row in enumerate(modules):
        for x, dark in enumerate(row):
            image.setPixel(x, y, _DARK if dark else _LIGHT)
    scale = max(side // (count + 2 * QUIET_ZONE), 1)
    return image.scaled(count * scale, count * scale)
