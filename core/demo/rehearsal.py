"""The demo: the whole procedure on this computer, without an account and without a network.

Every part is real. msal signs in at an authorization server on loopback, an IMAP server beside it
accepts the login, and a refresh replaces the token file. This shows that on this computer the
browser reaches the program, and that the program can write its files.
"""

import time
from collections.abc import Callable
from pathlib import Path

from ..cancel import Cancellation
from ..events import Progress
from ..mailbox.get_token import get_token
from ..mailbox.job import Dependencies, Job, Request
from ..model import Outcome
from ..oauth.sign_in.methods import OpenBrowser, PasteSource
from ..providers.catalog import Catalog
from ..providers.live_catalog import LiveCatalog
from .provider import DemoProvider

ADDRESS = "you@demo.example"  # RFC 2606 keeps .example free


def run_demo(
    folder: Path,
    *,
    browser: Callable[[str], OpenBrowser | None],
    paste: PasteSource | None,
    progress: Progress,
    cancelled: Cancellation,
) -> Outcome:
    """Sign in, then refresh; return the outcome of the refresh. The files go into `folder`.

    `browser` is as in `DemoProvider.methods`.
    """
    ca_file, domains = folder / "demo_ca.pem", ("demo.example",)
    with DemoProvider(ca_file, ADDRESS, name="demo", label="Demo Mail", domains=domains) as demo:
        catalog = Catalog({"demo": demo.provider}, {})
        providers = LiveCatalog(folder / "providers.toml", lambda _: catalog)
        dependencies = Dependencies(providers, clock=time.time)
        request = Request(ADDRESS, folder / "tokens", network=demo.network)
        job = Job(request, dependencies, demo.progress(progress), cancelled)
        methods = demo.methods(browser, paste)
        get_token(job, methods)
        return get_token(job, methods)
