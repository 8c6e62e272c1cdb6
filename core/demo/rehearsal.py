"""The demo: the whole procedure on this computer, without an account and without a network.

Every part is real. msal signs in at an authorization server on loopback, an IMAP server beside it
accepts the login, and a refresh replaces the token file. This shows that on this computer the
browser reaches the program, and that the program can write its files.
"""

import ssl
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from ..cancel import Cancellation
from ..mailbox.get_token import get_token
from ..mailbox.job import Dependencies, Job, Request
from ..model import FlowKind, Outcome, Progress
from ..net.network import Network
from ..oauth.sign_in.certificate import Certificate, self_signed
from ..oauth.sign_in.methods import OpenBrowser, PasteSource, SignInMethods
from ..providers.catalog import Catalog, Provider
from ..providers.fields import Registration, Table
from ..providers.live_catalog import LiveCatalog
from .authorization_server import AuthorizationServer
from .consent_server import ConsentServer
from .grants import CLIENT_ID, Grants
from .imap_server import ImapServer

ADDRESS = "you@demo.example"  # RFC 2606 keeps .example free
_ONE_ANSWER = 10.0  # seconds


def run_demo(
    folder: Path,
    *,
    browser: Callable[[str], OpenBrowser | None],
    paste: PasteSource | None,
    progress: Progress,
    cancelled: Cancellation,
) -> Outcome:
    """Sign in, then refresh; return the outcome of the refresh. The files go into `folder`.

    `browser` returns what opens the demo's page, which begins with the address that it is given;
    without a browser the server consents automatically.
    """
    certificate = self_signed()
    ca_file = folder / "demo_ca.pem"
    ca_file.write_bytes(certificate.certificate_pem)
    grants = Grants(ADDRESS)
    with (
        AuthorizationServer(certificate, grants, automatic_consent=False) as server,
        ConsentServer(server) as consent,
        ImapServer(certificate, grants.account_of) as mailbox,
    ):
        request = Request(ADDRESS, folder / "tokens", network=Network(ca_file=ca_file))
        catalog = Catalog({"demo": _provider(server, mailbox)}, {})
        providers = LiveCatalog(folder / "providers.toml", lambda _: catalog)
        dependencies = Dependencies(providers, clock=time.time)
        opener = browser(consent.page)
        server.automatic_consent = opener is None
        visit = _consenting(certificate) if opener is None else _at(consent, opener)
        job = Job(request, dependencies, consent.progress(progress), cancelled)
        methods = SignInMethods(visit, paste)
        get_token(job, methods)
        return get_token(job, methods)


def _at(consent: ConsentServer, opener: OpenBrowser) -> OpenBrowser:
    """Return what opens the page without TLS."""
    return lambda url: opener(consent.link(url))


def _provider(server: AuthorizationServer, mailbox: ImapServer) -> Provider:
    fields: Table = {
        "label": "Demo Mail",
        "flow": FlowKind.MICROSOFT,
        "authorize_uri": server.authorize_uri,
        "token_uri": server.token_uri,
        "tenant": "demo",
        "scopes": ("https://demo.example/IMAP", "offline_access"),
        "refresh_repeats_scope": True,
        "authorize_parameters": {"prompt": "select_account"},
        "imap_host": mailbox.host,
        "imap_port": mailbox.port,
    }
    application = Registration(
        provider="demo",
        application="demo",
        application_label="Demo",
        client_id=CLIENT_ID,
        **fields,
    )
    return Provider(
        name="demo",
        domains=("demo.example",),
        default_application="demo",
        applications={"demo": application},
        **fields,
    )


def _consenting(certificate: Certificate) -> Callable[[str], bool]:
    """Return what stands in for a browser: it loads the page, and the server consents at once."""
    context = ssl.create_default_context(cadata=certificate.certificate_pem.decode())
    https, no_proxy = urllib.request.HTTPSHandler(context=context), urllib.request.ProxyHandler({})
    opener = urllib.request.build_opener(https, no_proxy)

    def visit(url: str) -> None:
        with opener.open(url, timeout=_ONE_ANSWER) as page:
            page.read()

    def open_browser(url: str) -> bool:
        threading.Thread(target=visit, args=(url,), daemon=True).start()
        return True

    return open_browser
