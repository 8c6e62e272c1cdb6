"""Tests of core/log.py: redaction, and a log that never makes the program fail."""

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import ExitCode
from core.log import internal_error, redact, set_up
from core.paths import LOG_FILE

JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ5b3UifQ.c2lnbmF0dXJl"


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger, restored after the test."""
    logger = logging.getLogger()
    handlers, level, raises = logger.handlers[:], logger.level, logging.raiseExceptions
    yield logger
    for handler in logger.handlers[:]:
        if handler not in handlers:
            logger.removeHandler(handler)
            handler.close()
    logger.setLevel(level)
    logging.raiseExceptions = raises


@pytest.mark.parametrize(
    "text",
    [
        f"token {JWT}",
        "?code=0.AXkAsecret&session=1",
        '{"refresh_token": "M.C552_secret"}',
        "Authorization: Bearer ya29.a0AfH6secret",
        "client_secret=kSmqsecret",
        "client_secret: secret-of-words",
        "access_token=secret",
        "state: isgfvkgazsecret",
        "state=isgfVkGaZBsecretQ",
        "code=4/0AeanSsecret-x",
        '"code": "M.C552_BAY.2.U.secret"',
        "code=secretx&state=1",  # Yahoo's codes are as short
        "code=d0f6a7secret9e8b",
        "code: 12345678secret",
        "Bearer EwBsecret8AAAB",
    ],
)
def test_what_looks_like_a_secret_goes(text: str) -> None:
    """Tokens, codes, states and secrets are redacted in the forms in which libraries log them."""
    redacted = redact(text)
    assert "secret" not in redacted.replace("client_secret", "")
    assert JWT not in redacted
    assert "…" in redacted


@pytest.mark.parametrize(
    "text",
    [
        "HTTP status 503",
        "gmail (the MX record is aspmx.l.google.com)",
        "the state of the file",
        "error code: AADSTS50076",
        "error code: AADSTS700082: The refresh token has expired.",
        "(code: 50105)",
        "code: 7000218; try again",
        "https://login.microsoftonline.com/error?code=50105",
        "https://localhost/?code=AADSTS50011&x=1",
        "state: expired",
        "state: NotAllowedByPolicy",
        "code=invalid_grant#_",
        "code: BadRequest(400)",
        '{"error": {"code": "InvalidAuthenticationToken", "status": "UNAUTHENTICATED"}}',
        "code: ERR_CONNECTION_REFUSED, status code: 535",
        "exit code: 0x80070005",
        "code: 5.7.139",
        'WWW-Authenticate: Bearer realm="mail", error="invalid_token"',
        "a bearer token is needed",
    ],
)
def test_words_stay(text: str) -> None:
    """Ordinary text is not changed, and the codes of errors are ordinary text."""
    assert text == redact(text)


def test_the_last_resort_says_only_what_is_known() -> None:
    """The kind of the exception and the system's words, not its own, which may hold a secret."""
    for exc, detail in (
        (ValueError(f"access_token={JWT}"), "ValueError"),
        (PermissionError(13, "Permission denied", JWT), "PermissionError: Permission denied"),
    ):
        error = internal_error(exc)
        words = f"{error.message} {error.explanation} {error.hint} {error.detail}"
        assert ("internal_error", ExitCode.FAILED) == (error.verdict.id, error.exit_code)
        assert detail == error.detail
        assert JWT not in words
        assert "safe" not in words


def test_the_file_has_no_secret(tmp_path: Path, root: logging.Logger) -> None:
    """Neither messages nor tracebacks in the file hold a secret."""
    set_up(folder=tmp_path / "logs")
    try:
        raise ValueError(f"access_token={JWT}")
    except ValueError:
        logging.getLogger("core.test").exception("it said %s", JWT)
    written = (tmp_path / "logs" / LOG_FILE).read_text("utf-8")
    assert "Traceback" in written
    assert JWT not in written


def test_a_folder_that_can_not_be_made_is_no_reason_to_fail(
    tmp_path: Path, root: logging.Logger
) -> None:
    """Without a log file the program still works."""
    (tmp_path / "in the way").write_text("a file")
    before = len(root.handlers)
    set_up(folder=tmp_path / "in the way" / "logs")
    assert before == len(root.handlers)


def test_debug_goes_to_standard_error(
    tmp_path: Path, root: logging.Logger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With --debug all records are shown too, redacted like the file."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    set_up(folder=tmp_path, debug_to_stderr=True)
    logging.getLogger("core.test").debug("code=0.AXkAsecret")
    assert "code=…" in stream.getvalue()
