"""Logging for the whole program: a rotating file in the user's log folder, without secrets.

The loggers of libraries that handle codes and tokens are off. Warnings of libraries go to the log
file: what a user reads on standard error is ours alone.
"""

import logging
from pathlib import Path

from .errors import AppError, as_error
from .files import make_private_folder
from .paths import LOG_FILE, user_log_folder
from .verdicts import local_files

_MAX_BYTES, _BACKUPS = 1 << 20, 3
# These handle codes and tokens, and write them: msal whole answers, even as errors.
_SILENT_LOGGERS = ("google", "google_auth_oauthlib", "msal", "oauthlib", "requests_oauthlib")
_QUIET_LOGGERS = ("urllib3",)  # it logs queries


def internal_error(exc: BaseException) -> AppError:
    """The error to show for an unexpected exception.

    Only the exception's type and the system's error text are shown: its own text may hold a secret.
    """
    detail = type(exc).__name__
    if isinstance(exc, OSError) and exc.strerror:
        detail = f"{detail}: {exc.strerror}"
    return as_error(local_files.INTERNAL_ERROR, detail=detail)


class _LogFile(logging.Handler):
    """The log file. It is opened at the first record: a run with nothing to do writes none."""

    def __init__(self, folder: Path | None) -> None:
        super().__init__()
        self._folder = folder
        self._file: logging.Handler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record into the file."""
        if self._file is None:
            self._file = _open_file(self._folder)
        self._file.handle(record)

    def close(self) -> None:
        """Close the file. A thread that still logs doesn't open it again."""
        self.acquire()
        try:
            if self._file is not None:
                self._file.close()
            self._file = logging.NullHandler()
        finally:
            self.release()
        super().close()


def quiet_libraries() -> None:
    """Switch off the loggers of libraries that log secrets; limit others to warnings."""
    for name in _SILENT_LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    for name in _QUIET_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)


def set_up(*, folder: Path | None = None, debug_to_stderr: bool = False) -> None:
    """Write log records to the log file, and to standard error as well if asked for."""
    logging.raiseExceptions = False  # a full disk must not print tracebacks
    logging.captureWarnings(True)
    quiet_libraries()
    root = logging.getLogger()
    root.setLevel(logging.DEBUG if debug_to_stderr else logging.INFO)
    root.addHandler(_LogFile(folder))
    if debug_to_stderr:
        root.addHandler(_formatted(logging.StreamHandler()))


def _open_file(folder: Path | None) -> logging.Handler:
    """The handler that writes the log file; one that does nothing if there can be no such file."""
    from logging.handlers import RotatingFileHandler

    class File(RotatingFileHandler):
        def shouldRollover(self, record: logging.LogRecord) -> bool:
            """Judge by the size so far. `logging` formats each record once more to foresee it."""
            self.stream = self.stream or self._open()
            return self.stream.tell() >= self.maxBytes

    try:
        folder = folder or user_log_folder()
        make_private_folder(folder)
        file = File(
            folder / LOG_FILE,
            maxBytes=_MAX_BYTES,
            backupCount=_BACKUPS,
            encoding="utf-8",
            delay=True,
        )
    except (OSError, AppError):  # the program works without a log file
        return logging.NullHandler()
    return _formatted(file)


def _formatted(handler: logging.Handler) -> logging.Handler:
    from .redaction import LogFormatter

    handler.setFormatter(LogFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    return handler
