"""When an imapsync reads its token file, which depends on its version."""

from enum import Enum

from ...i18n.translation import _
from ..command import MINIMUM_TO_REREAD
from .version import Version, is_older


class Reading(Enum):
    """When an imapsync reads its token file."""

    ONCE = "at its start"
    AT_LOGIN = "before each login"
    UNKNOWN = "unknown"


def reading_of(version: Version | None) -> Reading:
    """When this imapsync reads its token file."""
    if version is None:
        return Reading.UNKNOWN
    return Reading.ONCE if is_older(version, MINIMUM_TO_REREAD) else Reading.AT_LOGIN


def note_on(version: Version | None) -> str:
    """What the user should know about this version; "" for one that reads its file again."""
    if version is None or reading_of(version) is not Reading.ONCE:
        return ""
    return _(
        "This is imapsync {version}. It reads the token file only once, so oauth2_imap restarts it "
        "when the token has expired. This is not needed with imapsync {minimum} or newer.",
        version=".".join(map(str, version[:2])),
        minimum=MINIMUM_TO_REREAD,
    )
