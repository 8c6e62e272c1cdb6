"""Moments in local time, for the user and for those who get mail from them.

They are written as in the user's language; in the log as in English.
"""

from datetime import datetime

from .i18n.translation import N_, Translated, _

_WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
# Translators: a date as people write it, with the codes of strftime: %d day, %m month, %Y year
_DATE = N_("%Y-%m-%d")
# Translators: a date and a time; %H hours, %M minutes, %A the weekday. The sentences around it are
# the same for a time alone, so French begins with the weekday: "jusqu'à 10:29, jusqu'à lundi".
_DATE_AND_TIME = N_("%Y-%m-%d %H:%M")
_TIME, _TIME_WITH_SECONDS = "%H:%M", "%H:%M:%S"


def local_time(moment: float, now: float) -> str:
    """The local time of a moment, with its date unless that is today."""
    return _time(moment, now, _TIME_WITH_SECONDS)


def short_time(moment: float, now: float) -> str:
    """The local time of a moment without seconds, with its date unless that is today."""
    return _time(moment, now, _TIME)


def date_and_time(moment: float) -> str:
    """The local date and time of a moment."""
    return _written(datetime.fromtimestamp(moment), _DATE_AND_TIME)


def time_of_day(local: datetime) -> str:
    """The time, the weekday and the date; with seconds unless they are zero."""
    return _(
        "{time} on {weekday}, {date}",
        time=local.strftime(_TIME_WITH_SECONDS if local.second else _TIME),
        weekday=_(_WEEKDAYS[local.weekday()]),
        date=_written(local, _DATE),
    )


def time_for_others(moment: float) -> str:
    """The local time of a moment with its date and time zone, for readers elsewhere."""
    offset = datetime.fromtimestamp(moment).astimezone().strftime("%z")
    zone = f"UTC{offset[:3]}:{offset[3:5]}"
    return _("{time} ({zone})", time=date_and_time(moment), zone=zone)


def _time(moment: float, now: float, of_today: str) -> str:
    local, today = datetime.fromtimestamp(moment), datetime.fromtimestamp(now).date()
    return _written(local, of_today if local.date() == today else _DATE_AND_TIME)


def _written(local: datetime, form: str) -> str:
    plain = local.strftime(form)
    shown = _(form).replace("%A", _(_WEEKDAYS[local.weekday()]))  # strftime has it in English
    return Translated(local.strftime(shown), plain) if shown != form else plain
