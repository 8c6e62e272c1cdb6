"""The script that takes the README's pictures draws a window and no blank."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

import screenshots

OTHERS = ("list", "list_done", "options", "settings", "scale_200")  # dialogs, and a screen at 200 %
SCRIPT = Path(screenshots.__file__)


def colours(picture: QImage) -> set[int]:
    """Return the colours of every seventh pixel."""
    across, down = range(0, picture.width(), 7), range(0, picture.height(), 7)
    return {picture.pixel(x, y) for x in across for y in down}


@pytest.mark.usefixtures("xvfb")
@pytest.mark.only_on("linux", reason="Xvfb is for Linux")
def test_every_story_is_drawn(tmp_path: Path) -> None:
    """The window always has the same size, none is blank, and the dark ones are dark."""
    subprocess.run([sys.executable, SCRIPT, tmp_path], check=True, timeout=300)
    pictures = {path.stem: QImage(str(path)) for path in tmp_path.glob("*.png")}
    assert set(screenshots.STORIES) == set(pictures)
    sizes = {name: (p.width(), p.height()) for name, p in pictures.items() if name not in OTHERS}
    assert {(1180, 800)} == set(sizes.values()), sizes
    assert [] == [name for name, picture in pictures.items() if len(colours(picture)) < 20]
    dark = {name for name, p in pictures.items() if p.pixelColor(3, p.height() - 3).value() < 128}
    assert {"dark", "dark_device_code", "dark_waiting"} == dark
