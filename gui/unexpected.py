"""What nobody foresaw: our own mistakes, and what Qt complains of, go into the log."""

import logging
import sys
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from core.errors import AppError
from core.paths import user_log_folder

log = logging.getLogger(__name__)

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
}


def our_mistake(kind: type[BaseException]) -> AppError:
    """What a person is told of an exception that isn't for them."""
    return AppError(
        "An unexpected error, a mistake in oauth2_imap itself; the tokens are safe",
        said=kind.__name__,
        todo=f"Please report it with the log in {user_log_folder()}",
    )


def log_qt_messages() -> None:
    """From now on Qt's messages are records like all others."""
    qInstallMessageHandler(_log_qt)


def show_exceptions(show: Callable[[AppError], None]) -> None:
    """From now on an exception that nothing caught is logged and shown; the window lives on."""

    def handle(kind: type[BaseException], exc: BaseException, trace: TracebackType | None) -> None:
        log.critical("unexpected error", exc_info=(kind, exc, trace))
        show(our_mistake(kind))

    sys.excepthook = handle


def _log_qt(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    logging.getLogger("qt").log(_LEVELS.get(kind, logging.ERROR), "%s", text)
