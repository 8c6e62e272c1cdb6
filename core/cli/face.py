"""Which face of the window's program answers a command line: its window, or the command line.

One program is enough for a user who has nothing else: scripts and imapsync call it too.
"""

from collections.abc import Sequence
from enum import Enum, auto

from ..errors import UsageProblem
from .arguments import parse_arguments
from .commands import MAILBOX, Taken

_ABOUT_A_MAILBOX = Taken(MAILBOX, frozenset({"ca_file", "timeout"}))
_ANSWERED_AT_ONCE = frozenset({"version", "help"})


class Face(Enum):
    """What answers.

    WINDOW shows the window, with the options in its fields. CALL gets the token of one mailbox, and
    shows the window only while the user must act. COMMAND_LINE never shows it.
    """

    WINDOW = auto()
    CALL = auto()
    COMMAND_LINE = auto()


def face_of(arguments: Sequence[str]) -> Face:
    """Return the face that answers these arguments."""
    try:
        parsed = parse_arguments(arguments)
    except UsageProblem:
        return Face.COMMAND_LINE  # it says what is wrong with them
    words, given = parsed.words, parsed.given
    if len(words) > 1 or not all("@" in word for word in words):
        return Face.COMMAND_LINE
    if not all(name in _ABOUT_A_MAILBOX and name not in _ANSWERED_AT_ONCE for name in given):
        return Face.COMMAND_LINE
    return Face.CALL if words or parsed.options.token_file else Face.WINDOW
