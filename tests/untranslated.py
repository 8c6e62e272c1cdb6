"""Prints what the window says without a translation, in the stories of the pictures.

    python tests/untranslated.py

It speaks a language in which each marked text stands in brackets. What has letters outside them is
a text that nobody has marked, or data: addresses, paths, names, words of servers.
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
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
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

import catalogs
from core.i18n import translation
from gui.widgets.log_pane import LogPane
from gui.widgets.mailbox_view import MailboxView
from gui.widgets.run_view import LastLines

_CODE = "de"  # the brackets stand in for this one
_MARKED = re.compile("⟦[^⟦⟧]*⟧")
_LETTERS = re.compile(r"[^\W\d_]{2}")
_DATA = re.compile(
    r"\S+@\S+"  # addresses
    r"|\S*/\S+"  # paths and pages
    r"|[\w-]+(\.[\w-]+)+"  # hosts and files
    r"|(Alt|Ctrl|Shift)\+\S+"
    r"|oauth2_imap|imapsync|providers\.toml"
)
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
        data = (*translation.LANGUAGES.values(), *_NAMES, *_labels(stage))
        self._data = sorted(map(str, data), key=len, reverse=True)  # a name may hold another
        self._told: set[str] = set()

    def _save(self, widget: QWidget, name: str) -> None:
        for text in {*_texts(widget)} - self._told:
            self._told.add(text)
            if rest := self._outside(text):
                print(f"{name}: {rest!r} in {text!r}")

    def _outside(self, text: str) -> str:
        """What has letters outside the brackets; a value in them may have its own."""
        text = text.replace("&", "").replace("\u200b", "")
        while (shorter := _MARKED.sub("", text)) != text:
            text = shorter
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
    yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription())
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


def _write_catalog(folder: Path) -> None:
    catalog = Catalog(locale=_CODE, charset="utf-8")
    for text in catalogs.marked_texts():
        if text.id:
            forms = (text.id,) if isinstance(text.id, str) else text.id
            marked = tuple(f"⟦{form}⟧" for form in forms)
            catalog.add(text.id, marked if len(marked) > 1 else marked[0])
    file = folder / _CODE / "LC_MESSAGES" / f"{translation.DOMAIN}.mo"
    file.parent.mkdir(parents=True)
    with file.open("wb") as stream:
        write_mo(stream, catalog)


def main() -> int:
    """Print what is not translated."""
    logging.getLogger().setLevel(logging.INFO)
    random.seed(0)
    app = QApplication(["oauth2_imap"])
    app.setQuitOnLastWindowClosed(False)
    with ExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        _write_catalog(folder)
        translation.LOCALE = str(folder)
        translation.use_language(_CODE)
        walk = Walk(screenshots.Stage(folder, closing), folder)
        closing.callback(walk.close)
        walk.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
