"""Decides which of the selected mailboxes is imapsync's source, and which its destination."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gui.controllers.parts import Parts

if TYPE_CHECKING:  # imported when a mailbox is selected for the first time
    from core.imapsync.command import Side


class SourceDestinationController(QObject):
    """Takes the first two mailboxes in the order of selection, until the user swaps them."""

    def __init__(self, parts: Parts, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._selected: list[Path] = []
        self._swapped = False
        self._shown: tuple[Side | None, Side | None] = None, None
        parts.mailbox_table.selected.connect(self._select)
        parts.mailboxes.files.listed.connect(self._show_sides)
        parts.model.dataChanged.connect(lambda *_: self._show_sides())
        parts.imapsync.swapped.connect(self._swap)

    def _select(self, paths: list[Path]) -> None:
        if paths != self._selected:
            self._selected, self._swapped = paths, False
        self._show_sides()

    def _swap(self) -> None:
        self._swapped = not self._swapped
        self._show_sides()

    def _show_sides(self) -> None:
        sides = [self._side(path) for path in self._selected[:2]]
        source, destination = [*sides, None, None][:2]
        if self._swapped:
            source, destination = destination, source
        if (source, destination) != self._shown:
            self._shown = source, destination
            self._parts.imapsync.show_sides(source, destination)

    def _side(self, path: Path) -> "Side | None":
        row = self._parts.model.row(path)
        if row is None or not row.info.imap_host:
            return None
        from core.imapsync.command import Side

        info = row.info
        return Side(info.address, info.path, info.imap_host, info.imap_port, info.imap_starttls)
