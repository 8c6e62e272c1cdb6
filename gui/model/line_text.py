"""What a line of the list says: as text, as tool tip, and for screen readers."""

from collections.abc import Iterator

from PySide6.QtCore import Qt

from core.i18n.translation import _
from gui.model.mailbox_row import Row
from gui.model.next_act import next_act
from gui.model.plain_text import plain, tool_tip

_ROLES = Qt.ItemDataRole
_TEXTS = (_ROLES.DisplayRole, _ROLES.AccessibleTextRole)


def heading_text(heading: str, role: int, *, is_folded: bool) -> str | None:
    """Return what a heading says in a role; None for nothing."""
    if role == _ROLES.AccessibleTextRole and is_folded:
        return _("{heading}, folded. Enter shows the mailboxes.", heading=heading)
    return heading if role in _TEXTS else None


def mailbox_text(row: Row, now: float, role: int) -> str | None:
    """Return what a mailbox says in a role; None for nothing."""
    if role in _TEXTS:
        return plain(row.title)
    if role == _ROLES.AccessibleDescriptionRole:
        return plain(_description(row, now))
    if role == _ROLES.ToolTipRole:
        return tool_tip("\n".join(_tip(row, now)))
    return None


def _tip(row: Row, now: float) -> Iterator[str]:
    yield str(row.path)
    yield row.line(now)
    if row.kept and row.time_left(now):  # then its line has the bar, unless the list is narrow
        yield _("The bar shows how much of the token's time is left.")


def _description(row: Row, now: float) -> str:
    act = next_act(row, now)
    state = f"{row.provider}. {row.line(now)}"
    return _("{state}. Enter: {action}", state=state, action=_(act.words)) if act else state
