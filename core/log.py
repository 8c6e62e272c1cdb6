"""Logging for the whole program: a rotating file in the user's log folder, without secrets.

The program never passes a secret to a logger. The redaction here is a second line of defence.
Loggers of libraries that write codes and tokens at level DEBUG are limited to WARNING.
"""

import logging
import logging.handlers
import re
from pathlib import Path

from .errors import AppError, as_error
from .files import make_private_folder
from .paths import LOG_FILE, user_log_folder
from .plain_text import visible
from .verdicts import local_files

_NEXT_LINE = "\n    "
_MAX_BYTES, _BACKUPS = 1 << 20, 3
# requests_oauthlib and oauthlib log codes and tokens, msal logs the code, urllib3 logs queries.
# filelock logs too much.
_NOISY_LOGGERS = ("requests_oauthlib", "oauthlib", "msal", "google", "urllib3", "filelock")
# The names and numbers of errors: invalid_grant, BadRequest, expired, AADSTS50076, 50105, 5.7.139.
# A code or a state is random: it has digits between its letters, or longer runs of letters.
_WORD = r"(?:[A-Z]{2,16}|[A-Z]?[a-z]{2,14})"
_NEXT_WORD = rf"(?:[_.-]{_WORD}|[A-Z][a-z]{{2,13}}|As|At|By|Id|In|Is|No|Of|On|Or|To)"
_NUMBER = r"(?:[A-Z]{1,8}-?\d{1,8}|\d{1,7}|\d{1,3}(?:\.\d{1,3}){1,3}|0x[0-9A-Fa-f]{1,8})"
_ERROR = rf"(?-i:{_WORD}{_NEXT_WORD}{{0,6}}|{_NUMBER})"
_END = r"[^0-9A-Za-z\s\"'&,}]*(?:[\s\"'&,}]|$)"
_ERRORS = rf"{_ERROR}(?:[/:;=()|]+{_ERROR})*{_END}"
_ONE_WORD = rf"(?-i:[A-Z]?[a-z]{{2,14}}){_END}"  # in a query it may be a short code, as Yahoo's are
_SECRET = re.compile(
    r"(?i)("
    r"\b(?:access_token|refresh_token|id_token|code_verifier|client_secret)[\"']?\s*[:=]\s*[\"']?"
    rf"|\b(?:code|state)[\"']?\s*=\s*[\"']?(?:(?={_ONE_WORD})|(?!{_ERRORS}))"
    rf"|(?:\b(?:code|state)[\"']?\s*:\s*[\"']?|\bbearer\s+)(?!{_ERRORS})"
    r")[^\s\"'&,}]{6,}"
    r"|\beyJ[\w-]{8,}(?:\.[\w-]*){0,4}"
)


def internal_error(exc: BaseException) -> AppError:
    """The error to show for an unexpected exception.

    Only the exception's type and the system's error text are shown: its own text may hold a secret.
    """
    detail = type(exc).__name__
    if isinstance(exc, OSError) and exc.strerror:
        detail = f"{detail}: {exc.strerror}"
    return as_error(local_files.INTERNAL_ERROR, detail=detail)


class RedactingFilter(logging.Filter):
    """Removes everything that looks like a token, a code or a secret from log messages."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Redact the record's message; returns True, since no record is dropped."""
        message = record.getMessage()
        redacted = redact(message)
        if redacted != message:
            record.msg, record.args = redacted, None
        return True


def redact(text: str) -> str:
    """Replace everything in the text that looks like a secret by an ellipsis."""
    return _SECRET.sub(lambda match: (match[1] or "") + "…", text)


class _Formatter(logging.Formatter):
    """Redacts tracebacks too, since the text of an exception may come from a server.

    Text from outside is plain text: it can't control a terminal that shows the log. Further lines
    are indented, so that none looks like a record of its own.
    """

    def format(self, record: logging.LogRecord) -> str:
        lines = redact(super().format(record)).split("\n")
        return _NEXT_LINE.join(visible(line) for line in lines)


def quiet_libraries() -> None:
    """Limit the loggers of libraries that log secrets or too much to warnings."""
    for name in _NOISY_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)


def set_up(*, folder: Path | None = None, debug_to_stderr: bool = False) -> None:
    """Write log records to the log file, and to standard error as well if asked for."""
    logging.raiseExceptions = False  # a full disk must not print tracebacks
    quiet_libraries()
    root = logging.getLogger()
    root.setLevel(logging.DEBUG if debug_to_stderr else logging.INFO)
    if debug_to_stderr:
        _add_handler(root, logging.StreamHandler())
    folder = folder or user_log_folder()
    try:
        make_private_folder(folder)
        file = logging.handlers.RotatingFileHandler(
            folder / LOG_FILE,
            maxBytes=_MAX_BYTES,
            backupCount=_BACKUPS,
            encoding="utf-8",
            delay=True,
        )
    except OSError:
        return  # the program works without a log file
    _add_handler(root, file)


def _add_handler(root: logging.Logger, handler: logging.Handler) -> None:
    handler.setFormatter(_Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
