"""Many readers and many writers of one token file at the same time.

    python tests/reliability/readers.py [--short] [--seed N] [--count N]

1. A writer replaces the file COUNT times as a refresh does, while other processes read its first
   line as imapsync does. No line may be empty, partial or foreign, or older than one that the same
   reader has seen before.
2. Two programs keep one file fresh (`--loop`), while 20 `--refresh_only` run at once, again and
   again. All together may refresh once in each period, and none may print anything.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import harness
import proving
from harness import Provider
from proving import Proof

from core.tokenfile.format import TokenFile, serialize
from core.tokenfile.save import prepare
from program import Program, Running

READERS = 4
CALLERS = 20
# Seconds that an access token lives, and in the short form; it is renewed at half its life.
LIFE, SHORT_LIFE = 24, 14
LOOP = ("--loop", "--no_check", "--every", "60")
CALL = ("--refresh_only",)


def token(number: int) -> str:
    """Return an access token that shows its number and whether it is complete."""
    digest = hashlib.sha256(str(number).encode()).hexdigest()
    return f"{number:08}.{digest}.{digest * 20}"  # as long as a real one


def content(number: int) -> bytes:
    """Return the content of a file with this token."""
    return serialize(TokenFile(token(number), f"refresh-token-{number}"), now=0)


def read(path: Path) -> None:
    """Read until standard input ends; then print the number of lines and of bad lines."""
    ended = threading.Event()

    def wait_for_end() -> None:
        sys.stdin.read()
        ended.set()

    threading.Thread(target=wait_for_end).start()
    lines, newest, bad = 0, 0, 0
    print("ready", flush=True)
    while not ended.is_set():
        with path.open("rb") as file:
            line = file.readline()
        number = int(line[:8]) if line[:8].isdigit() else -1
        if number < newest or line != token(number).encode() + b"\n":
            bad += 1
        newest = max(newest, number)
        lines += 1
    print(lines, bad, flush=True)


def replacements(proof: Proof, folder: Path, count: int) -> None:
    """Part 1: replacements of the file."""
    path = folder / "tokens.txt"
    path.write_bytes(content(0))
    with ExitStack() as stack:
        readers = [stack.enter_context(_reader(path)) for _ in range(READERS)]
        for reader in readers:
            assert reader.stdout
            assert reader.stdout.readline() == "ready\n"
        for number in range(1, count + 1):
            with prepare(path) as replacement:
                replacement.commit(content(number))
        results = [reader.communicate()[0].split() for reader in readers]
    lines, bad = (sum(int(result[column]) for result in results) for column in (0, 1))
    proof.figure("replacements", count)
    proof.figure(f"first lines read by {READERS} processes", lines)
    proof.figure("empty, partial, foreign or older ones", bad)
    proof.check(bad == 0, f"{bad} bad first lines")
    proof.check(lines > count // 10, "hardly anything was read, so nothing is shown")


def _reader(path: Path) -> subprocess.Popen[str]:
    command = [sys.executable, __file__, "--reader", str(path)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)


def callers(proof: Proof, provider: Provider, periods: int, life: int) -> None:
    """Part 2: callers of the program."""
    period = life / 2
    path = provider.folder / "tokens" / "tokens.txt"
    provider.sign_in(path)
    program = provider.program()
    loop, call = (harness.command(provider, path, *form) for form in (LOOP, CALL))
    with ExitStack() as stack:
        loops = [stack.enter_context(program.start(*loop)) for _ in range(2)]
        for running in loops:
            running.line_with("refreshed the token")  # its first round
        granted, began = provider.granted(), time.time()
        called = 0
        while time.time() < began + periods * period:
            called += _call_at_once(proof, program, call)
        seconds = time.time() - began
        commits = [one["committed_at"] for one in provider.refreshes(granted)]
        for running in loops:
            _end_loop(proof, running)
    gaps = [later - earlier for earlier, later in pairwise(commits)]
    proof.figure("--refresh_only, 20 at once, beside two --loop", called)
    proof.figure(f"refreshes in {seconds:.0f} s, of {period:.0f} s each", len(commits))
    proof.figure("shortest and longest time between two", f"{min(gaps):.1f} and {max(gaps):.1f} s")
    # The file has whole seconds, and a token's age begins before its question: never exactly one.
    proof.check(min(gaps) > period / 2, f"two refreshes in one period: {min(gaps):.1f} s")
    proof.check(max(gaps) < life, f"the token had ended before the next came: {max(gaps):.1f} s")


def _call_at_once(proof: Proof, program: Program, call: tuple[str, ...]) -> int:
    with ExitStack() as stack:
        running = [stack.enter_context(program.start(*call)) for _ in range(CALLERS)]
        for one in running:
            done = one.finish()
            proof.check((0, "", "") == (done.code, done.out, done.err), f"a caller: {done}")
    return CALLERS


def _end_loop(proof: Proof, running: Running) -> None:
    proof.check(running.process.poll() is None, "a loop ended by itself")
    running.process.terminate()
    done = running.finish()
    before, cancelled, _ = done.err.partition("Cancelled")
    quiet = cancelled and "Next step" not in before  # every error says what to do
    proof.check(done.code == 130 and bool(quiet), f"a loop: {done.code}, {done.err}")


def main() -> int:
    """Run both parts."""
    if sys.argv[1:2] == ["--reader"]:
        read(Path(sys.argv[2]))
        return 0
    chosen = proving.options(__doc__, count=10_000, short=500)
    proof = proving.begin("readers", chosen)
    with harness.work_folder() as folder:
        replacements(proof, folder, chosen.count)
    life = SHORT_LIFE if chosen.short else LIFE
    with harness.provider(at_ttl=life) as provider:
        callers(proof, provider, 3 if chosen.short else 10, life)
    return proof.end()


if __name__ == "__main__":
    proving.run(main)
