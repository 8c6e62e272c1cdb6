"""Soak: a day of 200 mailboxes in minutes, without growth of memory, file handles and threads.

Real files and real HTTPS against the demo's authorization server, which is a process of its
own, since it remembers every token it ever gave. The clock moves only while the loop sleeps.
--short: 3 hours of 40 mailboxes.
"""

import contextlib
import gc
import multiprocessing
import sys
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from types import SimpleNamespace
from typing import Any

import proving
import psutil
from simulated import household

from core.errors import AppError, Cancelled
from core.keeping.keeper import Keeper, Result
from core.keeping.loop import keep_fresh
from core.mailbox.get_token import get_token
from core.mailbox.job import Job
from core.oauth.sign_in.certificate import Certificate, self_signed
from core.tokenfile.expiry import INTERVAL
from core.tokenfile.read import read_token_file
from faulty_servers.authorization_server import FaultyAuthorizationServer
from keeping import Sleep, Time
from servers import provider_of

HOUR = 3600.0
MEMORY = 8.0  # MB that may come between the end of the first hour and that of the last
HANDLES = 8  # also connections that are being closed


@dataclass(slots=True)
class Figures:
    """The memory, handles and threads of the process at a moment."""

    name: str
    megabytes: float = field(init=False)
    handles: int = field(init=False)
    threads: int = field(init=False)

    def __post_init__(self) -> None:
        """Measure now."""
        gc.collect()
        me = psutil.Process()
        self.megabytes = me.memory_info().rss / 1e6
        if sys.platform == "win32":
            self.handles = me.num_handles()
        else:
            self.handles = me.num_fds()
        self.threads = me.num_threads()

    def __str__(self) -> str:
        """Return the text of a line of the result."""
        return f"{self.megabytes:.1f} MB, {self.handles} handles, {self.threads} threads"


class Watch(Sleep):
    """A cancellation whose `wait` moves the clock and takes the figures at set times."""

    def __init__(self, clock: Time, hours: float) -> None:
        """Take figures at the end of the first hour, in the middle, and at the end."""
        super().__init__(clock, until=hours * HOUR)
        begun = clock.now
        self.figures: list[Figures] = []
        self._moments = [
            (begun + HOUR, "after the first hour"),
            (begun + hours / 2 * HOUR, "in the middle"),
            (begun + hours * HOUR, "at the end"),
        ]

    def wait(self, seconds: float) -> bool:
        """Move the clock."""
        ended = super().wait(seconds)
        self.slept.clear()  # a list that grows isn't the program's
        if self._moments and self.clock.now >= self._moments[0][0]:
            self.figures.append(Figures(self._moments.pop(0)[1]))
        return ended


def serve(pipe: Connection, certificate: Certificate) -> None:
    """Run the server in a separate process until a message comes."""
    with FaultyAuthorizationServer(certificate=certificate, automatic_consent=True) as server:
        names = (
            *("client_id", "authorize_uri", "token_uri", "revocation_uri"),
            "device_authorization_uri",
        )
        pipe.send({name: getattr(server, name) for name in names})
        pipe.recv()
        pipe.send(server.refreshes)


def main() -> int:
    """Sign in, keep fresh, and count."""
    chosen = proving.options(__doc__, count=24, short=3)
    proof = proving.begin("soak", chosen)
    count, hours = 40 if chosen.short else 200, chosen.count
    proof.figure("mailboxes", count)
    proof.figure("simulated hours", hours)
    certificate = self_signed()
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    server = context.Process(target=serve, args=(there, certificate), daemon=True)
    server.start()
    known: Any = SimpleNamespace(**here.recv())
    mailbox: Any = SimpleNamespace(host="localhost", port=993, starttls=False)
    provider = provider_of(known, mailbox)
    clock = Time()
    good = 0
    errors: list[AppError] = []

    def report(job: Job, result: Result) -> None:
        nonlocal good
        if isinstance(result, AppError):
            errors.append(result)
        else:
            good += 1

    with household(certificate, clock=clock) as home:
        watch = Watch(clock, hours)
        jobs = [home.job(number, {"demo": provider}, watch) for number in range(count)]
        paths = [home.sign_in(job) for job in jobs]
        keeper = Keeper(interval=INTERVAL, jitter=proof.random.random, spread=proof.random.random)
        with contextlib.suppress(Cancelled):  # so the day ends
            keep_fresh(
                jobs,
                keeper,
                first=lambda job: get_token(job, None),
                report=report,
                cancelled=watch,
            )
        files = [read_token_file(path) for path in paths]
    here.send("enough")
    proof.figure("refreshes, counted by the server", here.recv())
    server.join()

    for figures in watch.figures:
        proof.figure(figures.name, figures)
    begun, ended = watch.figures[0], watch.figures[-1]
    proof.check(3 == len(watch.figures), "the figures are incomplete")
    proof.check(ended.megabytes - begun.megabytes <= MEMORY, "memory grew")
    proof.check(ended.handles - begun.handles <= HANDLES, "file handles grew")
    proof.check(good >= count * hours * HOUR / INTERVAL, "too few refreshes")
    proof.check(not errors, f"{len(errors)} errors, the first: {errors[:1]}")
    expired = sum(file is None or (file.expires_at or 0) < clock.now for file in files)
    proof.figure("expired tokens at the end", expired)
    proof.check(expired == 0, "not every token is fresh")
    return proof.end()


if __name__ == "__main__":
    proving.run(main)
