"""Which of the selected mailboxes is imapsync's source, and which its destination."""

from pathlib import Path

from PySide6.QtCore import QObject

from core.imapsync.options import Side
from gui.model.mailbox_model import MailboxModel
from gui.widgets.imapsync_panel import ImapsyncPanel
from gui.widgets.mailbox_table import MailboxTable


class SourceDestinationController(QObject):
    """The first two selected, in this order until they are swapped."""

    def __init__(
        self,
        mailbox_table: MailboxTable,
        imapsync: ImapsyncPanel,
        model: MailboxModel,
        *,
        parent: QObject | None = None,
    ) -> None:
        """The parts are the window's."""
        super().__init__(parent)
        self._list = mailbox_table
        self._panel = imapsync
        self._model = model
        self._chosen: list[Path] = []
        self._swapped = False
        mailbox_table.selected.connect(self._choose)
        imapsync.swapped.connect(self._swap)

    def show_sides(self) -> None:
        """As they stand now; the files may have changed."""
        sides = [self._side(path) for path in self._list.selection()[:2]]
        source, destination = [*sides, None, None][:2]
        if self._swapped:
            source, destination = destination, source
        self._panel.show_sides(source, destination)

    def _choose(self, paths: list[Path]) -> None:
        if paths != self._chosen:
            self._chosen, self._swapped = paths, False
        self.show_sides()

    def _swap(self) -> None:
        self._swapped = not self._swapped
        self.show_sides()

    def _side(self, path: Path) -> Side | None:
        row = self._model.row(path)
        if row is None or not row.info.imap_host:
            return None
        info = row.info
        return Side(info.address, info.path, info.imap_host, info.imap_port, info.imap_starttls)
