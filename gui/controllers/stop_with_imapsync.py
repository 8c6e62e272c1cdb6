"""Keeping fresh until an imapsync has ended, which the person chooses."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from core.cancel import Cancellation
from core.errors import AppError
from core.imapsync.running import ImapsyncRun, running_imapsyncs
from core.keeping.stop_conditions import StopCondition, with_process
from core.model import Event
from gui.model.tasks import Tasks
from gui.widgets.refresh_bar import RefreshBar

_LOOK_EVERY = 2_000  # ms


class StopWithImapsyncController(QObject):
    """The toggle goes off with the process, as if the person had done it."""

    noted = Signal(str, bool)  # text, warning
    reached = Signal(str)  # what ended, in words

    def __init__(
        self, refresh_bar: RefreshBar, tasks: Tasks, *, parent: QObject | None = None
    ) -> None:
        """The parts are the window's."""
        super().__init__(parent)
        self._bar = refresh_bar
        self._tasks = tasks
        self._ending: StopCondition | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY)
        self._timer.timeout.connect(self._look)
        refresh_bar.imapsync_runs_asked.connect(self._ask)
        refresh_bar.imapsync_run_chosen.connect(self._choose)
        refresh_bar.keep_toggled.connect(self._stop)

    def _ask(self) -> None:
        task = self._tasks.start(_running)
        task.succeeded.connect(self._bar.offer_imapsync_runs)
        task.failed.connect(lambda error: self.noted.emit(error.message, True))

    def _choose(self, run: ImapsyncRun | None) -> None:
        self._stop()
        if run is None:
            return
        try:
            self._ending = with_process(run.pid)
        except AppError:
            self.noted.emit(f"That imapsync ({run.label}) has ended already", True)
            return
        self._bar.show_imapsync_run(f"imapsync, {run.label}")
        self._timer.start()

    def _look(self) -> None:
        if self._ending is not None and self._ending.is_reached():
            word = self._ending.word
            self._bar.stop_keeping()
            self.noted.emit(f"{word}: nothing is refreshed any more", False)
            self.reached.emit(word)

    def _stop(self) -> None:
        self._timer.stop()
        self._ending = None
        self._bar.show_imapsync_run("")


def _running(_progress: Callable[[Event], None], _cancelled: Cancellation) -> list[ImapsyncRun]:
    return running_imapsyncs()
