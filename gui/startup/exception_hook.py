"""Puts exceptions that nothing caught, and Qt's own messages, into the log."""

import logging
import sys
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from core.errors import AppError
from core.log import internal_error

log = logging.getLogger(__name__)

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
}


def log_qt_messages() -> None:
    """Log Qt's messages from now on, like all others."""
    qInstallMessageHandler(_log_qt)


def show_exceptions(show: Callable[[AppError], None]) -> None:
    """Log and show each exception that nothing caught; the window stays open."""

    def handle(kind: type[BaseException], exc: BaseException, trace: TracebackType | None) -> None:
        log.critical("unexpected error", exc_info=(kind, exc, trace))
        show(internal_error(exc))

    sys.excepthook = handle


def _log_qt(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    logging.getLogger("qt").log(_LEVELS.get(kind, logging.ERROR), "%s", text)
