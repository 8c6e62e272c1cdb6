"""Runs core's sign-in in a thread, one at a time, and passes on what the user pastes."""

import contextlib
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.browser_choice import SYSTEM_BROWSER, BrowserChoice
from core.cancel import Cancellation
from core.errors import AppError
from core.mailbox.job import Dependencies, Job, Request
from core.model import Note, Outcome
from gui.model.rehearsal import Rehearsal
from gui.model.tasks import Progress, Task, Tasks, Threads, is_cancelled

if TYPE_CHECKING:  # imported by the first sign-in
    from core.oauth.sign_in.browser import Open
    from core.oauth.sign_in.response_queue import ResponseQueue


FindBrowser = Callable[[str, BrowserChoice], "Open | None"]


def find_browser(page: str, choice: BrowserChoice) -> "Open | None":
    """Return a function that opens a URL in the chosen browser; None if there is no browser.

    `page` is the demo's own page, as in core.
    """
    from core.oauth.sign_in import browser

    return browser.find_browser(page=page, choice=choice)


def _nothing() -> None:
    """No device code can be started."""


class SignInTask(QObject):
    """Each start ends with exactly one of succeeded, failed and cancelled."""

    noted = Signal(object, bool)  # text, warning
    waiting = Signal(object)  # core.events.WaitingForBrowser
    waiting_for_device = Signal(object)  # core.events.WaitingForDevice
    way_ended = Signal(object)  # core.events.WayEnded
    paste_refused = Signal(AppError)
    browser_failed = Signal(str)  # the link; from any thread
    asked = Signal(object)  # gui.model.asked.AccountAsked
    server_asked = Signal(object)  # gui.model.asked.ServerAsked
    succeeded = Signal(Outcome)
    failed = Signal(AppError)
    cancelled = Signal()

    def __init__(
        self,
        tasks: Tasks,
        dependencies: Dependencies,
        rehearsal: Rehearsal,
        *,
        browser: FindBrowser = find_browser,
        parent: QObject | None = None,
    ) -> None:
        """`browser` is like `find_browser`; it is asked anew for each sign-in."""
        super().__init__(parent)
        self.choice = SYSTEM_BROWSER  # the browser of the next sign-ins
        self._tasks = tasks
        self._dependencies = dependencies
        self._rehearsal = rehearsal
        self._browser = browser
        self._page = ""  # the demo's, while a pretend mailbox is signed in to
        self._task: Task | None = None
        self._responses: ResponseQueue | None = None
        self._start_device_code: Callable[[], None] = _nothing

    @property
    def is_running(self) -> bool:
        """Whether a sign-in is under way."""
        return self._task is not None

    def start(self, request: Request, *, remote: bool = False, device_code: bool = False) -> None:
        """Start a sign-in; none may be under way.

        `remote`: the browser is on another computer, and the user pastes its last address.
        `device_code`: the user types a code on another device.
        """
        self._page = ""
        self._start_device_code = _nothing
        if self._rehearsal.has(request.token_file):
            self._begin(partial(self._rehearse, request))
            return
        choice = self.choice

        def call(progress: Progress, cancelled: Cancellation) -> Outcome:
            from core.mailbox.get_token import get_token
            from core.oauth.sign_in.methods import SignInMethods
            from gui.model.asked import AccountAsked, ServerAsked

            opener = self._find_browser("", choice)
            methods = SignInMethods(
                opener,
                self._take_responses,
                remote=remote,
                ask_account=lambda question: AccountAsked(question).ask(progress, cancelled),
                ask_server=lambda found: ServerAsked(found).ask(progress, cancelled),
                device_code=device_code,
                offer_device_code=self._take_device_code,
            )
            job = Job(request, self._dependencies, progress, cancelled)
            if request.own_registration:
                from core.mailbox.own_registration import try_registration

                return try_registration(job, methods).outcome
            return get_token(job, methods)

        self._begin(call)

    def _rehearse(self, request: Request, progress: Progress, cancelled: Cancellation) -> Outcome:
        """Sign in to a pretend mailbox; called in the worker thread."""
        from core.mailbox.get_token import get_token

        demo = self._rehearsal.open_account(request.address)
        methods = demo.methods(self._browser_of_demo, self._take_responses)
        job = Job(request, self._dependencies, demo.progress(progress), cancelled)
        return get_token(job, methods)

    def _begin(self, call: Callable[[Progress, Cancellation], Outcome]) -> None:
        task = self._tasks.start(call, Threads.SIGN_INS)
        self._task = task
        task.progressed.connect(lambda event: self._hear(task, event))
        task.succeeded.connect(lambda outcome: self._end(task, outcome))
        task.failed.connect(lambda error: self._end(task, error))

    def cancel(self) -> None:
        """End the sign-in for the user at once; tokens that have arrived are still saved."""
        if self._task is None:
            return
        self._task.cancel()
        self._task = None
        self.cancelled.emit()

    def paste(self, text: str) -> None:
        """Pass on what the user pasted."""
        if self._responses is not None:
            self._responses.paste(text)

    def start_device_code(self) -> None:
        """Let the user sign in on another device too, in the same wait."""
        self._start_device_code()

    def open_again(self, url: str, choice: BrowserChoice | None = None) -> None:
        """Open the link of the sign-in once more, in the browser of the sign-in or another one."""
        try:
            opener = self._find_browser(self._page, self.choice if choice is None else choice)
        except AppError:  # the chosen one was removed meanwhile
            opener = None
        if opener is None or not opener(url):
            self.browser_failed.emit(url)

    def _browser_of_demo(self, page: str) -> "Open | None":
        # Called in the worker thread; only a text is passed.
        self._page = page
        return self._find_browser(page, self.choice)

    def _find_browser(self, page: str, choice: BrowserChoice) -> "Open | None":
        """Find it, and hear if its command ends with an error; called in any thread."""
        from core.oauth.sign_in.browser import CommandBrowser

        opener = self._browser(page, choice)
        if isinstance(opener, CommandBrowser):
            opener.failed = self._tell_failed
        return opener

    def _tell_failed(self, url: str) -> None:
        with contextlib.suppress(RuntimeError):  # the window has ended meanwhile
            self.browser_failed.emit(url)

    def _take_responses(self, responses: "ResponseQueue") -> Callable[[], None]:
        # Called in the worker thread; only a reference is passed.
        self._responses = responses
        return lambda: self._drop_responses(responses)

    def _take_device_code(self, start: Callable[[], None]) -> None:
        # Called in the worker thread; only a reference is passed.
        self._start_device_code = start

    def _drop_responses(self, responses: "ResponseQueue") -> None:
        if responses is self._responses:  # and not those of the next sign-in
            self._responses = None

    def _hear(self, task: Task, event: object) -> None:
        from core import events
        from gui.model.asked import AccountAsked, ServerAsked

        if task is not self._task:
            return
        match event:
            case Note(text, warning):
                self.noted.emit(text, warning)
            case events.WaitingForBrowser():
                self.waiting.emit(event)
            case events.WaitingForDevice():
                self.waiting_for_device.emit(event)
            case events.WayEnded():
                self.way_ended.emit(event)
            case events.BrowserFailed(url):
                self.browser_failed.emit(url)
            case events.PasteRefused(error):
                self.paste_refused.emit(error)
            case AccountAsked():
                self.asked.emit(event)
            case ServerAsked():
                self.server_asked.emit(event)
            case events.LinkAsked():
                pass  # the window has a button for it

    def _end(self, task: Task, result: Outcome | AppError) -> None:
        if task is not self._task:
            return
        self._task = None
        if isinstance(result, Outcome):
            self.succeeded.emit(result)
        elif is_cancelled(result):
            self.cancelled.emit()
        else:
            self.failed.emit(result)
