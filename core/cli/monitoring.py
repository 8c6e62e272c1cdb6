"""`status --check`: one line and an exit code for Nagios, Icinga and similar monitoring systems.

https://www.monitoring-plugins.org/doc/guidelines.html
"""

from collections.abc import Sequence
from enum import IntEnum

from ..errors import AppError
from ..keeping.stop_conditions import duration
from ..mailbox.inventory import Condition, MailboxInfo
from ..tokenfile.expiry import left, scarce


class ServiceStatus(IntEnum):
    """The exit codes of a monitoring plugin. The program's own exit codes are different."""

    OK = 0
    WARNING = 1
    CRITICAL = 2
    UNKNOWN = 3


# A token that is kept fresh never reaches SOON (expiry.scarce). If one does, the loop or window
# that refreshes it has a problem or has stopped. From EXPIRED on, imapsync can't log in.
_STATUSES = {
    Condition.FRESH: ServiceStatus.OK,
    Condition.SOON: ServiceStatus.WARNING,
    Condition.UNKNOWN: ServiceStatus.UNKNOWN,
    Condition.EXPIRED: ServiceStatus.CRITICAL,
    Condition.UNUSABLE: ServiceStatus.CRITICAL,
    Condition.BROKEN: ServiceStatus.CRITICAL,
}
_WORST_FIRST = (
    ServiceStatus.CRITICAL,
    ServiceStatus.WARNING,
    ServiceStatus.UNKNOWN,
    ServiceStatus.OK,
)
_NAME = "OAUTH2_IMAP"


def check_line(infos: Sequence[MailboxInfo], now: float) -> tuple[str, int]:
    """The line, and the exit code of the worst mailbox. The line names the worst mailboxes only."""
    statuses = [(_STATUSES[info.condition(now)], info) for info in infos]
    worst = next(status for status in _WORST_FIRST if any(s is status for s, _ in statuses))
    named = [info for status, info in statuses if status is worst]
    count = f"{len(infos)} mailbox{'es' if len(infos) > 1 else ''}"
    if worst is ServiceStatus.OK:
        text = f"{count} fresh"
    else:
        problems = ", ".join(_problem(info, now) for info in named)
        text = f"{len(named)} of {count}: {problems}"
    return f"{_NAME} {worst.name} - {_plain(text)} | {_figures(infos, now)}".rstrip(" |"), worst


def unknown_line(error: AppError) -> tuple[str, int]:
    """The line and the exit code if the token files can't be read at all."""
    return f"{_NAME} {ServiceStatus.UNKNOWN.name} - {_plain(error.message)}", ServiceStatus.UNKNOWN


def _problem(info: MailboxInfo, now: float) -> str:
    name = info.address or info.path.name
    if info.needs_sign_in(now):
        return f"{name} (sign-in required)"
    condition = info.condition(now)
    remaining = left(info, now)
    if condition is Condition.SOON and remaining is not None:
        return f"{name} ({duration(remaining)} left)"
    if condition is Condition.UNKNOWN:
        return f"{name} (age unknown)"
    return f"{name} ({condition})"


def _figures(infos: Sequence[MailboxInfo], now: float) -> str:
    """The perfdata: seconds left for each mailbox, with the limits for WARNING and CRITICAL."""
    return " ".join(
        f"'{_label(info)}'={int(remaining)}s;{scarce(info):.0f}:;1:;0"
        for info in infos
        if (remaining := left(info, now)) is not None
    )


def _label(info: MailboxInfo) -> str:
    """A perfdata label: it has no equals sign, and its quotes are doubled."""
    return _plain(info.address or info.path.name).replace("=", "_").replace("'", "''")


def _plain(text: str) -> str:
    """The text on one line, without the bar that would begin the perfdata."""
    return " ".join(text.replace("|", "/").split())
