"""The look of the window: as the system's, light or dark."""

from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from core.i18n.translation import N_

AS_SYSTEM = ""
THEMES: Mapping[str, str] = MappingProxyType(
    {AS_SYSTEM: N_("As the system"), "light": N_("Light"), "dark": N_("Dark")}
)


def apply_theme(name: str) -> None:
    """Use a look from now on; an unknown name counts as the system's."""
    schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
    QGuiApplication.styleHints().setColorScheme(schemes.get(name, Qt.ColorScheme.Unknown))
