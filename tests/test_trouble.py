"""How the keeper handles every kind of trouble with a token endpoint or with the network.

Each test goes the whole way, from a socket to the next due time.
"""

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import trustme

from core.errors import AppError, Misconfigured, SignInNeeded, TryAgain
from core.keeping.keeper import renew_now
from core.mailbox.job import Job
from core.model import Outcome
from core.net.network import Network
from faulty_servers.responses import Fault
from keeping import INTERVAL, MINUTE, Kept, after
from servers import changed, fixed, issued_by

IMPATIENT = 1.0  # seconds; the time limit if the server sends nothing
PORTAL = b"<html><title>Welcome to our Wi-Fi</title></html>"


def keep_two(kept: Kept, *, until: float, again: Callable[..., Outcome] = renew_now) -> None:
    """Keep two mailboxes fresh, of which only one meets the trouble."""
    other = kept.stage.folder / "other.txt"
    kept.stage.sign_in(token_file=other)
    jobs = [kept.stage.job(), kept.stage.job(token_file=other)]
    kept.run(*jobs, until=until, again=again, at_once=1)


def error(code: str) -> bytes:
    """An error response as in RFC 6749 section 5.2."""
    return f'{{"error": "{code}"}}'.encode()


ANSWERS = {
    "408": Fault(408),
    "425": Fault(425),
    "429": Fault(429, error("slow_down")),
    "429 with Retry-After": Fault(429, headers={"Retry-After": "120"}),
    "500": Fault(500, b"<html>", "text/html"),
    "502": Fault(502),
    "503": Fault(503),
    "504": Fault(504),
    "a dead grant, says a server out of order": Fault(503, error("invalid_grant")),
    "temporarily_unavailable": Fault(400, error("temporarily_unavailable")),
    "server_error": Fault(400, error("server_error")),
    "reset": Fault(drop=True),
    "captive portal": Fault(200, PORTAL, "text/html"),
    "redirect to a captive portal": Fault(302, headers={"Location": "http://wifi.example/"}),
    "511": Fault(511, PORTAL, "text/html"),
    "a proxy's own page": Fault(403, PORTAL, "text/html"),
    "truncated JSON": Fault(200, b'{"access_token": "an-access-tok'),
    "an empty answer": Fault(200),
    "a token with a line end": Fault(200, b'{"access_token": "two\\nlines"}'),
}


def check_transient(kept: Kept, wait: float, *, for_all: bool = False) -> None:
    """One try of one mailbox has failed, and the next one, after `wait` seconds, was good.

    The other mailbox of the same host was refreshed in time, or waited too if that is `for_all`.
    """
    assert [INTERVAL] == pytest.approx(kept.bad(), abs=1)
    assert [TryAgain] == [type(r) for _, r in kept.reports if isinstance(r, AppError)]
    good = [0, 0, INTERVAL + (wait if for_all else 0), INTERVAL + wait]
    assert good == pytest.approx(kept.good(), abs=2)
    assert kept.ended is None
    assert [] == kept.stage.browser.opened


@pytest.mark.parametrize("name", ANSWERS)
def test_temporary_errors(kept: Kept, name: str) -> None:
    """The next try comes within seconds or when the server asked; the file is not changed."""
    answer = ANSWERS[name]
    contents: list[bytes] = []

    def again(job: Job, **how: bool) -> Outcome:
        before = kept.stage.path.read_bytes()
        try:
            return renew_now(job, **how)
        except TryAgain:
            contents.extend([before, kept.stage.path.read_bytes()])
            raise

    kept.then = [lambda: kept.stage.server.faults.append(answer), list]  # last one first
    keep_two(kept, until=INTERVAL + 200, again=again)
    wait = float(answer.headers.get("Retry-After", 5))
    check_transient(kept, wait, for_all=answer.status == 429)
    assert contents[0] == contents[1]


@pytest.mark.parametrize("answer", [Fault(delay=30), Fault(200, b'{"access_', pause_after=4)])
def test_silence(kept: Kept, answer: Fault) -> None:
    """A server that stops before or during its response is tried again within seconds."""
    first = after(kept, lambda: kept.stage.server.faults.append(answer))
    kept.run(kept.stage.job(timeout=IMPATIENT), until=INTERVAL + 20, first=first)
    assert [INTERVAL] == pytest.approx(kept.bad(), abs=1)
    assert isinstance(kept.reports[1][1], TryAgain)
    assert INTERVAL + 5 == pytest.approx(kept.good()[1], abs=1)


@dataclass(frozen=True, slots=True)
class BadEndpoints:
    """Addresses of token endpoints with which the connection fails."""

    script: Callable[..., int]
    authority: trustme.CA

    def without_a_name(self) -> str:
        """A name that is reserved and never exists (RFC 6761 section 6.4)."""
        return "https://token.invalid/token"

    def refused(self) -> str:
        """A port on which no program listens."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            return f"https://127.0.0.1:{free.getsockname()[1]}/token"

    def of_another_name(self) -> str:
        """A server with a trusted certificate for another name."""
        certificate = issued_by(self.authority, "elsewhere.example")
        return f"https://localhost:{self.script(lambda *_: None, certificate)}/token"

    def of_nobody(self) -> str:
        """A server with a certificate from an unknown authority."""
        certificate = issued_by(trustme.CA(), "localhost")
        return f"https://localhost:{self.script(lambda *_: None, certificate)}/token"

    def broken_off(self) -> str:
        """A server that closes the connection in the middle of its response."""
        head = b'HTTP/1.0 200 OK\r\nContent-Length: 900\r\n\r\n{"access_token": "an-acc'
        return f"https://localhost:{self.script(_says(head), self._certificate())}/token"

    def no_http(self) -> str:
        """A server that does not speak HTTP."""
        return f"https://localhost:{self.script(_says(b'220 mail'), self._certificate())}/token"

    def _certificate(self) -> object:
        return issued_by(self.authority, "localhost")


def _says(what: bytes) -> Callable[[socket.socket, threading.Event], None]:
    def talk(client: socket.socket, closing: threading.Event) -> None:
        client.recv(1 << 16)
        client.sendall(what)

    return talk


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in vars(BadEndpoints)
        if not name.startswith("_") and callable(vars(BadEndpoints)[name])
    ],
)
def test_failed_connections(
    kept: Kept, script: Callable[..., int], tmp_path: Path, name: str
) -> None:
    """After trouble with DNS, TCP or TLS, the next try comes within seconds."""
    authority = trustme.CA()
    ca_file = tmp_path / "both.pem"
    own = kept.stage.ca_file.read_bytes()
    ca_file.write_bytes(own + authority.cert_pem.bytes())
    uri = getattr(BadEndpoints(script, authority), name)()
    lost = changed(kept.stage.provider, token_uri=uri)
    tries: list[Job] = []

    def again(job: Job, **how: bool) -> Outcome:
        tries.append(job)
        if len(tries) == 1:
            catalog = job.dependencies.catalog._replace(providers={lost.name: lost})
            job = replace(
                job,
                dependencies=replace(
                    job.dependencies, providers=fixed(catalog, job.dependencies.own_file)
                ),
            )
        return renew_now(job, **how)

    job = kept.stage.job(network=Network(20, ca_file))
    kept.run(job, until=INTERVAL + 20, again=again)
    assert [INTERVAL] == pytest.approx(kept.bad(), abs=1)
    assert isinstance(kept.reports[1][1], TryAgain)
    assert INTERVAL + 5 == pytest.approx(kept.good()[1], abs=1)


@pytest.mark.parametrize(
    "code",
    [
        "invalid_grant",
        "interaction_required",
        "consent_required",
        "login_required",
        "INVALID_REFRESH_TOKEN",
        "token not found",
    ],
)
def test_dead_grants(kept: Kept, code: str) -> None:
    """Twice in a row, it stops the refreshes of that mailbox only, and no browser opens."""
    kept.stage.sign_in()

    def again(job: Job, **how: bool) -> Outcome:
        if job.request.token_file is None:
            kept.stage.server.faults.append(Fault(400, error(code)))
        return renew_now(job, **how)

    keep_two(kept, until=2 * INTERVAL + 10, again=again)
    assert [INTERVAL + MINUTE] == pytest.approx(kept.bad(), abs=1)
    assert [SignInNeeded] == [type(r) for _, r in kept.reports if isinstance(r, AppError)]
    assert [0, 0, INTERVAL, 2 * INTERVAL] == pytest.approx(kept.good(), abs=2)
    assert [] == kept.stage.browser.opened


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "invalid_client"),
        (400, "invalid_client"),
        (400, "unauthorized_client"),
        (400, "invalid_scope"),
        (400, "invalid_request"),
        (400, "unsupported_grant_type"),
    ],
)
def test_misconfigurations(kept: Kept, status: int, code: str) -> None:
    """The error has the provider's code; the next try comes after minutes, and nothing stops."""
    kept.then = [lambda: kept.stage.server.faults.append(Fault(status, error(code))), list]
    keep_two(kept, until=INTERVAL + 6 * MINUTE)
    errors = [r for _, r in kept.reports if isinstance(r, AppError)]
    assert [(Misconfigured, code)] == [(type(e), e.detail) for e in errors]
    assert [0, 0, INTERVAL, INTERVAL + 5 * MINUTE] == pytest.approx(kept.good(), abs=2)
