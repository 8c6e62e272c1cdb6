"""Faults: a proxy with faults in front of a real authorization server, for weeks.

Two weeks are simulated with tokens of an hour: the clock moves only while the loop sleeps. Then
follows real time with tokens of ten seconds. If an outage ends before the token in the file
expires, there is always a valid token; after a longer one the token is fresh within 60 s of the
network's return. No browser opens and no grant is lost.

The server of the first week ends a grant if an old refresh token is used again; there the faults
stop the request. The server of the second week keeps its refresh tokens, as Google and Microsoft
tolerate old ones; there responses get lost too. (A response lost after a strict rotation loses the
grant, whatever a client does.)

--short: two simulated days and two minutes.
"""

import contextlib
import math
import random
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from http.client import HTTPSConnection
from pathlib import Path

import proving
import trustme
from proving import Proof
from simulated import Household, household

from core.cancel import Cancellation
from core.demo.http_server import DemoRequest, DemoResponse
from core.errors import AppError, Cancelled
from core.keeping.keeper import Keeper, renew_now
from core.keeping.loop import keep_fresh
from core.keeping.stop_conditions import StopCondition
from core.mailbox.job import Job
from core.model import Outcome
from core.oauth.sign_in.certificate import Certificate, self_signed
from core.providers.catalog import Provider
from core.tokenfile.expiry import INTERVAL
from core.tokenfile.read import read_token_file
from faulty_servers.authorization_server import FaultyAuthorizationServer
from faulty_servers.imap_server import FaultyImapServer
from faulty_servers.responses import FaultyResponse
from faulty_servers.scripted import AnsweringServer
from keeping import Sleep, Time
from servers import PATIENT, changed, fixed, issued_by, provider_of

MAILBOXES = 3
HOUR, DAY = 3600.0, 86400.0
RECOVERY = 60.0  # seconds
IMPATIENT = 0.15  # seconds; the program's time limit where the proxy is silent
SILENCE = 1.0


class Fault(StrEnum):
    """A fault on the way to the server."""

    DELAY = "delay"
    RESET = "reset"
    HALF = "half an answer"
    ERROR_500 = "500"
    BUSY_429 = "429"
    HTML = "HTML"
    WRONG_NAME = "TLS with the wrong name"
    NO_DNS = "DNS gone"


_LOSES_ANSWERS = (Fault.DELAY, Fault.RESET, Fault.HALF)
_ANSWERS = {
    Fault.DELAY: FaultyResponse(delay=SILENCE),
    Fault.RESET: FaultyResponse(drop=True),
    Fault.HALF: FaultyResponse(body=b'{"access_token": "half-of-one', pause_after=20),
    Fault.ERROR_500: DemoResponse(500, b"Oh no", "text/plain"),
    Fault.BUSY_429: DemoResponse(429, headers={"Retry-After": "120"}),
    Fault.HTML: DemoResponse(200, b"<html>Welcome to our Wi-Fi", "text/html"),
}


@dataclass(frozen=True, slots=True)
class Outage:
    """An outage from `begin` to `end`, in seconds since the epoch."""

    begin: float
    end: float
    fault: Fault

    def covers(self, moment: float) -> bool:
        """Whether the outage lasts at this moment."""
        return self.begin <= moment < self.end


def weather(
    chance: random.Random, begin: float, end: float, *, pause: float, longest: float, life: float
) -> list[Outage]:
    """Return outages of all lengths up to the longest, with time to recover between them.

    The first lasts longer than a token's `life`: whatever the dice say, it hits every mailbox.
    """
    outages: list[Outage] = []
    now = begin
    while True:
        now += pause * chance.uniform(0.5, 1.5)
        # A long one and a short one in turns.
        middle = longest / 30
        bounds = (middle / 30, middle) if len(outages) % 2 else (middle, longest)
        length = math.exp(chance.uniform(*map(math.log, bounds))) if outages else 1.2 * life
        if now + length > end:
            return outages
        outages.append(Outage(now, now + length, chance.choice(list(Fault))))
        now += length + min(RECOVERY, 6 + 1.5 * length)  # so that each is healed before the next


class Proxy:
    """A proxy in front of the server; with the wrong name it uses another port."""

    def __init__(self, server: FaultyAuthorizationServer, certificate: Certificate) -> None:
        """Start without a fault."""
        self.fault: Fault | None = None
        self.loses_answers = False
        self.authority = trustme.CA()
        self._server = server
        self._certificate = certificate
        self._right = AnsweringServer(certificate, self._answer)
        elsewhere = issued_by(self.authority, "elsewhere.example")
        self._wrong = AnsweringServer(elsewhere, self._answer)
        self._right.start()
        self._wrong.start()

    def close(self) -> None:
        """Stop at once."""
        self._right.close()
        self._wrong.close()

    def uri(self) -> str:
        """Return the current address of the token endpoint."""
        path = self._server.token_uri.removeprefix(self._server.origin)
        if self.fault is Fault.NO_DNS:
            return f"https://token.invalid{path}"
        port = (self._wrong if self.fault is Fault.WRONG_NAME else self._right).port
        return f"https://localhost:{port}{path}"

    def _answer(self, request: DemoRequest) -> DemoResponse:
        fault = self.fault
        if fault is None:
            return self._forward(request)
        if self.loses_answers and fault in _LOSES_ANSWERS:
            answer = self._forward(request)
            return replace(_ANSWERS[fault], body=answer.body)
        return _ANSWERS[fault]

    def _forward(self, request: DemoRequest) -> DemoResponse:
        context = ssl.create_default_context(cadata=self._certificate.certificate_pem.decode())
        port = int(self._server.origin.rpartition(":")[2])
        connection = HTTPSConnection("localhost", port, timeout=30, context=context)
        with contextlib.closing(connection):
            headers = {"Content-Type": request.headers["Content-Type"]}
            connection.request(request.method, request.target, request.body, headers)
            answer = connection.getresponse()
            kind = answer.headers["Content-Type"]
            return DemoResponse(answer.status, answer.read(), kind)


@dataclass(frozen=True, slots=True)
class Try:
    """One try of a refresh; `expires` is the expiry of the token before it."""

    begun: float
    done: float
    good: bool
    expires: float


@dataclass(frozen=True, slots=True)
class Hit:
    """One mailbox in one outage: when its token expired, and when it got the next."""

    outage: Outage
    address: str
    expires: float
    healed: float

    @property
    def without(self) -> float:
        """The seconds without a valid token in the file."""
        return max(0.0, self.healed - self.expires)

    @property
    def recovery(self) -> float:
        """The seconds from the network's return to a fresh token."""
        return self.healed - self.outage.end

    def __str__(self) -> str:
        """Return the text for a breach."""
        return f"{self.outage.fault} of {self.outage.end - self.outage.begin:.1f} s, {self.address}"


@dataclass(slots=True)
class Diary:
    """The tries of one mailbox."""

    path: Path
    tries: list[Try] = field(default_factory=list)

    def expires(self) -> float:
        """Return the expiry of the token in the file."""
        file = read_token_file(self.path)
        assert file is not None
        return file.expires_at or 0.0


@dataclass(slots=True)
class Stretch:
    """A time with outages; `tail` seconds before the expiry are too late for a refresh."""

    proof: Proof
    name: str
    home: Household
    server: FaultyAuthorizationServer
    proxy: Proxy
    provider: Provider
    outages: Sequence[Outage]
    tail: float
    diaries: dict[str, Diary] = field(default_factory=dict)
    errors: list[AppError] = field(default_factory=list)

    def run(self, cancelled: Cancellation, conditions: Sequence[StopCondition] = ()) -> None:
        """Sign in, keep fresh, and judge the result."""
        jobs = [
            self.home.job(number, {"demo": self.provider}, cancelled) for number in range(MAILBOXES)
        ]
        for job in jobs:
            self.diaries[job.address] = Diary(self.home.sign_in(job))
        asked = self.server.authorize_requests
        chance = self.proof.random
        keeper = Keeper(interval=INTERVAL, jitter=chance.random, spread=chance.random)
        with contextlib.suppress(Cancelled):
            keep_fresh(
                jobs,
                keeper,
                first=lambda job: self.attempt(job, check=False),
                again=self.attempt,
                report=lambda job, result: None,
                cancelled=cancelled,
                conditions=conditions,
            )
        self.proof.check(asked == self.server.authorize_requests, "a browser was opened")
        self.proof.check(keeper.has_any(), "no keeping is left")
        self._judge()
        self._prove_grants(jobs)

    def attempt(self, job: Job, **how: bool) -> Outcome:
        """Refresh with the fault of this moment."""
        diary, begun = self.diaries[job.address], job.now()
        outage = next((o for o in self.outages if o.covers(begun)), None)
        self.proxy.fault = outage.fault if outage else None
        before = diary.expires()
        try:
            outcome = renew_now(self._by_proxy(job), **how)
        except AppError as exc:
            self.errors.append(exc)
            diary.tries.append(Try(begun, job.now(), False, before))
            raise
        if outcome.renewed:
            diary.tries.append(Try(begun, job.now(), True, before))
            token = diary.path.read_text("ascii").partition("\n")[0]
            self.proof.check(
                self.server.account_of(token) is not None, "the token in the file is not valid"
            )
        return outcome

    def _by_proxy(self, job: Job) -> Job:
        silent = self.proxy.fault in (Fault.DELAY, Fault.HALF)
        network = replace(job.request.network, timeout=IMPATIENT if silent else PATIENT)
        provider = changed(self.provider, token_uri=self.proxy.uri())
        catalog = job.dependencies.catalog._replace(providers={"demo": provider})
        return replace(
            job,
            request=replace(job.request, network=network),
            dependencies=replace(
                job.dependencies, providers=fixed(catalog, job.dependencies.own_file)
            ),
        )

    def _judge(self) -> None:
        short = [hit for hit in self._hits() if hit.outage.end < hit.expires - self.tail]
        long = [hit for hit in self._hits() if hit.outage.end >= hit.expires - self.tail]
        for hit in short:
            self.proof.check(hit.without == 0, f"{hit}: {hit.without:.1f} s without a valid token")
        for hit in long:
            self.proof.check(hit.recovery <= RECOVERY, f"{hit}: fresh after {hit.recovery:.1f} s")
        tries = [t for diary in self.diaries.values() for t in diary.tries]
        good = sum(t.good for t in tries)
        figures = {
            "outages": len(self.outages),
            "refreshes, failed tries": f"{good}, {len(tries) - good}",
            "hits shorter than the life left": len(short),
            "  longest time without a valid token": _longest(hit.without for hit in short),
            "longer hits": len(long),
            "  longest time without one": _longest(hit.without for hit in long),
            "  slowest recovery after the return": _longest(hit.recovery for hit in long),
        }
        for what, value in figures.items():
            self.proof.figure(f"{self.name}: {what}", value)
        self.proof.check(bool(short or long), f"{self.name}: no outage hit a mailbox")

    def _hits(self) -> Iterator[Hit]:
        """Yield each outage that delayed a mailbox."""
        for outage in self.outages:
            for address, diary in self.diaries.items():
                failed = [t for t in diary.tries if outage.covers(t.begun) and not t.good]
                healed = [t for t in diary.tries if t.good and t.done >= outage.end]
                if failed and healed:  # else nothing was due, or the end of it all came first
                    yield Hit(outage, address, failed[0].expires, healed[0].done)

    def _prove_grants(self, jobs: Sequence[Job]) -> None:
        """Check that every refresh token still works without faults."""
        self.proxy.fault = None
        alive = 0
        for job in jobs:
            calm = replace(self._by_proxy(job), cancelled=Cancellation())
            later = replace(calm.dependencies, clock=lambda: self.home.clock() + HOUR)
            with contextlib.suppress(AppError):
                alive += renew_now(replace(calm, dependencies=later), check=False).renewed
        self.proof.figure(f"{self.name}: grants lost", len(jobs) - alive)
        self.proof.check(alive == len(jobs), "a grant was lost")


def _longest(seconds: Iterable[float]) -> str:
    return f"{max(seconds, default=0.0):.1f} s"


def stretch(
    proof: Proof,
    name: str,
    *,
    rotating: bool,
    life: int,
    clock: Callable[[], float],
    outages: Sequence[Outage],
    tail: float,
    cancelled: Cancellation,
    conditions: Sequence[StopCondition] = (),
) -> None:
    """Run a stretch with its own servers and folder."""
    certificate = self_signed()
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(
            FaultyAuthorizationServer(
                certificate=certificate,
                automatic_consent=True,
                rotating=rotating,
                token_lifetime=life,
                clock=clock,
            )
        )
        mailbox = stack.enter_context(FaultyImapServer(server.account_of, certificate=certificate))
        proxy = Proxy(server, certificate)
        stack.callback(proxy.close)
        proxy.loses_answers = not rotating
        trusted = proxy.authority.cert_pem.bytes()
        home = stack.enter_context(household(certificate, trusted=trusted, clock=clock))
        provider = provider_of(server, mailbox)
        Stretch(proof, name, home, server, proxy, provider, outages, tail).run(
            cancelled, conditions
        )


def simulated(proof: Proof, name: str, days: float, *, rotating: bool) -> None:
    """Simulate days with tokens of an hour and outages of up to two and a half."""
    clock = Time()
    end = clock.now + days * DAY
    outages = weather(proof.random, clock.now, end, pause=2 * HOUR, longest=2.5 * HOUR, life=HOUR)
    stretch(
        proof,
        name,
        rotating=rotating,
        life=3600,
        clock=clock,
        outages=outages,
        tail=2.0,
        cancelled=Sleep(clock, until=days * DAY),
    )


def real(proof: Proof, minutes: int) -> None:
    """Run in real time with tokens of ten seconds and outages of up to 30 s."""
    begun = time.time() + 5  # signed in by then
    end = begun + minutes * 60
    outages = weather(proof.random, begun, end, pause=6, longest=30, life=10)
    healed = end + RECOVERY  # also what the last outage has hit
    over = StopCondition("", "", lambda: time.time() >= healed)
    stretch(
        proof,
        "real time",
        rotating=True,
        life=10,
        clock=time.time,
        outages=outages,
        tail=3.0,
        cancelled=Cancellation(),
        conditions=[over],
    )


def main() -> int:
    """Run all three."""
    chosen = proving.options(__doc__, count=60, short=1)
    proof = proving.begin("faults", chosen)
    days = 1.0 if chosen.short else 7.0
    simulated(proof, f"strict, {days:.0f} d", days, rotating=True)
    simulated(proof, f"lenient, {days:.0f} d", days, rotating=False)
    real(proof, chosen.count)
    return proof.end()


if __name__ == "__main__":
    proving.run(main)
