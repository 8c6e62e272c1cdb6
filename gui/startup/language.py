"""The language of the window: chosen before the first widget, and the same until the program ends.

English loads nothing more.
"""

import sys
from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from core.i18n.system_languages import system_languages
from core.i18n.translation import ENGLISH, language, use_language


def choose_language(*choices: str) -> None:
    """Use the first of these that is not empty; without one, the system's."""
    chosen = next(filter(None, choices), "")
    use_language(*([chosen] if chosen else _of_system()))


def translate_qt(app: QCoreApplication) -> None:
    """Let Qt's own texts and numbers follow the chosen language: the buttons of boxes, dates."""
    code = language()
    if QLocale.system().name().partition("_")[0] != code:  # otherwise it knows the country too
        QLocale.setDefault(QLocale(code))
    if code != ENGLISH:
        translator = QTranslator(app)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if translator.load(f"qtbase_{code}", folder):
            app.installTranslator(translator)


def _of_system() -> Iterable[str]:
    if sys.platform == "darwin":  # a program of the Finder has no variables for it
        return QLocale.system().uiLanguages()
    return system_languages()
