"""The requests to the owners of mailboxes: made, listed and finished in threads."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, SignalInstance

from core.cancel import Cancellation
from core.errors import AppError
from core.mailbox.job import Dependencies, Job, Request
from core.model import Outcome
from gui.model.request_maker import RequestMaker
from gui.model.tasks import Progress, Tasks, Threads, is_cancelled

if TYPE_CHECKING:  # imported in a thread
    from core.events import AccountAnswer, AccountQuestion, Event
    from core.oauth.sign_in.response_queue import ResponseQueue
    from core.open_requests.folder import OpenRequests
    from core.open_requests.open_request import OpenRequest
    from gui.model.asked import AccountAsked


@dataclass(frozen=True, slots=True)
class Invitation:
    """An open request with its link, and the text for the owner."""

    request: "OpenRequest"
    link: str = field(repr=False)
    text: str = field(repr=False)


class OwnerRequests(QObject):
    """Each `finish` ends with exactly one of signed_in, refused and failed."""

    changed = Signal(list)  # the open requests, the oldest first
    shown = Signal(Invitation)
    link_changed = Signal(Invitation)  # maybe: after an error the link may be another one
    asked = Signal(object)  # gui.model.asked.AccountAsked
    signed_in = Signal(Outcome)
    refused = Signal(AppError)  # what was pasted is not the answer
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

    def reload(self) -> None:
        """Read the open requests."""
        self._list(lambda: None)

    def ask(self, request: Request) -> None:
        """Make a request to the owner of a mailbox, or take the open one, and show it."""

        def call(progress: Progress, cancelled: Cancellation) -> Invitation:
            from core.mailbox.ask_owner import ask_owner

            made = ask_owner(Job(request, self._dependencies, progress, cancelled))
            return self._invitation(made)

        task = self._tasks.start(call)
        task.succeeded.connect(self.shown.emit)
        task.succeeded.connect(lambda _: self.reload())
        task.failed.connect(self.failed)

    def show(self, request: "OpenRequest") -> None:
        """Show an open request again."""
        self._invite(request, self.shown)

    def cancel(self, request: "OpenRequest") -> None:
        """Remove an open request."""
        self._list(lambda: self._folder().remove(request))

    def finish(self, request: "OpenRequest", pasted: str) -> None:
        """Get the tokens with the answer that the owner has sent."""
        refusals: list[AppError] = []

        def call(progress: Progress, cancelled: Cancellation) -> Outcome:
            from core.mailbox.ask_owner import finish
            from core.oauth.sign_in.methods import SignInMethods

            methods = SignInMethods(
                open_browser=None,
                paste=lambda responses: _paste(responses, pasted),
                remote=True,
                ask_account=partial(_ask_account, progress, cancelled),
            )
            job = Job(
                self._requests.for_address(request.address),
                self._dependencies,
                progress,
                cancelled,
            )
            return finish(job, request, methods)

        def hear(event: "Event | AccountAsked") -> None:
            from core.events import PasteRefused
            from gui.model.asked import AccountAsked

            match event:
                case PasteRefused(error):
                    refusals.append(error)
                case AccountAsked():
                    self.asked.emit(event)

        def fail(error: AppError) -> None:
            if refusals:
                self.refused.emit(refusals[0])
            elif not is_cancelled(error):
                self.failed.emit(error)
                self._invite(request, self.link_changed)

        task = self._tasks.start(call, Threads.SIGN_INS)
        task.progressed.connect(hear)
        task.succeeded.connect(self.signed_in.emit)
        task.failed.connect(fail)
        task.finished.connect(self.reload)

    def _invite(self, request: "OpenRequest", done: SignalInstance) -> None:
        task = self._tasks.start(lambda *_: self._invitation(request), Threads.FILES)
        task.succeeded.connect(done.emit)
        task.failed.connect(self.failed)
        task.failed.connect(lambda _: self.reload())

    def _list(self, act: Callable[[], None]) -> None:
        """Do this in the thread for files, then read the open requests."""

        def call(_progress: Progress, _cancelled: Cancellation) -> "list[OpenRequest]":
            act()
            return self._folder().all()

        task = self._tasks.start(call, Threads.FILES)
        task.succeeded.connect(self.changed.emit)
        task.failed.connect(self.failed)

    def _folder(self) -> "OpenRequests":
        from core.open_requests.folder import OpenRequests

        return OpenRequests(self._dependencies.store, self._dependencies.clock)

    def _invitation(self, request: "OpenRequest") -> Invitation:
        from core.open_requests.letter import letter

        link = self._folder().secret_of(request).begun.url
        return Invitation(request, link, letter(request, link))


def _ask_account(
    progress: Progress, cancelled: Cancellation, question: "AccountQuestion"
) -> "AccountAnswer":
    """Ask the user; to sign in again, the owner uses the same link and sends another answer.

    Called in the worker thread.
    """
    from core.events import AccountAnswer
    from gui.model.asked import AccountAsked

    answer = AccountAsked(question).ask(progress, cancelled)
    return AccountAnswer.STOP if answer is AccountAnswer.SIGN_IN_AGAIN else answer


def _paste(responses: "ResponseQueue", text: str) -> Callable[[], None]:
    """Give the one text; there is no other."""
    responses.paste(text)
    responses.no_more_paste()
    return lambda: None
