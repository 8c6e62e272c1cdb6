"""What comes from outside: the command line at the start, an address from a second start."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject

from core.address import same_address
from core.errors import UsageProblem
from gui.controllers.sign_in import SignInController
from gui.model.mailbox_model import MailboxModel, Row
from gui.model.mailboxes import Mailboxes
from gui.model.start_arguments import StartArguments
from gui.widgets.advanced_panel import AdvancedPanel
from gui.widgets.error_panel import ErrorPanel
from gui.widgets.main_window import MainWindow


class StartupRequestController(QObject):
    """Refreshes the mailbox that is meant, or begins its sign-in; owns none of the parts."""

    def __init__(
        self,
        *,
        window: MainWindow,
        advanced: AdvancedPanel,
        error_panel: ErrorPanel,
        model: MailboxModel,
        mailboxes: Mailboxes,
        signing_in: SignInController,
        parent: QObject | None = None,
    ) -> None:
        """The parts are the window's."""
        super().__init__(parent)
        self._window = window
        self._bar = window.address_bar
        self._advanced = advanced
        self._error_panel = error_panel
        self._model = model
        self._mailboxes = mailboxes
        self._signing_in = signing_in
        self._address = ""  # the command line's

    def claim(self, address: str) -> bool:
        """Whether the command line named it, told once: afterwards the person decides.

        Such a mailbox is kept fresh, since a script's loop waits there for the window to end.
        """
        named = bool(address) and same_address(address, self._address)
        if named:
            self._address = ""
        return named

    def begin(self, start: StartArguments) -> None:
        """Do what the command line asked for."""
        self._address = start.address
        if start.provider not in ("", *self._mailboxes.catalog.providers):
            self._bar.set_address(start.address)
            unknown = f"There is no provider called {start.provider}"
            self._error_panel.show_error(UsageProblem(unknown, hint="Choose one in the list."))
            return
        self._bar.set_provider(start.provider)
        self._advanced.show_values(replace(self._advanced.values(), **start.fields))
        if ca_file := start.fields.get("ca_file"):
            network = self._mailboxes.network
            self._mailboxes.network = replace(network, ca_file=Path(ca_file).absolute())
        row = None
        if start.token_file is not None:
            self._mailboxes.include(start.token_file)
            self._mailboxes.reload()
            row = self._model.row(start.token_file)
        if row is not None and not start.start_over:
            self._window.come_to_front()
            self._refresh(row, keep=True)
            return
        self._signing_in.obey(start)
        if start.token_file is not None or start.start_over:
            self._window.come_to_front()
            self._get_token(start.address or (row.info.address if row else ""))
        else:
            self.take_address(start.address, start.provider)

    def take_address(self, address: str, provider: str = "") -> None:
        """Refresh its mailboxes, or get its token; "" only shows the window."""
        self._window.come_to_front()
        rows = [
            row
            for row in self._model.rows
            if row.info.address == address and provider in ("", row.info.provider)
        ]
        keep = bool(rows) and self.claim(address)  # else the sign-in's end asks
        for row in rows:
            self._refresh(row, keep=keep)
        if not rows:
            self._get_token(address)

    def _refresh(self, row: Row, *, keep: bool) -> None:
        self._mailboxes.refresh(row.path)
        if keep:
            self._mailboxes.keep(row.path, True)

    def _get_token(self, address: str) -> None:
        if address:
            self._bar.set_address(address)
            self._signing_in.get_token(address, self._bar.provider())
