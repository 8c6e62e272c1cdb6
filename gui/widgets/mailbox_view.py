"""The list as it scrolls: what a click in a row means, and that rows stay under the mouse.

A table with one column, since Qt's table asks its model for the visible lines alone. A tree or a
list of Qt asks for all of them after each change, which is felt with thousands.
"""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QCursor, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QHeaderView,
    QTableView,
    QWidget,
)

from gui.model.mailbox_list import MailboxList
from gui.model.mailbox_row import Group
from gui.widgets.list_selection import ListSelection
from gui.widgets.mailbox_drag import mailbox_drag
from gui.widgets.row_delegate import Part, RowDelegate, Spot, first_heading_height, row_height

_LEAST_ROWS = 2  # visible
_MENU_KEY = Qt.KeyboardModifier.ShiftModifier | Qt.Key.Key_F10
_Action = QAbstractItemView.CursorAction


class MailboxView(QTableView):
    """Shows the lines of a `MailboxList`."""

    act_wanted = Signal(Path)  # the button of this mailbox's row was clicked
    menu_wanted = Signal(Path, QPoint)  # of this mailbox; the place on the screen
    dots_clicked = Signal(Path, QPoint)  # those of one row
    fold_toggled = Signal(Group)  # the user folds or unfolds it

    def __init__(self, lines: MailboxList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = lines
        self._delegate = RowDelegate(lines, self)
        self._before: list[tuple[Path, Group, int]] = []  # where mailboxes were
        self._current: Path | None = None
        self._press: QMouseEvent | None = None  # on a mailbox that is then clicked or dragged
        lines.arranging.connect(self._remember_places)
        self.setModel(lines)
        self.selection = ListSelection(lines, self)
        self.setSelectionModel(self.selection)
        lines.arranged.connect(self._fit_headings)
        lines.arranged.connect(self._restore_places)
        lines.modelReset.connect(self._restore_current)
        self.setItemDelegate(self._delegate)
        self._set_look()

    def _set_look(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(1)  # the style's would count for headings too
        self.verticalHeader().hide()
        self._measure()

    def _measure(self) -> None:
        height = row_height(self.fontMetrics())
        self.verticalHeader().setDefaultSectionSize(height)
        self.setMinimumHeight(_LEAST_ROWS * height)
        self._fit_headings()

    def _fit_headings(self) -> None:
        """Let no gap be above the first heading; one that was the first may be another now."""
        header = self.verticalHeader()
        for group in Group:
            line = self._lines.heading_line(group)
            is_shown = line < self._lines.rowCount() and self._lines.path(line) is None
            if is_shown and line:
                header.resizeSection(line, header.defaultSectionSize())
            elif is_shown:
                header.resizeSection(line, first_heading_height(self.fontMetrics()))

    def changeEvent(self, event: QEvent) -> None:
        """Follow another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._measure()

    def moveCursor(self, action: _Action, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Begin with the first mailbox; Home and End lead to the first and the last one."""
        if not self.currentIndex().isValid():
            return self._first()
        if action in (_Action.MoveHome, _Action.MoveEnd):  # in a table they stay in the row
            modifiers |= Qt.KeyboardModifier.ControlModifier
        return super().moveCursor(action, modifiers)

    def _first(self) -> QModelIndex:
        if not self._lines.rowCount() or self._lines.group(0) in self._lines.folded:
            return self._lines.index(0)
        return self._lines.index(1)  # below its heading

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click, or a drag of a mailbox, for which the selection stays as it is."""
        is_left = event.button() == Qt.MouseButton.LeftButton
        is_plain = is_left and event.modifiers() == Qt.KeyboardModifier.NoModifier
        self._press = None
        self._delegate.pressed = self._spot(event) if is_left else None
        heading = self._heading_at(event) if is_left else None
        if heading is not None:
            self._toggle(heading)
        elif self._delegate.pressed is None and is_plain and self._path_at(event):
            self._press = event.clone()
        elif self._delegate.pressed is None:
            super().mousePressEvent(event)
        self.viewport().update()

    def _heading_at(self, event: QMouseEvent) -> Group | None:
        line = self.rowAt(event.position().toPoint().y())
        is_heading = line >= 0 and self._lines.path(line) is None
        return self._lines.group(line) if is_heading else None

    def _path_at(self, event: QMouseEvent) -> Path | None:
        line = self.rowAt(event.position().toPoint().y())
        return self._lines.path(line) if line >= 0 else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Fold with Left, and unfold with Right or Enter; the folded heading is then current.

        Shift+F10 opens the menu: Qt does that for the key Menu alone.
        """
        keys, index = Qt.Key, self.currentIndex()
        is_heading = index.isValid() and self._lines.path(index.row()) is None
        unfolds = event.key() in (keys.Key_Right, keys.Key_Return, keys.Key_Enter, keys.Key_Space)
        if index.isValid() and (unfolds if is_heading else event.key() == keys.Key_Left):
            self._toggle(self._lines.group(index.row()))
        elif event.keyCombination() == _MENU_KEY:
            self._want_menu(index, self.visualRect(index).center())
        else:
            super().keyPressEvent(event)

    def _toggle(self, group: Group) -> None:
        self.fold_toggled.emit(group)
        line = self._lines.heading_line(group)
        if group not in self._lines.folded:  # go on where the user was, or begin at the top
            selected = (index.row() for index in self.selection.selectedRows())
            below = [row for row in selected if group == self._lines.group(row)]
            line = min(below, default=line + 1)
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(self._lines.index(line), flags.NoUpdate)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show what is under the mouse, or drag a mailbox."""
        self._show_hot(self._spot(event))
        if self._press is not None:
            moved = (event.position() - self._press.position()).manhattanLength()
            if moved >= QApplication.startDragDistance():
                self._drag(self._press)
        elif self._delegate.pressed is None:
            super().mouseMoveEvent(event)

    def _drag(self, press: QMouseEvent) -> None:
        self._press = None
        index = self.indexAt(press.position().toPoint())
        if path := self._path_at(press):
            mailbox_drag(path, str(index.data()), self).exec(Qt.DropAction.CopyAction)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a click."""
        pressed, self._delegate.pressed = self._delegate.pressed, None
        press, self._press = self._press, None
        self.viewport().update()
        if press is not None:
            if self._path_at(press) == self._path_at(event):
                super().mousePressEvent(press)
                super().mouseReleaseEvent(event)
        elif pressed is None:
            super().mouseReleaseEvent(event)
        elif pressed == self._spot(event) and (path := self._lines.path(pressed.line)):
            self._click(path, pressed.part, event.globalPosition().toPoint())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Take the second click on a button for nothing more than a click."""
        if self._spot(event) is None:
            super().mouseDoubleClickEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the row under the mouse, or of the current one for a key."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        self._want_menu(index, self.visualRect(index).center() if by_key else event.pos())

    def _want_menu(self, index: QModelIndex, where: QPoint) -> None:
        if index.isValid() and (path := self._lines.path(index.row())):
            self.menu_wanted.emit(path, self.viewport().mapToGlobal(where))

    def leaveEvent(self, event: QEvent) -> None:
        """Show that nothing is under the mouse."""
        self._show_hot(None)
        super().leaveEvent(event)

    def _click(self, path: Path, part: Part, where: QPoint) -> None:
        if part is Part.BUTTON:
            self.act_wanted.emit(path)
        else:
            self.dots_clicked.emit(path, where)

    def _spot(self, event: QMouseEvent) -> Spot | None:
        where = event.position().toPoint()
        index = self.indexAt(where)
        if not index.isValid():
            return None
        rect = self.visualRect(index)
        part = self._delegate.part_at(where, rect, index.row(), self.font())
        return Spot(index.row(), part) if part else None

    def _show_hot(self, spot: Spot | None) -> None:
        if spot != self._delegate.hot:
            self._delegate.hot = spot
            self.viewport().update()

    def _remember_places(self) -> None:
        """Note which mailbox is current, and where the visible ones are, from the mouse on."""
        current = self.currentIndex()
        self._current = self._lines.path(current.row()) if current.isValid() else None
        self._before = [
            (path, self._lines.group(line), self.rowViewportPosition(line))
            for line in self._visible_lines()
            if (path := self._lines.path(line))
        ]

    def _visible_lines(self) -> Iterable[int]:
        """Return the visible lines, the nearest to the mouse first; none if the top is to stay."""
        # Not the viewport's: it is Qt's own widget, and for one of these PySide loads all classes.
        is_inside = self.underMouse()
        if not is_inside and not self.verticalScrollBar().value():
            return ()
        top, bottom = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        last = bottom if bottom >= 0 else self._lines.rowCount() - 1
        mouse = self.viewport().mapFromGlobal(QCursor.pos())
        near = self.rowAt(mouse.y()) if is_inside else top
        return sorted(range(max(top, 0), last + 1), key=lambda line: abs(line - near))

    def _restore_places(self) -> None:
        """Scroll so that the first of them that stays in its group doesn't move."""
        self._delegate.hot = self._delegate.pressed = None
        for path, group, y in self._before:
            line = self._lines.line(path)
            if line is not None and group == self._lines.group(line):
                self.updateGeometries()  # the length of the scroll bar
                moved = self.rowViewportPosition(line) - y
                self.verticalScrollBar().setValue(self.verticalScrollBar().value() + moved)
                return

    def _restore_current(self) -> None:
        line = self._lines.line(self._current) if self._current else None
        if line is not None:
            self.selectionModel().setCurrentIndex(
                self._lines.index(line), QItemSelectionModel.SelectionFlag.NoUpdate
            )
