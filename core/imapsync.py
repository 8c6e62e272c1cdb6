"""What to hand to imapsync: option lines, ready to paste.

Paths are absolute, always: where there is no such file imapsync takes the string for a token.
"""

import shlex
import sys
from pathlib import Path


def options(
    side: int, address: str, token_file: Path, imap_host: str, *, platform: str = sys.platform
) -> str:
    """The options of side 1 (source) or 2 (destination)."""
    values = {
        "host": imap_host,
        "user": address,
        "oauthaccesstoken": str(token_file.absolute()),
    }
    quote = _quote_windows if platform == "win32" else shlex.quote
    return " ".join(f"--{name}{side} {quote(value)}" for name, value in values.items())


def _quote_windows(value: str) -> str:
    """Neither an address nor a path holds a double quote, so a pair around it is enough."""
    return f'"{value}"'
