"""The user's own commands, which are started after a refresh and when a mailbox needs a sign-in.

No shell reads them, and they never get a token: what they need stands in their environment. They
run one after another in a thread, so that none delays a refresh. Their failure ends nothing.
"""

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..child_environment import without_loader
from ..errors import AppError, SignInNeeded
from ..i18n.translation import N_, _, ngettext
from ..model import Outcome

LONGEST = 60.0  # seconds for one command
_AFTER_CANCEL = 10.0  # seconds for all of them, if the user wants to end
_STEP = 0.2  # seconds; a longer wait would not be interrupted by Ctrl-C on Windows
_FAILED = N_("The command of {option} failed for {address}: {why}.")
_ENDS = N_("oauth2_imap ends")
_NO_CONSOLE: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)

Words = Sequence[str]


@dataclass(frozen=True, slots=True)
class _Call:
    """One start of a command."""

    option: str
    words: Words
    address: str
    file: str
    verdict: str

    def environment(self) -> dict[str, str]:
        """The variables that say what has happened."""
        return {
            "OAUTH2_IMAP_ADDRESS": self.address,
            "OAUTH2_IMAP_FILE": self.file,
            "OAUTH2_IMAP_VERDICT": self.verdict,
        }


class Hooks:
    """The commands of `--hook` and `--on_trouble`, as words; none are empty.

    `tell` gets a sentence about each failure, in the thread of the commands.
    """

    def __init__(
        self,
        changed: Words,
        trouble: Words,
        tell: Callable[[str], None],
        *,
        longest: float = LONGEST,
    ) -> None:
        self._changed = changed
        self._trouble = trouble
        self._tell = tell
        self._longest = longest
        self._calls: queue.SimpleQueue[_Call | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._ends_at = float("inf")

    def take(self, address: str, file: str, result: Outcome | AppError) -> None:
        """Start the command for this result of a mailbox, if there is one; returns at once."""
        if isinstance(result, SignInNeeded) and self._trouble:
            verdict = result.verdict.id
            self._start(_Call("--on_trouble", self._trouble, address, file, verdict))
        elif isinstance(result, Outcome) and result.renewed and self._changed:
            verdict = result.login_error.verdict.id if result.login_error else ""
            self._start(_Call("--hook", self._changed, address, file, verdict))

    def finish(self, *, cancelled: bool) -> None:
        """Wait until all commands have ended; if the user has cancelled, for a short time only."""
        if self._thread is None:
            return
        self._calls.put(None)
        if cancelled:
            self._ends_at = time.monotonic() + _AFTER_CANCEL
        try:
            while self._thread.is_alive():
                self._thread.join(_STEP)
        except KeyboardInterrupt:
            self._ends_at = 0.0  # the command that runs is ended, and no other one starts
            raise

    def _start(self, call: _Call) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="hooks")
            self._thread.start()
        self._calls.put(call)

    def _work(self) -> None:
        while call := self._calls.get():
            if why := self._run(call):
                self._tell(_(_FAILED, option=call.option, address=call.address, why=why))

    def _run(self, call: _Call) -> str:
        """Run one command to its end; returns why it failed, or ""."""
        ends_at = time.monotonic() + self._longest
        if time.monotonic() >= self._ends_at:
            return _(_ENDS)
        try:
            with without_loader():
                process = subprocess.Popen(  # noqa: S603  # the user's own command
                    list(call.words),
                    env={**os.environ, **call.environment()},
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                    creationflags=_NO_CONSOLE,
                )
        except OSError as exc:
            return exc.strerror or str(exc)
        while time.monotonic() < min(ends_at, self._ends_at):
            with contextlib.suppress(subprocess.TimeoutExpired):
                code = process.wait(_STEP)
                return _("exit code {code}", code=code) if code else ""
        _end(process)
        if time.monotonic() >= self._ends_at:
            return _(_ENDS)
        return ngettext(
            "it did not end within {count} second",
            "it did not end within {count} seconds",
            round(self._longest),
        )


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a command and what it has started."""
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
