"""A user without a browser: goes through sign-in and consent by plain HTTP forms.

It is for tests that are not about the browser. `browser` uses a real Chromium.
"""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin, urlsplit

from .users import PASSWORDS, Act
from .web import Answer, Client

MAX_STEPS = 12


class WalkError(Exception):
    """A page is neither sign-in nor consent; the message is its text."""


def walk(url: str, user: str, act: Act = "allow") -> str:
    """Go from the authorization request to the redirect; return that address unfetched."""
    client = Client(follow_redirects=False)
    answer = client.get(url)
    for _ in range(MAX_STEPS):
        if answer.location is None:
            fields = {"login": user, "password": PASSWORDS[user], "act": _act_on(answer, act)}
            answer = client.post(_form_action(answer), fields)
            continue
        target = urljoin(answer.url, answer.location)
        if _origin(target) != _origin(url):
            return target
        answer = client.get(target)
    raise WalkError(f"still no redirect after {MAX_STEPS} steps: {answer.text}")


def deliver(url: str) -> Answer:
    """Fetch the redirect as a browser does, with any certificate, and follow it."""
    return Client().get(url)


def _act_on(page: Answer, act: Act) -> str:
    """Return the button to press: on the sign-in page it is always "login"."""
    if 'id="password"' in page.text and "Wrong user" not in page.text:
        return "login"
    if 'id="allow"' in page.text:
        return act
    raise WalkError(f"{page.status} {page.text}")


def _form_action(page: Answer) -> str:
    match = re.search(r'<form[^>]*action="([^"]+)"', page.text)
    if match is None:
        raise WalkError(f"no form in {page.text}")
    return urljoin(page.url, html.unescape(match[1]))


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
