"""Imports the files of other programs, in a thread."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from core.address import parse_address
from core.cancel import Cancellation
from core.errors import AppError
from core.mailbox.job import Dependencies, Job, Request
from core.model import Note
from gui.model.request_maker import RequestMaker
from gui.model.tasks import Progress, Tasks, Threads


class Importer(QObject):
    """What becomes of each mailbox is told at the end, for all files at once."""

    noted = Signal(object, bool)  # text, warning
    done = Signal(object)  # a list of core.importing.take.Imported
    failed = Signal(AppError)

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

    def start(
        self,
        sources: Sequence[Path],
        *,
        replaces: bool = False,
        address: str = "",
        client_id: str = "",
    ) -> None:
        """Import these files; with `replaces`, also over tokens that can still be refreshed.

        `address` and `client_id` are for files that lack them. Raises `AppError` for invalid ones.
        """
        request = self._requests.for_address(parse_address(address) if address else "")
        if client_id:
            request = _with_client_id(request, client_id)

        def call(progress: Progress, cancelled: Cancellation) -> object:
            from core.cli.script_call import read_call  # seldom needed
            from core.importing.take import Import, import_file

            job = Job(request, self._dependencies, progress, cancelled)
            how = Import(job, read_call, lambda _: replaces)
            return [imported for source in sources for imported in import_file(source, how)]

        task = self._tasks.start(call, Threads.FILES)
        task.progressed.connect(self._note)
        task.succeeded.connect(self.done)
        task.failed.connect(self.failed)

    def _note(self, event: Note) -> None:
        self.noted.emit(event.text, event.warning)


def _with_client_id(request: Request, client_id: str) -> Request:
    from core.providers.by_hand import by_hand  # seldom needed

    secret = request.overrides.secret_from_environment
    return replace(request, overrides=by_hand(client_id=client_id, secret_from_environment=secret))
