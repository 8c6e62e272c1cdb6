"""Runs imapsync to its end, with restarts if necessary, and keeps its tokens fresh meanwhile."""

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ...cancel import Cancellation
from ...errors import AppError, Cancelled, ExitCode, as_error
from ...keeping.keeper import Keeper
from ...keeping.loop import Report, keep_fresh
from ...mailbox.get_token import refresh_mailbox
from ...mailbox.job import Job
from ...tokenfile.expiry import left
from ...tokenfile.format import TokenFile
from ...tokenfile.read import read_token_file
from ...verdicts import local_commands
from .process import Child, Outputs
from .restart_policy import Ended, Restart, RestartPolicy

log = logging.getLogger(__name__)

Say = Callable[[str], None]


@contextmanager
def kept_fresh(jobs: Sequence[Job], keeper: Keeper, *, report: Report) -> Iterator[None]:
    """Keep the token files fresh in a thread until the block ends."""
    cancelled = Cancellation()
    own = [replace(job, cancelled=cancelled) for job in jobs]

    def keep() -> None:
        try:
            keep_fresh(own, keeper, first=refresh_mailbox, report=report, cancelled=cancelled)
        except Cancelled:
            pass
        except Exception:  # a bug of ours must not end imapsync, whose token may be valid for long
            log.exception("the refresh thread has ended")
            report(own[0], as_error(local_commands.REFRESHING_ENDED))

    thread = threading.Thread(target=keep, name="keeper")
    thread.start()
    try:
        yield
    finally:
        cancelled.set()  # refreshed tokens are still saved before the thread ends
        thread.join()


@dataclass(slots=True)
class Supervisor:
    """One migration: `words` are the whole command, `files` its token files.

    `stopped` is set when the user or the system ends the program; imapsync is not restarted then.
    `restarts` is None for an imapsync that needs no restarts.
    """

    words: Sequence[str]
    environment: Mapping[str, str]
    outputs: Outputs
    files: Sequence[Path]
    clock: Callable[[], float]
    stopped: Cancellation
    say: Say
    restarts: RestartPolicy | None
    _child: Child | None = None
    _to_pass_on: int | None = None

    def run(self) -> int:
        """Run imapsync, with restarts if necessary. Returns the exit code of the last run."""
        while not self.stopped.is_set():
            ended = self._once()
            if self.restarts is None or self.stopped.is_set():
                return ended.code
            decision = self.restarts.after(ended)
            if decision.message:
                self.say(decision.message)
            if not isinstance(decision, Restart) or self.stopped.wait(decision.pause):
                return ended.code
        return ExitCode.CANCELLED

    def stop(self, number: int, pass_on: bool) -> None:
        """Handle a signal. With `pass_on`, send it to the child, which the terminal didn't do."""
        self.stopped.set()
        if pass_on:
            self._to_pass_on = number
            if self._child is not None:
                self._child.send(number)

    def _once(self) -> Ended:
        began_with = [_content(file) for file in self.files]

        def expired() -> bool:
            return any(file is not None and left(file, self.clock()) == 0 for file in began_with)

        def replaced() -> bool:
            return any(
                _is_another(_content(file), before)
                for before, file in zip(began_with, self.files, strict=True)
            )

        def on_refused(child: Child) -> None:
            # imapsync would repeat the old token, and providers count failed logins.
            if expired() or replaced():
                child.end()

        self._child = child = Child(
            self.words,
            environment=self.environment,
            outputs=self.outputs,
            on_refused=on_refused if self.restarts else None,
        )
        if self._to_pass_on is not None:  # the signal came while the child was being started
            child.send(self._to_pass_on)
        return Ended(child.wait(), child.refused, expired(), replaced())


def _content(file: Path) -> TokenFile | None:
    with contextlib.suppress(AppError):
        return read_token_file(file)
    return None


def _is_another(now: TokenFile | None, before: TokenFile | None) -> bool:
    return now is not None and (before is None or now.access != before.access)
