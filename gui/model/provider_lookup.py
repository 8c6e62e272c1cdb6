"""Who an address's provider is, asked while the person still looks at what they typed."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from core.address import parse_address
from core.cancel import Cancellation
from core.errors import AppError, UsageProblem
from core.mailbox.job import Dependencies
from core.model import Event
from core.providers.detection import Detection, detect
from gui.model.tasks import Task, Tasks


class ProviderLookup(QObject):
    """The last question counts; an answer to an earlier one is dropped."""

    found = Signal(str)  # a sentence, empty where there is nothing to say

    def __init__(
        self, tasks: Tasks, dependencies: Dependencies, parent: QObject | None = None
    ) -> None:
        """Nothing is asked yet."""
        super().__init__(parent)
        self._tasks = tasks
        self._dependencies = dependencies
        self._task: Task | None = None

    def look_up(self, text: str) -> None:
        """Ask about an address; one that isn't complete yet is no question."""
        self.cancel()
        try:
            address = parse_address(text)
        except UsageProblem:
            self.found.emit("")
            return

        def call(progress: Callable[[Event], None], cancelled: Cancellation) -> Detection:
            dependencies = self._dependencies
            return detect(address, dependencies.catalog, resolve_mx=dependencies.resolve_mx)

        task = self._tasks.start(call)
        self._task = task
        task.succeeded.connect(lambda found: self._answer(task, self._sentence(found)))
        task.failed.connect(lambda error: self._answer(task, _advice(error)))

    def cancel(self) -> None:
        """Drop the question."""
        self._task = None

    def _sentence(self, found: Detection) -> str:
        label = self._dependencies.catalog.providers[found.provider].label
        return found.sentence(label)

    def _answer(self, task: Task, text: str) -> None:
        if task is self._task:
            self._task = None
            self.found.emit(text)


def _advice(error: AppError) -> str:
    return f"{error.message}. Choose the provider in the list."
