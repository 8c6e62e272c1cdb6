"""The version resource, which Windows shows under Properties, Details."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PyInstaller.utils.win32.versioninfo import VSVersionInfo

# What Qt supports: https://doc.qt.io/qt-6/windows.html
LOWEST_WINDOWS = "Windows 10 version 1809 or newer, 64-bit"
_LANGUAGE, _CODE_PAGE = 0x0409, 1200  # American English, UTF-16


def version_resource(
    name: str, version: str, description: str, platform: str = sys.platform
) -> VSVersionInfo | None:
    """The version resource of `<name>.exe`; None if the platform is not Windows."""
    if platform != "win32":
        return None
    from PyInstaller.utils.win32 import versioninfo as v

    numbers = four_numbers(version)
    strings = {
        "Comments": f"For {LOWEST_WINDOWS}",
        "CompanyName": "The oauth2_imap authors",  # as in LICENSE
        "FileDescription": description,
        "FileVersion": version,
        "InternalName": name,
        "LegalCopyright": "MIT licence; libraries have their own, see About",
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
    """The four numbers that Windows needs for a version: 1.2.3 becomes 1.2.3.0."""
    numbers = [int(part) for part in version.split(".")]
    return (*numbers, *[0] * (4 - len(numbers)))
