"""Moments in local time, for the user."""

from datetime import datetime


def local_time(moment: float, now: float) -> str:
    """The local time of a moment, with its date unless that is today."""
    local, today = datetime.fromtimestamp(moment), datetime.fromtimestamp(now).date()
    return local.strftime("%H:%M:%S" if local.date() == today else "%Y-%m-%d %H:%M")


def short_time(moment: float, now: float) -> str:
    """The local time of a moment without seconds, with its date unless that is today."""
    local, today = datetime.fromtimestamp(moment), datetime.fromtimestamp(now).date()
    return local.strftime("%H:%M" if local.date() == today else "%Y-%m-%d %H:%M")
