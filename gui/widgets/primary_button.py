"""The button for the one thing that the user most likely wants, in the system's accent colour.

It is part of the first frame: import here only what that shows.
"""

from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QPushButton, QStyle, QStyleOptionButton, QStylePainter, QWidget

READABLE = 4.5  # WCAG 2.2, success criterion 1.4.3: contrast of text, level AA
_DARKER = 106  # percent, for one step
_HOVERED, _PRESSED = 110, 125  # percent
_ROUND = 4  # pixels


class PrimaryButton(QPushButton):
    """A flat button; the style paints its text.

    Styles mix the colour of a button with others, which would make its text hard to read.
    """

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setDefault(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint with the colours of now: they change between dark and light."""
        if not self.isEnabled():
            super().paintEvent(event)
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.palette = in_accent(option.palette)
        painter = QStylePainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(0, 0, 0, 0))
        painter.setBrush(_shade(option.palette.button().color(), self.isDown(), self.underMouse()))
        painter.drawRoundedRect(self.rect(), _ROUND, _ROUND)
        if self.hasFocus():
            painter.setPen(option.palette.buttonText().color())
            painter.setBrush(QBrush())
            painter.drawRoundedRect(self.rect().adjusted(2, 2, -3, -3), _ROUND, _ROUND)
        painter.drawControl(QStyle.ControlElement.CE_PushButtonLabel, option)


def _shade(colour: QColor, pressed: bool, hovered: bool) -> QColor:
    """Return the colour of a button, darker under the mouse: its text stays readable."""
    return colour.darker(_PRESSED if pressed else _HOVERED if hovered else 100)


def in_accent(palette: QPalette) -> QPalette:
    """Return the palette of a button in the accent colour, on which its text is readable."""
    colours = QPalette(palette)
    text = palette.color(QPalette.ColorRole.HighlightedText)
    accent = palette.color(QPalette.ColorRole.Highlight)
    while contrast(accent, text) < READABLE and accent.value():
        accent = accent.darker(_DARKER)
    colours.setColor(QPalette.ColorRole.Button, accent)
    colours.setColor(QPalette.ColorRole.ButtonText, text)
    return colours


def contrast(one: QColor, other: QColor) -> float:
    """Return the contrast of two colours by WCAG 2.2, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: QColor) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
