"""What can be done with the selected mailboxes: the same actions in the menus and elsewhere."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from core.i18n.translation import N_, _
from gui.model.mailbox_row import Row

_TEXTS = {
    "sign_in": N_("S&ign in again"),
    "refresh": N_("&Refresh now"),
    "check": N_("&Test the login"),
    "keep": N_("&Keep refreshing"),
    "open_folder": N_("&Open the folder"),
    "remove": N_("R&emove…"),
    "end_sign_in": N_("E&nd the sign-in, to try what happens"),
}
_SIGN_IN_TO_FIRST = N_("S&ign in to the first that needs it")  # of several
_OF_PRETEND = "end_sign_in"  # shown by its owner while only such mailboxes are selected
_KEYS = {"refresh": "F5", "remove": "Del"}  # while the list has the focus
_ALSO_WHILE_BUSY = ("keep", "open_folder")


class ListActions(QObject):
    """Emits the name of an action with the selected token files, once for all of them."""

    wanted = Signal(str, list)
    keep_wanted = Signal(list, bool)

    def __init__(self, view: QWidget, parent: QObject | None = None) -> None:
        """The keys count while `view` has the focus."""
        super().__init__(parent)
        self._selected: dict[Path, Row] = {}
        self._busy = self._kept = 0  # how many of those are
        self.by_name: Mapping[str, QAction] = {
            name: QAction(_(text), self) for name, text in _TEXTS.items()
        }
        for name, action in self.by_name.items():
            if name == "keep":
                action.setCheckable(True)
                action.triggered.connect(self._keep)
            else:
                action.triggered.connect(lambda _=False, name=name: self._want(name))
        for name, key in _KEYS.items():
            self.by_name[name].setShortcut(QKeySequence(key))
            self.by_name[name].setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            view.addAction(self.by_name[name])
        self.by_name[_OF_PRETEND].setVisible(False)
        self._update()

    @property
    def selected(self) -> Mapping[Path, Row]:
        """The rows that the actions act on, by their token files."""
        return self._selected

    def select(self, rows: dict[Path, Row]) -> None:
        """Act on these rows from now on."""
        self._selected = rows
        self._busy = sum(bool(row.under_way) for row in rows.values())
        self._kept = sum(row.kept for row in rows.values())
        self._update()

    def change(self, rows: list[Row]) -> None:
        """Take what has changed of rows. Only these are looked at: thousands may be selected."""
        for row in rows:
            if before := self._selected.get(row.path):
                self._busy += bool(row.under_way) - bool(before.under_way)
                self._kept += row.kept - before.kept
                self._selected[row.path] = row
        self._update()

    def _want(self, name: str) -> None:
        if self._selected:
            self.wanted.emit(name, list(self._selected))

    def _keep(self, on: bool) -> None:
        if self._selected:
            self.keep_wanted.emit(list(self._selected), on)

    def _update(self) -> None:
        for name, action in self.by_name.items():
            is_idle = not self._busy or name in _ALSO_WHILE_BUSY
            action.setEnabled(bool(self._selected) and is_idle)
        sign_in = _SIGN_IN_TO_FIRST if len(self._selected) > 1 else _TEXTS["sign_in"]
        self.by_name["sign_in"].setText(_(sign_in))
        is_kept = bool(self._selected) and self._kept == len(self._selected)
        self.by_name["keep"].setChecked(is_kept)
