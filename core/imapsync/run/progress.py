"""How far a run of imapsync is, from the lines that imapsync prints.

The patterns were compared with what users of imapsync have published: a message that was copied
(https://github.com/imapsync/imapsync/issues/406), the folders (437), messages that failed (387),
and the errors that are listed once more at the end (346, 444). A line about a message that failed
contains the message's subject, which may say anything: so a pattern begins where a line begins, or
is at its end.
"""

import re
from dataclasses import dataclass, replace

from ...i18n.translation import _
from ...keeping.stop_conditions import duration

_COPIED = re.compile(r"msg .+ copied to .")
# Before it, the seconds that imapsync expects to need for them.
_LEFT = re.compile(r"(?:\s(\d{1,12}) s\s)?\s(\d{1,12})/(\d{1,12}) msgs left\s*$")
_FAILED = re.compile(r"- msg ")
_LISTED = re.compile(r"Err +(\d{1,9})/\d+: ")
_FOLDER = re.compile(r"Folder +(\d{1,9})/(\d{1,9}) \[")
_MINUTE = 60  # seconds


@dataclass(frozen=True, slots=True)
class Progress:
    """What one run has done: messages copied, messages left of `total`, errors, and folders.

    `left`, `total`, `seconds`, `folder` and `folders` are None until imapsync has told them. The
    messages that are not left are copied, or were in the destination before. `seconds` is how long
    imapsync expects to need for those that are left.
    """

    copied: int = 0
    errors: int = 0
    left: int | None = None
    total: int | None = None
    seconds: int | None = None
    folder: int | None = None
    folders: int | None = None

    def after(self, line: str) -> "Progress":
        """The progress after one more line of the output."""
        if _FAILED.match(line):
            return replace(self, errors=self.errors + 1)
        if found := _LISTED.match(line):
            return replace(self, errors=max(self.errors, int(found[1])))
        if found := _FOLDER.match(line):
            return replace(self, folder=int(found[1]), folders=int(found[2]))
        copied = self.copied + bool(_COPIED.match(line))
        if found := _LEFT.search(line):
            seconds = int(found[1]) if found[1] else None
            left, total = int(found[2]), int(found[3])
            return replace(self, copied=copied, left=left, total=total, seconds=seconds)
        return replace(self, copied=copied) if copied != self.copied else self

    @property
    def time_left(self) -> str:
        """About how long it still takes, in words; empty while nobody knows.

        imapsync says 0 s before the first message, and after the last one, when it still counts.
        """
        if self.seconds is None or self.left in (0, self.total):
            return ""
        if self.seconds < _MINUTE:
            return _("less than a minute left")
        minutes = round(self.seconds / _MINUTE)
        # A duration below two minutes would be in seconds.
        time = duration(minutes * _MINUTE) if minutes > 1 else _("{minutes} min", minutes=1)
        return _("about {time} left", time=time)
