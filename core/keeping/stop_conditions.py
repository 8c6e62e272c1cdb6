"""When refreshing is to stop: at a time, or when another process ends."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from ..errors import as_error
from ..i18n.translation import _, joined
from ..times import time_of_day
from ..verdicts import local_commands

_DURATION = re.compile(r"(?:(\d{1,5})d)?(?:(\d{1,6})h)?(?:(\d{1,7})m)?(?:(\d{1,8})s)?")
_LATEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class StopCondition:
    """A condition that is checked again and again, with the texts about it.

    `announcement` tells the user in advance when refreshing stops. `reason` tells afterwards why it
    has stopped. Both are whole sentences.
    """

    announcement: str
    reason: str
    is_reached: Callable[[], bool]


def at_time(text: str, clock: Callable[[], float]) -> StopCondition:
    """Stop at HH:MM local time, at an ISO date with a time, or after a duration like 8h.

    Raises `UsageProblem` if `text` is none of these, is in the past or more than a year away.
    """
    now = datetime.fromtimestamp(clock()).astimezone()
    moment = _moment(text, now)
    if moment <= now:
        raise as_error(local_commands.UNTIL_PAST, time=text)
    if moment > now + _LATEST:
        raise as_error(local_commands.UNTIL_TOO_FAR, time=text)
    ends_at = moment.timestamp()
    shown = moment.astimezone()  # as clocks will show it, also after a change of the hour
    stop_time = time_of_day(shown)
    return StopCondition(
        announcement=_(
            "Refreshing will stop at {time}. Time until then: {remaining}.",
            time=stop_time,
            remaining=duration(ends_at - now.timestamp()),
        ),
        reason=_("It is {time}.", time=stop_time),
        is_reached=lambda: clock() >= ends_at,
    )


def with_process(pid: int) -> StopCondition:
    """Stop when this process ends, even if another process gets its number later.

    Raises `UsageProblem` if the process does not exist or can't be watched.
    """
    import psutil

    try:
        process = psutil.Process(pid)
        name = process.name()
    except (psutil.Error, ValueError, OverflowError) as exc:
        raise as_error(local_commands.NO_SUCH_PROCESS, pid=pid) from exc

    def has_ended() -> bool:
        try:
            return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True
        except psutil.AccessDenied:
            return False

    return StopCondition(
        announcement=_(
            "Refreshing will stop when {name} (process {pid}) ends.", name=name, pid=pid
        ),
        reason=_("{name} (process {pid}) has ended.", name=name, pid=pid),
        is_reached=has_ended,
    )


def duration(seconds: float) -> str:
    """A duration in words, to the minute; under two minutes, to the second."""
    if seconds < 120:
        return _("{seconds} s", seconds=round(seconds))
    minutes = round(seconds / 60)
    days, hours = divmod(minutes // 60, 24)
    return joined(
        (
            _("{days} d", days=days) if days else "",
            _("{hours} h", hours=hours) if hours else "",
            _("{minutes} min", minutes=minutes % 60) if minutes % 60 else "",
        )
    )


def _moment(text: str, now: datetime) -> datetime:
    parts = _DURATION.fullmatch(text.strip().lower())
    if parts and any(parts.groups()):
        days, hours, minutes, seconds = (int(part or 0) for part in parts.groups())
        return now + timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    try:
        if re.fullmatch(r"\d{1,2}:\d\d", text.strip()):
            return _next(datetime.strptime(text.strip(), "%H:%M").time(), now)
        if len(text.strip()) > len("2026-01-01"):  # a date alone might mean its begin or its end
            return _first_after(now, datetime.fromisoformat(text.strip()))
    except (ValueError, OverflowError, OSError):
        pass
    raise as_error(local_commands.UNTIL_UNREADABLE)


def _next(wanted: time, now: datetime) -> datetime:
    """The next time at which local clocks show `wanted`, also when summer time begins or ends."""
    today = _first_after(now, datetime.combine(now.date(), wanted))
    if today > now:
        return today
    return datetime.combine(now.date() + timedelta(days=1), wanted).astimezone()


def _first_after(now: datetime, shown: datetime) -> datetime:
    """The time at which clocks show this: when summer time ends, the second one may be meant."""
    first = shown.astimezone()
    return first if first > now else shown.replace(fold=1).astimezone()
