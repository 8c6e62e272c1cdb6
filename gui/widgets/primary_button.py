"""The button for the one thing that the user most likely wants, in the system's accent colour.

It is part of the first frame: import here only what that shows.
"""

from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPalette
from PySide6.QtWidgets import QPushButton, QStyleOptionButton, QWidget

READABLE = 4.5  # WCAG 2.2, success criterion 1.4.3: contrast of text, level AA
_DARKER = 106  # percent, for one step
_HOVERED, _PRESSED = 110, 125  # percent
_ROUND = 4  # pixels
_RING = (2, 3)  # pixels: where the mark of the focus begins and ends


class PrimaryButton(QPushButton):
    """A flat button: the style paints its text, and we what is below.

    Styles mix the colour of a button with others, which would make its text hard to read. One that
    isn't the default button looks like any other.
    """

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setDefault(True)

    def initStyleOption(self, option: QStyleOptionButton) -> None:
        """Let the style paint the text alone, in the colours of now: they change with the theme."""
        super().initStyleOption(option)
        if not self._is_primary():
            return
        option.palette = in_accent(option.palette)
        option.features |= QStyleOptionButton.ButtonFeature.Flat
        if self.isDown():
            from PySide6.QtWidgets import QStyle  # takes longer than the rest of the first frame

            option.state &= (
                ~QStyle.StateFlag.State_Sunken
            )  # styles paint a pressed one as if raised

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the accent colour, and the text on it."""
        if self._is_primary():
            colours = in_accent(self.palette())
            shade = _PRESSED if self.isDown() else _HOVERED if self.underMouse() else 100
            fill = colours.button().color().darker(shade)
            colours.setColor(QPalette.ColorRole.Button, fill)
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            # Colours as arguments load `Qt`; a brush of the palette doesn't.
            painter.fillPath(self._outlines(0), colours.button())
            if self.hasFocus():
                painter.fillPath(self._outlines(*_RING), colours.buttonText())
            painter.end()
        super().paintEvent(event)

    def _outlines(self, *margins: int) -> QPainterPath:
        """Return the outline at each margin; what is between two of them is filled."""
        path = QPainterPath()
        for margin in margins:
            width, height = self.width() - 2.0 * margin, self.height() - 2.0 * margin
            path.addRoundedRect(margin, margin, width, height, _ROUND, _ROUND)
        return path

    def _is_primary(self) -> bool:
        return self.isEnabled() and self.isDefault()


def in_accent(palette: QPalette) -> QPalette:
    """Give a button's palette the accent colour, so dark that its text is readable; return it."""
    text = palette.color(QPalette.ColorRole.HighlightedText)
    accent = palette.color(QPalette.ColorRole.Highlight)
    while contrast(accent, text) < READABLE and accent.value():
        accent = accent.darker(_DARKER)
    palette.setColor(QPalette.ColorRole.Button, accent)
    palette.setColor(QPalette.ColorRole.ButtonText, text)
    return palette


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
