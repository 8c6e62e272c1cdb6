"""Does what the buttons of the message bar say: they lead to what an error names."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject

from gui.controllers.parts import Parts
from gui.controllers.save_report import SaveReportController
from gui.controllers.settings import SettingsController
from gui.controllers.sign_in_queue import Turn
from gui.model.message_act import Act
from gui.system.open_external import open_or_tell


class MessageActsController(QObject):
    """Connects the bar with the rest of the window."""

    def __init__(
        self,
        parts: Parts,
        settings: SettingsController,
        report: SaveReportController,
        *,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._does: Mapping[Act, Callable[[], None]] = {
            Act.OPTIONS: self._open_options,
            Act.SETTINGS: settings.open,
            Act.PROVIDER: self._choose_provider,
            Act.OWN_PROVIDERS: self._open_own_providers,
            Act.REMOVE: self._remove,
            Act.REPORT: report.save,
            Act.RUN: parts.migration.show_run_again,
        }
        parts.message_bar.act_wanted.connect(lambda act: self._does[act]())

    def _open_options(self) -> None:
        self._name_mailbox()
        self._parts.window.address_bar.options_wanted.emit()

    def _choose_provider(self) -> None:
        self._name_mailbox()
        self._parts.window.address_bar.choose_provider()

    def _name_mailbox(self) -> None:
        """Put the mailbox of the error into the fields: what the user changes is for it."""
        bar, message = self._parts.window.address_bar, self._parts.message_bar.message
        row = self._parts.model.row(message.path) if message.path else None
        if row is not None:
            address, provider = row.info.address, row.info.provider
        elif isinstance(message.failed, Turn):
            address, provider = message.failed.request.address, message.failed.request.provider
        else:
            return
        if address != bar.address():
            bar.set_address(address)
            bar.set_provider(provider)

    def _open_own_providers(self) -> None:
        """Open the file, or the folder in which the user can create it."""
        file = self._parts.mailboxes.own_file
        open_or_tell(file if file.exists() else file.parent, self._parts.window.note)

    def _remove(self) -> None:
        if path := self._parts.message_bar.message.path:
            self._parts.mailbox_table.remove.emit([path])
