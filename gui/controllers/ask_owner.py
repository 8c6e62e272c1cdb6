"""Asks the owner of a mailbox to sign in elsewhere: the text to send, and the answer."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from core.errors import AppError
from core.i18n.translation import _
from core.mailbox.job import Request
from core.model import Outcome
from gui.controllers.parts import Parts
from gui.controllers.sign_in import SignInController
from gui.model.messages import in_one_paragraph
from gui.model.owner_requests import Invitation

if TYPE_CHECKING:  # imported with the first request
    from core.open_requests.open_request import OpenRequest
    from gui.model.asked import AccountAsked
    from gui.widgets.request_dialog import RequestDialog


class AskOwnerController(QObject):
    """Connects the menus, the strip above the list, and the dialog with the open requests."""

    def __init__(
        self, parts: Parts, sign_in: SignInController, *, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._sign_in = sign_in
        self._open: Sequence[OpenRequest] = ()
        self._selected: list[Path] = []
        self._ask_selected = QAction(_("Ask the o&wner to sign in…"), self, enabled=False)
        self._connect()

    def _connect(self) -> None:
        parts, requests = self._parts, self._parts.owner_requests
        parts.mailbox_table.offer(self._ask_selected)
        parts.mailbox_table.selected.connect(self._select)
        parts.mailboxes.files.listed.connect(requests.reload)
        parts.request_strip.paste_wanted.connect(lambda: requests.show(self._open[0]))
        self._ask_selected.triggered.connect(self._ask_for_selected)
        requests.changed.connect(self._show_open)
        requests.shown.connect(self._show)
        requests.link_changed.connect(self._show_link)
        requests.asked.connect(self._ask_account)
        requests.signed_in.connect(self._succeed)
        requests.refused.connect(self._fail)
        requests.failed.connect(self._fail)

    def ask(self) -> None:
        """Ask the owner of the mailbox that the address bar names."""
        bar = self._parts.window.address_bar
        request = self._sign_in.request_in_fields(bar.address(), bar.provider())
        if request is not None:
            self._ask(request)

    def _ask(self, request: Request) -> None:
        self._parts.window.note(
            _("Making a sign-in request for {address}…", address=request.address)
        )
        self._parts.owner_requests.ask(request)

    def _select(self, paths: list[Path]) -> None:
        self._selected = paths
        is_one = len(paths) == 1 and not self._parts.rehearsal.has(paths[0])
        self._ask_selected.setEnabled(is_one)

    def _ask_for_selected(self) -> None:
        row = self._parts.model.row(self._selected[0])
        if row is not None:
            self._ask(self._parts.mailboxes.requests.for_sign_in(row.info))

    @cached_property
    def _dialog(self) -> "RequestDialog":
        from gui.widgets.request_dialog import RequestDialog

        requests = self._parts.owner_requests
        dialog = RequestDialog(self._parts.window)
        dialog.chosen.connect(requests.show)
        dialog.pasted.connect(requests.finish)
        dialog.cancel_wanted.connect(self._cancel)
        return dialog

    @property
    def _is_shown(self) -> bool:
        return "_dialog" in self.__dict__ and self._dialog.isVisible()

    def _show(self, invitation: Invitation) -> None:
        dialog = self._dialog
        dialog.show_requests(self._open)
        dialog.show_invitation(invitation)
        dialog.show()
        dialog.fit_height()
        dialog.raise_()
        dialog.activateWindow()
        dialog.focus_answer()

    def _show_link(self, invitation: Invitation) -> None:
        if self._is_shown:
            self._dialog.show_invitation(invitation)

    def _show_open(self, requests: "Sequence[OpenRequest]") -> None:
        self._open = requests
        self._parts.request_strip.show_requests(requests)
        if self._is_shown:
            self._dialog.show_requests(requests)

    def _cancel(self, request: "OpenRequest") -> None:
        self._dialog.close()
        self._parts.owner_requests.cancel(request)
        self._parts.window.note(
            _("The sign-in request for {address} is cancelled", address=request.address)
        )

    def _ask_account(self, asked: "AccountAsked") -> None:
        from gui.widgets.account_box import show_account_box  # rarely needed

        show_account_box(asked.question, asked.answer, self._parts.window)

    def _succeed(self, outcome: Outcome) -> None:
        self._dialog.close()
        self._sign_in.take(outcome)

    def _fail(self, error: AppError) -> None:
        if self._is_shown:
            self._dialog.tell(in_one_paragraph(error))
        else:
            self._parts.message_bar.show_error(error)
