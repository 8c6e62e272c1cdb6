"""Hostile IMAP servers behind good TLS: endless answers, silent addresses, changed sessions."""

from __future__ import annotations

import contextlib
import math
import os
import random
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

import harness
from mutation import mutate
from proving import Proof
from target import check_error
from targets import REGISTRATION

from core.errors import AppError
from core.mailbox.imap_login import check_mailbox
from core.net.network import Network
from core.oauth.sign_in.certificate import self_signed
from faulty_servers.scripted import ScriptedServer, Talk

ADDRESS = "you@example.com"
TOKEN = "ya29.the-access-token-of-this-session"
TIMEOUT = 1.0  # seconds for one response
LONGEST = 3 * TIMEOUT + 1  # seconds for a whole session
TRIES = 3  # of a session that took too long: what a busy computer did once, it does not repeat
MOST_MEMORY = 64e6  # bytes for one session
IDLE = 0.05  # seconds after which the server closes a session in which nothing happens
ADDRESSES = 6
_BETWEEN = b"|"  # between what the server sends after each line of the client
_READY = b"* CAPABILITY IMAP4rev1 AUTH=XOAUTH2\r\n%t OK done"
_REASON = b"+ eyJzdGF0dXMiOiI0MDAiLCJzY29wZSI6Imh0dHBzOi8vbWFpbC5nb29nbGUuY29tLyJ9"
_IN = (b"* OK ready", _READY, b"+ ", b"%t OK in")
SAMPLES = tuple(
    _BETWEEN.join(answers)
    for answers in (
        (*_IN, b'* LIST () "/" INBOX\r\n%t OK done', b"* BYE\r\n%t OK bye"),
        (*_IN, b'* LIST () "/" {3}\r\na"b\r\n* LIST () "/" INBOX\r\n%t OK done'),
        (*_IN, b"%t NO Request is throttled. Suggested Backoff Time: 89117 milliseconds"),
        (b"* OK ready", _READY, b"+ ", _REASON, b"%t NO [ALERT] you said %s"),
        (b"* OK ready", _READY, b"+ ", _REASON, _REASON, _REASON),
        (b"* OK ready", _READY, b"+ ", b"%t NO [AUTHENTICATIONFAILED] Invalid credentials"),
        (b"* BYE [UNAVAILABLE] later",),
        (b"* PREAUTH welcome", _READY),
        (b"* OK ready", b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n%t OK done"),
    )
)
# A server that sends its answers, and then a piece again and again.
ENDLESS: Mapping[str, tuple[tuple[bytes, ...], bytes]] = {
    "folders": (_IN, b'* LIST () "/" x\r\n' * 1000),
    "empty lines": (_IN, b"\r\n" * 10_000),
    "challenges": (_IN[:2], b"+ \r\n" * 1000),
    "greetings": (_IN[:1], b"* OK x\r\n" * 1000),
    "one line": (_IN, b"x" * 100_000),
    "a literal": ((*_IN, b'* LIST () "/" {2000000000}'), b"x" * 100_000),
    "a literal in the greeting": ((b"* OK {2000000000}",), b"x" * 100_000),
    "a literal of 10^20 bytes": ((b"* PREAUTH {99999999999999999999}",), b"x" * 100_000),
    "small literals": (_IN, b"{3}\r\nabc {3}\r\n" * 1000),
    "a slow greeting": ((), b"x"),
    "nothing": (_IN, b""),
}


@dataclass(slots=True)
class Mailbox:
    """A server that does what `talk` does, and the client's settings for it."""

    port: int
    network: Network
    talk: Talk

    def try_login(self) -> None:
        """Log in as the program does; raise on a breach."""
        registration = replace(REGISTRATION, imap_host="localhost", imap_port=self.port)
        try:
            folders = check_mailbox(registration, ADDRESS, TOKEN, network=self.network)
        except AppError as error:
            check_error(error, TOKEN)
            return
        assert folders > 0, "a mailbox without folders was taken"


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """Run the server, behind a certificate that the client trusts."""
    certificate = self_signed()
    with harness.work_folder() as folder:
        (folder / "ca.pem").write_bytes(certificate.certificate_pem)
        (folder / "no_certificates.pem").touch()  # the machine's own take 27 ms to read
        trusted = {"SSL_CERT_FILE": str(folder / "no_certificates.pem")}
        served = Mailbox(0, Network(TIMEOUT, folder / "ca.pem"), lambda client, closing: None)
        server = ScriptedServer(lambda *client: served.talk(*client), certificate)
        served.port = server.port
        server.start()
        try:
            with patch.dict(os.environ, trusted):
                yield served
        finally:
            server.close()


def saying(answers: bytes, idle: float = IDLE) -> Talk:
    """Return a server that sends one answer after each line, whatever the line is.

    In an answer `%t` is the tag of the last command and `%s` the last line of the client.
    """

    def talk(client: socket.socket, closing: threading.Event) -> None:
        client.settimeout(idle)
        greeting, *others = answers.split(_BETWEEN)
        tag = b""
        with contextlib.suppress(OSError), client.makefile("rb") as reader:
            client.sendall(greeting + b"\r\n")
            for answer in others:
                line = reader.readline().strip()
                tag = line.partition(b" ")[0] if b" " in line else tag
                client.sendall(answer.replace(b"%t", tag).replace(b"%s", line) + b"\r\n")

    return talk


def endless(answers: tuple[bytes, ...], piece: bytes) -> Talk:
    """Return a server that never ends after its answers; a short piece comes slowly."""
    begin = saying(_BETWEEN.join(answers), idle=TIMEOUT) if answers else None

    def talk(client: socket.socket, closing: threading.Event) -> None:
        if begin:
            begin(client, closing)
        client.settimeout(LONGEST)
        with contextlib.suppress(OSError):
            while not closing.wait(0 if len(piece) > 1 else TIMEOUT / 10):
                client.sendall(piece)

    return talk


def changed_sessions(proof: Proof, served: Mailbox, rng: random.Random, count: int) -> int:
    """Try mutations of sessions, one in each connection."""
    slowest = 0.0
    for _ in range(count):
        answers = mutate(rng.choice(SAMPLES), SAMPLES, rng)
        served.talk = saying(answers)
        slowest = max(slowest, _attempt(proof, served, "a changed session", repr(answers[:500])))
    proof.figure("IMAP: changed sessions", f"{count}, the slowest {1000 * slowest:.0f} ms")
    return count


def endless_answers(proof: Proof, served: Mailbox, rounds: int) -> int:
    """Try each endless server, with a look at the time and the memory."""
    slowest, most = 0.0, 0
    for name, (answers, piece) in list(ENDLESS.items()) * rounds:
        served.talk = endless(answers, piece)
        tracemalloc.start()
        slowest = max(slowest, _attempt(proof, served, f"endless: {name}"))
        most = max(most, tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    proof.figure(
        "IMAP: endless answers",
        f"{rounds * len(ENDLESS)}, the slowest {slowest:.1f} s, most memory {most / 1e6:.0f} MB",
    )
    proof.check(most < MOST_MEMORY, f"a session took {most / 1e6:.0f} MB")
    return rounds * len(ENDLESS)


def silent_addresses(proof: Proof, served: Mailbox, rounds: int) -> int:
    """Log in where the host has several addresses, and none of them answers a connection."""
    slowest = 0.0
    with _silent_port() as port, patch("socket.getaddrinfo", _several_addresses):
        silent = replace(served, port=port)
        for _ in range(rounds):
            slowest = max(slowest, _attempt(proof, silent, f"{ADDRESSES} silent addresses"))
    proof.figure(f"IMAP: {ADDRESSES} silent addresses", f"{rounds}, the slowest {slowest:.1f} s")
    return rounds


_find: Callable[..., list[Any]] = socket.getaddrinfo


def _several_addresses(*args: Any, **options: Any) -> list[Any]:
    return [one for one in _find("127.0.0.1", *args[1:], **options) for _ in range(ADDRESSES)]


@contextmanager
def _silent_port() -> Iterator[int]:
    """Open a port that answers no connection, since the queue of its socket is full."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as silent, ExitStack() as full:
        for _ in range(4):
            filler = full.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(silent.getsockname())
        yield silent.getsockname()[1]


def _attempt(proof: Proof, served: Mailbox, what: str, shown: str = "") -> float:
    """Try one session; return its seconds, those of the fastest try if it was tried again."""
    fastest = math.inf
    for _ in range(TRIES):
        began = time.monotonic()
        try:
            served.try_login()
        except Exception as error:
            proof.check(False, f"IMAP, {what}: {type(error).__name__} {error} {shown}")
        fastest = min(fastest, time.monotonic() - began)
        if fastest < LONGEST:
            break
    proof.check(fastest < LONGEST, f"IMAP, {what}: {fastest:.1f} s in {TRIES} tries {shown}")
    return fastest


def attack(proof: Proof, *, short: bool) -> int:
    """Run every attack; return the number of cases."""
    with mailbox() as served:
        rounds = 1 if short else 5
        return (
            changed_sessions(proof, served, proof.random, 200 if short else 5_000)
            + endless_answers(proof, served, rounds)
            + silent_addresses(proof, served, rounds)
        )
