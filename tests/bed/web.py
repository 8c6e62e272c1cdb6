"""HTTP for the bed itself, without proxies and without the environment."""

from __future__ import annotations

import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

TIMEOUT = 30


@dataclass(frozen=True, slots=True)
class Answer:
    """A response; `url` is the address of the last request."""

    status: int
    url: str
    text: str
    location: str | None


class Client:
    """An HTTP client that keeps cookies, as a browser does."""

    def __init__(self, *, ca_file: Path | None = None, follow_redirects: bool = True) -> None:
        """Without `ca_file` any certificate is accepted."""
        context = ssl.create_default_context(cafile=ca_file) if ca_file else _trusting()
        handlers: list[urllib.request.BaseHandler] = [
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPSHandler(context=context),
            urllib.request.HTTPCookieProcessor(CookieJar()),
        ]
        if not follow_redirects:
            handlers.append(_NoRedirects())
        self._opener = urllib.request.build_opener(*handlers)

    def get(self, url: str) -> Answer:
        """Fetch a page."""
        return self._send(url, None)

    def post(self, url: str, data: Mapping[str, str] | bytes) -> Answer:
        """Send a form, or bytes as they are."""
        body = data if isinstance(data, bytes) else urllib.parse.urlencode(data).encode()
        return self._send(url, body)

    def _send(self, url: str, body: bytes | None) -> Answer:
        try:
            response = self._opener.open(url, body, timeout=TIMEOUT)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            text = response.read().decode(errors="replace")
            location = response.headers["Location"]
            return Answer(response.status, response.url, text, location)


def _trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None
