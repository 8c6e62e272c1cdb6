"""The list of mailboxes with its toolbar and its menu, and what is shown while it is empty."""

import itertools
from collections.abc import Iterable, Mapping
from pathlib import Path

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from core.i18n.translation import _
from gui.model.list_line import Order
from gui.model.mailbox_list import MailboxList
from gui.model.mailbox_model import Index, MailboxModel
from gui.model.mailbox_row import Group
from gui.model.next_act import REFRESH, next_act
from gui.widgets.empty_list import EmptyList, nothing_found
from gui.widgets.list_actions import ListActions
from gui.widgets.list_toolbar import ListToolbar
from gui.widgets.mailbox_view import MailboxView
from gui.widgets.outlined import Menu


class MailboxTable(QWidget):
    """Emits what the user wants done, once, with the token files of all selected rows.

    They are lists of paths, in the order in which the user selected them.
    """

    refresh = Signal(list)
    check = Signal(list)
    keep = Signal(list, bool)
    sign_in = Signal(list)
    open_folder = Signal(list)
    remove = Signal(list)
    end_sign_in = Signal(list)
    demo = Signal()
    selected = Signal(list)
    order_chosen = Signal(str)  # the name of an Order
    folded = Signal(list)  # the names of all groups that are folded

    def __init__(self, model: MailboxModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._lines = MailboxList(model, self)
        self._toolbar = ListToolbar()
        self._view = MailboxView(self._lines)
        self._view.setAccessibleName(_("Mailboxes"))
        self._view.setAccessibleDescription(_("Hold Ctrl to select a source and a destination"))
        self._actions = ListActions(self._view, self)
        self._empty = EmptyList()
        self._offered: tuple[QAction, ...] = ()
        self._hidden: set[Path] = set()  # selected, but below a folded heading or not found
        self._pages = QStackedWidget()
        self._lay_out()
        self._connect()
        self._show_counts()

    def _lay_out(self) -> None:
        full = QWidget()
        column = QVBoxLayout(full)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._toolbar)
        self._found = QStackedWidget()
        self._found.addWidget(self._view)
        self._found.addWidget(nothing_found())
        column.addWidget(self._found, 1)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(full)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._pages)

    def _connect(self) -> None:
        self._lines.counted.connect(self._show_counts)
        self._lines.modelReset.connect(self._select_again)
        self._lines.rowsInserted.connect(lambda _, a, b: self._select_shown(a, b))
        self._model.rowsRemoved.connect(lambda *_: self._forget_gone())
        self._model.dataChanged.connect(
            lambda a, b: self._actions.change(list(self._model.rows[a.row() : b.row() + 1]))
        )
        self._view.selection.selectionChanged.connect(lambda *_: self._reselect())
        self._view.selection.replaced.connect(self._forget_hidden)
        self._view.activated.connect(self._do_what_helps)  # Enter, or a double click
        self._view.act_wanted.connect(self._help)
        self._view.menu_wanted.connect(self._show_menu)
        self._view.dots_clicked.connect(self._show_menu_of_row)
        self._view.fold_toggled.connect(self._toggle)
        self._toolbar.searched.connect(self._lines.find)
        self._toolbar.order_chosen.connect(self.sort_by)
        self._toolbar.order_chosen.connect(self.order_chosen)
        self._toolbar.left.connect(self._view.setFocus)
        self._empty.demo.connect(self.demo)
        self._actions.wanted.connect(lambda name, paths: getattr(self, name).emit(paths))
        self._actions.keep_wanted.connect(self.keep)

    @property
    def actions_by_name(self) -> Mapping[str, QAction]:
        """What can be done with the selected mailboxes: refresh, check, keep, sign_in and so on."""
        return self._actions.by_name

    def offer(self, *actions: QAction) -> None:
        """Offer more actions in the menu of the list; their owner enables them."""
        self._offered += actions

    def selection(self) -> list[Path]:
        """Return the selected token files, in the order in which the user selected them."""
        return list(self._actions.selected)

    def show_sign_in(self, text: str, *, can_try: bool) -> None:
        """Say in place of the empty list which sign-in is under way, if one is."""
        self._empty.show_sign_in(text, can_try=can_try)

    def select(self, path: Path) -> None:
        """Select the row of a token file, and show it; a search or a fold that hides it ends."""
        if self._lines.line(path) is None:
            self._toolbar.clear()
        if self._lines.line(path) is None:
            self.fold(())
        if (line := self._lines.line(path)) is not None:
            self._view.selectRow(line)
            self._view.scrollTo(self._lines.index(line))

    def sort_by(self, name: str) -> None:
        """Sort the list in the order of this name; in the default order for any other."""
        order = next((order for order in Order if order == name), Order.ADDRESS)
        self._toolbar.show_order(order)
        self._lines.sort_by(order)

    def fold(self, names: Iterable[str]) -> None:
        """Fold the groups of these names, and no others."""
        self._lines.fold(*(group for group in Group if group.name in names))

    def _toggle(self, group: Group) -> None:
        if self._toolbar.text:  # a search shows all that it finds
            return
        names = {folded.name for folded in self._lines.folded ^ {group}}
        self.fold(names)
        self.folded.emit(sorted(names))

    def _do_what_helps(self, index: Index) -> None:
        """Do with the selection what helps the current mailbox, or else refresh."""
        if (row := self._lines.row(index.row())) is None:
            return
        act = next_act(row, self._model.now)
        self._actions.by_name[(act or REFRESH).action].trigger()

    def _help(self, path: Path) -> None:
        """Do what the button of a row says, for this mailbox alone."""
        row = self._model.row(path)
        if row is not None and (act := next_act(row, self._model.now)):
            getattr(self, act.action).emit([path])

    def _show_counts(self) -> None:
        # The window's: the browser of a sign-in may have that of the program.
        lines, focus = self._lines, self.window().focusWidget()
        had_focus = focus is not None and (focus is self._empty or self._empty.isAncestorOf(focus))
        self._pages.setCurrentIndex(1 if lines.total else 0)
        self._found.setCurrentIndex(0 if lines.found else 1)
        if lines.total and had_focus:
            self._view.setFocus()  # Qt would choose the search
        self._toolbar.show_counts(
            total=lines.total, found=lines.found, needing=lines.needing, busy=lines.busy
        )

    def _select_again(self) -> None:
        """Restore the selection, which Qt drops when the model is reset."""
        selection = QItemSelection()
        shown = (self._lines.line(path) for path in self._actions.selected)
        numbers = sorted(number for number in shown if number is not None)
        # Few ranges: Qt compares each one with all others.
        for _offset, group in itertools.groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
            lines = [number for _position, number in group]
            selection.select(self._lines.index(lines[0]), self._lines.index(lines[-1]))
        flags = QItemSelectionModel.SelectionFlag
        self._view.selection.select(selection, flags.Select | flags.Rows)
        self._reselect()

    def _select_shown(self, first: int, last: int) -> None:
        """Select what is shown again, for example below another heading."""
        if not self._hidden.isdisjoint(self._lines.paths(first, last)):
            self._select_again()

    def _forget_gone(self) -> None:
        if not all(map(self._model.row, self._hidden)):
            self._reselect()

    def _forget_hidden(self) -> None:
        if self._hidden:  # no visible line has changed
            self._reselect()

    def _reselect(self) -> None:
        """Act on the selected lines, and on mailboxes that were selected before they were hidden.

        What was chosen stays, as with a file manager's groups: a search or a fold looks elsewhere
        for a moment, for example for the destination.
        """
        before = self._actions.selected
        ranges = self._view.selection.selection().toList()
        shown = [path for r in ranges for path in self._lines.paths(r.top(), r.bottom())]
        others = before.keys() - {*shown} if not self._view.selection.is_replacing else ()
        hidden = {path for path in others if self._lines.line(path) is None}
        rows = {path: row for path in (*shown, *hidden) if (row := self._model.row(path))}
        self._hidden = hidden & rows.keys()
        self._actions.select({path: rows[path] for path in before if path in rows} | rows)
        self.selected.emit(self.selection())

    def _show_menu_of_row(self, path: Path, where: QPoint) -> None:
        """Open the menu of this row alone: the dots are in it, whatever else is selected."""
        if [path] != list(self._actions.selected):
            self.select(path)
        self._show_menu(path, where)

    def _show_menu(self, path: Path, where: QPoint) -> None:
        """Open the menu of a row; of all selected ones, if it is one of them."""
        if path not in self._actions.selected:
            self.select(path)
        menu = Menu(self)
        menu.addActions(list(self._actions.by_name.values()))
        menu.insertSeparator(self._actions.by_name["end_sign_in"])
        menu.addSeparator()
        menu.addActions(self._offered)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(where)
