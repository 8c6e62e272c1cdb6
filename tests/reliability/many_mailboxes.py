"""Many mailboxes: 10,000 are kept fresh for three lives of their tokens, and one after a night.

Real files and real HTTPS against the demo's authorization server under two host names, in a process
of its own. The clock goes on while the loop works, and jumps while it waits. After three lives the
computer sleeps for eight hours. --short: 120 mailboxes.
"""

import contextlib
import gc
import multiprocessing
import threading
import time
import tracemalloc
from collections import Counter
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import proving
import psutil
from simulated import Household, household

from core.cancel import Cancellation
from core.demo.http_server import DemoRequest, DemoResponse
from core.errors import AppError, Cancelled
from core.keeping.host_limits import AT_ONCE
from core.keeping.keeper import Keeper, Result, renew_now
from core.keeping.loop import AT_ONCE as THREADS
from core.keeping.loop import keep_fresh
from core.mailbox.get_token import refresh_mailbox
from core.mailbox.job import Job
from core.model import Outcome
from core.oauth.sign_in.certificate import Certificate, self_signed
from core.providers.catalog import Provider
from core.tokenfile.format import TokenFile, serialize
from core.tokenfile.place import file_name
from faulty_servers.authorization_server import FaultyAuthorizationServer
from servers import changed, provider_of

LIFE = 3600.0  # seconds
NIGHT = 8 * 3600.0
INTERVAL = 55 * 60.0
HOSTS = ("localhost", "127.0.0.1")
BYTES = 4096  # for each mailbox, besides what the program has loaded
# From the end of the second life to the end. After the night all mailboxes are in the queues of
# their hosts at once, which needs more room than before.
GROWTH = 8.0  # MB
QUEUED = 1024  # bytes more for each mailbox
BATCH = 1000  # those that become ready in one step of the keeper


class Crowded(FaultyAuthorizationServer):
    """Knows the refresh tokens of all mailboxes, and counts who asks at the same time."""

    def __init__(self, certificate: Certificate, count: int) -> None:
        """Each mailbox has a grant of its own, and each refresh replaces its refresh token."""
        super().__init__(certificate=certificate)
        self._asking: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self._counting = threading.Lock()
        for number in range(count):
            grant = SimpleNamespace(scopes=["mail"], nonce=None)
            self.grants.refresh_tokens[refresh_token(number)] = grant

    def respond(self, request: DemoRequest) -> DemoResponse:
        """Count it, and take a little time as a distant server does."""
        host = str(request.headers.get("Host")).rpartition(":")[0]
        with self._counting:
            self._asking[host] += 1
            self.most[host] = max(self.most[host], self._asking[host])
        time.sleep(0.005)
        try:
            return super().respond(request)
        finally:
            with self._counting:
                self._asking[host] -= 1


def refresh_token(number: int) -> str:
    """The first refresh token of a mailbox."""
    return f"the-first-refresh-token-of-{number}"


def serve(pipe: Connection, certificate: Certificate, count: int) -> None:
    """Run the server until a message comes."""
    with Crowded(certificate, count) as server:
        names = (
            *("client_id", "authorize_uri", "token_uri", "revocation_uri"),
            "device_authorization_uri",
        )
        pipe.send({name: getattr(server, name) for name in names})
        pipe.recv()
        pipe.send((server.refreshes, dict(server.most)))


class Clock:
    """Goes on like a real one, and jumps."""

    def __init__(self) -> None:
        """Begin now."""
        self.skipped = time.time() - time.monotonic()

    def __call__(self) -> float:
        """Return the seconds since the epoch."""
        return time.monotonic() + self.skipped


class Watch(Cancellation):
    """A cancellation whose `wait` lets the clock jump; it sleeps for a night, and ends."""

    def __init__(self, clock: Clock) -> None:
        """Three lives, the night, and one life more."""
        super().__init__()
        self.clock = clock
        self.night_at = clock() + 3 * LIFE
        self.measure_at = clock() + 2 * LIFE
        self.resumed = self.megabytes = 0.0

    def wait(self, seconds: float) -> bool:
        """Let the clock jump."""
        self.clock.skipped += seconds
        now = self.clock()
        if not self.megabytes and now > self.measure_at:
            self.megabytes = megabytes()
        if not self.resumed and now > self.night_at:
            self.clock.skipped += NIGHT
            self.resumed = self.clock()
        elif self.resumed and now > self.resumed + LIFE:
            self.set()
        return self.is_set()


@dataclass(slots=True)
class Seen:
    """What the mailboxes were seen to do."""

    clock: Clock
    watch: Watch
    expiry: dict[str, float]
    errors: list[AppError] = field(default_factory=list)
    without: float = 0.0  # the longest time without a valid token, but for the night
    after_night: list[float] = field(default_factory=list)  # seconds from the resume, in order
    order: list[float] = field(default_factory=list)  # the expiries, as refreshes started then
    awaited: set[str] = field(default_factory=set)  # those with no refresh since the resume

    def again(self, job: Job, **how: bool) -> Outcome:
        """A refresh; called in a thread."""
        if self.watch.resumed and job.address in self.awaited:
            self.order.append(self.expiry[job.address])
        return renew_now(job, **how)

    def report(self, job: Job, result: Result) -> None:
        """Note how long the mailbox had no valid token."""
        if isinstance(result, AppError):
            self.errors.append(result)
            return
        now, resumed = self.clock(), self.watch.resumed
        if resumed and job.address in self.awaited:
            self.awaited.discard(job.address)
            self.after_night.append(now - resumed)
        else:
            self.without = max(self.without, now - self.expiry[job.address])
        self.expiry[job.address] = result.expires_at or 0.0


@dataclass(frozen=True, slots=True)
class Counts:
    """What the run has cost.

    The refreshes, the most at once by host, the seconds of CPU for one, the bytes for a mailbox,
    and the memory of the process at the end.
    """

    refreshes: int
    most: dict[str, int]
    cpu: float
    each: float
    megabytes: float


def main() -> int:
    """Keep them fresh, and count."""
    chosen = proving.options(__doc__, count=10_000, short=120)
    proof = proving.begin("many_mailboxes", chosen)
    count = chosen.count
    proof.figure("mailboxes", count)
    certificate = self_signed()
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    server = context.Process(target=serve, args=(there, certificate, count), daemon=True)
    server.start()
    providers = providers_of(SimpleNamespace(**here.recv()))
    clock = Clock()
    with household(certificate, clock=clock) as home:
        watch = Watch(clock)
        tracemalloc.start()
        began = tracemalloc.get_traced_memory()[0]
        jobs = jobs_of(home, count, providers, watch)
        expiry = {job.address: write(proof, job, n, clock()) for n, job in enumerate(jobs)}
        keeper = Keeper(interval=INTERVAL, jitter=proof.random.random, spread=proof.random.random)
        for job in jobs:
            keeper.add(job)
        gc.collect()
        each = (tracemalloc.get_traced_memory()[0] - began) / count
        tracemalloc.stop()
        seen = Seen(clock, watch, expiry, awaited=set(expiry))
        worked = psutil.Process().cpu_times()
        with contextlib.suppress(Cancelled):  # so the last life ends
            keep_fresh(
                jobs,
                keeper,
                first=refresh_mailbox,
                again=seen.again,
                report=seen.report,
                cancelled=watch,
            )
        ended = psutil.Process().cpu_times()
    here.send("enough")
    refreshes, most = here.recv()
    server.join()

    cpu = ended.user + ended.system - worked.user - worked.system
    _show(proof, seen, Counts(refreshes, most, cpu / refreshes, each, megabytes()))
    return proof.end()


def _show(proof: proving.Proof, seen: Seen, counts: Counts) -> None:
    """Print the figures, and judge them."""
    count, before = len(seen.expiry), seen.watch.megabytes
    late, moved = max(seen.after_night, default=0.0), displacement(seen.order)
    grew = counts.megabytes - before
    for name, figure in (
        ("refreshes, counted by the server", counts.refreshes),
        ("CPU time for a refresh, with the loop, in ms", f"{1000 * counts.cpu:.1f}"),
        ("most refreshes at once, by host", counts.most),
        ("longest without a valid token in three lives, in s", f"{seen.without:.1f}"),
        ("all fresh after the night, in s", f"{late:.1f}"),
        ("memory for a mailbox, in bytes", f"{counts.each:.0f}"),
        ("memory after two lives, and growth to the end, in MB", f"{before:.1f}, {grew:.1f}"),
        ("largest distance from the order of expiry", moved),
        ("threads at the end", threading.active_count()),
    ):
        proof.figure(name, figure)

    proof.check(not seen.errors, f"{len(seen.errors)} errors, the first: {seen.errors[:1]}")
    proof.check(counts.refreshes >= 4 * count, "too few refreshes")
    proof.check(set(HOSTS) == set(counts.most), "not both hosts were asked")
    proof.check(max(counts.most.values(), default=99) <= AT_ONCE, "too many at once at a host")
    proof.check(seen.without <= 0, "a token expired")
    proof.check(not seen.awaited, f"{len(seen.awaited)} were not refreshed after the night")
    proof.check(count == len(seen.order), "some were refreshed more than once, or never")
    proof.check(moved <= min(BATCH, count) + THREADS, "not by expiry")
    proof.check(counts.each <= BYTES, "a mailbox needs too much memory")
    proof.check(grew <= GROWTH + count * QUEUED / 1e6, "memory grew")


def providers_of(known: Any) -> dict[str, Provider]:
    """The same server as two providers, with two hosts."""
    mailbox: Any = SimpleNamespace(host="localhost", port=993, starttls=False)
    demo = provider_of(known, mailbox, scopes=("mail",))
    uris = {host: known.token_uri.replace("localhost", host) for host in HOSTS}
    return {host: changed(demo, token_uri=uri) for host, uri in uris.items()}


def jobs_of(home: Household, count: int, providers: dict[str, Provider], watch: Watch) -> list[Job]:
    """The mailboxes, with the hosts in turn; they share what is shared in the program too."""
    firsts = [home.job(0, {"demo": providers[host]}, watch) for host in HOSTS]
    jobs = []
    for number in range(count):
        first = firsts[number % len(firsts)]
        request = replace(first.request, address=f"mailbox{number}@demo.example")
        jobs.append(replace(first, request=request))
    return jobs


def write(proof: proving.Proof, job: Job, number: int, now: float) -> float:
    """Write a token file that is up to 50 minutes old; return when its token expires."""
    issued = now - proof.random.uniform(60, 50 * 60)
    path = Path(job.request.folder) / file_name(job.address)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    file = TokenFile(
        "an-access-token-of-yesterday",
        refresh_token(number),
        account=job.address,
        provider="demo",
        application="demo",
        issued_at=issued,
        expires_at=issued + LIFE,
    )
    path.write_bytes(serialize(file, now=now))
    return issued + LIFE


def displacement(order: list[float]) -> int:
    """How many later refreshes should have come before one, at most."""
    places = {expiry: place for place, expiry in enumerate(sorted(order))}
    return max((places[expiry] - place for place, expiry in enumerate(order)), default=0)


def megabytes() -> float:
    """The memory of this process."""
    gc.collect()
    return float(psutil.Process().memory_info().rss / 1e6)


if __name__ == "__main__":
    proving.run(main)
