"""The whole job without an account and without a network: real parts on this computer alone.

A sign-in by msal at an authorization server on loopback, a login at an IMAP server beside it, a
real token file, and the refresh that keeps it valid. What it proves of a machine: that the browser
comes back to the program, and that files can be written where they should lie.
"""

import ssl
import threading
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..cancel import Cancellation
from ..mailbox.get_token import get_token
from ..mailbox.job import Dependencies, Job, Request
from ..model import FlowKind, Outcome, Progress
from ..net.network import Network
from ..oauth.sign_in.certificate import Certificate, self_signed
from ..oauth.sign_in.sign_in import OpenBrowser, PasteWay, SignInMethods
from ..providers.catalog import Application, Catalog, Provider
from ..providers.detection import Mx
from .authorization_server import AuthorizationServer
from .imap_server import ImapServer

ADDRESS = "you@demo.example"  # RFC 2606 keeps .example free
_ONE_ANSWER = 10.0  # seconds


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The sign-in's outcome, and that of the second run, which needs no browser."""

    signed_in: Outcome
    refreshed: Outcome


def rehearse(
    folder: Path,
    *,
    open_browser: OpenBrowser | None,
    paste: PasteWay | None,
    progress: Progress,
    cancelled: Cancellation,
) -> Rehearsal:
    """Do the job twice in a folder; without a browser the consent is given automatically."""
    certificate = self_signed()
    folder.mkdir(parents=True, exist_ok=True)
    ca_file = folder / "rehearsal_ca.pem"
    ca_file.write_bytes(certificate.certificate_pem)
    automatic = open_browser is None
    with (
        AuthorizationServer(
            certificate=certificate, account=ADDRESS, automatic_consent=automatic
        ) as server,
        ImapServer(server.account_of, certificate=certificate) as mailbox,
    ):
        request = Request(ADDRESS, folder / "tokens", network=Network(ca_file=ca_file))
        catalog = Catalog({"demo": _provider(server, mailbox)}, {})
        dependencies = Dependencies(catalog, folder / "providers.toml", _no_dns, time.time)
        job = Job(request, dependencies, progress, cancelled)
        methods = SignInMethods(open_browser or _consenting(certificate), paste)
        signed_in = get_token(job, methods)
        return Rehearsal(signed_in, get_token(job, methods))


def _provider(server: AuthorizationServer, mailbox: ImapServer) -> Provider:
    application = Application(
        name="demo",
        label="Demo",
        client_id=server.client_id,
        client_secret="",
        confidential=False,
        redirect_uri="http://localhost",
        authorize_uri="",
        token_uri="",
        note="",
    )
    return Provider(
        name="demo",
        label="The rehearsal",
        flow=FlowKind.MICROSOFT,
        authorize_uri=server.authorize_uri,
        token_uri=server.token_uri,
        tenant="demo",
        scopes=("https://demo.example/IMAP", "offline_access"),
        refresh_repeats_scope=True,
        authorize_parameters={"prompt": "select_account"},
        dead_grant_errors=frozenset({"invalid_grant"}),
        imap_host=mailbox.host,
        imap_port=mailbox.port,
        imap_starttls=False,
        domains=("demo.example",),
        mx_suffixes=(),
        default_application="demo",
        applications={"demo": application},
    )


def _consenting(certificate: Certificate) -> Callable[[str], bool]:
    """A browser of one line, and a person who says yes."""

    def open_browser(url: str) -> bool:
        threading.Thread(target=_visit, args=(url, certificate), daemon=True).start()
        return True

    return open_browser


def _visit(url: str, certificate: Certificate) -> None:
    context = ssl.create_default_context(cadata=certificate.certificate_pem.decode())
    opener = urllib.request.build_opener(
        urllib.request.HTTPSHandler(context=context), urllib.request.ProxyHandler({})
    )
    with opener.open(url, timeout=_ONE_ANSWER) as page:
        page.read()


def _no_dns(domain: str, timeout: float) -> list[Mx]:
    return []  # the rehearsal's domain is well known to its catalog, so nobody asks
