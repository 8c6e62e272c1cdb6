"""A registration of one's own at oidc-provider, half-made at each step, then whole."""

import json
import re
import ssl
import threading
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from bed.fixtures import Bed
from bed.users import ALICE, Act
from bed.walker import WalkError, deliver, walk
from core.cancel import Cancellation
from core.errors import AppError, Cancelled
from core.events import Event, PasteRefused
from core.mailbox.job import Dependencies, Job, Request
from core.mailbox.own_registration import Trial, try_registration
from core.model import FlowKind
from core.net.network import Network
from core.oauth.sign_in.methods import SignInMethods
from core.oauth.sign_in.response_queue import ResponseQueue
from core.providers.by_hand import by_hand
from core.providers.live_catalog import LiveCatalog
from core.registering.guides import GUIDES
from servers import NO_DNS, PATIENT

# As an owner registers a desktop program.
WHOLE = {
    "application_type": "native",
    "token_endpoint_auth_method": "none",
    "redirect_uris": ["http://localhost/"],
    "grant_types": ["authorization_code", "refresh_token"],
    "response_types": ["code"],
}
FLOWS = pytest.mark.parametrize("flow", FlowKind)


def registered(bed: Bed, **changes: Any) -> str:
    """Register an application at the server, as its console would; the client ID."""
    wanted = json.dumps({**WHOLE, **changes}).encode()
    context = ssl.create_default_context(cafile=str(bed.ca_file))
    parts = urlsplit(bed.issuer)
    with closing(HTTPSConnection(parts.netloc, context=context, timeout=PATIENT)) as server:
        server.request("POST", f"{parts.path}/reg", wanted, {"Content-Type": "application/json"})
        answer = json.load(server.getresponse())
    assert "client_id" in answer, answer
    return str(answer["client_id"])


class Owner:
    """Tests a registration; what the sign-in page says without leading back is pasted."""

    def __init__(self, bed: Bed, folder: Path, flow: FlowKind) -> None:
        self._bed, self._folder, self._flow = bed, folder, flow
        self.own_file = folder / "providers.toml"
        base = bed.issuer.removesuffix("/test")
        self.own_file.write_text(f"""
[providers.bed]
flow = "{flow}"
authorize_uri = "{base}/{{tenant}}/oauth2/v2.0/authorize"
token_uri = "{base}/{{tenant}}/oauth2/v2.0/token"
tenant = "elsewhere"
scopes = ["imap", "offline_access"]
imap_host = "{bed.imap_host}"
imap_port = {bed.imap_port}
""")
        self.errors: list[AppError] = []

    def test(self, client_id: str, act: Act = "allow") -> Trial:
        """Sign in as Alice with this client ID."""
        cancelled, visits = Cancellation(), []

        def hear(event: Event) -> None:
            if isinstance(event, PasteRefused):
                self.errors.append(event.error)
                cancelled.set()

        def visit(url: str) -> bool:
            visits.append(threading.Thread(target=self._visit, args=(url, act)))
            visits[-1].start()
            return True

        request = Request(
            ALICE,
            self._folder / "tokens",
            provider="bed",
            application="ours",
            overrides=by_hand(client_id=client_id, tenant="test"),
            start_over=True,
            network=Network(PATIENT, self._bed.ca_file),
        )
        job = Job(request, Dependencies(LiveCatalog(self.own_file), NO_DNS), hear, cancelled)
        try:
            return try_registration(job, SignInMethods(visit, self._take))
        finally:
            for thread in visits:
                thread.join()

    def _take(self, responses: ResponseQueue) -> Callable[[], None]:
        self._responses = responses
        return lambda: None

    def _visit(self, url: str, act: Act) -> None:
        try:
            deliver(walk(url, ALICE, act))
        except WalkError as page:
            self._responses.paste(_text(str(page)))


def _text(page: str) -> str:
    """What a user marks and copies, on one line as in the field for it."""
    body = page.partition("<body")[2]
    return " ".join(re.sub(r"<[^>]*>", " ", f"<body{body}").split())


HALF: list[tuple[dict[str, Any], Act, dict[FlowKind, str]]] = [
    (
        {"grant_types": ["implicit"], "response_types": ["id_token"]}
        | {"redirect_uris": ["https://login.example.com/"], "application_type": "web"},
        "allow",
        {
            FlowKind.MICROSOFT: "Redirect URI",
            FlowKind.GOOGLE: "Client",
            FlowKind.PLAIN: "Client",
        },
    ),
    (
        {"scope": "openid"},
        "allow",
        {
            FlowKind.MICROSOFT: "API permissions",
            FlowKind.GOOGLE: "Scope",
            FlowKind.PLAIN: "Scopes",
        },
    ),
    (
        {},
        "deny",
        {
            FlowKind.MICROSOFT: "Admin consent",
            FlowKind.GOOGLE: "Audience",
            FlowKind.PLAIN: "Users",
        },
    ),
    (
        {"token_endpoint_auth_method": "client_secret_post"},
        "allow",
        {
            FlowKind.MICROSOFT: "Redirect URI",
            FlowKind.GOOGLE: "Client ID and client secret",
            FlowKind.PLAIN: "Client ID",
        },
    ),
]


@FLOWS
@pytest.mark.parametrize(("changes", "act", "titles"), HALF)
def test_a_half_made_one_names_its_step(
    bed: Bed,
    tmp_path: Path,
    flow: FlowKind,
    changes: dict[str, Any],
    act: Act,
    titles: dict[FlowKind, str],
) -> None:
    """Whether the server answers, or its page stays; nothing is saved."""
    owner = Owner(bed, tmp_path, flow)
    before = owner.own_file.read_bytes()
    with pytest.raises(AppError) as failure:
        owner.test(registered(bed, **changes), act)
    told = [note for error in (*owner.errors, failure.value) for note in error.notes]
    steps = [step.title for step in GUIDES[flow].steps]
    number = steps.index(titles[flow]) + 1
    named = f"This belongs to step {number} of the registration, {titles[flow]}: "
    assert any(note.startswith(named) for note in told), (told, failure.value, failure.value.detail)
    assert before == owner.own_file.read_bytes()
    assert not list(tmp_path.glob("tokens/*.txt"))


@FLOWS
@pytest.mark.parametrize("client_id", ["mistyped", "public-https"])
def test_a_page_that_stays_names_the_step(
    bed: Bed, tmp_path: Path, flow: FlowKind, client_id: str
) -> None:
    """An unknown client ID, and one with another redirect URI; the text of the page is pasted."""
    owner = Owner(bed, tmp_path, flow)
    with pytest.raises(Cancelled):
        owner.test(client_id)
    steps = GUIDES[flow].steps
    redirect = next(n for n, step in enumerate(steps, 1) if "http://localhost" in step.text)
    number = redirect if client_id == "public-https" else len(steps)
    (error,) = owner.errors
    assert any(f"step {number} of the registration" in note for note in error.notes), error.notes


@FLOWS
def test_a_whole_one_is_saved(bed: Bed, tmp_path: Path, flow: FlowKind) -> None:
    """The mailbox opens, and the registration is kept under its name."""
    owner = Owner(bed, tmp_path, flow)
    client_id = registered(bed)
    tested = owner.test(client_id)
    assert tested.outcome.checked
    assert "ours" == tested.application
    saved = LiveCatalog(owner.own_file).current().application("bed", "ours")
    assert saved is not None
    assert (client_id, "test") == (saved.client_id, saved.tenant)
