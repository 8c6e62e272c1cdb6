"""Prints what the window says without a translation, in the stories of the pictures.

    python tests/pseudo_window.py

It speaks the language of tests/pseudo_language.py. What has letters outside of its marks is a text
that nobody has marked, or data: addresses, paths, names, words of servers.
"""

import logging
import random
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

import screenshots  # it puts the folders of the sources on the path

# isort: split
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QSpinBox,
    QWidget,
)

from core.i18n import translation
from gui.widgets.about import AboutDialog
from gui.widgets.import_dialog import ImportDialog
from gui.widgets.licences import LicencesDialog
from gui.widgets.log_pane import LogPane
from gui.widgets.mailbox_view import MailboxView
from gui.widgets.request_dialog import RequestDialog
from gui.widgets.run_output import RunOutputDialog
from gui.widgets.run_view import LastLines
from pseudo_language import CODE, untranslated, write_catalogue

_BREAK = "\N{ZERO WIDTH SPACE}"  # where a long word may be broken
_LETTERS = re.compile(r"[^\W\d_]{2}")
_DATA = re.compile(
    r"\S+@\S+"  # addresses
    r"|\S*/\S+"  # paths and pages
    r"|[\w-]+(\.[\w-]+)+"  # hosts and files
    r"|(Alt|Ctrl|Shift)\+\S+|\(Esc\)"
    r"|oauth2_imap|imapsync|providers\.toml"
)
_OF_QT = ("Close",)  # it has translations of its own
_NAMES = ("Firefox", "Chromium", "invalid_grant", screenshots.DEVICE_CODE["user_code"])
_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.AccessibleDescriptionRole,
)


class Walk(screenshots.Show):
    """The user of the pictures, who reads each text in place of taking pictures."""

    def __init__(self, stage: screenshots.Stage, folder: Path) -> None:
        super().__init__(stage, folder, {})
        data = (*translation.LANGUAGES.values(), *_NAMES, *_OF_QT, *_labels(stage))
        self._data = sorted(map(str, data), key=len, reverse=True)  # a name may hold another
        self._told: set[str] = set()

    def run(self) -> None:
        """Play the stories, then look at the dialogs that they don't open."""
        super().run()
        self.content._own_registration.open()
        dialogs = (
            AboutDialog(self.window),
            ImportDialog("", "", can_sign_in=True, can_replace=True, parent=self.window),
            LicencesDialog(self.window),
            RequestDialog(self.window),
            RunOutputDialog(lambda: (), self._folder, self.window),
            self.content._own_registration._dialog,
        )
        for dialog in dialogs:
            self._save(dialog, type(dialog).__name__)

    def _save(self, widget: QWidget, name: str) -> None:
        for text in {*_texts(widget)} - self._told:
            self._told.add(text)
            if rest := self._outside(text):
                print(f"{name}: {rest!r} in {text!r}")

    def _outside(self, text: str) -> str:
        """What has letters outside of the marks, and is no data."""
        text = untranslated(text.replace("&", "").replace(_BREAK, ""))
        for name in self._data:
            text = text.replace(name, "")
        text = _DATA.sub("", text)
        return text.strip() if _LETTERS.search(text) else ""


def _labels(stage: screenshots.Stage) -> Iterator[str]:
    for provider in stage.dependencies.catalog.providers.values():
        yield provider.label.replace("&", "")
        yield from (a.application_label for a in provider.applications.values())
        yield from provider.applications


def _texts(root: QWidget) -> Iterator[str]:
    for widget in (root, *root.findChildren(QWidget)):
        if not widget.objectName().startswith("qt_"):
            yield from _texts_of(widget)
    for action in root.findChildren(QAction):
        yield action.text()


def _texts_of(widget: QWidget) -> Iterable[str]:
    yield from (widget.windowTitle(), widget.accessibleName(), widget.accessibleDescription())
    if not isinstance(widget, LastLines):
        yield widget.toolTip()
    match widget:
        case QLabel() if isinstance(widget, LastLines) or isinstance(widget.parent(), LogPane):
            return  # what imapsync and the log say
        case QLabel() | QAbstractButton():
            yield widget.text()
        case QLineEdit():
            yield widget.placeholderText()
        case QComboBox():
            yield widget.placeholderText()
            yield from (widget.itemText(number) for number in range(widget.count()))
        case QMenu():
            yield widget.title()
        case QSpinBox():
            yield f"{widget.prefix()}{widget.suffix()}"
        case MailboxView():
            lines = widget.model()
            places = (lines.index(number, 0) for number in range(lines.rowCount()))
            yield from (str(place.data(role) or "") for place in places for role in _ROLES)


def main() -> int:
    """Print what is not translated."""
    logging.getLogger().setLevel(logging.INFO)
    random.seed(0)
    app = QApplication(["oauth2_imap"])
    app.setQuitOnLastWindowClosed(False)
    with ExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        write_catalogue(folder)
        translation.LOCALE = str(folder)
        translation.use_language(CODE)
        walk = Walk(screenshots.Stage(folder, closing), folder)
        closing.callback(walk.close)
        walk.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
