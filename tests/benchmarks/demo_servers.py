"""A process of its own for the demo's servers, so that their work is not counted as a client's.

    python -m benchmarks.demo_servers FOLDER COUNT SLOWEST

Writes into FOLDER what `servers.py` reads, providers.toml and the token files of COUNT mailboxes,
says so in a line, and serves until standard input ends. Every answer of the token endpoint takes
SLOWEST seconds or down to a third of that.
"""

import json
import random
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

from core.cancel import Cancellation
from core.demo.authorization_server import TOKEN_PATH
from core.demo.http_server import DemoRequest, DemoResponse
from core.mailbox.get_token import get_token
from core.mailbox.job import Dependencies, Job, Request
from core.model import FlowKind
from core.net.network import Network
from core.oauth.sign_in.certificate import self_signed
from core.oauth.sign_in.methods import SignInMethods
from core.providers.live_catalog import LiveCatalog
from core.tokenfile.format import serialize
from core.tokenfile.place import file_name
from core.tokenfile.read import read_token_file
from faulty_servers.authorization_server import FaultyAuthorizationServer
from faulty_servers.imap_server import FaultyImapServer
from faulty_servers.responses import delayed

from .browser import visit_in_thread
from .servers import ACCOUNT, CA_FILE, FACTS, OTHER, SIGNED_IN
from .surroundings import settings_folder

# The same servers, by each library that does a sign-in.
PROVIDER = """
[providers.{name}]
label = "{name}"
flow = "{flow}"
tenant = "demo"
authorize_uri = "{authorize_uri}"
token_uri = "{token_uri}"
scopes = ["mail", "openid"]
imap_host = "localhost"
imap_port = {imap_port}
domains = {domains}
default_application = "demo"

[providers.{name}.applications.demo]
label = "{name}"
client_id = "{client_id}"
redirect_uri = "http://localhost"
"""


class SlowServer(FaultyAuthorizationServer):
    """Thinks before it gives a token, up to `slowest` seconds."""

    slowest = 0.0

    def respond(self, request: DemoRequest) -> DemoResponse:
        """The real response; one with a token comes late."""
        response = super().respond(request)
        if request.path != TOKEN_PATH or not self.slowest:
            return response
        return delayed(response, random.uniform(self.slowest / 3, self.slowest))  # noqa: S311


def main(folder: Path, count: int, slowest: float) -> None:
    """Serve until standard input ends."""
    certificate = self_signed()
    ca_file = folder / CA_FILE
    ca_file.write_bytes(certificate.certificate_pem)
    with (
        SlowServer(
            certificate=certificate, account=ACCOUNT, rotating=False, automatic_consent=True
        ) as server,
        FaultyImapServer(
            server.account_of, certificate=certificate, delegates={(ACCOUNT, OTHER)}
        ) as mailbox,
    ):
        own = settings_folder(folder) / "providers.toml"
        own.parent.mkdir()
        own.write_text(providers(server, mailbox), "utf-8")
        fill(folder, own, ca_file, count)
        facts = {"token_uri": server.token_uri, "client_id": server.client_id}
        (folder / FACTS).write_text(json.dumps(facts), "utf-8")
        server.slowest = slowest
        print("ready", flush=True)
        sys.stdin.read()


def providers(server: FaultyAuthorizationServer, mailbox: FaultyImapServer) -> str:
    """The user's own providers.toml: "demo", and one for each other library."""
    names = {"demo": FlowKind.PLAIN, "google": FlowKind.GOOGLE, "microsoft": FlowKind.MICROSOFT}
    return "".join(
        PROVIDER.format(
            name=name if name == "demo" else f"demo_{name}",
            flow=flow.value,
            authorize_uri=server.authorize_uri,
            token_uri=server.token_uri,
            imap_port=mailbox.port,
            client_id=server.client_id,
            domains='["demo.example"]' if name == "demo" else "[]",
        )
        for name, flow in names.items()
    )


def fill(folder: Path, own: Path, ca_file: Path, count: int) -> None:
    """Sign in once; the other mailboxes share the grant, which the server doesn't mind."""
    tokens = folder / "tokens"
    dependencies = Dependencies(LiveCatalog(own), clock=time.time)
    request = Request(ACCOUNT, tokens, network=Network(ca_file=ca_file))
    job = Job(request, dependencies, lambda _: None, Cancellation())
    get_token(job, SignInMethods(partial(visit_in_thread, ca_file), None))
    first = tokens / file_name(ACCOUNT)
    first.rename(folder / SIGNED_IN)
    file = read_token_file(folder / SIGNED_IN)
    assert file is not None
    now = time.time()  # a token that is younger than a minute would not be refreshed
    file = replace(file, issued_at=now - 10 * 60, expires_at=now + 50 * 60)
    for number in range(count):
        address = f"mailbox{number:02}@demo.example"
        content = serialize(replace(file, account=address), now=now)
        (tokens / file_name(address)).write_bytes(content)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
