"""The "Keep refreshing" box: ticked if all mailboxes are kept fresh, half ticked if some are."""

from PySide6.QtCore import Qt

from core.i18n.translation import N_, _, number
from gui.model.plain_text import tool_tip
from gui.widgets.outlined import CheckBox

_TIP = N_("Refreshes the tokens of all mailboxes before they expire, until this window is closed.")
_SOME = N_("It is on for {kept} of {total} mailboxes. A click turns it on for all of them.")
_States = Qt.CheckState


class KeepBox(CheckBox):
    """A click leads to all mailboxes, or to none, never to some of them."""

    def nextCheckState(self) -> None:
        """Tick the box, unless it is ticked."""
        is_ticked = self.checkState() == _States.Checked
        self.setCheckState(_States.Unchecked if is_ticked else _States.Checked)

    def show_kept(self, kept: int, total: int) -> None:
        """Show how many of all mailboxes are kept fresh."""
        tip = _(_TIP) if kept in (0, total) else _(_SOME, kept=number(kept), total=number(total))
        self.setToolTip(tool_tip(tip))
        some = _States.PartiallyChecked if kept else _States.Unchecked
        self.setCheckState(_States.Checked if kept == total else some)
