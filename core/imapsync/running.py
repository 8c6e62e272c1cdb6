"""Which imapsync runs there are on this computer, for a person to choose from.

A command line of imapsync may hold passwords, so only whom it is about is shown of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath, PureWindowsPath

from ..net.network import quoted

_PROGRAMS = ("imapsync", "imapsync.exe")
_SHOWN = ("user1", "host1", "user2", "host2")


@dataclass(frozen=True, slots=True)
class ImapsyncRun:
    """`label` tells one run from another and holds no secret."""

    pid: int
    label: str


def running_imapsyncs() -> list[ImapsyncRun]:
    """Those that may be seen, the oldest first."""
    import psutil

    found = {}
    for process in psutil.process_iter(["pid", "ppid", "cmdline", "create_time"]):
        command = process.info["cmdline"] or []  # None where it may not be seen
        if is_imapsync(command):
            found[process.info["pid"]] = process.info
    oldest = sorted(found.values(), key=lambda info: info["create_time"] or 0)
    # The packed imapsync.exe starts itself again; the outer one is the run.
    outer = [info for info in oldest if info["ppid"] not in found]
    return [ImapsyncRun(info["pid"], label(info["cmdline"])) for info in outer]


def is_imapsync(command: Sequence[str]) -> bool:
    """Whether it is imapsync itself, or perl with that script."""
    names = [_name(word) for word in command[:1]]
    if names and names[0].removesuffix(".exe").startswith("perl"):
        # The script is the first word that is no option of perl's.
        names = [_name(word) for word in command[1:] if not word.startswith("-")][:1]
    return any(name in _PROGRAMS for name in names)


def label(command: Sequence[str]) -> str:
    """Whose mail goes where."""
    given = _shown_options(command)
    sides = [
        f"{given.get(f'user{side}', '?')} at {given.get(f'host{side}', '?')}" for side in (1, 2)
    ]
    return " to ".join(sides) if given else "imapsync"


def _shown_options(command: Sequence[str]) -> Mapping[str, str]:
    """`--user1 x` and `--user1=x`; no abbreviation, since `--p` may be a password."""
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
    """The last part of a path of either kind of system."""
    return PurePath(PureWindowsPath(word).name).name.lower()
