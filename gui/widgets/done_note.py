"""Says what the user has copied or saved for imapsync, and what may still be wrong with it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from core.i18n.translation import N_, _, joined
from core.imapsync.command import Side
from core.imapsync.shell_quoting import Shell
from gui.model.imapsync_run import sides_text
from gui.model.run_words import GET_IT
from gui.model.shell_words import PASTE
from gui.widgets.keep_room import keep_room
from gui.widgets.plain_label import PlainLabel

_OTHER_SIDES = N_("⚠ The command that you copied is for {who}. Copy it again.")


class DoneNote(PlainLabel):
    """Hidden while there is nothing to say; it then keeps the room of what it has said last."""

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        """`shell` is the one whose words have room at the beginning."""
        super().__init__(parent, break_words=True)
        self._pair: tuple[Side, Side] | None = None  # for which a command was copied
        self._paste = self._warning = ""
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        keep_room(self)
        self.setText(_(PASTE[shell]))
        self.hide()

    def say(self, *lines: str) -> None:
        """Say what the user has done; nothing hides it."""
        if text := "\n".join(filter(None, lines)):
            self.setText(text)
        self.setVisible(bool(text))

    def say_copied(self, shell: Shell, pair: tuple[Side, Side] | None, warning: str) -> None:
        """Say where to paste the command for a pair, and a warning about its mailboxes."""
        self._pair, self._paste, self._warning = pair, _(PASTE[shell]), warning
        self.say(self._paste, warning)

    def say_missing(self) -> None:
        """Say that the command finds no imapsync here."""
        if not self.isHidden():
            lost = _("imapsync was not found on this computer.")
            self.say(joined((self._paste, lost, _(GET_IT))), self._warning)

    def follow_sides(self, both: tuple[Side, Side] | None) -> None:
        """Say that the clipboard has the command for another pair, or for the other direction."""
        copied = None if self.isHidden() else self._pair
        is_other = copied is not None and both is not None and copied != both
        self.say(_(_OTHER_SIDES, who=sides_text(*copied)) if copied and is_other else "")
