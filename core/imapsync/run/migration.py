"""One migration for the window: imapsync with the options of both sides, and without questions.

The tokens are kept fresh by the window. The command line does the same parts one by one, because
it signs in between them and takes the user's own options (core/cli/run.py).
"""

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ...cancel import Cancellation
from ...child_environment import bundle, environment
from ...files import make_folder
from ..command import Side
from .command_line import ImapsyncCommand
from .observer import Observer
from .reading import note_on, reading_of
from .restart_policy import NOT_RESTARTED, RestartPolicy
from .sides import BOTH, additions
from .supervisor import IsRefreshed, Supervisor
from .version import Version, version_asked

_LOOK_EVERY = 0.2  # seconds; how soon a wish to stop is noticed
_END = signal.SIGTERM
_END_BY_FORCE: int = getattr(signal, "SIGKILL", signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class Migration:
    """`words` start imapsync, with options for both sides at once; `folder` is for its log files.

    `is_refreshed` says whether the token of a file is still being refreshed. `patience` is how many
    seconds imapsync has to log out before it is ended by force.
    """

    words: Sequence[str]
    source: Side
    destination: Side
    folder: Path
    clock: Callable[[], float]
    is_refreshed: IsRefreshed
    patience: float = 10.0

    def run(self, observer: Observer, cancelled: Cancellation) -> int | None:
        """Run it to its end; returns imapsync's exit code, or None if a token can't be refreshed.

        A cancelled run ends imapsync, which logs out from both servers. Raises `AppError` if
        imapsync can't be started, and `Cancelled` before its start.
        """
        command = ImapsyncCommand(tuple(self.words))
        environ = environment(os.environ, bundle())
        with version_asked(command, environ, cancelled) as answer:
            version = answer()
        if note := note_on(version):
            observer.say(note)
        make_folder(self.folder)
        supervisor = Supervisor(
            words=self._completed(command, version),
            environment=environ,
            observer=observer,
            files=[Path(side.token_file) for side in self._sides],
            reading=reading_of(version),
            clock=self.clock,
            stopped=cancelled,
            restarts=RestartPolicy(in_vain=NOT_RESTARTED),
            apart_in=self.folder,
        )
        if not supervisor.has_fresh_tokens(self.is_refreshed):
            cancelled.check()
            return None
        with _ended_when(cancelled, supervisor, self.patience):
            return supervisor.run(self.is_refreshed)

    @property
    def _sides(self) -> tuple[Side, Side]:
        return self.source, self.destination

    def _completed(self, command: ImapsyncCommand, version: Version | None) -> list[str]:
        words = list(command.words)
        for number, side in zip(BOTH, self._sides, strict=True):
            words += additions(number, side, command, version)
        return words


@contextmanager
def _ended_when(cancelled: Cancellation, supervisor: Supervisor, patience: float) -> Iterator[None]:
    """Until the block ends, end imapsync when the run is cancelled."""
    over = threading.Event()

    def watch() -> None:
        while not cancelled.is_set():
            if over.wait(_LOOK_EVERY):
                return
        supervisor.stop(_END, pass_on=True)
        if not over.wait(patience):
            supervisor.stop(_END_BY_FORCE, pass_on=True)

    thread = threading.Thread(target=watch, name="stop")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
