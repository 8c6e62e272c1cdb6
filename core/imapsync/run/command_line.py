"""Read the child's command line as imapsync does. It is never changed; options are only added.

imapsync reads its options with Getopt::Long: one dash or two, upper or lower case, `=` or a space,
and the last one counts. The options here end with the digit of their side, so they can't be
abbreviated.
"""

import contextlib
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import PurePath

from ...child_environment import without_loader

Version = tuple[int, int]

# imapsync, imapsync-2.229, imapsync_bin_Darwin, imapsync.exe. Other scripts have other endings: the
# window saves imapsync_OLD_to_NEW.sh, which would start a migration whatever it is asked.
_ITSELF = re.compile(r"imapsync[^.]*(\.\d+)*(\.exe|\.pl)?", re.IGNORECASE)
_PLAIN_NAME = re.compile(r"imapsync(-[\d.]+)?(\.exe|\.pl)?", re.IGNORECASE)
_CONTAINERS = {"docker", "podman", "nerdctl"}
_FIRST_LINE = 256  # bytes
_INTERPRETER = re.compile(r"perl[\d.]*(\.exe)?", re.IGNORECASE)
_VERSION = re.compile(r"\b(\d+)\.(\d+)\b")
_LONGEST_ANSWER = 60.0  # seconds; imapsync.exe unpacks itself at first


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


def ask_version(command: ImapsyncCommand, environment: Mapping[str, str]) -> Version | None:
    """The version that `imapsync --version` prints; None if it is unknown."""
    if not command.imapsync or _is_other_script(command.imapsync[-1]):
        return None
    try:
        with without_loader():
            done = subprocess.run(  # noqa: S603  # the user's own command
                [*command.imapsync, "--version"],
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_LONGEST_ANSWER,
                check=False,
            )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return _version_in(done.stdout.decode(errors="replace"))


def is_older(version: Version | None, than: str) -> bool:
    """Whether this imapsync is known to be older than that version."""
    limit = _version_in(than)
    return version is not None and limit is not None and version < limit


def is_at_least(version: Version | None, than: str) -> bool:
    """Whether this imapsync is known to be of that version or newer."""
    return version is not None and not is_older(version, than)


def _is_other_script(program: str) -> bool:
    """Whether a program like `imapsync_all` is a script that only starts imapsync."""
    if _PLAIN_NAME.fullmatch(PurePath(program).name):
        return False
    with contextlib.suppress(OSError), open(program, "rb") as file:
        first = file.readline(_FIRST_LINE)
        return first.startswith(b"#!") and b"perl" not in first
    return False


def _version_in(text: str) -> Version | None:
    found = _VERSION.search(text)
    return (int(found[1]), int(found[2])) if found else None


def _name(word: str) -> str:
    """The name of the option; empty if the word is not an option."""
    return word.lstrip("-").lower() if word.startswith("-") else ""
