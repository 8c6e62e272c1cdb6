"""Says what the user has copied or saved for imapsync, and what may still be wrong with it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.i18n.translation import N_, _, joined
from core.imapsync.command import Side
from core.imapsync.shell_quoting import Shell
from gui.model.imapsync_run import sides_text
from gui.model.run_words import GET_IT
from gui.model.shell_words import PASTE
from gui.widgets.command_text import clipboard_text, follow_clipboard
from gui.widgets.keep_room import keep_room
from gui.widgets.note_label import NoteLabel

_OTHER_PROGRAM = N_(
    "⚠ The command that you copied does not start the imapsync that is chosen now. Copy it again."
)
_OTHER_SIDES = N_("⚠ The command that you copied is for {who}. Copy it again.")
Pair = tuple[Side, Side]


class DoneNote(NoteLabel):
    """Hidden while there is nothing to say; it then keeps the room of what it has said last.

    As long as the clipboard has a command for other sides than those shown, or with another
    imapsync, it says so.
    """

    said = Signal()  # an answer to a press

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        """`shell` is the one whose words have room at the beginning."""
        super().__init__(_(PASTE[shell]), parent)
        self._shown_pair: Pair | None = None
        self._copied_pair: Pair | None = None
        self._copied = self._done = self._paste = ""
        self._starts_another = False  # imapsync than the one of now
        keep_room(self)
        self.hide()
        follow_clipboard(self._follow_clipboard)

    def say(self, text: str) -> None:
        """Say what the user has done; empty for nothing."""
        self._done = text
        warning = self._warning()
        if whole := "\n".join(filter(None, (text, warning))):
            self.setText(whole)
        self.setVisible(bool(whole))
        if text:
            self.said.emit()

    def say_copied(self, shell: Shell) -> None:
        """Say where to paste the command that was just copied for the pair that is shown."""
        self._copied_pair, self._copied = self._shown_pair, clipboard_text()
        self._paste = _(PASTE[shell])
        self._starts_another = False
        self.say(self._paste)

    def say_missing(self) -> None:
        """Say that the command finds no imapsync here, unless there is other news."""
        if self._done == self._paste and not self.isHidden():
            lost = joined((_("imapsync was not found on this computer."), _(GET_IT)))
            self.say(f"⚠ {lost}\n{self._paste}")

    @property
    def unread(self) -> str:
        """What it says, unless the whole of it is in view."""
        is_seen = self.visibleRegion().boundingRect() == self.rect()
        return "" if is_seen or self.isHidden() else self.text()

    def follow_run(self) -> None:
        """A run begins: below it, all this would seem to be about that."""
        self._starts_another = False  # who runs imapsync here knows which one
        self.say("")

    def follow_program(self) -> None:
        """The commands start another imapsync from now on."""
        self._starts_another = True
        self.say("")

    def follow_sides(self, both: Pair | None) -> None:
        """Another pair is shown, or the other direction, or none."""
        self._shown_pair = both
        self.say("")

    def _follow_clipboard(self) -> None:
        """Warn no more of a command that is not there any more; once gone, it does not return."""
        if self._copied_pair is not None and clipboard_text() != self._copied:
            self._copied_pair = None
            self.say(self._done)

    def _warning(self) -> str:
        shown, copied = self._shown_pair, self._copied_pair
        if shown is None or copied is None:
            return ""
        if copied == shown:
            return _(_OTHER_PROGRAM) if self._starts_another else ""
        return _(_OTHER_SIDES, who=sides_text(*copied))
