"""Runs imapsync in a thread, and tells the window several times a second what happens."""

from collections.abc import Callable, Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from core.errors import AppError
from core.paths import user_log_folder
from gui.model.tasks import Task, Tasks, Threads, is_cancelled

if TYPE_CHECKING:  # imported by the first run
    from core.imapsync.command import Side
    from core.imapsync.run.watch import Seen, Watch
    from gui.model.mailbox_row import Row

LAST_LINES = 4
_LOOK_EVERY = 250  # ms
_ALL = 1_000  # lines


class Step(Enum):
    """What imapsync is to do, and the options for it."""

    TEST = ("--justlogin",)
    COPY = ()


def sides_text(source: "Side", destination: "Side") -> str:
    """Return between which mailboxes a run is."""
    return f"{source.address} → {destination.address}"


class RunEnd(NamedTuple):
    """How a run ended: by imapsync's exit code, by an error, or because the user stopped it.

    Without a code and an error, a token could not be refreshed, as `seen` says. `dead` is the row
    of a mailbox that needs a sign-in by then, `program` what was started as imapsync, and `sides`
    are the addresses of source and destination.
    """

    step: Step
    seen: "Seen"
    code: int | None = None
    error: AppError | None = None
    stopped: bool = False
    dead: "Row | None" = None
    program: Path = Path("imapsync")
    sides: tuple[str, str] = ("", "")


class ImapsyncRun(QObject):
    """One run at a time.

    `is_refreshed` says whether the token of a file is still refreshed, `dead` returns its row if
    the mailbox needs a sign-in.
    """

    begun = Signal(object, str, str)  # Step, the addresses of both sides, the program
    passed = Signal(int)  # seconds since the start; also while imapsync says nothing
    changed = Signal(object)  # Seen
    stopping = Signal()
    ended = Signal(object)  # RunEnd

    def __init__(
        self,
        tasks: Tasks,
        clock: Callable[[], float],
        is_refreshed: Callable[[Path], bool],
        dead: "Callable[[Path], Row | None]",
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._clock = clock
        self._is_refreshed = is_refreshed
        self._dead = dead
        self._task: Task | None = None
        self._stopped = False
        self._began, self._passed = 0.0, -1
        self._step = Step.TEST
        self._who = ""
        self._program = Path("imapsync")
        self._sides = "", ""
        self._files: tuple[Path, ...] = ()
        self._watch: Watch | None = None
        self._shown: Seen | None = None
        self._timer = QTimer(self, interval=_LOOK_EVERY)
        self._timer.timeout.connect(self._look)

    @property
    def step(self) -> Step:
        """What imapsync does, or has done last."""
        return self._step

    @property
    def who(self) -> str:
        """Between which mailboxes that is."""
        return self._who

    @property
    def is_running(self) -> bool:
        """Whether imapsync runs, or is about to run."""
        return self._task is not None

    @property
    def files(self) -> tuple[Path, ...]:
        """The token files that imapsync needs now."""
        return self._files if self.is_running else ()

    @property
    def folder(self) -> Path:
        """Where imapsync writes its log files."""
        return user_log_folder() / "imapsync"

    @property
    def output(self) -> Sequence[str]:
        """The lines that imapsync has printed, as far as they are kept."""
        return self._watch.look(_ALL).lines if self._watch else ()

    def start(self, program: Path, step: Step, source: "Side", destination: "Side") -> None:
        """Start imapsync for these mailboxes; nothing happens while another one runs."""
        if self.is_running:
            return
        from core.imapsync.run.migration import Migration
        from core.imapsync.run.watch import Watch

        watch = self._watch = Watch()
        migration = Migration(
            words=(str(program), *step.value),
            source=source,
            destination=destination,
            folder=self.folder,
            clock=self._clock,
            is_refreshed=self._is_refreshed,
        )
        self._step, self._stopped, self._shown = step, False, None
        self._program, self._sides = program, (source.address, destination.address)
        self._files = tuple(Path(side.token_file) for side in (source, destination))
        self._who = sides_text(source, destination)
        self._began, self._passed = self._clock(), -1
        self._task = task = self._tasks.start(
            lambda _progress, cancelled: migration.run(watch, cancelled), Threads.IMAPSYNC
        )
        task.succeeded.connect(lambda code: self._end(code=code))
        task.failed.connect(lambda error: self._end(error=error))
        self._timer.start()
        self.begun.emit(step, self._who, str(program))
        self._look()

    def stop(self) -> None:
        """Ask imapsync to log out and to end; after ten seconds it is ended by force."""
        if self._task is not None:
            self._stopped = True
            self._task.cancel()
            self.stopping.emit()

    def _look(self) -> None:
        passed = max(0, int(self._clock() - self._began))
        if passed != self._passed:
            self._passed = passed
            self.passed.emit(passed)
        seen = self._watch.look(LAST_LINES) if self._watch else None
        if seen != self._shown:
            self._shown = seen
            self.changed.emit(seen)

    def _end(self, code: int | None = None, error: AppError | None = None) -> None:
        self._timer.stop()
        self._look()
        self._task = None
        if error is not None and is_cancelled(error):
            error = None
        if self._shown is not None:
            dead = next(filter(None, map(self._dead, self._files)), None)
            by_whom = self._stopped, dead, self._program, self._sides
            self.ended.emit(RunEnd(self._step, self._shown, code, error, *by_whom))
