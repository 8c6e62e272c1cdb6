"""The list of mailboxes: a table, its actions, and what is shown while it is empty."""

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
from PySide6.QtGui import QAction, QColor, QPainter, QPalette
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
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gui.model.mailbox_model import LEFT_ROLE, Column, Index, MailboxModel

TRY_THE_DEMO = "T&ry the demo (no account needed)"
_EMPTY = (
    "No mailbox yet. Enter an address above and press Get token. Sign in once in the browser. Then "
    "the mailbox appears here.\n\n"
    "For a migration, do this for the source and for the destination. Then select both here and "
    "copy the command for imapsync below."
)
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
    active = bool(option.state & QStyle.StateFlag.State_Active)
    group = QPalette.ColorGroup.Active if active else QPalette.ColorGroup.Inactive
    selected = bool(option.state & QStyle.StateFlag.State_Selected)
    role = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
    return option.palette.color(group, role)


class MailboxTable(QWidget):
    """Emits what the user wants done, with the token file of each selected row."""

    refresh = Signal(Path)
    check = Signal(Path)
    keep = Signal(Path, bool)
    sign_in = Signal(Path)
    open_folder = Signal(Path)
    remove = Signal(Path)
    demo = Signal()
    selected = Signal(list)  # of Path, in the order in which the user selected them

    def __init__(self, model: MailboxModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._order: list[Path] = []
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
        self._model.dataChanged.connect(lambda *_: self._update_actions())
        self._table.selectionModel().selectionChanged.connect(lambda *_: self._reselect())
        self._table.customContextMenuRequested.connect(self._show_menu)
        self._table.doubleClicked.connect(lambda _: self._actions["refresh"].trigger())
        self._demo.clicked.connect(self.demo)
        for name in ("refresh", "check", "sign_in", "open_folder", "remove"):
            self._actions[name].triggered.connect(self._emitter(name))
        self._actions["keep"].triggered.connect(self._keep_selected)

    def _emitter(self, name: str) -> Callable[[], None]:
        signal = getattr(self, name)

        def emit() -> None:
            for path in list(self._order):
                signal.emit(path)

        return emit

    def selection(self) -> list[Path]:
        """Return the selected token files, in the order in which the user selected them."""
        return list(self._order)

    def select(self, path: Path) -> None:
        """Select the row of a token file."""
        for number, row in enumerate(self._model.rows):
            if row.path == path:
                self._table.selectRow(number)

    def _keep_selected(self, on: bool) -> None:
        for path in list(self._order):
            self.keep.emit(path, on)

    def _show_rows(self) -> None:
        self._pages.setCurrentIndex(1 if self._model.rows else 0)
        self._select_again()
        self._reselect()

    def _select_again(self) -> None:
        """Restore the selection, which Qt drops when the model is reset."""
        selection = QItemSelection()
        for number, row in enumerate(self._model.rows):
            if row.path in self._order:
                index = self._model.index(number, 0)
                selection.select(index, index)
        flags = QItemSelectionModel.SelectionFlag
        self._table.selectionModel().select(selection, flags.Select | flags.Rows)

    def _reselect(self) -> None:
        rows = self._table.selectionModel().selectedRows()
        paths = [self._model.rows[index.row()].path for index in rows]
        selected = set(paths)
        remaining = dict.fromkeys(p for p in self._order if p in selected)
        self._order = list(remaining | dict.fromkeys(paths))
        self._update_actions()
        self.selected.emit(list(self._order))

    def _update_actions(self) -> None:
        order = set(self._order)
        rows = [row for row in self._model.rows if row.path in order]
        for name, action in self._actions.items():
            idle = all(not row.busy for row in rows) or name in ("keep", "open_folder")
            one = len(rows) == 1 or name != "sign_in"  # one sign-in at a time
            action.setEnabled(bool(rows) and idle and one)
        self._actions["keep"].setChecked(bool(rows) and all(row.kept for row in rows))

    def _show_menu(self, where: QPoint) -> None:
        if not self._order:
            return
        menu = QMenu(self)
        menu.addActions(list(self._actions.values()))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._table.viewport().mapToGlobal(where))
