"""What the window knows about one token file, and its state in words."""

from enum import IntEnum
from pathlib import Path
from typing import NamedTuple

from core.errors import AppError
from core.i18n.translation import N_, _
from core.mailbox.inventory import Condition, MailboxInfo
from core.model import Outcome
from core.times import short_time
from core.tokenfile.expiry import left, obtained_at
from core.verdicts.verdict import Kind, filled

# Another try doesn't help with these errors: somebody has to act.
USER_NEEDED = (
    Kind.DEAD_GRANT,
    Kind.MISCONFIGURED,
    Kind.REFUSED_ACCOUNT,
    Kind.REFUSED_WAY,
    Kind.USAGE,  # for example, the application was removed from the user's providers.toml
)
# With these errors a refresh that is tried again has failed before it had a new token.
_HEALED_BY_REFRESH = (Kind.PASSING, Kind.LOCAL)
_WORDS = {
    Condition.FRESH: N_("Fresh"),
    Condition.SOON: N_("Expires soon"),
    Condition.UNKNOWN: N_("Expiry unknown"),
    Condition.EXPIRED: N_("Expired. It can be refreshed."),
    Condition.UNUSABLE: N_("Not in the form for imapsync. Refreshing mends it."),
    Condition.BROKEN: N_("Can't be read"),
}
_UNTESTED = {
    Condition.FRESH: N_("Fresh, login not tested"),
    Condition.SOON: N_("Expires soon, login not tested"),
}
_ICONS = {
    Condition.FRESH: "fresh",
    Condition.SOON: "soon",
    Condition.UNKNOWN: "soon",
    Condition.EXPIRED: "trouble",
    Condition.UNUSABLE: "trouble",
    Condition.BROKEN: "trouble",
}
OFF = "off"  # the icon of a mailbox that is well, but not kept fresh
WORST_FIRST = ("sign-in", "trouble", "soon", "fresh")
_VALID = (Condition.FRESH, Condition.SOON)


class Group(IntEnum):
    """Under which heading a mailbox is listed, the most urgent first."""

    NEEDS_YOU = 0
    TRYING_AGAIN = 1
    FRESH = 2
    OFF = 3  # not kept fresh


class Row(NamedTuple):
    """A token file, and what the window knows about it.

    `busy` says what is being done with it, and `signing_in` how far a sign-in is that is wanted.
    `due` is when it is refreshed next, `error` what went wrong the last time, and `since` when that
    began; `failed_with` is when the token was obtained that was there then. `untested` is set after
    an import, and after a sign-in without a login, until a login works. `in_use` says that imapsync
    uses it in the window, `kept_for_run` that it is kept fresh only until that ends.
    """

    info: MailboxInfo
    kept: bool = False
    busy: str = ""
    due: float | None = None
    error: AppError | None = None
    since: float | None = None
    failed_with: float = 0.0
    untested: bool = False
    signing_in: str = ""
    in_use: bool = False
    kept_for_run: bool = False

    @property
    def path(self) -> Path:
        """The token file, which identifies the row."""
        return self.info.path

    @property
    def title(self) -> str:
        """The address, or the name of a file in which none is known."""
        return self.info.address or self.path.name

    @property
    def provider(self) -> str:
        """The provider's label."""
        return self.info.label or _("Provider not known yet")

    @property
    def under_way(self) -> str:
        """What is being done with it or waited for, in words; empty for nothing."""
        return self.busy or self.signing_in

    @property
    def needs_user(self) -> bool:
        """Whether the last error is one that the user has to solve."""
        return self.error is not None and self.error.kind in USER_NEEDED

    def is_ended_by_refresh(self, outcome: Outcome) -> bool:
        """Whether this result of a refresh ends the error: a token left as it was doesn't."""
        return self.error is not None and (outcome.renewed or self.is_renewed)

    def is_ended_by_login(self, *, repeats: bool) -> bool:
        """Whether a login ends the error; `repeats` says that its refresh is tried again.

        A login says nothing about the refresh token, nor about the way to the token's server.
        """
        if self.error is None or self.error.kind is Kind.DEAD_GRANT:
            return False
        return not (repeats and self.error.kind in _HEALED_BY_REFRESH)

    @property
    def is_renewed(self) -> bool:
        """Whether another token is there since the error: another program has refreshed it."""
        return self.error is not None and obtained_at(self.info) > self.failed_with

    def needs_sign_in(self, now: float) -> bool:
        """Whether only a new sign-in helps."""
        dead = self.error is not None and self.error.kind is Kind.DEAD_GRANT
        return dead or self.info.needs_sign_in(now)

    def group(self, now: float) -> Group:
        """Return the heading under which the mailbox is listed."""
        if self.info.problem is not None or self.needs_user or self.needs_sign_in(now):
            return Group.NEEDS_YOU
        if not self.kept:
            return Group.OFF
        is_well = self.error is None and self.is_usable(now)
        return Group.FRESH if is_well else Group.TRYING_AGAIN

    def is_usable(self, now: float) -> bool:
        """Whether imapsync can still log in, as far as the file tells."""
        return left(self.info, now) != 0 and self.info.usable and not self.info.problem

    def state(self, now: float) -> tuple[str, str]:
        """Return the name of the state's icon, and the state in words."""
        if self.under_way:
            return "soon", self.under_way
        if self.error is not None:
            is_dead = self.error.kind is Kind.DEAD_GRANT
            return "sign-in" if is_dead else "trouble", self._trouble(self.error, now)
        condition = self.info.condition(now)
        if self.info.needs_sign_in(now):
            return _ICONS[condition], _("Expired. Sign in again.")
        if self.info.problem is not None:
            return _ICONS[condition], _in_its_row(self.info.problem)
        if self.untested and condition in _UNTESTED:
            return "soon", _(_UNTESTED[condition])
        return _ICONS[condition], _(_WORDS[condition])

    def sentence(self, now: float) -> str:
        """Return the state with the time that matters most, for the list."""
        words = self.state(now)[1]
        if self.under_way or self.untested or self.info.problem is not None:
            return words
        if self.error is not None:
            if self.error.kind is not Kind.DEAD_GRANT or self.since is None:
                return words
            return _("Sign-in required since {time}", time=short_time(self.since, now))
        if self.info.condition(now) not in _VALID:
            return words
        if not self.kept or self.due is None:
            return _("Valid until {time}", time=short_time(self.info.expires_at or 0.0, now))
        if self.due <= now:
            return _("Refresh is due")
        return _("Refreshes at {time}", time=short_time(self.due, now))

    def line(self, now: float) -> str:
        """Return the sentence, and first whether imapsync uses it."""
        words = self.sentence(now)
        return _("imapsync uses it · {state}", state=words) if self.in_use else words

    def _trouble(self, error: AppError, now: float) -> str:
        """Return that a sign-in is required, or what went wrong and when the next try is."""
        if error.kind is Kind.DEAD_GRANT:
            return _("Sign-in required")
        if error.kind is Kind.PASSING and self.kept and self.due:
            time, reason = short_time(max(self.due, now), now), _in_its_row(error)
            return _("Next try at {time}. {reason}", time=time, reason=reason)
        return _in_its_row(error)

    def time_left(self, now: float) -> float | None:
        """Return how much of the token's lifetime is left, from 0 to 1, or None if unknown."""
        info, remaining = self.info, left(self.info, now)
        if remaining is None or info.expires_at is None or info.issued_at is None:
            return None
        return min(remaining / max(info.expires_at - info.issued_at, 1), 1)

    def icon(self, now: float) -> str:
        """Return the name of the icon in the list: what is off and well has one of its own."""
        name = self.state(now)[0]
        return OFF if name == "fresh" and self.group(now) is Group.OFF else name


def _in_its_row(error: AppError) -> str:
    """Return what happened. A path at its beginning would fill the line; the tool tip has it."""
    if not error.verdict.message.startswith("{path}"):
        return error.message
    return filled(error.verdict.message, {**error.parameters, "path": _("The file")})
