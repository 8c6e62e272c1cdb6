"""Runs the program as its users do: as a process, in a folder and a home of its own.

If a test needs no process, `Program.run_here` is 100 ms faster.
"""

import io
import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from unittest.mock import patch

import secrets_watch
from core.cli import main
from core.paths import HOME_VARIABLE
from isolation import NO_BROWSER
from servers import Stage

ROOT = Path(__file__).resolve().parent.parent
BROWSER = Path(__file__).parent / "consenting_browser.py"
HANG_UP: signal.Signals = getattr(signal, "SIGHUP", signal.SIGTERM)  # Windows has none
# What a test machine may have set and a program under test must not inherit.
_LEFT_OUT = (
    "BROWSER",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "OAUTH2_IMAP_CLIENT_SECRET",
    "OAUTH2_IMAP_CLIENT_SECRET_FILE",
    "PYTHONDONTWRITEBYTECODE",  # it would be compiled anew at each start
    "PYTHONUNBUFFERED",
)


@dataclass(frozen=True, slots=True)
class Finished:
    """The exit code and the output of a run."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Program:
    """The program: `folder` is its current folder, `home` has its settings, data and log."""

    folder: Path
    home: Path
    environ: Mapping[str, str] = field(default_factory=dict)
    command: Sequence[str] = (sys.executable, "-m", "core")
    config: Path | None = None  # where its settings are, if that isn't in the home

    def environment(self) -> dict[str, str]:
        """Return this machine's variables with another home, without those that would disturb."""
        inherited = {k: v for k, v in os.environ.items() if k not in _LEFT_OUT}
        return {
            **inherited,
            "HOME": str(self.home),
            HOME_VARIABLE: str(self.home),
            **NO_BROWSER,
            "PYTHONPATH": str(ROOT),
            **self.environ,
        }

    @property
    def own_file(self) -> Path:
        """The path of the user's own providers.toml."""
        return (self.config or self.home) / "providers.toml"

    def configure(self, toml: str) -> None:
        """Write the user's own providers.toml."""
        self.own_file.parent.mkdir(parents=True, exist_ok=True)
        self.own_file.write_text(toml, "utf-8")

    def run(self, *arguments: str, stdin: str = "", timeout: float = 60) -> Finished:
        """Run the program to its end."""
        return self.run_other(*self.command, *arguments, stdin=stdin, timeout=timeout)

    def run_other(self, *command: str, stdin: str = "", timeout: float = 60) -> Finished:
        """Run another program in the same folder and home."""
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment(),
            input=stdin,
            capture_output=True,
            encoding="utf-8",  # also on Windows, by core.cli.entry
            timeout=timeout,
            check=False,
        )
        secrets_watch.hear_program(command, self.home, done.stdout + done.stderr)
        return Finished(done.returncode, done.stdout, done.stderr)

    def run_here(self, *arguments: str) -> Finished:
        """Run the command line in this process; it can't read standard input here."""
        out, err = io.StringIO(), io.StringIO()
        with (
            patch.dict(os.environ, self.environment(), clear=True),
            chdir(self.folder),
            _signals_and_logging_restored(),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            code = main(arguments)
        said = out.getvalue(), err.getvalue()
        secrets_watch.hear_program(arguments, self.home, "".join(said))
        return Finished(code, *said)

    def start(self, *arguments: str) -> "Running":
        """Start the program; use the result in a `with` statement."""
        return Running(self, arguments)


@contextmanager
def _signals_and_logging_restored() -> Iterator[None]:
    """Undo what `main` does to both, which it may do in its own process."""
    signals = {
        number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, HANG_UP)
    }
    loggers = [
        (logger, logger.level, logger.handlers[:])
        for logger in (logging.getLogger(), logging.getLogger("core"))
    ]
    raises = logging.raiseExceptions
    try:
        yield
    finally:
        for number, handle in signals.items():
            signal.signal(number, handle)
        for logger, level, handlers in loggers:
            ended = set(logger.handlers).difference(handlers)
            logger.handlers[:] = handlers  # first: a thread that still logs would open it again
            for handler in ended:
                handler.close()
            logger.setLevel(level)
        logging.raiseExceptions = raises


class Running:
    """A process that still runs; its lines are read as they come."""

    def __init__(self, program: Program, arguments: tuple[str, ...]) -> None:
        """Start it; it ends with the `with` block at the latest."""
        self.process = subprocess.Popen(
            [*program.command, *arguments],
            cwd=program.folder,
            env=program.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",  # also on Windows, by core.cli.entry
            process_group=0 if os.name == "posix" else None,
        )
        self._program, self._arguments = program, arguments
        self._said: list[str] = []
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def __enter__(self) -> Self:
        """Return the running program."""
        return self

    def __exit__(self, *_: Any) -> None:
        """Kill it if it still runs, with what it has started: that may hold its output open."""
        if self.process.poll() is None:
            if sys.platform == "win32":
                self.process.kill()
            else:
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._reader.join()
        secrets_watch.hear_program(self._arguments, self._program.home, "".join(self._said))
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()

    def line_with(self, words: str, timeout: float = 30) -> str:
        """Wait for a line on standard error with these words, and return it."""

        def found() -> list[str]:
            return [line for line in self._said if words in line]

        with self._news:
            assert self._news.wait_for(lambda: bool(found()), timeout), "".join(self._said)
            return found()[0]

    def type(self, line: str) -> None:
        """Type a line into it."""
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def finish(self, timeout: float = 60) -> Finished:
        """Wait for its end; return its exit code and output."""
        assert self.process.stdout is not None
        code = self.process.wait(timeout)
        self._reader.join()
        return Finished(code, self.process.stdout.read(), "".join(self._said))

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            with self._news:
                self._said.append(line)
                self._news.notify_all()


def installed_python(folder: Path) -> Path:
    """Make a Python that has the command oauth2_imap beside it, as after an installation.

    It is a virtual environment with the packages of this one.
    """
    here = Path(sys.prefix)
    (folder / "bin").mkdir(parents=True)
    if (here / "pyvenv.cfg").exists():
        shutil.copy(here / "pyvenv.cfg", folder)
        (folder / "lib").symlink_to(here / "lib")
    python = folder / "bin" / "python"
    python.symlink_to(sys.executable)
    command = folder / "bin" / "oauth2_imap"
    command.write_text(f'#!/bin/sh\nexec "{python}" -m core "$@"\n')
    command.chmod(0o755)
    return python


def program_of(stage: Stage, *more: str) -> Program:
    """Return a program with the stage's provider in its settings; `more` are lines about it."""
    home = stage.folder / "home"
    environ = {"BROWSER": f"{sys.executable} {BROWSER} {stage.ca_file} %s"}
    program = Program(stage.folder, home, environ)
    program.configure(f"""
[providers.demo]
authorize_uri = "{stage.server.authorize_uri}"
token_uri = "{stage.server.token_uri}"
scopes = ["mail", "openid"]
imap_host = "localhost"
imap_port = {stage.mailbox.port}
domains = ["demo.example"]
{chr(10).join(more)}

[providers.demo.applications.demo]
client_id = "demo"
""")
    return program


def at_terminal(program: Program, words: Sequence[str], answers: Sequence[str]) -> tuple[int, str]:
    """Run at a terminal and answer each question; the exit code and all that the terminal shows."""
    import pty  # not on Windows

    mine, theirs = pty.openpty()
    process = subprocess.Popen(
        [*program.command, *words],
        cwd=program.folder,
        env=program.environment(),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,  # else getpass asks at the terminal of the tests
    )
    os.close(theirs)
    said, left = "", list(answers)
    while more := _read(mine):
        said += more
        if left and said.endswith((": ", "[y/N] ")):
            os.write(mine, f"{left.pop(0)}\n".encode())
    os.close(mine)
    secrets_watch.hear_program(words, program.home, said)
    return process.wait(60), said


def _read(terminal: int) -> str:
    """What comes next; empty at the end, of which Linux makes an error."""
    try:
        return os.read(terminal, 4096).decode()
    except OSError:
        return ""
