"""Who else can read a token file, according to its mode or its Windows access list.

Only groups are reported that anybody may be a member of. A single account in the list was added on
purpose. Nothing is changed here: the owner of a folder decides who shares it.
"""

import re
import shlex
import stat
import sys
from pathlib import Path

from ..i18n.translation import N_, _, joined

_ACTS_IN_QUOTES = frozenset('"%!$`')  # in cmd or in PowerShell
# Each group by its abbreviation and by its number:
# https://learn.microsoft.com/en-us/windows/win32/secauthz/sid-strings
_GROUPS = {
    "WD": N_("Everyone"),
    "S-1-1-0": N_("Everyone"),
    "AN": N_("Anonymous"),
    "S-1-5-7": N_("Anonymous"),
    "AU": N_("Authenticated Users"),
    "S-1-5-11": N_("Authenticated Users"),
    "IU": N_("Interactive users"),
    "S-1-5-4": N_("Interactive users"),
    "NU": N_("Network users"),
    "S-1-5-2": N_("Network users"),
    "BU": N_("Users"),
    "S-1-5-32-545": N_("Users"),
    "BG": N_("Guests"),
    "S-1-5-32-546": N_("Guests"),
    "LG": N_("Guest"),
    "DU": N_("Domain Users"),
    "DG": N_("Domain Guests"),
}
# https://learn.microsoft.com/en-us/windows/win32/secauthz/ace-strings
_ENTRY = re.compile(
    r"\((?P<kind>[A-Z]+);(?P<flags>[A-Z]*);(?P<rights>[^;]*);[^;]*;[^;]*;(?P<who>[^;)]+)[^()]*"
)
_ALLOW, _DENY = ("A", "XA"), ("D", "XD")
_ONLY_FOR_CHILDREN = "IO"
_READING_LETTERS = {"GA", "GR", "FA", "FR", "CC"}  # CC is the letter of FILE_READ_DATA's bit
_READING_BITS = 0x1 | 0x1000_0000 | 0x8000_0000  # FILE_READ_DATA, GENERIC_ALL, GENERIC_READ
_NO_LIST = "NO_ACCESS_CONTROL"


def warning_of_readers(path: Path) -> str:
    """A warning if others can read a token file: who, and what to do about it; else empty."""
    readers = other_readers(path)
    if not readers:
        return ""
    warning = _(
        "{path} can be read by {readers}: anyone who reads it can open the mailbox.",
        path=path,
        readers=joined(readers, _(" and ")),
    )
    return joined((warning, remedy(path)))


def other_readers(path: Path) -> tuple[str, ...]:
    """Who else can read a file, in words; nobody if that is unknown."""
    try:
        if sys.platform == "win32":
            return readers_in_list(_access_list(path))
        else:
            return readers_in_mode(path.stat().st_mode)
    except OSError:
        return ()


def readers_in_mode(mode: int) -> tuple[str, ...]:
    """Who can read a file with this POSIX mode, besides the owner."""
    if mode & stat.S_IROTH:
        return (_("every user of this computer"),)
    return (_("its group"),) if mode & stat.S_IRGRP else ()


def readers_in_list(sddl: str) -> tuple[str, ...]:
    """The groups that can read a file with this DACL, in Windows' string form (SDDL).

    Without any list, everyone can read the file.
    """
    if "(" not in sddl:
        return (_("Everyone"),) if _NO_LIST in sddl or "D:" not in sddl else ()
    allowed: dict[str, None] = {}
    denied: set[str] = set()
    for entry in _ENTRY.finditer(sddl):
        group = _group(entry["who"])
        if not group or not _lets_read(entry["rights"]) or _is_for_children(entry["flags"]):
            continue
        if entry["kind"] in _DENY:
            denied.add(group)
        elif entry["kind"] in _ALLOW and group not in denied:  # the first matching entry decides
            allowed[group] = None
    return tuple(_(group) for group in allowed)


def _is_for_children(flags: str) -> bool:
    return _ONLY_FOR_CHILDREN in re.findall("..", flags)


def _lets_read(rights: str) -> bool:
    try:
        return bool(int(rights, 0) & _READING_BITS)
    except ValueError:
        return not _READING_LETTERS.isdisjoint(re.findall("..", rights))


def _group(who: str) -> str:
    """The group's name; empty for accounts, and for administrators, who can read everything."""
    if re.fullmatch(r"S-1-5-21-.*-513", who):
        return N_("Domain Users")
    return _GROUPS.get(who, "")


def remedy(path: Path, platform: str = sys.platform) -> str:
    """What to do about the readers of a file, with a command for Windows if that is safe."""
    if platform != "win32":
        command = f"chmod 600 {shlex.quote(str(path))}"
        return _("If nobody else needs it, run: {command}", command=command)
    folder = str(path.parent)
    if _ACTS_IN_QUOTES.intersection(folder):  # then no command that can be copied
        return _(
            "Move it to a folder of your own, or change this folder under Properties, Security."
        )
    command = f'icacls "{folder}" /inheritance:r /grant:r "%USERNAME%:(OI)(CI)F"'
    return _(
        "Move it to a folder of your own, or remove their access to this one: {command}",
        command=command,
    )


if sys.platform == "win32":

    def _access_list(path: Path) -> str:
        """The DACL of a file, in Windows' string form (SDDL); raises `OSError`."""
        import ctypes

        advapi32, local_free = ctypes.windll.advapi32, ctypes.windll.kernel32.LocalFree
        file_object, dacl, revision = 1, 4, 1  # accctrl.h, winnt.h, sddl.h
        descriptor, text = ctypes.c_void_p(), ctypes.c_wchar_p()
        none = (None,) * 4
        error = advapi32.GetNamedSecurityInfoW(
            str(path), file_object, dacl, *none, ctypes.byref(descriptor)
        )
        if error:
            raise ctypes.WinError(error)
        try:
            if not advapi32.ConvertSecurityDescriptorToStringSecurityDescriptorW(
                descriptor, revision, dacl, ctypes.byref(text), None
            ):
                raise ctypes.WinError()
            return text.value or ""
        finally:
            local_free(text)
            local_free(descriptor)
