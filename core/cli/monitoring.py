"""`status --check`: one line and an exit code, as Nagios, Icinga and their kin take them.

https://www.monitoring-plugins.org/doc/guidelines.html
"""

from collections.abc import Sequence
from enum import IntEnum

from ..errors import AppError
from ..keeping.stop_conditions import duration
from ..mailbox.inventory import Condition, MailboxInfo
from ..tokenfile.expiry import scarce


class Verdict(IntEnum):
    """The exit codes of a plugin, which aren't those of the program."""

    OK = 0
    WARNING = 1
    CRITICAL = 2
    UNKNOWN = 3


# A kept token never comes to SOON (schedule.scarce), so its keeper is in trouble or not there;
# from EXPIRED on imapsync can't log in.
_VERDICTS = {
    Condition.FRESH: Verdict.OK,
    Condition.SOON: Verdict.WARNING,
    Condition.UNKNOWN: Verdict.UNKNOWN,
    Condition.EXPIRED: Verdict.CRITICAL,
    Condition.BROKEN: Verdict.CRITICAL,
}
_WORST_FIRST = (Verdict.CRITICAL, Verdict.WARNING, Verdict.UNKNOWN, Verdict.OK)
_NAME = "OAUTH2_IMAP"


def check_line(infos: Sequence[MailboxInfo], now: float) -> tuple[str, int]:
    """The line, and the exit code of the worst mailbox."""
    verdicts = [(_VERDICTS[info.condition(now)], info) for info in infos]
    worst = next(verdict for verdict in _WORST_FIRST if any(v is verdict for v, _ in verdicts))
    named = [_words(info, now) for verdict, info in verdicts if verdict is worst]
    count = f"{len(infos)} mailbox{'es' if len(infos) > 1 else ''}"
    text = f"{count} fresh" if worst is Verdict.OK else f"of {count}: {', '.join(named)}"
    return f"{_NAME} {worst.name} - {_plain(text)} | {_figures(infos, now)}".rstrip(" |"), worst


def unknown_line(error: AppError) -> tuple[str, int]:
    """Where the files couldn't be looked at."""
    return f"{_NAME} {Verdict.UNKNOWN.name} - {_plain(error.message)}", Verdict.UNKNOWN


def _words(info: MailboxInfo, now: float) -> str:
    name = info.address or info.path.name
    if info.needs_sign_in(now):
        return f"{name} has to sign in again"
    condition = info.condition(now)
    if condition is Condition.SOON and info.expires_at is not None:
        return f"{name} has {duration(info.expires_at - now)} left"
    return f"{name} {'age unknown' if condition is Condition.UNKNOWN else condition}"


def _figures(infos: Sequence[MailboxInfo], now: float) -> str:
    """Seconds left by mailbox; below the first range it is WARNING, below the second CRITICAL."""
    return " ".join(
        f"'{_label(info)}'={max(0, int(info.expires_at - now))}s;{scarce(info):.0f}:;1:;0"
        for info in infos
        if info.expires_at is not None
    )


def _label(info: MailboxInfo) -> str:
    """Of perfdata: no equals sign, and a quote is doubled."""
    return _plain(info.address or info.path.name).replace("=", "_").replace("'", "''")


def _plain(text: str) -> str:
    """On one line, and without the bar that begins the perfdata."""
    return " ".join(text.replace("|", "/").split())
