"""Logging for the whole program: a rotating file in the user's log folder, and no secrets.

No secret is given to a logger in the first place; the redaction here is a second fence. Foreign
loggers that write codes and tokens at DEBUG are held at WARNING for that.
"""

import logging
import logging.handlers
import re
from pathlib import Path

from .errors import AppError
from .files import make_private_folder
from .paths import LOG_FILE, user_log_folder

_MAX_BYTES, _BACKUPS = 1 << 20, 3
# requests_oauthlib and oauthlib log codes and tokens, msal the code, urllib3 queries; filelock is
# merely noisy.
_NOISY_LOGGERS = ("requests_oauthlib", "oauthlib", "msal", "google", "urllib3", "filelock")
_SECRET = re.compile(
    r"(?i)(\b(?:access_token|refresh_token|id_token|code|code_verifier|client_secret|state)"
    r"[\"']?\s*[:=]\s*[\"']?|\bbearer\s+)([^\s\"'&,}]{6,})"
    r"|\beyJ[\w-]{8,}(?:\.[\w-]*){0,4}"
)


def internal_error(exc: BaseException) -> AppError:
    """What a person is told of an exception that nobody foresaw; its words may hold a secret."""
    detail = type(exc).__name__
    if isinstance(exc, OSError) and exc.strerror:
        detail = f"{detail}: {exc.strerror}"
    return AppError(
        "An unexpected error, a mistake in oauth2_imap itself; the tokens are safe",
        detail=detail,
        hint=f"Please report it with the log in {user_log_folder()}",
    )


class RedactingFilter(logging.Filter):
    """Takes out of a message what looks like a token, a code or a secret."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record; none is held back."""
        message = record.getMessage()
        redacted = redact(message)
        if redacted != message:
            record.msg, record.args = redacted, None
        return True


def redact(text: str) -> str:
    """The text with what looks like a secret replaced by three dots."""
    return _SECRET.sub(lambda match: (match[1] or "") + "…", text)


class _Formatter(logging.Formatter):
    """The traceback is redacted too: an exception's words may come from the other side."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def quiet_libraries() -> None:
    """Let foreign loggers that are too talkative say their warnings alone."""
    for name in _NOISY_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)


def set_up(*, folder: Path | None = None, debug_to_stderr: bool = False) -> None:
    """Send every record to the log file, and where asked for to standard error too."""
    logging.raiseExceptions = False  # a full disk must not print tracebacks between the lines
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
        return  # a program without a log still does its job
    _add_handler(root, file)


def _add_handler(root: logging.Logger, handler: logging.Handler) -> None:
    handler.setFormatter(_Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
