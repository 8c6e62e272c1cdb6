"""kill -9 during a refresh, at random moments and right after system calls; and SIGSTOP.

    python tests/reliability/kill.py [--short] [--seed N] [--count N]

The program from source, as a process, asks oidc-provider, which ends a grant if an old refresh
token is used again. After each kill the file must be whole and hold the old pair or the new
one, and the next run must refresh without a browser.

A grant may be lost in one way alone: the provider has committed, and the process dies before the
first byte of the answer is on disk. Each such loss is counted, and the width of that gap measured
in runs that nobody kills. The gap closes for kill -9 with the first byte in the file system (`first
byte`), for a power failure with the replaced file (`in place`, after fsync).

A run that is stopped by SIGSTOP for longer than its time limit, while the answer is on its way,
must read the answer when it goes on. It needs a C compiler, else it exits with 3.
"""

from __future__ import annotations

import signal
import statistics
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, astuple, dataclass, replace
from pathlib import Path

import failing_calls
import harness
import proving
from failing_calls import FailingCall
from harness import Provider
from proving import Proof

from core.tokenfile.format import LARGEST, NotATokenFile, parse_token_file
from core.tokenfile.save import new_path

LANES = 4  # files in turn, so that no token is too young to be refreshed
LIFE = 1  # second that an access token lives
# Refresh whatever life is left; as imapsync's --oauthrefreshcmd1, and as a person.
FORMS = (("--refresh_only", "--min_left", "9999"), ("--no_check",))
ALWAYS = FORMS[1]
PATIENCE = 60.0  # seconds for a run that nobody kills
STOPPED = ("--no_check", "--timeout", "1")
LATE = 500  # milliseconds that the answer takes in a run that is stopped
NO_FAULT: Mapping[str, str] = {}
OVER = 1.2  # seconds: longer than --timeout
KILLS_A_STOP = 10  # so many kills for each stop

Seen = Callable[[Path, bytes], bool]  # the file's path, and what it held before the run


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds from a run's start: place made ready, server committed, first byte, in place."""

    prepared: float
    committed: float
    first_byte: float
    in_place: float


@dataclass(frozen=True, slots=True)
class Moment:
    """When to kill: after a call, or up to `longest` seconds after something was seen."""

    name: str
    seen: Seen | None = None
    longest: float = 0.0
    call: FailingCall | None = None


CALLS = (
    Moment("after write, before ftruncate", call=FailingCall("write", 2, 2)),
    Moment("after ftruncate, before fsync", call=FailingCall("ftruncate", 1, 1)),
    Moment("after fsync, before rename", call=FailingCall("fsync", 2, 2)),
    Moment("after rename", call=FailingCall("rename", 1, 1)),
)


def has_first_byte(path: Path, before: bytes) -> bool:
    """Whether the response's first bytes are in the file: a token of the bed begins with eyJ."""
    try:
        with new_path(path).open("rb", buffering=0) as file:
            return file.read(3) == b"eyJ"
    except OSError:
        return is_in_place(path, before)


def is_in_place(path: Path, before: bytes) -> bool:
    """Whether the file has been replaced."""
    return path.read_bytes() != before


def start(
    provider: Provider, path: Path, form: tuple[str, ...], environ: Mapping[str, str] = NO_FAULT
) -> subprocess.Popen[str]:
    """Start a run of the program; `environ` are variables for it."""
    program = replace(provider.program(), environ=environ)
    return subprocess.Popen(
        [*program.command, *harness.command(provider, path, *form)],
        cwd=program.folder,
        env=program.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(process: subprocess.Popen[str], seen: Seen, path: Path, before: bytes) -> float:
    """Look without a pause until it is seen or the process ends; return the time."""
    while not seen(path, before) and process.poll() is None:
        pass
    return time.time()


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Wait for its end; return its exit code and its output."""
    _, said = process.communicate(timeout=PATIENCE)
    return process.returncode, said


class Kill:
    """The runs and their results."""

    def __init__(self, proof: Proof, provider: Provider) -> None:
        """Make one grant for each lane."""
        self.proof = proof
        self.provider = provider
        self.random = proof.random
        self.library = failing_calls.library(provider.folder)
        self.paths = [provider.folder / f"lane{lane}" / "tokens.txt" for lane in range(LANES)]
        self.found: Counter[str] = Counter()
        self.at: Counter[str] = Counter()
        self.lost = 0
        self.stops: Counter[str] = Counter()
        for path in self.paths:
            provider.sign_in(path)

    def measure(self, runs: int) -> Timing:
        """Measure undisturbed runs: how long each part takes, and how wide the gap is."""
        timings = [self._measure_once(self.paths[number % LANES]) for number in range(runs)]
        for name in ("first_byte", "in_place"):
            widths = [1000 * (getattr(timing, name) - timing.committed) for timing in timings]
            self.proof.figure(f"gap: commit to {name.replace('_', ' ')}", proving.spread(widths))
        middle = Timing(
            *(statistics.median(column) for column in zip(*map(astuple, timings), strict=True))
        )
        told = ", ".join(f"{name} {1000 * after:.0f}" for name, after in asdict(middle).items())
        self.proof.figure("undisturbed, median ms after the start", told)
        return middle

    def _measure_once(self, path: Path) -> Timing:
        before, granted, began = path.read_bytes(), self.provider.granted(), time.time()
        process = start(self.provider, path, ALWAYS)
        moments = [
            wait_for(process, seen, path, before) - began
            for seen in (harness.has_place, has_first_byte, is_in_place)
        ]
        code, said = finish(process)
        self.proof.check(code == 0, f"an undisturbed run ended with {code}: {said}")
        committed = self.provider.refreshes(granted)[0]["committed_at"] - began
        return Timing(moments[0], committed, moments[1], moments[2])

    def kill(self, count: int, timing: Timing) -> None:
        """Kill at each kind of moment in turn."""
        asked = timing.in_place - timing.prepared
        saving = timing.in_place - timing.first_byte
        moments = (
            Moment("any moment of the run", None, timing.in_place),
            Moment("from the question on", harness.has_place, asked),
            Moment("from the first byte on", has_first_byte, saving),
            *CALLS,
        )
        number = 0
        while self.at.total() < count:
            self._kill_once(number, moments[self.at.total() % len(moments)])
            number += 1

    def _kill_once(self, number: int, moment: Moment) -> None:
        path = self.paths[number % LANES]
        before = path.read_bytes()
        granted = self.provider.granted()
        fault = moment.call.environment(self.library) if moment.call else NO_FAULT
        process = start(self.provider, path, self.random.choice(FORMS), fault)
        if moment.call is None:
            if moment.seen is not None:
                wait_for(process, moment.seen, path, before)
            time.sleep(self.random.uniform(0, moment.longest))
            process.kill()
        if finish(process)[0] != -signal.SIGKILL:
            # It had ended already: no kill.
            self.proof.check(moment.call is None, f"kill {number}: no call was seen {moment.name}")
            return
        self.at[moment.name] += 1
        place = self._look(path, before, granted)
        code, said = finish(start(self.provider, path, ALWAYS))
        given = self.provider.refreshes(granted)
        in_gap = place == "old pair, answer not on disk" and len(given) == 1
        if code == 3 and in_gap and moment.call is None:
            # The server gave a pair that is nowhere: the gap.
            self.lost += 1
            self.provider.sign_in(path)
            return
        self._expect_newest(f"kill {number} ({moment.name})", path, code, said, granted)

    def _expect_newest(self, what: str, path: Path, code: int, said: str, granted: int) -> None:
        """Check that a run has refreshed and saved the newest pair."""
        if not self.proof.check(code == 0, f"{what}: the run ended with {code}, {said}"):
            self.provider.sign_in(path)
            return
        given = self.provider.refreshes(granted)[-1]
        pair = given["access_token"], given["refresh_token"]
        self.proof.check(pair == self._pair(path), f"{what}: the file isn't the newest pair")

    def stop(self, count: int) -> None:
        """Stop runs for longer than their time limit while the answer is on its way."""
        for number in range(count):
            self._stop_once(f"stop {number}", self.paths[number % LANES])

    def _stop_once(self, what: str, path: Path) -> None:
        before, granted = path.read_bytes(), self.provider.granted()
        fault = {"times": 1, "delay_ms": LATE, "in_pieces": True}
        self.provider.server.control("config", token_fault=fault)
        process = start(self.provider, path, STOPPED)
        wait_for(process, harness.has_place, path, before)
        time.sleep(self.random.uniform(0, LATE / 1000))
        process.send_signal(signal.SIGSTOP)
        time.sleep(LATE / 1000 + OVER)
        answered = self.provider.granted() > granted
        process.send_signal(signal.SIGCONT)
        code, said = finish(process)
        if answered:
            self.stops["the answer was read"] += 1
            self._expect_newest(what, path, code, said, granted)
        else:
            self.stops["stopped before the request"] += 1
            self.proof.check(code in (0, 4), f"{what}: ended with {code}, {said}")
        code, said = finish(start(self.provider, path, ALWAYS))
        self._expect_newest(f"{what}, next run", path, code, said, granted)

    def _look(self, path: Path, before: bytes, granted: int) -> str:
        """Look at the file after the kill, and count the result."""
        content = path.read_bytes()
        if content == before:
            found = self._look_beside(path)
        else:
            given = self.provider.refreshes(granted)[-1]
            pair = given["access_token"], given["refresh_token"]
            whole = pair == self._pair(path) and content.endswith(b"\n")
            self.proof.check(whole, "the file is neither the old nor the new one")
            found = "new pair in place"
        self.found[found] += 1
        return found

    def _look_beside(self, path: Path) -> str:
        place = new_path(path)
        if not place.exists():
            return "old pair, not asked yet"
        if b"\n# Follows is " in place.read_bytes():
            padded = place.stat().st_size >= LARGEST
            return f"old pair, new one waits{' with padding' if padded else ''}"
        return "old pair, answer not on disk"

    def _pair(self, path: Path) -> tuple[str, str]:
        try:
            file = parse_token_file(path.read_bytes())
        except NotATokenFile:
            file = None
        return (file.access, file.refresh) if file else ("", "")

    def tell(self) -> None:
        """Print the figures."""
        for name, count in sorted(self.at.items()):
            self.proof.figure(f"killed: {name}", count)
        for name, count in sorted(self.found.items()):
            self.proof.figure(f"found: {name}", count)
        for name, count in sorted(self.stops.items()):
            self.proof.figure(f"stopped beyond the time limit: {name}", count)
        self.proof.figure("grants lost in the gap (answer not yet on disk)", self.lost)


def main() -> int:
    """Measure, kill, and print the figures."""
    chosen = proving.options(__doc__, count=1000, short=21)
    proof = proving.begin("kill -9", chosen)
    with harness.provider(at_ttl=LIFE) as provider:
        kill = Kill(proof, provider)
        timing = kill.measure(max(4, min(100, chosen.count // 4)))
        kill.kill(chosen.count, timing)
        kill.stop(chosen.count // KILLS_A_STOP)
        kill.tell()
    return proof.end()


if __name__ == "__main__":
    proving.run(main)
