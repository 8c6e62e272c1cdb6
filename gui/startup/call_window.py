"""The window of a call: there until the user has signed in, or will not."""

import contextlib
from collections.abc import Iterator

from PySide6.QtCore import QLockFile, QObject, QTimer
from PySide6.QtWidgets import QApplication

from core.browser_choice import BrowserChoice
from core.errors import AppError, Cancelled, ExitCode
from core.i18n.translation import N_, _
from core.model import Outcome
from core.paths import user_data_folder
from gui.controllers.closing import CloseChoice
from gui.model.call import Call
from gui.model.tasks import Tasks
from gui.startup import exception_hook
from gui.startup.answers import conditions_of
from gui.startup.app import application, use_theme
from gui.startup.build import make_parts
from gui.startup.content import Content
from gui.startup.language import translate_qt
from gui.startup.single_instance import SingleInstance
from gui.widgets.main_window import MainWindow
from gui.widgets.tray import Tray

_LOCK_FILE = "sign_in.lock"
_POLL = 200  # ms
_WAITS = N_("Another sign-in is under way. This one begins after it.")
_ASKS = N_("A sign-in is needed. The window of oauth2_imap waits for it.")


def sign_in(call: Call) -> int:
    """Let the user sign in, and return the exit code of the outcome.

    An open window does it if it would do the same as ours. One sign-in at a time is enough for one
    user: what another call has signed in meanwhile is found by a refresh.
    """
    app = application()
    translate_qt(app)
    with _turn(call) as has_waited:
        code = call.without_user() if has_waited else None
        if code is None:
            code = _by_open_window(call)
        return _CallWindow(app, call).run() if code is None else code


@contextlib.contextmanager
def _turn(call: Call) -> Iterator[bool]:
    """Wait for the sign-ins of other calls; yield whether there were any.

    Without a folder for the lock nobody is waited for.
    """
    folder, has_waited = user_data_folder(), False
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = QLockFile(str(folder / _LOCK_FILE))
    lock.setStaleLockTime(0)  # never by its age, only if its process has ended
    while not lock.tryLock(_POLL) and lock.error() is QLockFile.LockError.LockFailedError:
        if not has_waited:
            call.console.say(_(_WAITS))
        has_waited = True
    try:
        yield has_waited
    finally:
        lock.unlock()


def _by_open_window(call: Call) -> int | None:
    """Return the exit code from an open window; None if there is none for this call."""
    own_way = call.options.remotebrowser or call.options.device_code or _browser(call)
    conditions = "" if own_way else conditions_of(call.job.request)
    call.console.say(_(_ASKS))
    answer = SingleInstance().ask(call.job.address, conditions)
    if answer is None:
        return None
    call.console.say(*answer.lines)
    return answer.code


def _browser(call: Call) -> BrowserChoice:
    return BrowserChoice(call.options.browser, call.options.private)


class _CallWindow(QObject):
    """A window like any other, but that it ends with the sign-in, and asks nothing then."""

    def __init__(self, app: QApplication, call: Call) -> None:
        super().__init__()
        self._app = app
        self._call = call
        self._code: int = ExitCode.CANCELLED  # if the user closes the window
        self._tasks = Tasks()
        use_theme(call.settings)
        self._window = MainWindow(call.settings.geometry)
        self._content = self._make_content()
        self._watch = QTimer(self, interval=_POLL)
        self._connect()

    def run(self) -> int:
        """Show the window; return the exit code of the sign-in."""
        request = self._call.job.request
        self._window.show()
        self._window.come_to_front()
        self._window.address_bar.set_address(request.address)
        if browser := _browser(self._call):
            self._content.parts.sign_in_task.choice = browser
        options = self._call.options
        self._content.sign_in.start(
            request, remote=options.remotebrowser, device_code=options.device_code
        )
        self._watch.start()
        with self._call.job.cancelled.shield():  # Ctrl-C would be raised in the middle of Qt
            self._app.exec()
        self._tasks.close()
        self._content.parts.rehearsal.close()
        if self._code == ExitCode.CANCELLED:
            self._call.console.error(Cancelled())
        return self._code

    def _make_content(self) -> Content:
        call = self._call
        exception_hook.log_qt_messages()
        parts = make_parts(
            self._window,
            call.settings,
            self._tasks,
            call.job.dependencies,
            folder=call.job.request.folder,
            environment_secret=call.job.request.overrides.secret_from_environment,
            tray=Tray(is_available=lambda: False),
        )
        return Content(parts, ask=lambda *_: CloseChoice.QUIT)

    def _connect(self) -> None:
        task = self._content.parts.sign_in_task
        task.noted.connect(lambda text, warning: self._say(text, warning))
        task.succeeded.connect(self._succeed)
        task.failed.connect(self._fail)
        task.cancelled.connect(self._content.closing.quit)
        exception_hook.show_exceptions(self._fail)
        self._content.closing.ended.connect(self._app.quit)
        self._watch.timeout.connect(self._look_for_ctrl_c)

    def _say(self, text: str, warning: bool) -> None:
        self._call.console.say(f"! {text}" if warning else text)

    def _succeed(self, outcome: Outcome) -> None:
        self._code = self._call.runner.show(self._call.job, outcome)
        self._content.closing.quit()

    def _fail(self, error: AppError) -> None:
        self._code = self._call.fail(error)
        self._content.closing.quit()

    def _look_for_ctrl_c(self) -> None:
        if self._call.job.cancelled.is_set():
            self._content.closing.quit()
