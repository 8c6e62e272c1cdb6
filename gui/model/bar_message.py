"""What the message bar can say: an error, how many mailboxes need the user, or that all is well."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QSysInfo, qVersion

from core import __version__
from core.error_lines import detail_line, headline, sentence
from core.errors import AppError
from core.i18n.translation import N_, _, joined, ngettext
from core.plain_text import readable
from core.redaction import redact
from core.times import local_time, short_time
from core.verdicts.verdict import Kind
from gui.model.icons import IconState
from gui.model.imapsync_run import RunEnd, Step
from gui.model.mailbox_row import Row
from gui.model.message_act import ACTS, NAMES_SIGN_IN, Act, helps_as_it_was
from gui.model.messages import request_to_administrator, steps

if TYPE_CHECKING:  # imported by the first run
    from core.imapsync.run.watch import Seen

_LONGEST = 1_000  # characters of a part; the log has all of it
_SIGN_IN = N_("Sign in to {address}")
_SIGNED_IN = N_("{mailbox} is signed in")
_SIGNED_IN_AGAIN = N_("{mailbox} is signed in again")
_NOT_REFRESHED = N_('"Keep refreshing" is off for this mailbox.')
_NOTHING_YET = N_("Sign in once in your browser. Then leave this window open while imapsync runs.")


class Message(NamedTuple):
    """One message: a headline, a line below it, and more that is shown on request.

    `path` is the token file of the mailbox that it is about. `sign_in` is what a button signs in
    to: a mailbox by its token file, or the sign-in that has failed; `button` is its text, if it
    isn't the usual one. `act` is what another button leads to. `failed` is the sign-in that has
    failed, if it is about one, and `mailboxes` are those that it is about, if there are several.
    `begins_well` says that the headline tells of a success, and only the rest needs the user.
    """

    state: IconState | None
    headline: str
    below: str = ""
    more: tuple[str, ...] = ()
    to_copy: str = ""
    path: Path | None = None
    sign_in: object = None
    button: str = ""
    act: Act | None = None
    failed: object = None
    mailboxes: tuple[Path, ...] = ()
    begins_well: bool = False

    @property
    def is_calm(self) -> bool:
        """Whether it asks for nothing: such a message is neither closed nor announced."""
        return self.state in (None, IconState.FRESH, IconState.SOON)

    @property
    def icon(self) -> IconState | None:
        """The icon of the headline."""
        return IconState.FRESH if self.begins_well else self.state

    @property
    def spoken(self) -> str:
        """All of it in one line, for screen readers."""
        lines = "\n".join(filter(None, (self.headline, self.below, *self.more))).splitlines()
        text = " ".join(map(sentence, lines))
        return text if self.is_calm or self.begins_well else _("Error: {text}", text=text)


def error_message(
    error: AppError,
    mailbox: str = "",
    next_try: str = "",
    *,
    path: Path | None = None,
    failed: object = None,
) -> Message:
    """Return an error of a mailbox, or of no mailbox.

    `next_try` is the time at which the program itself tries again, if it does. With the `path` of
    its token file, a mailbox that a sign-in helps has a button for it; so has the sign-in that has
    `failed`, where nothing has to be changed before.
    """
    dead = error.kind is Kind.DEAD_GRANT
    again = failed if error.kind is not Kind.USAGE and helps_as_it_was(error.action) else None
    act = ACTS.get(error.action)
    first, *others = (*map(_clean, steps(error, next_try)), "")
    more = (_clean(detail_line(error)), _clean(error.explanation), "\n".join(filter(None, others)))
    message = Message(
        IconState.SIGN_IN if dead else IconState.TROUBLE,
        _clean(headline(error, mailbox)),
        first,
        tuple(filter(None, more)),
        path=path,
        sign_in=again or (path if dead or error.action in NAMES_SIGN_IN else None),
        act=None if act is Act.REMOVE and path is None else act,
        failed=failed,
    )
    return _with_details(message, error)


def note_message(text: str) -> Message:
    """Return a warning that no mailbox has caused."""
    return Message(IconState.TROUBLE, _clean(text))


def many_errors(rows: Sequence[Row]) -> Message:
    """Return how many mailboxes have errors, with a button for the first that can be signed in."""
    dead = [row for row in rows if row.error and row.error.kind is Kind.DEAD_GRANT]
    dead.sort(key=lambda row: (not row.in_use, row.info.expires_at or 0.0))
    first = next((row for row in dead if not row.signing_in), None)
    return Message(
        IconState.SIGN_IN,
        _what_they_need(rows, all_dead=len(dead) == len(rows)),
        _who_is_used(rows),
        sign_in=first.path if first else None,
        button=_(_SIGN_IN, address=first.info.address) if first else "",
        mailboxes=tuple(row.path for row in rows),
    )


def _who_is_used(rows: Sequence[Row]) -> str:
    used = [row for row in rows if row.in_use]
    if len(used) > 1:
        return (
            _("imapsync uses both.") if len(rows) == len(used) else _("imapsync uses two of them.")
        )
    if used:
        return _("imapsync uses {mailbox}.", mailbox=used[0].info.address)
    return _("The list shows them first.")


def _what_they_need(rows: Sequence[Row], *, all_dead: bool) -> str:
    count = len(rows)
    if all_dead:
        return ngettext(
            "{count} mailbox needs a sign-in", "{count} mailboxes need a sign-in", count
        )
    if all(row.needs_user for row in rows):
        return ngettext("{count} mailbox needs you", "{count} mailboxes need you", count)
    return ngettext(
        "{count} mailbox can't be refreshed", "{count} mailboxes can't be refreshed", count
    )


def known_errors(count: int) -> Message:
    """Return how many mailboxes have errors that the user has seen and closed."""
    words = ngettext("{count} mailbox has an error", "{count} mailboxes have errors", count)
    return Message(IconState.SOON, words, _("The list shows what to do."))


def signed_in_message(
    row: Row, mailbox: str, now: float, rest: Message, *, again: bool, other: str = ""
) -> Message:
    """Return that a sign-in worked, in front of the rest that there is to say.

    `again`: the mailbox was there before. `other` is the only one that still needs a sign-in.
    """
    headline = _SIGNED_IN_AGAIN if again else _SIGNED_IN
    end = row.info.expires_at
    valid = _("Its token is valid until {time}.", time=short_time(end, now)) if end else ""
    also = _("{mailbox} still needs a sign-in.", mailbox=other) if other else ""
    alone = "" if row.kept else _(_NOT_REFRESHED)
    message = rest._replace(
        state=IconState.FRESH if rest.is_calm else rest.state,
        headline=_(headline, mailbox=mailbox),
        below=joined((valid, also or alone or sentence(rest.headline))),
        begins_well=True,
    )
    if rest.is_calm:
        return message
    told = (rest.headline if also else "", rest.below, *rest.more)
    button = rest.button or _(_SIGN_IN, address=other)
    return message._replace(more=tuple(filter(None, told)), button=button)


def run_message(step: Step, who: str, seen: "Seen", trouble: str) -> Message:
    """Return that imapsync runs, and how far it is, with a button that leads there.

    `trouble` says that a mailbox can't be refreshed, or isn't, which ends it before its time.
    """
    from gui.model.run_words import TITLES, progress_text  # needed by a run only

    headline = _("{title}: {who}", title=_(TITLES[step]), who=who)
    below = joined((trouble, progress_text(step, seen)))
    return Message(IconState.SOON, headline, below, act=Act.RUN)


def ended_run_message(end: RunEnd, who: str) -> Message:
    """Return how a run ended, with a button that leads there; what helps is in the details."""
    from gui.model import run_words  # needed by a run only

    if not run_words.is_bad(end):
        state = IconState.FRESH if run_words.has_worked(end) else None
        return Message(state, run_words.end_text(end), who, act=Act.RUN)
    headline = _("{title}: {who}", title=_(run_words.FAILED[end.step]), who=who)
    below, more = run_words.outcome(end), tuple(filter(None, (run_words.advice(end),)))
    path = end.dead.path if end.dead else None
    return Message(IconState.TROUBLE, headline, below, more, sign_in=path, act=Act.RUN)


def calm_message(rows: Sequence[Row], real: Sequence[Row], now: float) -> Message:
    """Return how things are while no mailbox needs the user.

    The advice is for the `real` mailboxes, and the times are those of all rows of the list.
    """
    if not rows:
        return Message(None, _(_NOTHING_YET))
    waiting = [row.due for row in rows if row.error and row.kept and row.due]
    if waiting:
        words = ngettext(
            "{count} mailbox is tried again at {time}",
            "{count} mailboxes are tried again at {time}",
            len(waiting),
            time=local_time(max(min(waiting), now), now),
        )
        return Message(IconState.SOON, words)
    due = [row.due for row in rows if row.kept and row.due]
    if due and any(row.kept for row in real):
        return Message(
            IconState.FRESH,
            _("Leave this window open while imapsync runs"),
            _("Next refresh at {time}.", time=local_time(min(due), now)),
        )
    none_kept = _('"Keep refreshing" is off for all mailboxes')
    ends = [end for row in rows if (end := row.info.expires_at or 0.0) > now]
    if ends:
        first = _("The first token expires at {time}.", time=local_time(min(ends), now))
        return Message(IconState.SOON, none_kept, first)
    return Message(IconState.SOON, none_kept)


def _with_details(message: Message, error: AppError) -> Message:
    """Add what is copied to ask for help: the error with the versions of program and system."""
    system = f"{QSysInfo.prettyProductName()}, {QSysInfo.currentCpuArchitecture()}"
    python = ".".join(map(str, sys.version_info[:3]))
    lines = (
        message.headline,
        message.below,
        *message.more,
        f"Verdict: {error.verdict.id}, exit code {error.exit_code}",
        f"oauth2_imap {__version__}, {system}, Python {python}, Qt {qVersion()}",
    )
    paragraphs = ("\n".join(filter(None, lines)), request_to_administrator(error))
    return message._replace(to_copy="\n\n".join(filter(None, paragraphs)))


def _clean(text: str) -> str:
    """Return the text without secrets, and with escapes for what can't be seen."""
    text = redact(readable(text))
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
