"""Greps every record of the whole test run for every secret issued in it: a pytest plugin.

Heard is each log record of this process at DEBUG, what each test printed, and what each run of the
program said and logged. Known are the secrets of every authorization server of this process and of
the test bed. One of them in anything heard fails the run at its end. Not heard: what a test takes
with `capsys`, and the servers that a program brings along itself (`--demo`).
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import pytest

from core.demo.authorization_server import AuthorizationServer
from core.log import hold_back_libraries

SHORTEST = 20  # shorter ones are words that a test made up
FRAGMENT = 16  # so much of a secret gives it away
SHOWN_ON_PURPOSE = "--print_token"
# The link is shown to the person and holds the state.
_LINK = "The link: "

_lines: set[str] = set()
_secrets: set[str] = set()


def note(secrets: Iterable[str]) -> None:
    """Secrets that nobody may tell."""
    _secrets.update(secret for secret in secrets if len(secret) >= SHORTEST)


def hear(text: str) -> None:
    """Something that was said, printed or logged."""
    _lines.update(text.splitlines())


def hear_program(arguments: Sequence[str], home: Path, said: str) -> None:
    """A run of the program: what it said, and the log in its home."""
    if SHOWN_ON_PURPOSE not in arguments:
        hear("\n".join(line for line in said.splitlines() if _LINK not in line))
    for log in home.rglob("*.log*"):
        hear(log.read_text("utf-8", errors="replace"))


def told(lines: Iterable[str], secrets: Collection[str]) -> list[str]:
    """The lines that tell a secret, the secret itself left out."""
    fragments = {fragment for secret in secrets for fragment in _fragments(secret)}
    found = set()
    for line in lines:
        for start in range(len(line) - FRAGMENT + 1):
            if line[start : start + FRAGMENT] in fragments:
                found.add(f"{line[:start][-100:]}[a secret]")
                break
    return sorted(found)


def _fragments(secret: str) -> tuple[str, ...]:
    """Its end, and its beginning but for a JWT's, which all have in common."""
    end = secret[-FRAGMENT:]
    return (end,) if secret.startswith("eyJ") else (end, secret[:FRAGMENT])


class _Ear(logging.Handler):
    """Hears each record, its traceback too."""

    def emit(self, record: logging.LogRecord) -> None:
        hear(self.format(record))


def pytest_configure() -> None:
    """Listen, at the chattiest setting that the program itself has."""
    hold_back_libraries()
    logging.getLogger().addHandler(_Ear())
    for name in ("core", "gui"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    close = AuthorizationServer.close

    @functools.wraps(close)
    def noting(server: AuthorizationServer) -> None:
        note(server.issued)
        close(server)

    AuthorizationServer.close = noting  # type: ignore[method-assign]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """What the test printed."""
    hear(report.capstdout)
    hear(report.capstderr)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Told secrets fail the run, whatever the tests said."""
    if told(_lines, _secrets):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How much was heard, and what must not have been."""
    found = told(_lines, _secrets)
    terminalreporter.line(
        f"secrets watch: {len(_secrets)} secrets, {len(_lines)} lines heard, {len(found)} tell one"
    )
    for line in found:
        terminalreporter.line(f"  {line}", red=True)
