"""The colours of the light and the dark look, for a platform that can't change them itself.

Nearly all are those of Qt's Fusion style, so that the window looks as on other desktops.
"""

from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtGui import QColor, QPalette

_Role = QPalette.ColorRole
_COLOURS: Mapping[_Role, tuple[str, str]] = MappingProxyType(
    {
        _Role.WindowText: ("#000000", "#f0f0f0"),
        _Role.Button: ("#efefef", "#323232"),
        _Role.Light: ("#ffffff", "#4b4b4b"),
        _Role.Midlight: ("#cacaca", "#2a2a2a"),
        _Role.Dark: ("#9f9f9f", "#212121"),
        _Role.Mid: ("#b8b8b8", "#262626"),
        _Role.Text: ("#000000", "#f0f0f0"),
        _Role.BrightText: ("#ffffff", "#4b4b4b"),
        _Role.ButtonText: ("#000000", "#f0f0f0"),
        _Role.Base: ("#ffffff", "#242424"),
        _Role.Window: ("#efefef", "#323232"),
        _Role.Shadow: ("#767676", "#191919"),
        _Role.Highlight: ("#308cc6", "#308cc6"),
        _Role.HighlightedText: ("#ffffff", "#f0f0f0"),
        _Role.Link: ("#0000ff", "#6db8ea"),  # Fusion's own, #308cc6, is hard to read there
        _Role.LinkVisited: ("#ff00ff", "#ff00ff"),
        _Role.AlternateBase: ("#f7f7f7", "#2b2b2b"),
        _Role.ToolTipBase: ("#ffffdc", "#ffffdc"),
        _Role.ToolTipText: ("#000000", "#000000"),
        _Role.PlaceholderText: ("#80000000", "#80f0f0f0"),
        _Role.Accent: ("#308cc6", "#308cc6"),
    }
)
_DISABLED: Mapping[_Role, tuple[str, str]] = MappingProxyType(
    {
        _Role.WindowText: ("#bebebe", "#828282"),
        _Role.Text: ("#bebebe", "#828282"),
        _Role.ButtonText: ("#bebebe", "#828282"),
        _Role.Base: ("#efefef", "#323232"),
        _Role.Dark: ("#bebebe", "#bebebe"),
        _Role.Shadow: ("#b1b1b1", "#252525"),
        _Role.Highlight: ("#919191", "#919191"),
        _Role.Accent: ("#919191", "#919191"),
    }
)
_HALF = 128  # of the lightness


def own_palette(*, dark: bool) -> QPalette:
    """Return the palette of the dark or the light look."""
    palette = QPalette()
    for role, colours in _COLOURS.items():
        palette.setColor(role, QColor(colours[dark]))
    for role, colours in _DISABLED.items():
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours[dark]))
    return palette


def is_dark(palette: QPalette) -> bool:
    """Return whether the background is dark."""
    return palette.window().color().lightness() < _HALF
