"""Whether the computer runs on battery, as far as the system says it without a program of its own.

On macOS only programs say it, so there it is unknown.
"""

import sys
from pathlib import Path

_SUPPLIES = Path("/sys/class/power_supply")  # of Linux
_MAINS = ("Mains", "USB")  # what they say in `type`
_OFFLINE, _ONLINE = "0", "1"
_STATUS_SIZE = 12  # bytes of SYSTEM_POWER_STATUS (winbase.h), of which the first is the mains
_WINDOWS_OFFLINE = b"\0"


def on_battery() -> bool:
    """Return whether it runs on battery; False if that is unknown."""
    return _windows_battery() if sys.platform == "win32" else linux_battery()


def linux_battery(supplies: Path = _SUPPLIES) -> bool:
    """Return whether there is a battery and every other supply is off."""
    try:
        found = [(_said(supply, "type"), _said(supply, "online")) for supply in supplies.iterdir()]
    except OSError:
        return False
    others = [online for kind, online in found if kind in _MAINS]
    has_battery = any(kind == "Battery" for kind, _ in found)
    return has_battery and _OFFLINE in others and _ONLINE not in others


def _said(supply: Path, name: str) -> str:
    try:
        return (supply / name).read_text("ascii").strip()
    except (OSError, ValueError):
        return ""


def _windows_battery() -> bool:
    if sys.platform == "win32":
        import ctypes

        status = ctypes.create_string_buffer(_STATUS_SIZE)
        asked = ctypes.windll.kernel32.GetSystemPowerStatus(status)
        return bool(asked) and status[0] == _WINDOWS_OFFLINE
    else:
        return False
