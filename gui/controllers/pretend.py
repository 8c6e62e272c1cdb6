"""Lets the user try what happens when a sign-in ends: with a pretend mailbox, nothing is lost."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject

from gui.controllers.parts import Parts


class PretendController(QObject):
    """Offers it in the menus while only pretend mailboxes are selected."""

    def __init__(self, parts: Parts, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        parts.mailbox_table.selected.connect(self._offer)
        parts.mailbox_table.end_sign_in.connect(self._end_sign_in)

    def _offer(self, paths: Sequence[Path]) -> None:
        are_pretend = bool(paths) and all(map(self._parts.rehearsal.has, paths))
        self._parts.mailbox_table.actions_by_name["end_sign_in"].setVisible(are_pretend)

    def _end_sign_in(self, paths: Sequence[Path]) -> None:
        """Let the provider end the sign-ins, and refresh: the refresh then meets what is so."""
        parts = self._parts
        for path in paths:
            if row := parts.model.row(path):
                parts.rehearsal.end_sign_in(row.info.address)
        parts.mailboxes.refresh(paths, even_young=True)
