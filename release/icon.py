"""Writes resources/icons/oauth2_imap.ico from the icon that gui/model/icons.py paints.

    python release/icon.py

Run it after each change to the icon; tests/test_exe_icon.py fails if the file is out of date.
"""

from __future__ import annotations

import os
import struct

from project import ROOT

FILE = ROOT / "resources" / "icons" / "oauth2_imap.ico"
SIZES = (16, 20, 24, 32, 48, 64, 128, 256)
# https://learn.microsoft.com/previous-versions/ms997538(v=msdn.10)
_HEADER = struct.Struct("<HHH")  # reserved, 1 for an icon, number of pictures
_ENTRY = struct.Struct(
    "<BBBBHHII"
)  # width, height, colours, reserved, planes, bits, length, offset


def icon_file() -> bytes:
    """The content of the icon file, with all sizes in PNG format."""
    pictures = [_png(size) for size in SIZES]
    offset = _HEADER.size + _ENTRY.size * len(SIZES)
    entries = []
    for size, picture in zip(SIZES, pictures, strict=True):
        side = size % 256  # 0 means 256
        entries.append(_ENTRY.pack(side, side, 0, 0, 1, 32, len(picture), offset))
        offset += len(picture)
    return b"".join([_HEADER.pack(0, 1, len(SIZES)), *entries, *pictures])


def _png(size: int) -> bytes:
    from PySide6.QtCore import QBuffer

    from gui.model.icons import app_icon

    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    app_icon().pixmap(size).save(buffer, "PNG")
    return bytes(buffer.data().data())


def main() -> None:
    """Write the icon file; Qt draws without a screen."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtGui import QGuiApplication

    application = QGuiApplication([])
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_bytes(icon_file())
    application.quit()


if __name__ == "__main__":
    main()
