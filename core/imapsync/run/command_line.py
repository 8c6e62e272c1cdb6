"""Read the child's command line as imapsync does. It is never changed; options are only added.

imapsync reads its options with Getopt::Long: one dash or two, upper or lower case, `=` or a space,
and the last one counts. The options here end with the digit of their side, so they can't be
abbreviated.
"""

import re
from dataclasses import dataclass
from itertools import takewhile
from pathlib import PurePath

# imapsync, imapsync-2.229, imapsync_bin_Darwin, imapsync.exe. Other scripts have other endings: the
# window saves imapsync_OLD_to_NEW.sh, which would start a migration whatever it is asked.
_ITSELF = re.compile(r"imapsync[^.]*(\.\d+)*(\.exe|\.pl)?", re.IGNORECASE)
_CONTAINERS = {"docker", "podman", "nerdctl"}
_INTERPRETER = re.compile(r"perl[\d.]*(\.exe)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ImapsyncCommand:
    """A program and its arguments, as the user typed them."""

    words: tuple[str, ...]

    def value(self, name: str) -> str | None:
        """The value of an option; None if it is not given."""
        found = None
        for position, word in enumerate(self.words):
            written, equals, value = word.partition("=")
            if _name(written) == name:
                following = self.words[position + 1 : position + 2]
                found = value if equals else "".join(following)
        return found

    def has(self, *names: str) -> bool:
        """Whether one of these options is given, also if it is negated (--nossl1)."""
        given = {_name(word.partition("=")[0]) for word in self.words}
        return any(form in given for name in names for form in (name, f"no{name}", f"no-{name}"))

    @property
    def imapsync(self) -> tuple[str, ...]:
        """The words that start imapsync itself; empty if the program is something else.

        Another program is never asked for its version: it might ignore the option and start.
        """
        if _ITSELF.fullmatch(self._program(0)):
            return self.words[:1]
        if _INTERPRETER.fullmatch(self._program(0)) and _ITSELF.fullmatch(self._program(1)):
            return self.words[:2]
        return ()

    @property
    def is_in_container(self) -> bool:
        """Whether imapsync runs in a container, also behind another program such as sudo."""
        names = (PurePath(word).stem.lower() for word in self.words)
        before = takewhile(lambda name: not _ITSELF.fullmatch(name), names)
        return not _CONTAINERS.isdisjoint(before)

    def _program(self, position: int) -> str:
        return "".join(PurePath(word).name for word in self.words[position : position + 1])


def _name(word: str) -> str:
    """The name of the option; empty if the word is not an option."""
    return word.lstrip("-").lower() if word.startswith("-") else ""
