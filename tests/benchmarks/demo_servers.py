"""A process of its own for the demo's servers, so that their work is not counted as the window's.

    python demo_servers.py FOLDER COUNT SLOWEST

Writes into FOLDER the token files of COUNT mailboxes, providers.toml and ca.pem, says so in a line,
and serves until standard input ends. Every answer of the token endpoint takes SLOWEST seconds or
down to a third of that.
"""

import random
import sys
import threading
import time
import urllib.request
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from core.cancel import Cancellation
from core.demo.authorization_server import TOKEN_PATH
from core.demo.http_server import DemoRequest, DemoResponse
from core.mailbox.get_token import get_token
from core.mailbox.job import Dependencies, Job, Request
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

ACCOUNT = "you@demo.example"
PROVIDER = """
[providers.demo]
label = "Demo"
flow = "plain"
authorize_uri = "{authorize_uri}"
token_uri = "{token_uri}"
scopes = ["mail"]
imap_host = "localhost"
imap_port = {imap_port}
domains = ["demo.example"]
default_application = "demo"

[providers.demo.applications.demo]
label = "Demo"
client_id = "demo"
redirect_uri = "http://localhost"
"""


class SlowServer(FaultyAuthorizationServer):
    """Thinks before it gives a token, up to `slowest` seconds."""

    slowest = 0.0

    def respond(self, request: DemoRequest) -> DemoResponse:
        """The real response; one with a token comes late."""
        response = super().respond(request)
        if request.path != TOKEN_PATH:
            return response
        return delayed(response, random.uniform(self.slowest / 3, self.slowest))  # noqa: S311


def main(folder: Path, count: int, slowest: float) -> None:
    """Serve until standard input ends."""
    certificate = self_signed()
    ca_file = folder / "ca.pem"
    ca_file.write_bytes(certificate.certificate_pem)
    with (
        SlowServer(
            certificate=certificate, account=ACCOUNT, rotating=False, automatic_consent=True
        ) as server,
        FaultyImapServer(server.account_of, certificate=certificate) as mailbox,
    ):
        own = folder / "providers.toml"
        own.write_text(
            PROVIDER.format(
                authorize_uri=server.authorize_uri,
                token_uri=server.token_uri,
                imap_port=mailbox.port,
            ),
            "utf-8",
        )
        fill(folder, own, ca_file, count)
        server.slowest = slowest
        print("ready", flush=True)
        sys.stdin.read()


def fill(folder: Path, own: Path, ca_file: Path, count: int) -> None:
    """Sign in once; the other mailboxes share the grant, which the server doesn't mind."""
    tokens = folder / "tokens"
    dependencies = Dependencies(LiveCatalog(own), lambda *_: [], time.time)
    request = Request(ACCOUNT, tokens, network=Network(ca_file=ca_file))
    job = Job(request, dependencies, lambda _: None, Cancellation())
    get_token(job, SignInMethods(lambda url: visit(url, ca_file), None))
    first = tokens / file_name(ACCOUNT)
    file = read_token_file(first)
    assert file is not None
    first.unlink()
    now = time.time()  # a token that is younger than a minute would not be refreshed
    file = replace(file, issued_at=now - 10 * 60, expires_at=now + 50 * 60)
    for number in range(count):
        address = f"mailbox{number:02}@demo.example"
        content = serialize(replace(file, account=address), now=now)
        (tokens / file_name(address)).write_bytes(content)


def visit(url: str, ca_file: Path) -> bool:
    """A browser, and a person who says yes."""
    import ssl

    context = ssl.create_default_context(cafile=str(ca_file))
    opener = urllib.request.build_opener(
        urllib.request.HTTPSHandler(context=context), urllib.request.ProxyHandler({})
    )

    def fetch() -> None:
        with opener.open(url, timeout=20) as page:
            page.read()

    threading.Thread(target=fetch).start()
    return True


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
