"""The list of mailboxes: a table, its actions, and what is shown while it is empty."""

import itertools
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QPoint,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QAction, QColor, QKeySequence, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QPushButton,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gui.model.mailbox_model import LEFT_ROLE, Column, Index, MailboxModel
from gui.model.mailbox_row import Row

TRY_THE_DEMO = "T&ry the demo (no account needed)"
_EMPTY = (
    "No mailbox yet. Enter an address above and press Get token. Sign in once in the browser. Then "
    "the mailbox appears here.\n\n"
    "For a migration, do this for the source and for the destination. Then select both here and "
    "copy the command for imapsync below."
)
_KEYS = {"refresh": "F5", "remove": "Del"}  # while the table has the focus
_ROWS = 3  # visible at least
_BAR_CHARACTERS = 9  # width of a bar
_BAR_HEIGHT = 0.5  # of the height of a line
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class TimeLeftDelegate(QStyledItemDelegate):
    """Shows the time that an access token is still valid, in words and as a bar beside them.

    The bar has the colour of the text, which is readable in selected rows too. It has no text on
    it, since its end would cut through the text.
    """

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the text, and the bar at the right."""
        super().paint(painter, option, index)
        fraction = index.data(LEFT_ROLE)
        if fraction is None:
            return
        room = QRectF(option.rect)
        height = round(option.fontMetrics.height() * _BAR_HEIGHT)
        bar = QRectF(0, 0, _bar_width(option), height)
        bar.moveRight(room.right() - height)
        bar.moveTop(round(room.center().y() - height / 2))
        rest = QRectF(bar)
        rest.setWidth(bar.width() * fraction)
        painter.save()
        painter.fillRect(rest, _text_colour(option))
        painter.setPen(_text_colour(option))
        painter.drawRect(bar)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the size of the text with the bar."""
        size = super().sizeHint(option, index)
        bar = _bar_width(option) + 2 * round(option.fontMetrics.height() * _BAR_HEIGHT)
        return size + QSize(bar, 0)


def _bar_width(option: QStyleOptionViewItem) -> int:
    return int(option.fontMetrics.averageCharWidth() * _BAR_CHARACTERS)


def _text_colour(option: QStyleOptionViewItem) -> QColor:
    """Return the colour of the text in the same cell."""
    from PySide6.QtWidgets import QStyle  # its enumerations are slow to load

    active = bool(option.state & QStyle.StateFlag.State_Active)
    group = QPalette.ColorGroup.Active if active else QPalette.ColorGroup.Inactive
    selected = bool(option.state & QStyle.StateFlag.State_Selected)
    role = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
    return option.palette.color(group, role)


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
    demo = Signal()
    selected = Signal(list)

    def __init__(self, model: MailboxModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._selected: dict[Path, Row] = {}  # in the order in which the user selected them
        self._busy = self._kept = 0  # how many of those are
        self._table = QTableView()
        self._table.setModel(model)
        self._table.setAccessibleName("Mailboxes")
        self._table.setAccessibleDescription("Hold Ctrl to select a source and a destination")
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._table.setItemDelegateForColumn(Column.LEFT, TimeLeftDelegate(self._table))
        self._table.setTabKeyNavigation(False)
        self._table.setAlternatingRowColors(True)
        self._table.setWordWrap(False)
        self._table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._table.verticalHeader().hide()
        header = self._table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setResizeContentsPrecision(0)  # only visible rows: measuring all takes long
        header.setSectionResizeMode(Column.STATE, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        header.setDefaultAlignment(_LEFT)
        rows = _ROWS * self._table.verticalHeader().defaultSectionSize()
        frame = 2 * self._table.frameWidth()
        self._table.setMinimumHeight(header.sizeHint().height() + rows + frame)
        self._actions = self._make_actions()
        self._demo = QPushButton(TRY_THE_DEMO)
        self._pages = QStackedWidget()
        self._lay_out()
        self._connect()
        self._show_rows()

    def _make_actions(self) -> dict[str, QAction]:
        texts = {
            "refresh": "&Refresh now",
            "check": "&Test the login",
            "keep": "&Keep refreshing",
            "sign_in": "S&ign in again",
            "open_folder": "&Open the folder",
            "remove": "R&emove…",
        }
        actions = {name: QAction(text, self) for name, text in texts.items()}
        actions["keep"].setCheckable(True)
        for name, key in _KEYS.items():
            actions[name].setShortcut(QKeySequence(key))
            actions[name].setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            self._table.addAction(actions[name])
        return actions

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        self._buttons = [self._button_for(action) for action in self._actions.values()]
        for button in self._buttons:
            buttons.addWidget(button)
        buttons.addStretch()
        full = QWidget()
        column = QVBoxLayout(full)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._table, 1)
        column.addLayout(buttons)
        empty = QWidget()
        text = QLabel(_EMPTY)
        text.setWordWrap(True)
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        rows = QVBoxLayout(empty)
        rows.addStretch()
        rows.addWidget(text)
        rows.addSpacing(text.fontMetrics().height())
        rows.addWidget(self._demo, 0, Qt.AlignmentFlag.AlignCenter)
        rows.addStretch()
        self._pages.addWidget(empty)
        self._pages.addWidget(full)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._pages)

    def _button_for(self, action: QAction) -> QAbstractButton:
        if action.isCheckable():
            button: QAbstractButton = QCheckBox(action.text())
        else:
            button = QPushButton(action.text(), autoDefault=False)
        button.clicked.connect(action.trigger)
        action.changed.connect(lambda: button.setEnabled(action.isEnabled()))
        action.toggled.connect(button.setChecked)
        return button

    def _connect(self) -> None:
        self._model.modelReset.connect(self._show_rows)
        self._model.rowsInserted.connect(lambda *_: self._show_page())
        self._model.rowsRemoved.connect(lambda *_: self._show_page())
        self._model.dataChanged.connect(lambda a, b: self._count_again(a.row(), b.row()))
        self._table.selectionModel().selectionChanged.connect(lambda *_: self._reselect())
        self._table.customContextMenuRequested.connect(self._show_menu)
        self._table.activated.connect(self._do_what_helps)  # Enter, or a double click
        self._demo.clicked.connect(self.demo)
        for name in ("refresh", "check", "sign_in", "open_folder", "remove"):
            self._actions[name].triggered.connect(self._emitter(name))
        self._actions["keep"].triggered.connect(self._keep_selected)

    def _emitter(self, name: str) -> Callable[[], None]:
        signal = getattr(self, name)

        def emit() -> None:
            if self._selected:
                signal.emit(self.selection())

        return emit

    def selection(self) -> list[Path]:
        """Return the selected token files, in the order in which the user selected them."""
        return list(self._selected)

    def select(self, path: Path) -> None:
        """Select the row of a token file."""
        if (number := self._model.number(path)) is not None:
            self._table.selectRow(number)

    def _keep_selected(self, on: bool) -> None:
        if self._selected:
            self.keep.emit(self.selection(), on)

    def _do_what_helps(self, index: Index) -> None:
        """A new sign-in if only that helps this mailbox, else a refresh."""
        helps = self._model.rows[index.row()].needs_sign_in(self._model.now)
        self._actions["sign_in" if helps else "refresh"].trigger()

    def _show_page(self) -> None:
        self._pages.setCurrentIndex(1 if self._model.rows else 0)

    def _show_rows(self) -> None:
        self._show_page()
        self._select_again()
        self._reselect()

    def _select_again(self) -> None:
        """Restore the selection, which Qt drops when the model is reset."""
        selection = QItemSelection()
        numbers = sorted(n for p in self._selected if (n := self._model.number(p)) is not None)
        # Few ranges: Qt compares each one with all others.
        for _, group in itertools.groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
            lines = [number for _, number in group]
            selection.select(self._model.index(lines[0], 0), self._model.index(lines[-1], 0))
        flags = QItemSelectionModel.SelectionFlag
        self._table.selectionModel().select(selection, flags.Select | flags.Rows)

    def _reselect(self) -> None:
        ranges = self._table.selectionModel().selection().toList()
        rows = [row for r in ranges for row in self._model.rows[r.top() : r.bottom() + 1]]
        selected = {row.path: row for row in rows}
        remaining = {path: selected[path] for path in self._selected if path in selected}
        self._selected = remaining | selected
        self._busy = sum(bool(row.busy) for row in self._selected.values())
        self._kept = sum(row.kept for row in self._selected.values())
        self._update_actions()
        self.selected.emit(self.selection())

    def _count_again(self, first: int, last: int) -> None:
        """Look at the changed rows only: thousands may be selected."""
        for row in self._model.rows[first : last + 1]:
            if before := self._selected.get(row.path):
                self._busy += bool(row.busy) - bool(before.busy)
                self._kept += row.kept - before.kept
                self._selected[row.path] = row
        self._update_actions()

    def _update_actions(self) -> None:
        for name, action in self._actions.items():
            is_idle = not self._busy or name in ("keep", "open_folder")
            action.setEnabled(bool(self._selected) and is_idle)
        is_kept = bool(self._selected) and self._kept == len(self._selected)
        self._actions["keep"].setChecked(is_kept)

    def _show_menu(self, where: QPoint) -> None:
        if not self._selected:
            return
        menu = QMenu(self)
        menu.addActions(list(self._actions.values()))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._table.viewport().mapToGlobal(where))
