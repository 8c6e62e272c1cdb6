"""Tests of the programs' icon file."""

import struct
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from gui.model.icons import app_icon

FILE = Path(__file__).resolve().parent.parent / "resources" / "icons" / "oauth2_imap.ico"
SIZES = (16, 20, 24, 32, 48, 64, 128, 256)
MOST_DIFFERENCE = (
    2.0  # of 255, the average for a channel of a pixel: versions of Qt round differently
)


def _pictures() -> dict[int, QImage]:
    """The pictures by size, read as Windows does (ICONDIR, ICONDIRENTRY)."""
    content = FILE.read_bytes()
    kind, count = struct.unpack_from("<HH", content, 2)
    assert 1 == kind
    found = {}
    for number in range(count):
        width, height, *_, length, place = struct.unpack_from("<BBBBHHII", content, 6 + 16 * number)
        assert width == height
        found[width or 256] = QImage.fromData(content[place : place + length])
    return found


def test_the_icon_has_all_sizes_of_windows(qtbot: QtBot) -> None:
    """The file has all sizes that Windows shows, so none is scaled."""
    pictures = _pictures()
    assert SIZES == tuple(pictures)
    for size, picture in pictures.items():
        assert (size, size) == (picture.width(), picture.height())


@pytest.mark.parametrize("size", SIZES)
def test_the_icon_is_what_the_window_paints(qtbot: QtBot, size: int) -> None:
    """The file is up to date; after a change of gui/model/icons.py run release/icon.py."""
    form = QImage.Format.Format_RGBA8888
    filed = _pictures()[size].convertToFormat(form)
    painted = app_icon().pixmap(size).toImage().convertToFormat(form)
    pairs = zip(bytes(filed.constBits()), bytes(painted.constBits()), strict=True)
    assert sum(abs(one - other) for one, other in pairs) / size**2 / 4 <= MOST_DIFFERENCE
