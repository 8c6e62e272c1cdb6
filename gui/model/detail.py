"""What the detail pane says about the selected mailboxes, apart from their history."""

from collections.abc import Sequence
from typing import NamedTuple

from core.address import same_address
from core.error_lines import sentence
from core.i18n.translation import N_, _, english, ngettext
from core.mailbox.inventory import MailboxInfo
from core.times import short_time
from core.verdicts.verdict import Kind
from gui.model.bar_message import error_message
from gui.model.mailbox_row import OFF, Group, Row
from gui.model.next_act import REFRESH, SIGN_IN_TO_FIRST, NextAct, next_act

_NOT_KEPT = N_("Not refreshed")
_SIGNED_IN = N_("Signed in at {time}")
_SIGNED_IN_AS = N_("Signed in as {account}")
_SIGNED_IN_AS_AT = N_("Signed in as {account} at {time}")


class Detail(NamedTuple):
    """One mailbox: its title, its state with an icon's name, and what helps.

    `helps` says whether `act` is what the mailbox needs; else it is well, and `act` is a refresh.
    `until` says how long the token is valid, where the state names the next refresh. `reason` says
    why a sign-in is required, or what to do about another error.
    """

    title: str
    provider: str
    icon: str
    state: str
    until: str
    reason: str
    signed_in: str
    path: str
    act: NextAct
    helps: bool


class Summary(NamedTuple):
    """Several mailboxes, and what helps them, if anything does."""

    selected: str
    needing: str
    act: NextAct | None = None


def detail_of(row: Row, now: float) -> Detail:
    """Return what is known of a mailbox without reading anything."""
    act = next_act(row, now)
    return Detail(
        title=row.title,
        provider=row.provider,
        icon=row.icon(now),
        state=_state(row, now),
        until=_until(row, now),
        reason=_reason(row),
        signed_in=_signed_in(row.info, now),
        path=str(row.path),
        act=act or REFRESH,
        helps=act is not None,
    )


def _signed_in(info: MailboxInfo, now: float) -> str:
    """When the user signed in, and as whom if that is another account than the mailbox's own."""
    time = short_time(info.signed_in_at, now) if info.signed_in_at else ""
    is_other = bool(info.login_hint) and not same_address(info.login_hint, info.address)
    template = {
        (True, True): _SIGNED_IN_AS_AT,
        (True, False): _SIGNED_IN_AS,
        (False, True): _SIGNED_IN,
    }.get((is_other, bool(time)), "")
    return _(template, account=info.login_hint, time=time)


def _state(row: Row, now: float) -> str:
    """The state, and when it changes where the list says only that."""
    is_off = row.icon(now) == OFF
    state, sentence_of_list = _(_NOT_KEPT) if is_off else row.state(now)[1], row.sentence(now)
    says_both = english(sentence_of_list).startswith(english(state))
    return sentence_of_list if says_both else f"{state}. {sentence_of_list}"


def _until(row: Row, now: float) -> str:
    if row.group(now) is not Group.FRESH or row.due is None or row.info.expires_at is None:
        return ""
    return _("Token valid until {time}", time=short_time(row.info.expires_at, now))


def _reason(row: Row) -> str:
    """The state of a dead grant doesn't say why, and that of another error not what to do."""
    if row.error is None:
        return ""
    is_dead = row.error.kind is Kind.DEAD_GRANT
    return sentence(row.error.message) if is_dead else error_message(row.error).below


def summary_of(rows: Sequence[Row], now: float) -> Summary:
    """Return how many mailboxes there are, and how many of them need the user."""
    needs_sign_in = any(row.needs_sign_in(now) for row in rows)
    is_idle = not any(row.under_way for row in rows)
    needing = sum(row.group(now) is Group.NEEDS_YOU for row in rows)
    return Summary(
        ngettext("{count} mailbox selected", "{count} mailboxes selected", len(rows)),
        ngettext("{count} of them needs you", "{count} of them need you", needing)
        if needing
        else _("None of them needs you"),
        SIGN_IN_TO_FIRST if needs_sign_in and is_idle else None,
    )
