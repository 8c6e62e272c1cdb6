"""Decide whether imapsync is restarted after it has ended.

A refused login can end any imapsync, whatever its version: one that reads the token file only once
(before 2.230) repeats the old token, and a newer one finds an expired token in the file while the
provider is out of reach. Both give up after 50 errors, or at once at their start, and have then
skipped messages. A restarted imapsync reads the new token and continues, because it copies only
messages that are missing. It is not restarted for any other reason, such as a message that can't be
copied, a full mailbox or a wrong option.
"""

from dataclasses import dataclass

from ...i18n.translation import N_, _

# Seconds before each restart without a newer token; after the last one there are no more restarts.
PAUSES = (5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 300.0, 300.0)
# imapsync's exit codes for a refused login at its start: in old versions, and on side 1 and side 2.
REFUSED_AT_START = (16, 161, 162)
CHECK_OPTIONS = N_(
    "imapsync has ended because a server refused its login, although the token was fresh. A "
    "restart won't help: check --user1 and --user2. If a mailbox is shared, give oauth2_imap its "
    "address and --login_hint YOUR_OWN_ADDRESS."
)
# For the window, which has no options; it says itself what to do.
NOT_RESTARTED = N_(
    "imapsync has ended because a server refused its login, although the token was fresh. It is "
    "not restarted."
)
_NEW_TOKEN = N_(
    "imapsync has ended because a server refused its login: its token was old. It restarts with "
    "the new token."
)
_TOO_OFTEN = N_(
    "imapsync has ended because a server refused its login again and again. It is not restarted "
    "any more."
)
_PAUSE = N_("imapsync has ended because a server refused its login. It restarts in {seconds} s.")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run of imapsync ended.

    `refused`: a server refused a login. `expired`: a token that imapsync started with has expired.
    `replaced`: a newer token has replaced it in the file. `interrupted`: the user has pressed
    Ctrl-C, and no server has refused a login since.
    """

    code: int
    refused: bool
    expired: bool
    replaced: bool
    interrupted: bool = False


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
    """Decides after each run of one migration; `pauses` are in seconds.

    `in_vain` tells the user that a login with a fresh token was refused.
    """

    def __init__(self, pauses: tuple[float, ...] = PAUSES, *, in_vain: str = CHECK_OPTIONS) -> None:
        self._pauses = pauses
        self._in_vain = in_vain
        self._is_first = True
        self._in_a_row = 0

    def after(self, ended: Ended) -> Restart | NoRestart:
        """Decide whether to restart after this run."""
        is_first, self._is_first = self._is_first, False
        at_start = ended.code in REFUSED_AT_START
        if ended.code == 0 or ended.interrupted or not (ended.refused or at_start):
            return NoRestart()
        if is_first and not (ended.expired or ended.replaced):
            return NoRestart(_(self._in_vain))
        if ended.replaced and not at_start:
            self._in_a_row = 0
            return Restart(0.0, _(_NEW_TOKEN))
        if self._in_a_row == len(self._pauses):
            return NoRestart(_(_TOO_OFTEN))
        pause = self._pauses[self._in_a_row]
        self._in_a_row += 1
        seconds = f"{pause:g}"
        return Restart(pause, _(_PAUSE, seconds=seconds))
