"""The script that takes the README's pictures draws a window and no blank."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

import screenshots

SCRIPT = Path(screenshots.__file__)


def colours(picture: QImage) -> set[int]:
    """Return the colours of every seventh pixel."""
    across, down = range(0, picture.width(), 7), range(0, picture.height(), 7)
    return {picture.pixel(x, y) for x in across for y in down}


@pytest.mark.usefixtures("xvfb")
@pytest.mark.only_on("linux", reason="Xvfb is for Linux")
def test_every_story_is_drawn(tmp_path: Path) -> None:
    """All pictures have the same size, none is blank, and the dark ones are dark."""
    subprocess.run([sys.executable, SCRIPT, tmp_path], check=True, timeout=300)
    pictures = {path.stem: QImage(str(path)) for path in tmp_path.glob("*.png")}
    assert set(screenshots.STORIES) == set(pictures)
    assert {(1180, 800)} == {(p.width(), p.height()) for p in pictures.values()}
    assert [] == [name for name, picture in pictures.items() if len(colours(picture)) < 20]
    dark = {name for name, picture in pictures.items() if picture.pixelColor(3, 780).value() < 128}
    assert {"dark", "dark_waiting"} == dark
