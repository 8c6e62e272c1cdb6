"""Finds the provider of an address while the user types it."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.address import did_you_mean, intended_address, parse_address
from core.cancel import Cancellation
from core.error_lines import sentence
from core.errors import AppError, UsageProblem
from core.i18n.translation import N_, _
from core.mailbox.job import Dependencies
from core.verdicts.verdict import Action
from gui.model.request_maker import RequestMaker
from gui.model.tasks import Progress, Task, Tasks

if TYPE_CHECKING:
    from core.detection.detect import Detection  # imported by the first look-up

_STEPS = {
    Action.CHOOSE_PROVIDER: N_("Choose the provider in the list."),
    Action.DESCRIBE_PROVIDER: N_(
        'If its IMAP server supports OAuth2, choose "Other…" in the list.'
    ),
}


class ProviderLookup(QObject):
    """Looks up one address at a time; the result of an earlier look-up is dropped."""

    # The provider and the reason, or what to do, and the address that was probably meant; empty
    # for no address.
    found = Signal(str, str)

    def __init__(
        self,
        tasks: Tasks,
        dependencies: Dependencies,
        requests: RequestMaker,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._dependencies = dependencies
        self._requests = requests
        self._task: Task | None = None
        # What `found` has told last: the provider's name, or the verdict on why there is none.
        self.provider = ""
        self.failed_by = ""

    def look_up(self, text: str) -> None:
        """Look up an address; an incomplete one emits at most what was probably meant."""
        self.cancel()
        self.failed_by = ""
        try:
            address = parse_address(text)
        except UsageProblem:
            self._tell(did_you_mean(text), intended_address(text))
            return

        def call(_progress: Progress, cancelled: Cancellation) -> "Detection":
            from core.detection.detect import detect

            dependencies = self._dependencies
            network = replace(self._requests.network, cancelled=cancelled)
            return detect(
                address, dependencies.catalog, lookups=dependencies.lookups, network=network
            )

        task = self._tasks.start(call)
        self._task = task
        task.succeeded.connect(lambda found: self._succeed(task, found))
        task.failed.connect(lambda error: self._fail(task, error, address))

    def cancel(self) -> None:
        """Drop the result of the look-up that is under way."""
        self._task = None

    def _succeed(self, task: Task, found: "Detection") -> None:
        if task is self._task:
            label = self._dependencies.catalog.providers[found.provider].label
            self._tell(found.sentence(label), provider=found.provider)

    def _fail(self, task: Task, error: AppError, address: str) -> None:
        if task is self._task:
            self.failed_by = error.verdict.id
            self._tell(_failed_text(error), intended_address(address))

    def _tell(self, text: str, intended: str = "", *, provider: str = "") -> None:
        self._task = None
        self.provider = provider
        self.found.emit(text, intended)


def _failed_text(error: AppError) -> str:
    step = _(_STEPS[error.action]) if error.action in _STEPS else error.hint
    return " ".join((sentence(error.message), step, *error.notes))
