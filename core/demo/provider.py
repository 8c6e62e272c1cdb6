"""The demo's mail provider: its servers on loopback, and how to sign in there."""

import ssl
import threading
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from ..events import Progress
from ..i18n.translation import _
from ..model import FlowKind
from ..net.network import Network
from ..oauth.sign_in.certificate import Certificate, self_signed
from ..oauth.sign_in.methods import OpenBrowser, PasteSource, SignInMethods
from ..providers.catalog import Provider
from ..providers.fields import Registration, Table
from .authorization_server import AuthorizationServer
from .consent_page import APPLICATION
from .consent_server import ConsentServer
from .grants import CLIENT_ID, Grants
from .imap_server import ImapServer

_ONE_ANSWER = 10.0  # seconds


class DemoProvider:
    """Its servers run from `start` until `close`, or as a context manager.

    `provider` describes it, and `network` trusts its certificate.
    """

    def __init__(
        self, ca_file: Path, account: str, *, name: str, label: str, domains: tuple[str, ...] = ()
    ) -> None:
        """Bind free ports, and write the certificate into `ca_file`; `account` is the first one."""
        self._certificate = self_signed()
        ca_file.write_bytes(self._certificate.certificate_pem)
        self.network = Network(ca_file=ca_file)
        self._grants = Grants(account)
        self._server = AuthorizationServer(self._certificate, self._grants, automatic_consent=False)
        self._consent = ConsentServer(self._server)
        self._mailbox = ImapServer(self._certificate, self._grants.account_of)
        self.provider = _described(self._server, self._mailbox, name, label, domains)
        self._running = ExitStack()

    def start(self) -> None:
        """Serve from now on."""
        for server in (self._server, self._consent, self._mailbox):
            self._running.enter_context(server)

    def close(self) -> None:
        """Give the ports back."""
        self._running.close()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def open_account(self, account: str) -> None:
        """Let this account sign in too."""
        self._grants.accounts.setdefault(account)

    def withdraw(self, account: str) -> None:
        """End the sign-in of this account."""
        self._server.withdraw(account)

    def methods(
        self, browser: Callable[[str], OpenBrowser | None], paste: PasteSource | None
    ) -> SignInMethods:
        """How to sign in here.

        `browser` returns what opens the consent page, which begins with the address that it is
        given. Without a browser the server consents at once.
        """
        opener = browser(self._consent.page)
        self._server.automatic_consent = opener is None
        if opener is None:
            return SignInMethods(_consenting(self._certificate), paste)
        return SignInMethods(lambda url: opener(self._consent.link(url)), paste)

    def progress(self, progress: Progress) -> Progress:
        """Return what passes events on with links that the user's browser can open."""
        return self._consent.progress(progress)


def _described(
    server: AuthorizationServer,
    mailbox: ImapServer,
    name: str,
    label: str,
    domains: tuple[str, ...],
) -> Provider:
    fields: Table = {
        "label": label,
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
        provider=name,
        application="demo",
        application_label=_(APPLICATION),
        client_id=CLIENT_ID,
        **fields,
    )
    return Provider(
        name=name,
        domains=domains,
        default_application="demo",
        applications={"demo": application},
        **fields,
    )


def _consenting(certificate: Certificate) -> OpenBrowser:
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
