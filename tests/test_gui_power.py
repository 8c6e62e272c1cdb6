"""Tests of whether the computer runs on battery."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from gui.system.power import linux_battery, on_battery

BATTERY = {"type": "Battery", "capacity": "80"}
MAINS_OFF, MAINS_ON = {"type": "Mains", "online": "0"}, {"type": "Mains", "online": "1"}
USB_OFF, USB_ON = {"type": "USB", "online": "0"}, {"type": "USB", "online": "1"}


@pytest.mark.parametrize(
    ("supplies", "expected"),
    [
        ((), False),
        ((BATTERY,), False),  # a mouse's, in a desktop computer
        ((MAINS_ON,), False),
        ((BATTERY, MAINS_ON), False),
        ((BATTERY, MAINS_OFF), True),
        ((BATTERY, MAINS_OFF, USB_ON), False),
        ((BATTERY, MAINS_OFF, USB_OFF), True),
        ((BATTERY, {"type": "Mains"}), False),
        ((BATTERY, {"type": "Mains", "online": "\u00e9"}), False),
    ],
)
def test_linux_says_it_in_files(
    supplies: tuple[Mapping[str, str], ...], expected: bool, tmp_path: Path
) -> None:
    """A battery, and nothing else that supplies power."""
    for number, supply in enumerate(supplies):
        folder = tmp_path / f"supply{number}"
        folder.mkdir()
        for name, text in supply.items():
            (folder / name).write_text(f"{text}\n", "utf-8")
    assert expected == linux_battery(tmp_path)


def test_without_such_files_it_is_unknown(tmp_path: Path) -> None:
    """As on macOS, and in a container."""
    assert not linux_battery(tmp_path / "missing")


def test_this_system_can_be_asked() -> None:
    """Whatever it says."""
    assert on_battery() in (True, False)
