"""The one act that helps a mailbox most: the button of its row, and what Enter does there."""

from typing import NamedTuple

from core.i18n.translation import N_
from core.mailbox.inventory import Condition
from core.verdicts.verdict import Action, Kind
from gui.model.mailbox_row import Row


class NextAct(NamedTuple):
    """The name of an action of the list, and the words on its button."""

    action: str
    words: str


SIGN_IN = NextAct("sign_in", N_("Sign in again"))
SIGN_IN_TO_FIRST = NextAct("sign_in", N_("Sign in to the first"))  # of several
TRY_NOW = NextAct("refresh", N_("Try now"))
REFRESH = NextAct("refresh", N_("Refresh now"))
TEST = NextAct("check", N_("Test the login"))
REMOVE = NextAct("remove", N_("Remove…"))

SOLVED_BY_SIGN_IN = (Action.SIGN_IN, Action.SIGN_IN_AGAIN, Action.SIGN_IN_AS_ANOTHER)
_SOLVED_BY_REFRESH = (Condition.EXPIRED, Condition.UNUSABLE)


def next_act(row: Row, now: float) -> NextAct | None:
    """Return what helps this mailbox, or None while it is well, or something is under way."""
    if row.under_way:
        return None
    if row.info.problem is not None:
        return REMOVE
    if row.needs_sign_in(now):
        return SIGN_IN
    is_tried_again = row.error is not None and row.error.kind is Kind.PASSING
    if row.untested and not is_tried_again:
        return TEST
    if row.error is not None:
        return SIGN_IN if row.error.action in SOLVED_BY_SIGN_IN else TRY_NOW
    is_old = row.info.renewable and row.info.condition(now) in _SOLVED_BY_REFRESH
    return REFRESH if is_old else None
