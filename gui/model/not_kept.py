"""Says until when imapsync can use a mailbox that nobody refreshes."""

from collections.abc import Callable, Sequence
from pathlib import Path

from core.i18n.translation import N_, _
from core.times import short_time
from gui.model.mailbox_row import Row

_ONE = N_('⚠ "Keep refreshing" is off for {name}: imapsync can go on until {time}.')
_BOTH = N_('⚠ "Keep refreshing" is off for both mailboxes: imapsync can go on until {time}.')
_EXPIRED = N_('⚠ "Keep refreshing" is off for {name}, and its token has expired.')


def not_kept_text(rows: Sequence[Row], name: Callable[[Path], str], now: float) -> str:
    """Return that for both sides of a migration, in a sentence; empty if both are kept fresh.

    `name` names the mailbox of a token file.
    """
    off = [(end, row.path) for row in rows if not row.kept and (end := row.info.expires_at)]
    if not off:
        return ""
    end, path = min(off)
    if end <= now:
        return _(_EXPIRED, name=name(path))
    words = _BOTH if len(off) == len(rows) > 1 else _ONE
    return _(words, name=name(path), time=short_time(end, now))
