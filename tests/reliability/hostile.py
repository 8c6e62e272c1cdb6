"""Hostile input for everything that reads input of others: no crash, no hang, little memory.

    python tests/reliability/hostile.py [--short] [--seed N] [--count N]

COUNT cases of seeded mutation over the targets of `targets.py`: pasted texts, token files,
addresses, command lines, settings and answers of providers; shapes by hypothesis; raw sockets
against the callback server; hostile IMAP servers; and, where atheris is installed (Linux only),
coverage-guided fuzzing of the targets.
"""

from __future__ import annotations

import faulthandler
import importlib.util
import logging
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
import traceback

import hostile_imap
import proving
import psutil
import shapes
from local_targets import MEMORY
from mutation import mutate
from proving import Options, Proof
from sockets import ATTACKS, callback
from target import Target
from targets import TARGETS

SLOWEST = 1.0  # seconds of computing that one case may take
HANGS = 60  # seconds of silence after which the process tells where it is, and ends
MOST_MEMORY = 50.0  # MB that sockets and mutations may add; hypothesis keeps much for itself
GUIDED = "guided.py"


def memory() -> float:
    """Return the MB of this process."""
    return float(psutil.Process().memory_info().rss) / 1e6


def allow_connections() -> None:
    """Raise the limit of open files: this process has both ends of a thousand connections."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def mutations(proof: Proof, name: str, target: Target, count: int) -> None:
    """Try seeded mutations of a target's samples."""
    rng = proof.random
    slowest = 0.0
    for number in range(count):
        if number % 1000 == 0:
            faulthandler.dump_traceback_later(HANGS, exit=True)
        data = mutate(rng.choice(target.samples), target.samples, rng)
        began = time.process_time()  # a busy computer makes no case slow
        attempt(proof, name, target, data)
        slowest = max(slowest, time.process_time() - began)
    faulthandler.cancel_dump_traceback_later()
    proof.figure(f"{name}: mutations", f"{count}, the slowest {slowest * 1000:.0f} ms")
    proof.check(slowest < SLOWEST, f"{name}: a case took {slowest:.1f} s")


def attempt(proof: Proof, name: str, target: Target, data: bytes) -> None:
    """Try one case; an exception is a breach, and the input is printed."""
    try:
        target.read(data)
    except Exception:
        proof.check(False, f"{name}: {traceback.format_exc()}\nthe input was {data[:500]!r}")


def guided(proof: Proof, name: str, count: int) -> int:
    """Run coverage-guided cases in a separate process; return their number."""
    with tempfile.TemporaryDirectory(prefix="oauth2_imap_proof_", dir=MEMORY) as folder:
        program = str(proving.HERE / GUIDED)
        command = [sys.executable, program, name, str(count), str(proof.seed), folder]
        environ = {**os.environ, "TMPDIR": folder}  # it ends without removing its own files
        done = subprocess.run(
            command, cwd=folder, env=environ, capture_output=True, text=True, check=False
        )
    ran = re.search(r"Done (\d+) runs", done.stderr)
    covered = re.findall(r"cov: (\d+)", done.stderr)
    proof.check(done.returncode == 0 and ran is not None, f"{name}: {done.stderr[-3000:]}")
    cases = int(ran[1]) if ran else 0
    proof.figure(f"{name}: coverage-guided", f"{cases}, {covered[-1] if covered else 0} edges seen")
    return cases


def sockets(proof: Proof, options: Options) -> int:
    """Run every attack on the callback server, over http and https; return the number of cases."""
    cases = 0
    for redirect_uri in ("http://localhost", "https://localhost"):
        for name, (attack, wanted, short) in ATTACKS.items():
            faulthandler.dump_traceback_later(20 * HANGS, exit=True)
            began = time.monotonic()
            with callback(redirect_uri) as waiting:
                done = attack(waiting, proof.random, short if options.short else wanted)
                what = f"callback server, {redirect_uri[:5].rstrip(':')}, {name}"
                proof.check(not waiting.delivered, f"{what}: something was taken for the answer")
                proof.check(waiting.takes_the_answer(), f"{what}: the real answer is lost")
            proof.figure(what, f"{done} in {time.monotonic() - began:.1f} s")
            cases += done
    faulthandler.cancel_dump_traceback_later()
    return cases


def main() -> int:
    """Run everything and print the number of cases."""
    chosen = proving.options(__doc__, count=1_000_000, short=20_000)
    proof = proving.begin("hostile", chosen)
    logging.getLogger("core").addHandler(logging.NullHandler())  # as the program has it
    before = memory()
    allow_connections()
    total = sockets(proof, chosen) + hostile_imap.attack(proof, short=chosen.short)
    for name, target in TARGETS.items():
        count = int(chosen.count * target.share)
        mutations(proof, name, target, count)
        total += count
    added = memory() - before
    proof.figure("memory added", f"{added:.0f} MB")
    proof.check(added < MOST_MEMORY, f"memory grew by {added:.0f} MB")
    for name in shapes.SHAPES:
        shaped = shapes.check(proof, name, chosen.count // 200)
        proof.figure(f"{name}: shapes by hypothesis", shaped)
        total += shaped
    if importlib.util.find_spec("atheris"):
        total += sum(guided(proof, name, chosen.count // 10) for name in TARGETS)
    else:
        proof.figure("coverage-guided", "NOT SHOWN: atheris isn't installed here")
    proof.figure("cases in all", total)
    return proof.end()


if __name__ == "__main__":
    proving.run(main)
