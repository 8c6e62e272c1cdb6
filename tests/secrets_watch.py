"""Fails the test run if anything that was logged or printed in it tells a secret: a pytest plugin.

It hears each log record at DEBUG, what each test printed, and what each run of the program printed
and logged. It knows the secrets of every authorization server that a test started, those of the
test bed too. It doesn't hear what a test takes with `capsys`, and it doesn't know the secrets of
the servers that the program itself starts (`--demo`). Under pytest-xdist each worker looks through
what it heard itself, and the main process adds up what they found.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest

from core.demo.authorization_server import AuthorizationServer
from core.demo.http_server import DemoRequest, DemoResponse
from core.log import quiet_libraries
from faulty_servers.authorization_server import FaultyAuthorizationServer
from faulty_servers.issued import secrets_given, secrets_sent

SHORTEST = 20  # shorter ones are words that a test made up
FRAGMENT = 16  # so much of a secret gives it away
SHOWN_ON_PURPOSE = "--print_token"
# Shown to the user: the link, which holds the state, and the user code.
_SHOWN = ("Link: ", "Type this code there: ")
# In the text for the owner of a mailbox the link is a line of its own.
_REQUEST, _LINK = "request", "https://"

_lines: set[str] = set()
_secrets: set[str] = set()
_found: list[Found] = []


@dataclass(frozen=True, slots=True)
class Found:
    """What one process knew and heard, and which lines tell a secret."""

    secrets: int
    lines: int
    telling: list[str]


def note(secrets: Iterable[str]) -> None:
    """Remember secrets that must not be printed or logged."""
    _secrets.update(secret for secret in secrets if len(secret) >= SHORTEST)


def hear(text: str) -> None:
    """Remember text that was printed or logged."""
    _lines.update(text.splitlines())


def hear_program(arguments: Sequence[str], home: Path, said: str) -> None:
    """Remember what a run of the program printed, and the log in its home."""
    if SHOWN_ON_PURPOSE not in arguments:
        shown = (*_SHOWN, _LINK) if _REQUEST in arguments else _SHOWN
        lines = (line for line in said.splitlines() if not any(map(line.count, shown)))
        hear("\n".join(lines))
    for log in home.rglob("*.log*"):
        hear(log.read_text("utf-8", errors="replace"))


def told(lines: Iterable[str], secrets: Collection[str]) -> list[str]:
    """Return the lines that tell a secret, without the secret."""
    fragments = {fragment for secret in secrets for fragment in _fragments(secret)}
    found = set()
    for line in lines:
        for start in range(len(line) - FRAGMENT + 1):
            if line[start : start + FRAGMENT] in fragments:
                found.add(f"{line[:start][-100:]}[a secret]")
                break
    return sorted(found)


def _fragments(secret: str) -> tuple[str, ...]:
    """Return its end and its beginning; all JWTs begin alike, so they have only an end."""
    end = secret[-FRAGMENT:]
    return (end,) if secret.startswith("eyJ") else (end, secret[:FRAGMENT])


class _Ear(logging.Handler):
    """Remembers each record, with its traceback."""

    def emit(self, record: logging.LogRecord) -> None:
        hear(self.format(record))


def pytest_configure() -> None:
    """Listen to all that the program logs at DEBUG."""
    quiet_libraries()
    logging.getLogger().addHandler(_Ear())
    for name in ("core", "gui"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    respond, close = AuthorizationServer.respond, FaultyAuthorizationServer.close

    def responding(server: AuthorizationServer, request: DemoRequest) -> DemoResponse:
        response = respond(server, request)
        note(secrets_sent(request) | secrets_given(response))
        return response

    def closing(server: FaultyAuthorizationServer) -> None:
        note(server.issued)  # also those of requests that a fault kept from the real endpoint
        close(server)

    patch = pytest.MonkeyPatch()
    patch.setattr(AuthorizationServer, "respond", responding)
    patch.setattr(FaultyAuthorizationServer, "close", closing)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember what a test printed; the worker has done that for its tests."""
    if not hasattr(report, "node"):
        hear(report.capstdout)
        hear(report.capstderr)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what a worker found; one that crashed has sent nothing."""
    if told_by_worker := getattr(node, "workeroutput", {}).get(__name__):
        _found.append(Found(**told_by_worker))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run if a secret was told, even if all tests passed."""
    found = Found(len(_secrets), len(_lines), told(_lines, _secrets))
    _found.append(found)
    if (output := getattr(session.config, "workeroutput", None)) is not None:
        output[__name__] = asdict(found)
    if any(process.telling for process in _found):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how much was heard, and the lines that tell a secret."""
    telling = [line for process in _found for line in process.telling]
    secrets = sum(process.secrets for process in _found)
    lines = sum(process.lines for process in _found)
    terminalreporter.line(
        f"secrets watch: {secrets} secrets, {lines} lines heard, {len(telling)} tell one"
    )
    for line in telling:
        terminalreporter.line(f"  {line}", red=True)
