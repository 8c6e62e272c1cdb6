"""Settings of the network, and the quoting of a server's text.

This module loads neither HTTP nor TLS: a run that finds a fresh token needs none of them.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, quote_plus

from .. import __version__
from ..cancel import Cancellation

LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "::1")
USER_AGENT = f"oauth2_imap/{__version__}"
_MAX_QUOTED = 800  # characters
# An administrator finds a sign-in in Microsoft's log by these. They stand at the end of its texts.
_IDS = re.compile(r"\b(?:Trace|Correlation) ID: [0-9a-fA-F-]{36}")


@dataclass(frozen=True, slots=True)
class Network:
    """The network settings.

    `timeout` is the limit in seconds for one response, with finding and connecting to the server.
    The certificates in `ca_file` are trusted in addition to those of the system. `cancelled` ends
    the waits in which nothing was sent that must be answered; None if nobody can cancel.
    """

    timeout: float = 15.0
    ca_file: Path | None = None
    cancelled: Cancellation | None = field(default=None, repr=False, compare=False)


def quoted(text: object, *secrets: str) -> str:
    """Quote a server's text in one line of limited length; Microsoft's ids at its end are kept.

    `secrets` are what the server was sent; each is replaced by an ellipsis.
    """
    words = " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())
    for secret in filter(None, secrets):
        # A paste in a terminal turns bytes that are not UTF-8 into lone surrogates.
        encoded = secret.encode(errors="surrogatepass")
        for form in (secret, quote(encoded, safe=""), quote_plus(encoded)):
            words = words.replace(form, "…")
    if len(words) <= _MAX_QUOTED:
        return words
    start = words[:_MAX_QUOTED].rpartition(" ")[0] or words[:_MAX_QUOTED]
    ids = [found[0] for found in _IDS.finditer(words) if found.end() > len(start)]
    return " ".join([start + "…", *ids[:2]])
