"""Runs imapsync to its end, with restarts if necessary, and keeps its tokens fresh meanwhile."""

import logging
import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ...cancel import Cancellation
from ...errors import Cancelled, ExitCode, as_error
from ...i18n.translation import N_, _
from ...keeping.keeper import Keeper
from ...keeping.loop import Report, keep_fresh
from ...mailbox.get_token import refresh_mailbox
from ...mailbox.job import Job
from ...verdicts import local_commands
from .observer import Observer
from .process import Child
from .reading import Reading
from .restart_policy import Ended, Restart, RestartPolicy
from .started_tokens import StartedTokens, dead_files

log = logging.getLogger(__name__)

IsRefreshed = Callable[[Path], bool]
_TWICE = 2.0  # seconds between two Ctrl-C that end imapsync
_IN_VAIN = N_("The token has expired and can't be refreshed. imapsync is not started.")
_WAITS = N_("The token has expired. imapsync starts as soon as it is refreshed.")
_LOOK_EVERY = 1.0  # seconds; how soon a refreshed token is noticed


@contextmanager
def kept_fresh(jobs: Sequence[Job], keeper: Keeper, *, report: Report) -> Iterator[IsRefreshed]:
    """Keep the token files fresh in a thread until the block ends.

    Yields a function that says whether a token file is still being refreshed.
    """
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

    def is_refreshed(file: Path) -> bool:
        kept = keeper.kept(file)
        return thread.is_alive() and (kept is None or kept.ended is None)

    thread.start()
    try:
        yield is_refreshed
    finally:
        cancelled.set()  # refreshed tokens are still saved before the thread ends
        thread.join()


@dataclass(slots=True)
class Supervisor:
    """One migration: `words` are the whole command, `files` its token files.

    `stopped` is set when the user or the system ends the program; imapsync is not restarted then.
    `apart_in` is for a window, which has no terminal (see `Child`).
    """

    words: Sequence[str]
    environment: Mapping[str, str]
    observer: Observer
    files: Sequence[Path]
    reading: Reading
    clock: Callable[[], float]
    stopped: Cancellation
    restarts: RestartPolicy
    apart_in: Path | None = None
    _child: Child | None = None
    _to_pass_on: int | None = None
    _signalled: float = -math.inf

    def run(self, is_refreshed: IsRefreshed) -> int:
        """Run imapsync, with restarts if necessary. Returns the exit code of the last run.

        It is never restarted with an expired token.
        """
        while not self.stopped.is_set():
            ended = self._once()
            if self.stopped.is_set():
                return ended.code
            decision = self.restarts.after(ended)
            if decision.message:
                self.observer.say(decision.message)
            if not isinstance(decision, Restart) or self.stopped.wait(decision.pause):
                return ended.code
            if not self.has_fresh_tokens(is_refreshed):
                return ended.code
        return ExitCode.CANCELLED

    def stop(self, number: int, pass_on: bool) -> None:
        """Handle a signal. With `pass_on`, send it to the child, which the terminal didn't do.

        Ctrl-C while imapsync runs is imapsync's: pressed once, it makes it log in again. Pressed
        twice, it ends imapsync and this program.
        """
        before, self._signalled = self._signalled, time.monotonic()
        if pass_on:  # before looking for the child: another thread may be starting it
            self._to_pass_on = number
        child = self._child
        if child is not None and not pass_on and self._signalled - before > _TWICE:
            child.interrupt()
            return
        self.stopped.set()
        if pass_on and child is not None:
            child.send(number)

    def _once(self) -> Ended:
        tokens = StartedTokens(self.files, self.clock)

        def on_refused(child: Child) -> None:
            # imapsync would use the old token again, and providers count failed logins.
            if self._repeats_old_token(tokens):
                child.end()

        self._child = child = Child(
            self.words,
            environment=self.environment,
            output=self.observer.output,
            on_refused=on_refused,
            apart_in=self.apart_in,
        )
        self.observer.started()
        if self._to_pass_on is not None:  # the signal came while the child was being started
            child.send(self._to_pass_on)
        code = child.wait()
        self._child = None  # from now on Ctrl-C is ours
        return Ended(
            code, child.refused, tokens.expired(), tokens.replaced(), interrupted=child.interrupted
        )

    def _repeats_old_token(self, tokens: StartedTokens) -> bool:
        match self.reading:
            case Reading.ONCE:
                return tokens.expired() or tokens.replaced()
            case Reading.AT_LOGIN:
                return bool(dead_files(self.files, self.clock))
            case Reading.UNKNOWN:  # it may be a script that runs several imapsyncs
                return False

    def has_fresh_tokens(self, is_refreshed: IsRefreshed) -> bool:
        """Wait until no token is expired. False if that is in vain, or if the user stops it."""
        told = False
        while dead := dead_files(self.files, self.clock):
            if not all(is_refreshed(file) for file in dead):
                self.observer.say(_(_IN_VAIN))
                return False
            if not told:
                self.observer.say(_(_WAITS))
                told = True
            if self.stopped.wait(_LOOK_EVERY):
                return False
        return True
