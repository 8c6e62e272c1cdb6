"""How far a run of imapsync is, from the lines that imapsync prints.

The patterns were compared with what users of imapsync have published: a message that was copied
(https://github.com/imapsync/imapsync/issues/406), the folders (437), messages that failed (387),
and the errors that are listed once more at the end (346, 444). A line about a message that failed
contains the message's subject, which may say anything: so a pattern begins where a line begins, or
is at its end.
"""

import re
from dataclasses import dataclass, replace

_COPIED = re.compile(r"msg .+ copied to .")
_LEFT = re.compile(r"\s(\d{1,12})/(\d{1,12}) msgs left\s*$")
_FAILED = re.compile(r"- msg ")
_LISTED = re.compile(r"Err +(\d{1,9})/\d+: ")
_FOLDER = re.compile(r"Folder +(\d{1,9})/(\d{1,9}) \[")


@dataclass(frozen=True, slots=True)
class Progress:
    """What one run has done: messages copied, messages left of `total`, errors, and folders.

    `left`, `total`, `folder` and `folders` are None until imapsync has told them. The messages
    that are not left are copied, or were in the destination before.
    """

    copied: int = 0
    errors: int = 0
    left: int | None = None
    total: int | None = None
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
            return replace(self, copied=copied, left=int(found[1]), total=int(found[2]))
        return replace(self, copied=copied) if copied != self.copied else self
