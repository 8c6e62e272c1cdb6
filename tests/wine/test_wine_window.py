"""oauth2_imap.exe in Windows, on a screen, with real keys."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from bed.as_provider import opens_mailbox, providers_toml
from bed.fixtures import Bed
from bed.users import ALICE
from gui.model.icons import GREEN
from program import Program
from wine.build import Programs
from wine.opened import opened
from wine.prefix import Wine, windows_path
from wine.screen import Screen, wait

TITLE = "^oauth2_imap$"
ICON = 40  # pixels at least are of the colour of a mailbox's icon


@pytest.fixture(params=["one file", "folder"])
def window(
    windows: Wine, terminal: Program, programs: Programs, request: pytest.FixtureRequest
) -> Program:
    """Return the window, in the same folder as the terminal program."""
    if request.param == "folder":
        shutil.copytree(programs.folder, terminal.folder, dirs_exist_ok=True)
    else:
        shutil.copy(programs.window, terminal.folder)
    command = ("wine", windows.path(terminal.folder / programs.window.name))
    return replace(terminal, command=command)


def _pixels(picture: Path, colour: str) -> int:
    image = QImage(str(picture)).convertToFormat(QImage.Format.Format_RGB32)
    wanted = bytes.fromhex(colour.removeprefix("#"))[::-1]  # blue, green, red in memory
    content = bytes(image.constBits())
    return sum(content[at : at + 3] == wanted for at in range(0, len(content), 4))


def test_smoke_test_ends_with_0(window: Program) -> None:
    """It starts, paints its first frame and exits with 0."""
    done = window.run("--smoke-test", timeout=240)
    assert 0 == done.code, done.out + done.err


def test_get_token_by_keyboard(
    bed: Bed, window: Program, windows: Wine, screen: Screen, chromium: None, tmp_path: Path
) -> None:
    """An address, Get token and the consent make a fresh mailbox, in the file and on the screen.

    The picture is saved in the folder that OAUTH2_IMAP_PICTURES names.
    """
    window.configure(providers_toml(bed))
    ca_file = windows_path(bed.ca_file).replace("\\", "/")
    (windows.config_folder / "oauth2_imap.ini").write_text(f"[General]\nca_file={ca_file}\n")
    file = window.folder / "tokens" / f"oauth2_tokens_{ALICE}.txt"
    picture = Path(os.environ.get("OAUTH2_IMAP_PICTURES", tmp_path)) / "windows.png"

    with opened(window, windows):
        shown = screen.wait_for_window(TITLE)
        assert _pixels(screen.picture(picture, shown), GREEN) < ICON
        screen.type(ALICE)
        screen.press("alt+g")
        wait(file.exists, "the token file")
        wait(lambda: _pixels(screen.picture(picture, shown), GREEN) >= ICON, "a fresh mailbox")
    assert opens_mailbox(bed, ALICE, file)
    assert 1 == bed.stats()["auth_requests"]
