"""What stands above the list: how many mailboxes there are, the search, and the order."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QFont, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QMenu, QPushButton, QWidget

from core.i18n.translation import _, ngettext, number
from gui.model.list_line import Order
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.outlined import Menu

_SEARCH_WIDTH = 22  # characters


class SearchField(QLineEdit):
    """Esc empties it; without a text, Esc does what it does elsewhere in the window."""

    left = Signal()  # the user goes on in the list

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(_("Address or provider"))
        self.setAccessibleName(_("Search mailboxes"))
        self.setMaximumWidth(_SEARCH_WIDTH * self.fontMetrics().averageCharWidth())
        self.textChanged.connect(self._offer_to_clear)

    def _offer_to_clear(self) -> None:
        """Add the clear button when it is needed: it searches the icon themes, which is slow."""
        self.setClearButtonEnabled(True)

    def event(self, event: QEvent) -> bool:
        """Take Esc before the window's shortcut does, while there is a text."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() == Qt.Key.Key_Escape
            and self.text()
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Empty the field, or go to the list."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
        else:
            super().keyPressEvent(event)


class ListToolbar(QWidget):
    """Emits what the user searches for, and in which order the list is wanted."""

    searched = Signal(str)
    order_chosen = Signal(str)  # the name of an Order
    left = Signal()  # from the search to the list

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = ElidedLabel()  # it changes often: a long one must not move the list
        self._count.setObjectName("count")
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        self._count.setFont(font)
        self._find = QLabel(_("F&ind"))
        self._search = SearchField()
        self._find.setBuddy(self._search)
        # No tool button: the arrow of its menu touches the text.
        self._sort = QPushButton(_("S&ort by"), autoDefault=False)
        self._orders: dict[Order, QAction] = {}
        self._sort.setMenu(self._make_menu())
        self._lay_out()
        self._search.textChanged.connect(self.searched)
        self._search.left.connect(self.left)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self.search)

    def _make_menu(self) -> QMenu:
        menu, group = Menu(self), QActionGroup(self)
        for order in Order:
            action = menu.addAction(f"&{_(order)}")
            action.setCheckable(True)
            self._orders[order] = action
            action.triggered.connect(
                lambda _=False, order=order: self.order_chosen.emit(order.value)
            )
            group.addAction(action)
        return menu

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._count)
        row.addStretch()
        for widget in (self._find, self._search, self._sort):
            row.addWidget(widget)

    @property
    def text(self) -> str:
        """What is searched for."""
        return self._search.text()

    def search(self) -> None:
        """Go to the search field."""
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def clear(self) -> None:
        """Search for nothing."""
        self._search.clear()

    def show_order(self, order: Order) -> None:
        """Show in which order the list is."""
        self._orders[order].setChecked(True)

    def show_counts(self, *, total: int, found: int, needing: int, busy: int) -> None:
        """Show how many mailboxes there are, are found, need the user, and are in progress."""
        counts = [
            ngettext(
                "{found} of {count} mailbox",
                "{found} of {count} mailboxes",
                total,
                found=number(found),
            )
            if self.text
            else ngettext("{count} mailbox", "{count} mailboxes", total)
        ]
        if needing:
            counts.append(ngettext("{count} needs you", "{count} need you", needing))
        if busy > 1:  # what is done with one stands in its row
            counts.append(_("{count} in progress", count=number(busy)))
        self._count.setText(" · ".join(counts))
