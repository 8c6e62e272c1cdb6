"""A list of thousands: killed in the middle, resumed, and kept for three lives of the tokens.

`batch` gets the tokens of 5,000 mailboxes with an application's own token. A hundredth as many
lines are broken. SIGKILL ends the first run when half of the files are there; the second run does
the rest. Then `batch --loop` keeps all of them fresh for three lives of their tokens. Meanwhile
each token file is read again and again. At the end, report and files must agree.
--short: 200 mailboxes.
"""

from __future__ import annotations

import csv
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import proving
from harness import work_folder

from core.errors import AppError, ExitCode
from core.model import State
from core.oauth.sign_in.certificate import self_signed
from core.tokenfile.expiry import left
from core.tokenfile.place import file_name
from core.tokenfile.read import read_token_file
from faulty_servers.authorization_server import FaultyAuthorizationServer
from program import Finished, Program, Running

SECRET = "the-secret-of-the-organisation"
WHOLE_LIFE = 3600  # seconds
LIVES = 3
# Two cores renew 5,000 files in about a minute, twice in each life.
LIFE_OF_ONE = 0.036  # seconds of a token's life for each mailbox
SHORTEST_LIFE = 8
LOOK_EVERY = 2.0
PROVIDER = """
[providers.demo]
authorize_uri = "{authorize_uri}"
token_uri = "{token_uri}"
scopes = ["mail"]
imap_host = "localhost"

[providers.demo.applications.own]
client_id = "{client_id}"
client_secret = "{secret}"
grant = "client_credentials"
"""


@dataclass(slots=True)
class Stage:
    """The list, the program and the provider."""

    proof: proving.Proof
    server: FaultyAuthorizationServer
    program: Program
    words: tuple[str, ...]
    count: int
    mistakes: int

    @property
    def files(self) -> list[Path]:
        """The token files so far."""
        return sorted((self.program.folder / "tokens").glob("oauth2_tokens_*.txt"))

    @property
    def report(self) -> Path:
        """The report as JSON; the CSV is beside it."""
        return self.program.folder / "list.report.json"


@dataclass(slots=True)
class Watched:
    """What a look at all token files showed, again and again."""

    looks: int = 0
    expired: set[str] = field(default_factory=set)
    issued: dict[str, set[float | None]] = field(default_factory=dict)

    def look(self, files: list[Path]) -> None:
        """Read all files."""
        self.looks += 1
        for path in files:
            file = read_token_file(path)
            if file is None or not left(file, time.time()):
                self.expired.add(path.name)
            if file is not None:
                self.issued.setdefault(path.name, set()).add(file.issued_at)


def main() -> int:
    """Get all tokens in two runs, then keep them."""
    chosen = proving.options(__doc__, count=5_000, short=200)
    proof = proving.begin("long_list", chosen)
    with staged(proof, chosen.count) as stage:
        proof.figure("mailboxes, and broken lines", f"{stage.count}, {stage.mistakes}")
        killed(stage)
        resumed(stage)
        kept(stage)
    return proof.end()


@contextmanager
def staged(proof: proving.Proof, count: int) -> Iterator[Stage]:
    """A provider that gives one token for all mailboxes, and the list."""
    certificate = self_signed()
    with (
        work_folder() as folder,
        FaultyAuthorizationServer(certificate=certificate, client_secret=SECRET) as server,
    ):
        (folder / "ca.pem").write_bytes(certificate.certificate_pem)
        program = Program(folder, folder / "home")
        program.configure(
            PROVIDER.format(
                authorize_uri=server.authorize_uri,
                token_uri=server.token_uri,
                client_id=server.client_id,
                secret=SECRET,
            )
        )
        mistakes = max(count // 100, 1)
        (folder / "list.csv").write_text("\n".join(lines(proof, count, mistakes)), "utf-8")
        words = ("batch", "list.csv", "--no_check", "--ca_file", str(folder / "ca.pem"))
        yield Stage(proof, server, program, words, count, mistakes)


def lines(proof: proving.Proof, count: int, mistakes: int) -> list[str]:
    """The list; the broken lines are anywhere in it."""
    found = [f"{address(number)},client_credentials" for number in range(count)]
    for number in range(mistakes):
        found.insert(proof.random.randrange(len(found)), f"no address {number},client_credentials")
    return ["address,grant", *found, ""]


def address(number: int) -> str:
    """The address in a line of the list."""
    return f"user{number:05}@demo.example"


def killed(stage: Stage) -> None:
    """Kill the first run when half of the files are there."""
    with stage.program.start(*stage.words) as running:
        while len(stage.files) < stage.count // 2 and running.process.poll() is None:
            time.sleep(0.01)
        os.kill(running.process.pid, signal.SIGKILL)
        running.finish()
    there = len(stage.files)
    stage.proof.figure("token files when the first run was killed", there)
    stage.proof.check(stage.count // 2 <= there < stage.count, "it was not killed in the middle")


def resumed(stage: Stage) -> None:
    """The second run leaves alone what is there, and does the rest."""
    proof, before = stage.proof, {file: file.read_bytes() for file in stage.files}
    began = time.monotonic()
    done = stage.program.run(*stage.words, timeout=1800)
    proof.figure("seconds of the second run", f"{time.monotonic() - began:.1f}")
    whole = [file for file in before if read_token_file(file)]
    changed = [file for file, content in before.items() if content != file.read_bytes()]
    proof.figure("of the files of the first run: whole, changed", f"{len(whole)}, {len(changed)}")
    proof.figure("requests to the provider in both runs", stage.server.token_requests)
    proof.check(len(whole) == len(before), "a killed run left a broken file")
    proof.check(not changed, "a fresh token was replaced")
    proof.check(stage.server.token_requests == 2, "not one token for all in each run")
    expect(stage, done)
    total = stage.count + stage.mistakes
    counts = f"{total:,} of {total:,}: {stage.count:,} fresh, {stage.mistakes:,} failed"
    proof.check(counts in done.err, f"the counts are wrong: {done.err[-300:]}")


def kept(stage: Stage) -> None:
    """New tokens with a short life are kept for three lives."""
    proof, server = stage.proof, stage.server
    life = max(SHORTEST_LIFE, round(LIFE_OF_ONE * stage.count))
    for file in stage.files:
        file.unlink()
    server.token_lifetime, before = life, server.token_requests
    watched = Watched()
    with stage.program.start(*stage.words, "--loop") as running:
        while len(stage.files) < stage.count and running.process.poll() is None:
            time.sleep(0.1)
        done = watch(stage, watched, running, LIVES * life)
    renewed = [len(issued) - 1 for issued in watched.issued.values()]
    proof.figure("seconds of a token's life", life)
    proof.figure("looks at all files in three lives", watched.looks)
    proof.figure("files that were seen with an expired token", len(watched.expired))
    proof.figure("renewals of a file, the fewest and the most", f"{min(renewed)}, {max(renewed)}")
    proof.figure("requests to the provider in the loop", server.token_requests - before)
    proof.check(not watched.expired, f"tokens expired: {sorted(watched.expired)[:3]}")
    proof.check(min(renewed) >= LIVES, "a file was renewed too seldom")
    expect(stage, done, code=ExitCode.CANCELLED)


def watch(stage: Stage, watched: Watched, running: Running, seconds: float) -> Finished:
    """Look at all files for so long, then end the loop as a shutdown of the system does."""
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at and running.process.poll() is None:
        watched.look(stage.files)
        time.sleep(LOOK_EVERY)
    running.process.send_signal(signal.SIGTERM)
    began = time.monotonic()
    done = running.finish(timeout=600)
    stage.proof.figure(
        "seconds from the signal to the end of the loop", f"{time.monotonic() - began:.1f}"
    )
    return done


def expect(stage: Stage, done: Finished, code: int = ExitCode.FAILED) -> None:
    """The exit code is right, the report and the files say the same; the CSV and the JSON too."""
    proof = stage.proof
    proof.check(code == done.code, f"exit code {done.code}: {done.err[-300:]}")
    rows = json.loads(stage.report.read_text("utf-8"))
    with stage.report.with_suffix(".csv").open(encoding="utf-8-sig", newline="") as file:
        in_csv = [
            {**{name: value or None for name, value in row.items()}, "line": int(row["line"])}
            for row in csv.DictReader(file)
        ]
    proof.check(rows == in_csv, "the CSV and the JSON differ")
    fresh = [row for row in rows if row["state"] == State.FRESH]
    verdicts = [row["verdict"] for row in rows if row["state"] != State.FRESH]
    proof.check(stage.mistakes * ["not_an_address"] == verdicts, "a mistake is missing")
    expected = [address(number) for number in range(stage.count)]
    proof.check(expected == [row["address"] for row in fresh], "a mailbox is missing")
    proof.check([file_name(name) for name in expected] == [f.name for f in stage.files], "files")
    wrong = [row["address"] for row in fresh if not agrees(row)]
    proof.figure("rows of the report that don't agree with their file", len(wrong))
    proof.check(not wrong, f"rows and files differ: {wrong[:3]}")


def agrees(row: dict[str, str]) -> bool:
    """Whether a row says what its file says."""
    try:
        file = read_token_file(Path(row["file"]))
    except AppError:
        return False
    if file is None or file.expires_at is None or file.account != row["address"]:
        return False
    expires_at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(file.expires_at))
    return row["expires_at"] == expires_at


if __name__ == "__main__":
    proving.run(main)
