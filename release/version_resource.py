"""What Windows shows of a program under Properties, Details."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PyInstaller.utils.win32.versioninfo import VSVersionInfo

_LANGUAGE, _CODE_PAGE = 0x0409, 1200  # American English, UTF-16


def version_resource(
    name: str, version: str, description: str, platform: str = sys.platform
) -> VSVersionInfo | None:
    """The resource for `<name>.exe`; None where programs have none."""
    if platform != "win32":
        return None
    from PyInstaller.utils.win32 import versioninfo as v

    numbers = four_numbers(version)
    strings = {
        "FileDescription": description,
        "FileVersion": version,
        "InternalName": name,
        "LegalCopyright": "MIT licence; parts under their own, see About",
        "OriginalFilename": f"{name}.exe",
        "ProductName": "oauth2_imap",
        "ProductVersion": version,
    }
    table = v.StringTable(
        f"{_LANGUAGE:04x}{_CODE_PAGE:04x}",
        [v.StringStruct(key, value) for key, value in strings.items()],
    )
    translation = v.VarStruct("Translation", [_LANGUAGE, _CODE_PAGE])
    return v.VSVersionInfo(
        v.FixedFileInfo(filevers=numbers, prodvers=numbers),
        [v.StringFileInfo([table]), v.VarFileInfo([translation])],
    )


def four_numbers(version: str) -> tuple[int, ...]:
    """Windows counts in four: 1.2.3 is 1.2.3.0."""
    numbers = [int(part) for part in version.split(".")]
    return (*numbers, *[0] * (4 - len(numbers)))
