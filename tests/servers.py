"""Jobs on the demo's servers: what the quick tests of the core share (a pytest plugin)."""

import http.client
import socket
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import trustme

from core.cancel import Cancellation
from core.detection.question import Lookups
from core.events import Event
from core.mailbox.get_token import get_token
from core.mailbox.job import Dependencies, Job, Request
from core.model import Note, Outcome
from core.net.network import Network
from core.net.response import HttpResponse
from core.oauth.sign_in.authorization_response import AuthorizationResponse
from core.oauth.sign_in.certificate import Certificate, self_signed
from core.oauth.sign_in.methods import SignInMethods
from core.providers.catalog import Catalog, Provider
from core.providers.fields import PROVIDER_CHECKS, Registration, Table
from core.providers.live_catalog import LiveCatalog
from core.providers.overrides import Overrides
from core.providers.registration import resolve
from core.secret_store.store import Store
from core.secret_store.system_store import SystemStore
from core.tokenfile.format import TokenFile, serialize
from core.tokenfile.place import file_name
from core.tokenfile.read import read_token_file
from faulty_servers.authorization_server import FaultyAuthorizationServer
from faulty_servers.imap_server import FaultyImapServer
from faulty_servers.scripted import ScriptedServer, Talk

ADDRESS = "you@demo.example"
QUICK = 0.4  # seconds; the time limit of tests in which somebody doesn't answer
AT_ONCE = 15.0  # seconds; what waits for nobody takes less, however busy the machine is
PATIENT = 20.0  # seconds; the time limit of all others, so that a busy machine fails none


def no_page(uri: str, network: Network) -> HttpResponse:
    """No web server has a page on any domain."""
    return HttpResponse(404, {}, b"")


def mail_servers(of: Callable[[str], Sequence[str]]) -> Lookups:
    """Name servers that have only MX records: `of` gives those of a domain, like "10 host"."""

    def records(name: str, kind: str, timeout: float) -> list[str]:
        return list(of(name)) if kind == "MX" else []

    return Lookups(records, no_page)


# The demo's domain is well known to its catalog, so nobody asks.
NO_DNS = mail_servers(lambda domain: [])


def fixed(catalog: Catalog, own_file: Path) -> LiveCatalog:
    """A catalog that stays, whatever the user's own file says."""
    return LiveCatalog(own_file, lambda _: catalog)


def provider_of(
    server: FaultyAuthorizationServer, mailbox: FaultyImapServer, **changes: Any
) -> Provider:
    """The servers as a provider of the data; `changes` are other values of its fields."""
    fields: Table = {
        "label": "Demo Mail",
        "authorize_uri": server.authorize_uri,
        "token_uri": server.token_uri,
        "device_authorization_uri": server.device_authorization_uri,
        "tenant": "demo",
        "scopes": ("mail", "openid"),
        "refresh_repeats_scope": True,
        "authorize_parameters": {"prompt": "select_account"},
        "imap_host": mailbox.host,
        "imap_port": mailbox.port,
        "imap_starttls": mailbox.starttls,
        "revocation_uri": server.revocation_uri,
    }
    application = Registration(
        provider="demo",
        application="demo",
        application_label="Demo",
        client_id=server.client_id,
        **fields,
    )
    provider = Provider(
        name="demo",
        domains=("demo.example",),
        default_application="demo",
        applications={"demo": application},
        **fields,
    )
    return changed(provider, **changes)


def changed(provider: Provider, **changes: Any) -> Provider:
    """The provider with other values; those of its fields hold for its applications too."""
    for_all = {name: value for name, value in changes.items() if name in PROVIDER_CHECKS}
    applications = changes.get("applications", provider.applications)
    with_changes = {name: replace(known, **for_all) for name, known in applications.items()}
    return replace(provider, **{**changes, "applications": with_changes})


@dataclass(slots=True)
class Browser:
    """Fetches what it is told to open, in a thread; `form` is what a person would send there."""

    certificate: Certificate
    opened: list[str] = field(default_factory=list)
    starts: bool = True
    visits_pages: bool = True
    form: bytes | None = None
    visits: list[threading.Thread] = field(default_factory=list)

    def __call__(self, url: str) -> bool:
        """Open it."""
        self.opened.append(url)
        if self.starts and self.visits_pages:
            self.visits.append(threading.Thread(target=self._visit, args=(url,)))
            self.visits[-1].start()
        return self.starts

    def _visit(self, url: str) -> None:
        context = ssl.create_default_context(cadata=self.certificate.certificate_pem.decode())
        opener = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=context), urllib.request.ProxyHandler({})
        )
        try:
            with opener.open(url, self.form, timeout=PATIENT) as page:
                page.read()
        except urllib.error.HTTPError as page:
            page.close()
        except OSError:
            pass  # the program went away meanwhile

    def close(self) -> None:
        """Wait until nobody visits any more."""
        for visit in self.visits:
            visit.join()


class Unhurried(Cancellation):
    """Waits for nothing, and notes for how many seconds it would have waited."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []

    def wait(self, seconds: float) -> bool:
        """Go on at once."""
        self.waits.append(seconds)
        return self.is_set()


@dataclass(slots=True)
class Stage:
    """The servers, a folder, and what was said and opened so far."""

    server: FaultyAuthorizationServer
    mailbox: FaultyImapServer
    folder: Path
    ca_file: Path
    browser: Browser
    provider: Provider
    clock: Callable[[], float] = time.time
    events: list[Event] = field(default_factory=list)
    cancelled: Unhurried = field(default_factory=Unhurried)
    store: Store = field(default_factory=SystemStore)

    @property
    def path(self) -> Path:
        """Where the token file lies, or will."""
        return self.folder / "tokens" / file_name(ADDRESS)

    @property
    def own_file(self) -> Path:
        """Where the user's own providers.toml lies, or will."""
        return self.folder / "providers.toml"

    @property
    def catalog(self) -> Catalog:
        """One provider."""
        return Catalog({self.provider.name: self.provider}, {})

    @property
    def registration(self) -> Registration:
        """The one application at the one provider."""
        return resolve(self.catalog, self.provider.name, "", Overrides())

    def network(self, timeout: float = PATIENT) -> Network:
        """Trusts the servers."""
        return Network(timeout, self.ca_file)

    def job(self, *, timeout: float = PATIENT, **changes: Any) -> Job:
        """A job for the address; `changes` are fields of its request."""
        wanted: dict[str, Any] = {
            "address": ADDRESS,
            "folder": self.path.parent,
            "network": self.network(timeout),
        }
        dependencies = Dependencies(
            fixed(self.catalog, self.own_file), NO_DNS, self.clock, self.store
        )
        request = Request(**{**wanted, **changes})
        return Job(request, dependencies, self.events.append, self.cancelled)

    def methods(self, **changes: Any) -> SignInMethods:
        """A browser, and nothing to paste into; waits for 20 s."""
        return SignInMethods(
            **{"open_browser": self.browser, "paste": None, "wait": PATIENT, **changes}
        )

    def sign_in(self, **changes: Any) -> Outcome:
        """A first sign-in, and the token file it leaves; what was said of it is forgotten."""
        outcome = get_token(self.job(**changes), self.methods())
        self.events.clear()
        self.browser.opened.clear()
        return outcome

    def file(self) -> TokenFile:
        """What the token file says now."""
        file = read_token_file(self.path)
        assert file is not None
        return file

    def change(self, **changes: Any) -> bytes:
        """Rewrite some of the token file, as another program would; its content."""
        content = serialize(replace(self.file(), **changes), now=self.clock())
        self.path.write_bytes(content)
        return content

    def age(self, *, left: float = 100.0) -> bytes:
        """Make the access token an old one that lives only a while longer; the content."""
        now = self.clock()
        return self.change(issued_at=now - 3000, expires_at=now + left)

    def said(self) -> str:
        """All notes, a line each."""
        return "\n".join(event.text for event in self.events if isinstance(event, Note))

    def names(self) -> list[str]:
        """What lies in the folder of the tokens, but for the lock."""
        return sorted(p.name for p in self.path.parent.iterdir() if p.suffix != ".lock")


def location_of(stage: Stage, url: str) -> str:
    """The address to which the sign-in page sends the browser in the end; the user accepts."""
    parts = urlsplit(url)
    context = ssl.create_default_context(cafile=str(stage.ca_file))
    page = http.client.HTTPSConnection(parts.netloc, context=context, timeout=20)
    page.request("GET", f"{parts.path}?{parts.query}")
    location = page.getresponse().getheader("Location", "")
    page.close()
    return location


def consented(stage: Stage, url: str) -> AuthorizationResponse:
    """The response of a sign-in page where the user accepts."""
    location = location_of(stage, url)
    query = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
    return AuthorizationResponse(query["code"], query["state"])


MakeStage = Callable[..., Stage]


@pytest.fixture(scope="session")
def demo_certificate() -> Certificate:
    """One certificate serves all."""
    return self_signed()


@pytest.fixture
def make_stage(
    tmp_path: Path, demo_certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MakeStage]:
    """Start servers that end with the test; `server` and `mailbox` are their options."""
    ca_file = tmp_path / "ca.pem"
    ca_file.write_bytes(demo_certificate.certificate_pem)
    # The machine's own certificates take 27 ms to read, for each question; here nobody has one.
    (tmp_path / "no_certificates.pem").touch()
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "no_certificates.pem"))
    stages: list[Stage] = []

    def made(
        *,
        server: dict[str, Any] | None = None,
        mailbox: dict[str, Any] | None = None,
        clock: Callable[[], float] = time.time,
        **changes: Any,
    ) -> Stage:
        options = {"account": ADDRESS, "automatic_consent": True, "clock": clock}
        authorization = FaultyAuthorizationServer(
            certificate=demo_certificate, **{**options, **(server or {})}
        )
        box = FaultyImapServer(
            authorization.account_of, certificate=demo_certificate, **(mailbox or {})
        )
        provider = provider_of(authorization, box, **changes)
        browser = Browser(demo_certificate)
        authorization.start()
        box.start()
        stages.append(Stage(authorization, box, tmp_path, ca_file, browser, provider, clock))
        return stages[-1]

    yield made
    for stage in stages:
        stage.browser.close()
        stage.server.close()
        stage.mailbox.close()


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    """The servers as they are by default."""
    return make_stage()


@pytest.fixture
def script(demo_certificate: Certificate) -> Iterator[Callable[..., int]]:
    """Start a TLS server on loopback that says what a test tells it; gives its port."""
    servers: list[ScriptedServer] = []

    def started(talk: Talk, certificate: Certificate = demo_certificate) -> int:
        servers.append(ScriptedServer(talk, certificate))
        servers[-1].start()
        return servers[-1].port

    yield started
    for server in servers:
        server.close()


def trickle(head: bytes, piece: bytes) -> Talk:
    """Says a head, then a little again and again, always within any time limit for a piece."""

    def talk(client: socket.socket, closing: threading.Event) -> None:
        client.recv(1 << 16)
        client.sendall(head)
        while not closing.wait(0.05):
            client.sendall(piece)

    return talk


def issued_by(authority: trustme.CA, *names: str, **options: Any) -> Certificate:
    """A server certificate from a CA of the test."""
    leaf = authority.issue_cert(*names, **options)
    chain = b"".join(blob.bytes() for blob in leaf.cert_chain_pems)
    return Certificate(chain, chain, leaf.private_key_pem.bytes(), b"not encrypted")
