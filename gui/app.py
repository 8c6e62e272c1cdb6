"""The program with a window: composition, one instance of it, and its end."""

import logging
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import (
    QEvent,
    QMessageLogContext,
    QObject,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication

from core import __version__
from core.errors import AppError, ExitCode
from core.job import Surroundings
from core.log import set_up
from core.network import Network
from core.paths import user_log_folder
from core.providers.catalog import load_catalog, own_file
from core.providers.detection import resolve_mx_by_dns
from core.tokenfile.place import tokens_folder
from gui.autostart import Autostart
from gui.icons import app_icon
from gui.jobs import Jobs
from gui.lookup import Lookup
from gui.mailbox_model import MailboxModel
from gui.mailboxes import Mailboxes
from gui.main_window import MainWindow
from gui.settings import Settings
from gui.sign_in import SignIn
from gui.single_instance import SingleInstance
from gui.start import read_start
from gui.tray import Tray

log = logging.getLogger(__name__)

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
}


def run(arguments: Sequence[str]) -> int:
    """Show the window until it is closed; another one that is open takes the address instead."""
    try:
        start = read_start(arguments)
    except AppError as exc:
        return _refuse(exc)
    if start.version:
        print(f"oauth2_imap {__version__}")  # noqa: T201  # what was asked for
        return ExitCode.DONE
    set_up()
    _name_the_process()
    app = QApplication(sys.argv[:1])
    app.setApplicationName("oauth2_imap")
    app.setDesktopFileName("oauth2_imap")
    app.setWindowIcon(app_icon())
    app.setQuitOnLastWindowClosed(False)
    qInstallMessageHandler(_log_qt)
    if start.smoke_test:
        return _smoke_test(app)
    instance = SingleInstance()
    if instance.hand_over(start.address):
        return ExitCode.DONE
    if not instance.listen() and not instance.complaint and instance.hand_over(start.address):
        return ExitCode.DONE  # another window came up between the two questions
    settings = Settings()
    jobs = Jobs()
    try:
        window = compose(settings, jobs, new_surroundings())
    except AppError as exc:
        return _refuse(exc)
    sys.excepthook = _excepthook(window)
    instance.address_received.connect(window.take_address)
    if instance.complaint:
        window.note(instance.complaint, warning=True)
    window.ended.connect(app.quit)
    app.commitDataRequest.connect(window.end_of_session)
    window.show()
    QTimer.singleShot(0, lambda: window.begin(start))
    code = app.exec()
    jobs.close()
    instance.close()
    return code


def _refuse(error: AppError) -> int:
    """Say why there is no window."""
    from core.cli.output import Console  # only here: it is seldom wanted

    Console().error(error)
    return error.exit_code


def new_surroundings() -> Surroundings:
    """The real ones."""
    own = own_file()
    return Surroundings(load_catalog(own), own, resolve_mx_by_dns, time.time)


def compose(
    settings: Settings,
    jobs: Jobs,
    surroundings: Surroundings,
    *,
    folder: Path | None = None,
    tray: Tray | None = None,
) -> MainWindow:
    """All parts of a window, put together."""
    chosen = Path(settings.token_folder) if settings.token_folder else tokens_folder(_base())
    model = MailboxModel()
    mailboxes = Mailboxes(
        model,
        jobs,
        surroundings,
        folder=folder or chosen,
        interval=settings.interval_minutes * 60.0,
        network=Network(ca_file=Path(settings.ca_file) if settings.ca_file else None),
    )
    return MainWindow(
        settings=settings,
        model=model,
        mailboxes=mailboxes,
        sign_in=SignIn(jobs, surroundings),
        lookup=Lookup(jobs, surroundings),
        tray=tray or Tray(),
        autostart=Autostart(),
    )


def _base() -> Path:
    """Beside the program where it is frozen, else the current folder."""
    return Path(sys.executable).parent if getattr(sys, "frozen", False) else Path.cwd()


def _smoke_test(app: QApplication) -> int:
    """Show the window once; no network, no tray, no other instance, no settings of the person."""
    with tempfile.TemporaryDirectory() as folder:
        jobs = Jobs()
        settings = Settings(Path(folder) / "smoke_test.ini")
        window = compose(
            settings,
            jobs,
            new_surroundings(),
            folder=Path(folder) / "tokens",
            tray=Tray(is_available=lambda: False),
        )
        window.installEventFilter(_Painted(window))
        window.ended.connect(app.quit)
        window.show()
        code = app.exec()
        jobs.close()
    return code


class _Painted(QObject):
    """Ends the smoke test after the first painted frame."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, self._window.quit)
        return False


def _name_the_process() -> None:
    """So that Windows shows our icon in the task bar, and not Python's."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID("oauth2_imap")


def _log_qt(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    logging.getLogger("qt").log(_LEVELS.get(kind, logging.ERROR), "%s", text)


def _excepthook(window: MainWindow):  # type: ignore[no-untyped-def]  # sys.excepthook's own type
    def handle(kind: type[BaseException], exc: BaseException, trace: TracebackType | None) -> None:
        log.critical("unexpected error", exc_info=(kind, exc, trace))
        window.error_panel.show_error(
            AppError(
                "An unexpected error, a mistake in oauth2_imap itself; the tokens are safe",
                said=kind.__name__,
                todo=f"Please report it with the log in {user_log_folder()}",
            )
        )

    return handle
