"""Says until when imapsync can use a mailbox that nobody refreshes."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from core.i18n.translation import N_, _
from core.times import short_time
from gui.model.mailbox_row import Row


class Words(NamedTuple):
    """What is said of one mailbox, of both, and of one whose token has expired."""

    one: str
    both: str
    expired: str


KEPT_WHILE_IT_RUNS = N_("While imapsync runs here, both mailboxes are kept fresh.")
WHILE_IT_RUNS = Words(
    N_('⚠ "Keep refreshing" is off for {name}: imapsync can go on until {time}.'),
    N_('⚠ "Keep refreshing" is off for both mailboxes: imapsync can go on until {time}.'),
    N_('⚠ "Keep refreshing" is off for {name}, and its token has expired.'),
)
IN_A_TERMINAL = Words(
    N_(
        '⚠ "Keep refreshing" is off for {name}: a copied command works until {time}. "Run here" '
        "keeps it fresh while it runs."
    ),
    N_(
        '⚠ "Keep refreshing" is off for both mailboxes: a copied command works until {time}. "Run '
        'here" keeps both fresh while it runs.'
    ),
    N_('⚠ "Keep refreshing" is off for {name}: a copied command does not work.'),
)


def not_kept_text(
    rows: Sequence[Row], name: Callable[[Path], str], now: float, words: Words
) -> str:
    """Return that for both sides of a migration, in a sentence; empty if both are kept fresh.

    `name` names the mailbox of a token file. One that needs a sign-in can't be refreshed anyway.
    """
    well = [row for row in rows if not row.kept and not row.needs_sign_in(now)]
    off = [(end, row.path) for row in well if (end := row.info.expires_at)]
    if not off:
        return ""
    end, path = min(off)
    if end <= now:
        return _(words.expired, name=name(path))
    template = words.both if len(off) == len(rows) > 1 else words.one
    return _(template, name=name(path), time=short_time(end, now))
