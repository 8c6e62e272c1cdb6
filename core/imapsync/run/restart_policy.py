"""Whether an old imapsync is started again.

Before 2.230 imapsync reads the token file once: when the token has ended it can't log in again, and
sends the old one until it gives up. A new start reads the new token, and goes on where it was,
since imapsync copies only what isn't there. Nothing else is a reason: a message that can't be
copied, a full mailbox, a wrong option stay what they are.
"""

from dataclasses import dataclass

from ..options import MINIMUM_TO_REREAD
from .command_line import Version, is_older

# Seconds before each new start in a row that has no newer token; after them it is over.
PAUSES = (5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 300.0, 300.0)
REFUSED_AT_THE_START = (161, 162)  # imapsync's exit codes for either side


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run of imapsync ended.

    `refused`: a login was refused in it; `expired`: a token that it began with has ended;
    `replaced`: another has taken the place of one.
    """

    code: int
    refused: bool
    expired: bool
    replaced: bool


@dataclass(frozen=True, slots=True)
class Restart:
    """Start it again after so many seconds."""

    pause: float
    why: str


@dataclass(frozen=True, slots=True)
class NoRestart:
    """Don't; `why` is empty where nobody would have expected it."""

    why: str = ""


class RestartPolicy:
    """Decides after each run; one for all the runs of one migration."""

    def __init__(self, pauses: tuple[float, ...] = PAUSES) -> None:
        """`pauses` are in seconds."""
        self._pauses = pauses
        self._is_first = True
        self._in_a_row = 0

    def after(self, ended: Ended) -> Restart | NoRestart:
        """What to do now."""
        is_first, self._is_first = self._is_first, False
        refused = ended.refused or ended.code in REFUSED_AT_THE_START
        if ended.code == 0 or not refused:
            return NoRestart()
        if is_first and not (ended.expired or ended.replaced):
            return NoRestart("The login was refused with a fresh token, so a new start is no help.")
        # While nothing has replaced an expired token a new start is refused as well.
        if ended.replaced and ended.code not in REFUSED_AT_THE_START:
            self._in_a_row = 0
            return Restart(0.0, "The token that imapsync began with has ended: it starts again.")
        if self._in_a_row == len(self._pauses):
            return NoRestart(
                "The login is refused again and again: imapsync isn't started any more."
            )
        pause = self._pauses[self._in_a_row]
        self._in_a_row += 1
        return Restart(pause, f"The login was refused: imapsync starts again in {pause:g} seconds.")


def needs_restarts(version: Version | None) -> bool:
    """Whether this imapsync reads its token file only once."""
    return is_older(version, MINIMUM_TO_REREAD)
