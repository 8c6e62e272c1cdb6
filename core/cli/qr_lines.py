"""A QR code in a terminal: two modules in each character, by half blocks."""

import os
from typing import TextIO

from ..qr_code import QUIET_ZONE, Modules, qr_modules

# The upper and the lower module of a character; True is light. The light ones are drawn, since most
# terminals have a dark background; phones read the reverse too.
_BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
_OTHER_LINES = 6  # that must be seen beside it


def qr_lines(text: str, stream: TextIO | None) -> list[str]:
    """The lines that draw the QR code of a text; none where the terminal can't show them."""
    if not _shows_blocks(stream):
        return []
    lines = _drawn(qr_modules(text))
    try:
        size = os.get_terminal_size(stream.fileno()) if stream else None
    except (OSError, ValueError):  # no terminal after all
        return []
    fits = size and size.columns > len(lines[0]) and size.lines >= len(lines) + _OTHER_LINES
    return lines if fits else []


def _shows_blocks(stream: TextIO | None) -> bool:
    if stream is None or not stream.isatty():
        return False
    try:
        "".join(_BLOCKS.values()).encode(stream.encoding)
    except UnicodeEncodeError:
        return False
    return True


def _drawn(modules: Modules) -> list[str]:
    width = len(modules) + 2 * QUIET_ZONE
    side = (True,) * QUIET_ZONE
    edge = [(True,) * width] * QUIET_ZONE
    rows = [*edge, *((*side, *(not dark for dark in row), *side) for row in modules), *edge]
    if len(rows) % 2:
        rows.append((True,) * width)
    return ["".join(map(_block, *pair)) for pair in zip(rows[::2], rows[1::2], strict=True)]


def _block(upper: bool, lower: bool) -> str:
    return _BLOCKS[upper, lower]
