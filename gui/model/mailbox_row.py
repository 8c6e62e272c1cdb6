"""What the window knows about one token file, and its state in words."""

from dataclasses import dataclass
from pathlib import Path

from core.errors import AppError
from core.mailbox.inventory import Condition, MailboxInfo
from core.times import local_time
from core.tokenfile.expiry import left
from core.verdicts.verdict import Kind

# Another try doesn't help with these errors: somebody has to act.
USER_NEEDED = (
    Kind.DEAD_GRANT,
    Kind.MISCONFIGURED,
    Kind.REFUSED_ACCOUNT,
    Kind.REFUSED_WAY,
    Kind.USAGE,  # for example, the application was removed from the user's providers.toml
)
_WORDS = {
    Condition.FRESH: "Fresh",
    Condition.SOON: "Expires soon",
    Condition.UNKNOWN: "Expiry unknown",
    Condition.EXPIRED: "Expired. Press Refresh now.",
    Condition.UNUSABLE: "Not in the form for imapsync. Press Refresh now.",
    Condition.BROKEN: "Can't be read",
}
_ICONS = {
    Condition.FRESH: "fresh",
    Condition.SOON: "soon",
    Condition.UNKNOWN: "soon",
    Condition.EXPIRED: "trouble",
    Condition.UNUSABLE: "trouble",
    Condition.BROKEN: "trouble",
}
WORST_FIRST = ("sign-in", "trouble", "soon", "fresh")


@dataclass(frozen=True, slots=True)
class Row:
    """A token file, and what the window knows about it.

    `busy` says what is being done with it, `due` when it is refreshed next, and `error` what went
    wrong the last time. `untested` is set after a sign-in without a login, until a login works.
    """

    info: MailboxInfo
    kept: bool = False
    busy: str = ""
    due: float | None = None
    error: AppError | None = None
    untested: bool = False

    @property
    def path(self) -> Path:
        """The token file, which identifies the row."""
        return self.info.path

    @property
    def needs_user(self) -> bool:
        """Whether the last error is one that the user has to solve."""
        return self.error is not None and self.error.kind in USER_NEEDED

    def needs_sign_in(self, now: float) -> bool:
        """Whether only a new sign-in helps."""
        dead = self.error is not None and self.error.kind is Kind.DEAD_GRANT
        return dead or self.info.needs_sign_in(now)

    def is_usable(self, now: float) -> bool:
        """Whether imapsync can still log in, as far as the file tells."""
        return left(self.info, now) != 0 and self.info.usable and not self.info.problem

    def state(self, now: float) -> tuple[str, str]:
        """Return the name of the state's icon, and the state in words."""
        if self.busy:
            return "soon", self.busy
        if self.error is not None:
            if self.error.kind is Kind.DEAD_GRANT:
                return "sign-in", "Sign-in required"
            if self.error.kind is Kind.PASSING and self.kept and self.due:
                next_try = local_time(self.due, now)
                return "trouble", f"{self.error.message}. The next try is at {next_try}."
            return "trouble", self.error.message
        condition = self.info.condition(now)
        if self.info.needs_sign_in(now):
            return _ICONS[condition], "Expired. Sign in again."
        if self.info.problem is not None:
            return _ICONS[condition], self.info.problem.message
        if self.untested and condition in (Condition.FRESH, Condition.SOON):
            return "soon", f"{_WORDS[condition]}, login not tested"
        return _ICONS[condition], _WORDS[condition]
