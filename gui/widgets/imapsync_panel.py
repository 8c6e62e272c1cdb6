"""What imapsync needs of the selected mailboxes: their options, the commands and a script."""

import sys
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from gui.widgets.tab_order import put_into_tab_order

if TYPE_CHECKING:  # imported when a mailbox is selected for the first time
    from core.imapsync.command import Side
    from gui.widgets.imapsync_commands import ImapsyncCommands

_EMPTY = (
    "Select a mailbox above to get its options for imapsync.\n\n"
    "Select the source. Then hold Ctrl and select the destination to get the whole command."
)
_OF_STYLE = -1  # as if the margin had not been set


class ImapsyncPanel(QWidget):
    """Emits `swapped` for its Swap button; the controller then calls `show_sides`."""

    swapped = Signal()

    def __init__(
        self,
        program: Sequence[str] = (),
        *,
        platform: str = sys.platform,
        parent: QWidget | None = None,
    ) -> None:
        """`program` is the command with which imapsync starts us; empty where there is none."""
        super().__init__(parent)
        self._program = tuple(program)
        self._platform = platform
        self._pages = QStackedWidget()
        self._lay_out()

    def _lay_out(self) -> None:
        self._empty = QLabel(_EMPTY)
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages.addWidget(self._empty)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, _OF_STYLE, 0, 0)
        outer.addWidget(self._pages)

    @cached_property
    def _commands(self) -> "ImapsyncCommands":
        """The commands, made for the first mailbox that is selected."""
        from gui.widgets.imapsync_commands import ImapsyncCommands

        commands = ImapsyncCommands(self._program, platform=self._platform)
        commands.swapped.connect(self.swapped)
        self._pages.addWidget(commands)
        put_into_tab_order(commands, self)
        return commands

    def show_sides(self, source: "Side | None", destination: "Side | None") -> None:
        """Show two mailboxes; a single one is shown as source and as destination."""
        self._commands.show_sides(source, destination)
        self._pages.setCurrentWidget(self._commands if source or destination else self._empty)
