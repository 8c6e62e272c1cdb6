"""Moments in local time, for the user and for those who get mail from them."""

from datetime import datetime


def local_time(moment: float, now: float) -> str:
    """The local time of a moment, with its date unless that is today."""
    local, today = datetime.fromtimestamp(moment), datetime.fromtimestamp(now).date()
    return local.strftime("%H:%M:%S" if local.date() == today else "%Y-%m-%d %H:%M")


def short_time(moment: float, now: float) -> str:
    """The local time of a moment without seconds, with its date unless that is today."""
    local, today = datetime.fromtimestamp(moment), datetime.fromtimestamp(now).date()
    return local.strftime("%H:%M" if local.date() == today else "%Y-%m-%d %H:%M")


def time_for_others(moment: float) -> str:
    """The local time of a moment with its date and time zone, for readers elsewhere."""
    local = datetime.fromtimestamp(moment).astimezone()
    offset = local.strftime("%z")
    return f"{local:%Y-%m-%d %H:%M} (UTC{offset[:3]}:{offset[3:5]})"
