"""Decide whether an old imapsync is restarted.

imapsync before 2.230 reads the token file only once. After the token has expired, it can't log in
again and repeats the old token until it gives up. A restarted imapsync reads the new token and
continues, because imapsync copies only messages that are missing. It is not restarted for any other
reason, such as a message that can't be copied, a full mailbox or a wrong option.
"""

from dataclasses import dataclass

from ..command import MINIMUM_TO_REREAD
from .command_line import Version, is_older

# Seconds before each restart without a newer token; after the last one there are no more restarts.
PAUSES = (5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 300.0, 300.0)
REFUSED_AT_START = (161, 162)  # imapsync's exit codes for a refused login on side 1 and side 2


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run of imapsync ended.

    `refused`: a server refused a login. `expired`: a token that imapsync started with has expired.
    `replaced`: a newer token has replaced it in the file.
    """

    code: int
    refused: bool
    expired: bool
    replaced: bool


@dataclass(frozen=True, slots=True)
class Restart:
    """Start imapsync again after `pause` seconds; `message` tells the user why."""

    pause: float
    message: str


@dataclass(frozen=True, slots=True)
class NoRestart:
    """Don't start imapsync again; `message` is empty if no user would expect a restart."""

    message: str = ""


class RestartPolicy:
    """Decides after each run of one migration; `pauses` are in seconds."""

    def __init__(self, pauses: tuple[float, ...] = PAUSES) -> None:
        self._pauses = pauses
        self._is_first = True
        self._in_a_row = 0

    def after(self, ended: Ended) -> Restart | NoRestart:
        """Decide whether to restart after this run."""
        is_first, self._is_first = self._is_first, False
        refused = ended.refused or ended.code in REFUSED_AT_START
        if ended.code == 0 or not refused:
            return NoRestart()
        if is_first and not (ended.expired or ended.replaced):
            return NoRestart("The server refused a fresh token. A restart of imapsync won't help.")
        # Until a new token has replaced the expired one, the next run would be refused too.
        if ended.replaced and ended.code not in REFUSED_AT_START:
            self._in_a_row = 0
            return Restart(0.0, "imapsync's token has expired. imapsync restarts with the new one.")
        if self._in_a_row == len(self._pauses):
            return NoRestart("The server keeps refusing the login. imapsync is not restarted.")
        pause = self._pauses[self._in_a_row]
        self._in_a_row += 1
        return Restart(pause, f"The server refused the login. imapsync restarts in {pause:g} s.")


def needs_restarts(version: Version | None) -> bool:
    """Whether this imapsync reads its token file only once."""
    return is_older(version, MINIMUM_TO_REREAD)
