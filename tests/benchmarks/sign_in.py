"""A sign-in, from the redirect until the token is in the file.

The browser never fetches the closing page: nothing may wait for that. The provider's own time is
not counted, nor that of the disk: the yardstick is one request and one atomic write alone.
"""

import json
import sys
import time
from collections.abc import Iterator

from . import bare_post, browser
from .servers import ACCOUNT, Servers, servers
from .surroundings import child, installed_command, work_folder
from .table import Compared, Row
from .timing import in_turns, output

PROVIDERS = {
    "demo": "requests-oauthlib",
    "demo_google": "google-auth-oauthlib",
    "demo_microsoft": "msal",
}
GOAL = 60.0  # ms
POSTS = 5
_SECONDS = 30.0


def rows(*, short: bool = False) -> Iterator[Row]:
    """By each of the three libraries."""
    with work_folder() as folder, servers(folder) as running:
        question = {"token_uri": running.token_uri, "form": running.refresh_form}
        (folder / bare_post.FORM).write_text(json.dumps(question), "utf-8")
        took = in_turns(
            1 if short else 9,
            {
                "alone": lambda: _alone(running),
                "demo": lambda: _sign_in(running, "demo"),
                "demo_google": lambda: _sign_in(running, "demo_google"),
                "demo_microsoft": lambda: _sign_in(running, "demo_microsoft"),
            },
        )
    for provider, library in PROVIDERS.items():
        what = f"redirect to file, {library}"
        yardstick = "request and atomic write"
        yield Row(what, took[provider], yardstick, took["alone"], GOAL, compared=Compared.MORE)


def _alone(running: Servers) -> float:
    command = child("bare_post", running.folder, POSTS)
    return float(output(command, running.environment(), running.folder).split()[0])


def _sign_in(running: Servers, provider: str) -> float:
    folder = running.folder
    file, took = folder / f"{provider}.txt", folder / browser.TOOK
    visit = f"{sys.executable} -m benchmarks.browser {folder} {file} %s"
    words = [*installed_command(folder), ACCOUNT, "--provider", provider, "--no_check"]
    command = [*words, "--token_file", str(file)]
    output(command, running.environment(BROWSER=visit), folder)
    end = time.monotonic() + _SECONDS
    while not took.exists():
        assert time.monotonic() < end, "the browser was never redirected"
        time.sleep(0.01)
    milliseconds = float(took.read_text())
    took.unlink()
    file.unlink()
    return milliseconds
