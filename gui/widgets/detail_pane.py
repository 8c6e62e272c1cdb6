"""What is known of the selected mailbox, and what can be done with it; or of how many there are."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.widgets.tab_order import put_into_tab_order

if TYPE_CHECKING:  # imported when a mailbox is selected for the first time
    from gui.model.detail import Detail, Summary
    from gui.model.mailbox_history import MailboxHistory
    from gui.widgets.detail_view import DetailView

_GAP = 8  # pixels


class DetailPane(QWidget):
    """Hidden while nothing is selected; its widgets are made for the first selection.

    Its buttons are the list's actions, so they act on what is selected there.
    """

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, _GAP)  # with it the gap goes
        self.hide()

    @cached_property
    def _view(self) -> "DetailView":
        from gui.widgets.detail_view import DetailView

        view = DetailView(self._actions)
        self._column.addWidget(view)
        put_into_tab_order(view, self)
        return view

    def show_nothing(self) -> None:
        """Nothing is selected."""
        self.hide()

    def show_one(self, detail: "Detail") -> None:
        """Show a mailbox; the history of another one goes."""
        self._view.show_one(detail)
        self.show()

    def show_history(self, history: "MailboxHistory") -> None:
        """Show the history of the mailbox that is shown."""
        self._view.show_history(history)

    def show_many(self, summary: "Summary") -> None:
        """Show how many mailboxes are selected; the actions are for all of them."""
        self._view.show_many(summary)
        self.show()
