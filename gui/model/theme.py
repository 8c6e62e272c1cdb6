"""The look of the window: as the system's, light or dark."""

from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication, QPalette, QStyleHints

from core.i18n.translation import N_
from gui.model.own_palette import is_dark, own_palette

AS_SYSTEM = ""
THEMES: Mapping[str, str] = MappingProxyType(
    {AS_SYSTEM: N_("As the system"), "light": N_("Light"), "dark": N_("Dark")}
)
_SCHEMES = MappingProxyType({"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark})


def apply_theme(name: str) -> None:
    """Use a look from now on; an unknown name counts as the system's."""
    hints = QGuiApplication.styleHints()
    look = hints.findChild(_Look) or _Look(hints)
    look.use(_SCHEMES.get(name, Qt.ColorScheme.Unknown))


class _Look(QObject):
    """Asks the platform for a look, and helps with a palette of its own where that does nothing.

    Some platforms obey at once, GNOME's a moment later, and a bare X server never. Only the one
    that obeys tells about it, so the palette is there at once, and leaves when it isn't needed.
    """

    def __init__(self, hints: QStyleHints) -> None:
        super().__init__(hints)
        self._wanted = Qt.ColorScheme.Unknown
        self._has_own = False
        hints.colorSchemeChanged.connect(lambda _: self._help())

    def use(self, scheme: Qt.ColorScheme) -> None:
        """Use a look from now on."""
        self._wanted = scheme
        QGuiApplication.styleHints().setColorScheme(scheme)
        self._help()

    def _help(self) -> None:
        """Use a palette of our own if the system's is not what is wanted, and only then."""
        if self._has_own:
            QGuiApplication.setPalette(QPalette())  # the system's again
        wants_dark = self._wanted == Qt.ColorScheme.Dark
        self._has_own = (
            self._wanted != Qt.ColorScheme.Unknown
            and is_dark(QGuiApplication.palette()) != wants_dark
        )
        if self._has_own:
            QGuiApplication.setPalette(own_palette(dark=wants_dark))
