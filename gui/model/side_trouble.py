"""Says which side of a migration imapsync can't use for long, since its sign-in has ended."""

from collections.abc import Callable, Sequence
from pathlib import Path

from core.i18n.translation import N_, _
from core.times import short_time
from gui.model.mailbox_row import Row

_PAIR = 2
_BOTH_NEED_SIGN_IN = N_("⚠ Both mailboxes need a sign-in.")
_BOTH_UNTIL = N_("⚠ Both mailboxes need a sign-in. Their tokens are valid only until {time}.")
_NEEDS_SIGN_IN = N_("⚠ {name} needs a sign-in. Its token can't be refreshed.")
_UNTIL = N_("⚠ {name} needs a sign-in. Its token is valid only until {time}.")


def side_trouble(rows: Sequence[Row], name: Callable[[Path], str], now: float) -> str:
    """Return that in a sentence or two; empty if both sides are well.

    `name` names the mailbox of a token file.
    """
    dead = [row for row in rows if row.needs_sign_in(now)]
    if not dead:
        return ""
    is_both, first = len(dead) == _PAIR, name(dead[0].path)
    ends = [row.info.expires_at for row in dead if row.is_usable(now)]
    if len(ends) == len(dead) and (known := [end for end in ends if end]):
        return _(_BOTH_UNTIL if is_both else _UNTIL, name=first, time=short_time(min(known), now))
    return _(_BOTH_NEED_SIGN_IN) if is_both else _(_NEEDS_SIGN_IN, name=first)
