"""What identifies a person is replaced: the local part of addresses, the home folder, secrets.

A domain stays, since it decides who the provider is. The sections of a report choose what they
tell; this stands behind them, for the log, for paths and for others' words.
"""

import os
import re

from ..log import redact

_ADDRESS = re.compile(
    r"(?P<before>oauth2_tokens_)?"
    r"(?P<local>[^\s@/\\:;,<>()\[\]\"]{1,200}?)(?:@|%40)"  # bounded, so that no text costs time
    r"(?P<domain>[\w.-]*\w)"
)
# Tokens without a form of their own; no word, host or file name here is as long.
_LONG = re.compile(r"[\w.~+=%-]{60,}")


class Masking:
    """Gives each address a number, so that a report shows which lines are about the same one."""

    def __init__(self, home: str = "") -> None:
        """No address is known yet."""
        self._numbers: dict[str, int] = {}
        self._given: set[str] = set()
        self._home = home or os.path.expanduser("~")

    def address(self, address: str) -> str:
        """The same for the same address: `mailbox1@example.com`."""
        if address in self._given:
            return address
        number = self._numbers.setdefault(address.casefold(), len(self._numbers) + 1)
        _, at, domain = address.rpartition("@")
        masked = f"mailbox{number}{at}{domain if at else ''}"
        self._given.add(masked)
        return masked

    def text(self, text: str) -> str:
        """Any text, also with addresses in file names."""
        text = redact(text)
        if len(self._home) > 1:  # not where it is the root folder
            text = text.replace(self._home, "~")
        return _ADDRESS.sub(self._found, _LONG.sub(self._long, text))

    def _found(self, match: re.Match[str]) -> str:
        domain, ending, rest = match["domain"].partition(".txt")
        local = match["local"].strip("'")
        masked = self.address(f"{local}@{domain}")
        return f"{match['before'] or ''}{masked}{ending}{rest}"

    def _long(self, match: re.Match[str]) -> str:
        """Long names of token files stay, up to the address."""
        return match[0] if match[0].startswith("oauth2_tokens_") else "…"
