"""How long something takes, as a clock that runs: "0:12", "1:02:07"."""


def clock(seconds: int) -> str:
    """Return minutes and seconds, and hours if there are any."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
