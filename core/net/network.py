"""What everybody knows of the network: its limits, its trust, and how to quote the other side.

Kept light: a refresh that isn't needed loads no http and no TLS.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, quote_plus

from .. import __version__

LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "::1")
USER_AGENT = f"oauth2_imap/{__version__}"
_MAX_QUOTED = 400  # characters of somebody else's words


@dataclass(frozen=True, slots=True)
class Network:
    """`timeout` is for one answer, in seconds; `ca_file` is trusted beside the machine's store."""

    timeout: float = 15.0
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A whole answer; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


def quoted(text: object, *secrets: str) -> str:
    """Somebody else's words, bounded and on one line, without the secrets they were told."""
    words = " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())
    for secret in filter(None, secrets):
        # Bytes that are no UTF-8 arrive as lone surrogates where they are pasted in a terminal.
        encoded = secret.encode(errors="surrogatepass")
        for form in (secret, quote(encoded, safe=""), quote_plus(encoded)):
            words = words.replace(form, "…")
    return words if len(words) <= _MAX_QUOTED else words[:_MAX_QUOTED] + "…"
