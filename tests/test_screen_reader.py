"""What a screen reader gets of the real window, by AT-SPI: a name for all that can be operated."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import at_spi
from core.paths import SETTINGS_FILE
from program import ROOT
from screenshots import virtual_screen
from servers import Stage
from test_gui_many import write_many

pytestmark = [
    pytest.mark.only_on("linux", reason="AT-SPI is for Linux"),
    pytest.mark.usefixtures("xvfb", "accessibility_bus"),
]

EMPTY, LAST = "pretend mailbox", "m001@demo.example"
ADDRESS_FIELD = ("text", "Address")
# Qt calls a combo box by its text here, and its label by a relation between the two.
LABELLED = ("combo box", "label")


def shown(stage: Stage, home: Path, text: str, settings: str = "") -> list[at_spi.Accessible]:
    """Return what is visible of the window; it has the mailboxes of the stage's folder.

    `text` is a part of the last thing that appears, `settings` are more lines of the ini file.
    """
    home.mkdir()
    (home / SETTINGS_FILE).write_text(
        f"[General]\ntoken_folder={stage.path.parent}\n{settings}", "utf-8"
    )
    program = (sys.executable, "-m", "gui")
    command = ["dbus-run-session", "--", sys.executable, str(Path(at_spi.__file__)), text, *program]
    with virtual_screen() as display:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, "DISPLAY": display, "OAUTH2_IMAP_HOME": str(home)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert 0 == done.returncode, done.stderr
    return [one for one in at_spi.parse(done.stdout) if "showing" in one.states]


@pytest.mark.parametrize("mailboxes", [0, 3])
def test_all_that_takes_the_focus_has_a_name(stage: Stage, tmp_path: Path, mailboxes: int) -> None:
    """Fields, buttons, lists and rows, with and without mailboxes."""
    write_many(stage, mailboxes)
    objects = shown(stage, tmp_path / "home", LAST if mailboxes else EMPTY)
    operated = [one for one in objects if "focusable" in one.states]
    assert 10 < len(operated)
    assert ADDRESS_FIELD in {(one.role, one.name) for one in operated}
    assert [] == [one for one in operated if not one.name and one.role not in LABELLED]


def test_rows_and_messages_are_told_in_words(stage: Stage, tmp_path: Path) -> None:
    """The rows say their states, and the message bar what is next."""
    write_many(stage, 2)
    objects = shown(stage, tmp_path / "home", '"Keep refreshing" is off for all mailboxes')
    told = {one.name for one in objects}
    assert {"Off (2)", "m000@demo.example", "m001@demo.example"} <= told


def test_a_folded_heading_says_so_and_how_to_unfold_it(stage: Stage, tmp_path: Path) -> None:
    """It takes the place of its mailboxes, and is no heading that keys skip."""
    write_many(stage, 2)
    told = "Off (2), folded. Enter shows the mailboxes."
    objects = shown(stage, tmp_path / "home", told, "folded_groups=OFF\n")
    [heading] = [one for one in objects if one.name == told]
    assert "enabled" in heading.states
    assert [told] == [one.name for one in objects if one.role == heading.role]
