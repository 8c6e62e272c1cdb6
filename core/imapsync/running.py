"""The imapsync processes that run on this computer, so that the user can choose one.

A command line of imapsync may contain passwords, so only its users and hosts are shown.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath, PureWindowsPath

from ..i18n.translation import _
from ..net.network import quoted

_PROGRAMS = ("imapsync", "imapsync.exe")
_SHELLS = ("ash", "bash", "dash", "sh", "zsh")  # of scripts around it that have its name
_SHOWN = ("user1", "host1", "user2", "host2")


@dataclass(frozen=True, slots=True)
class ImapsyncRun:
    """A running imapsync. `label` shows its users and hosts, never a secret.

    `is_ours` says that this program has started it.
    """

    pid: int
    label: str
    is_ours: bool = False


def running_imapsyncs() -> list[ImapsyncRun]:
    """The imapsync processes whose command lines we may read, the oldest first."""
    import psutil

    found = {}
    for process in psutil.process_iter(["pid", "ppid", "cmdline", "create_time"]):
        command = process.info["cmdline"] or []  # None if we may not read it
        if is_imapsync(command):
            found[process.info["pid"]] = process.info
    oldest = sorted(found.values(), key=lambda info: info["create_time"] or 0)
    # The packed imapsync.exe starts itself a second time. Show the outer process only.
    outer = [info for info in oldest if info["ppid"] not in found]
    own = os.getpid()
    return [ImapsyncRun(i["pid"], label(i["cmdline"]), i["ppid"] == own) for i in outer]


def is_imapsync(command: Sequence[str]) -> bool:
    """Whether the command line starts imapsync, directly or by perl or a shell."""
    names = [_name(word) for word in command[:1]]
    if names and (names[0].startswith("perl") or names[0].removesuffix(".exe") in _SHELLS):
        # The script is the first word that is not an option.
        names = [_name(word) for word in command[1:] if not word.startswith("-")][:1]
    return any(name in _PROGRAMS for name in names)


def label(command: Sequence[str]) -> str:
    """Source and destination for the user; "imapsync" if the command line does not tell them."""
    given = _shown_options(command)
    if not given:
        return "imapsync"
    return _("{user1} at {host1} to {user2} at {host2}", **dict.fromkeys(_SHOWN, "?") | given)


def _shown_options(command: Sequence[str]) -> dict[str, str]:
    """Users and hosts in the command line. Abbreviations don't count: `--p` may be a password."""
    found = {}
    for word, following in zip(command, [*command[1:], ""], strict=True):
        name, equals, value = word.lstrip("-").partition("=")
        if not word.startswith("-") or name not in _SHOWN:
            continue
        value = value if equals else following
        if value and not value.startswith("-"):
            found[name] = quoted(value)
    return found


def _name(word: str) -> str:
    """The last part of a Unix or Windows path."""
    return PurePath(PureWindowsPath(word).name).name.lower()
