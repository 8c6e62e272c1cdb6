"""Replace what identifies the user: the local part of addresses, the home folder, secrets.

Domains are kept, because they decide the provider. The sections of a report already choose what
they show. Masking protects what they can't choose: the log, paths and messages of servers.
"""

import os
import re

from ..redaction import redact

_ADDRESS = re.compile(
    r"(?P<before>oauth2_tokens_)?"
    r"(?P<local>[^\s@/\\:;,<>()\[\]\"]{1,200}?)(?:@|%40)"  # limited, so that no text is slow
    r"(?P<domain>[\w.-]*\w)"
)
# Tokens of unknown form. No word, host or file name in a report is as long.
_LONG = re.compile(r"[\w.~+=%-]{60,}")


class Masking:
    """Replaces each address by a number, so that lines about the same address can be recognised.

    `home` is the folder to replace by ~, by default the user's home folder.
    """

    def __init__(self, home: str = "") -> None:
        self._numbers: dict[str, int] = {}
        self._given: set[str] = set()
        self._home = home or os.path.expanduser("~")

    def address(self, address: str) -> str:
        """The masked address, such as `mailbox1@example.com`; always the same for one address."""
        if address in self._given:
            return address
        number = self._numbers.setdefault(address.casefold(), len(self._numbers) + 1)
        _, at, domain = address.rpartition("@")
        masked = f"mailbox{number}{at}{domain if at else ''}"
        self._given.add(masked)
        return masked

    def text(self, text: str) -> str:
        """The text with addresses, secrets and the home folder masked, also in file names."""
        text = redact(text)
        if len(self._home) > 1:  # it may be the root folder
            text = text.replace(self._home, "~")
        return _ADDRESS.sub(self._found, _LONG.sub(self._long, text))

    def _found(self, match: re.Match[str]) -> str:
        domain, ending, rest = match["domain"].partition(".txt")
        local = match["local"].strip("'")
        masked = self.address(f"{local}@{domain}")
        return f"{match['before'] or ''}{masked}{ending}{rest}"

    def _long(self, match: re.Match[str]) -> str:
        """Mask a long word, unless it is a token file's name, whose address is masked later."""
        return match[0] if match[0].startswith("oauth2_tokens_") else "…"
