"""Tests of core/log.py: redaction, and a log that never makes the program fail."""

import io
import json
import logging
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from core.errors import ExitCode
from core.log import internal_error, set_up
from core.paths import LOG_FILE
from core.redaction import redact
from program import ROOT
from servers import AT_ONCE

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


SECRETS = (
    "ya29.a0AfB_byC9xQ-secretAccessToken-0123456789",
    "1//0gSecretRefresh-Token_abcdef",
    "4/0AeanSsecretCode-0123456789",
    "GOCSPX-abcdefghijklmnopqrstuvwx",
    "M.C5_BAY.0.U.-CbSecret!Refresh*Token$$",
    "0.AXkAsecretOfAnOrganisation-0123456789",
    "EwBsecretAccessToken8AAAB0123456789",
    "Uqq8Q~abcdefghijklmnopqrstuvwxyz.~1234",
)
OPAQUE = "kSmqRandomOpaque0123456789"


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    "before", ["", "(", "said ", "token ", "a=", "b'", r"\n", r"\x01", r"\u0020", "%20"]
)
def test_known_forms_go_wherever_they_stand(before: str, secret: str) -> None:
    """The tokens, codes and secrets of Google and Microsoft need no name before them."""
    assert secret not in redact(f"{before}{secret} and more")
    assert secret[8:] not in redact(f"{before}{secret} and more")


@pytest.mark.parametrize("secret", [*SECRETS, OPAQUE])
@pytest.mark.parametrize(
    "name", ["access_token", "refresh_token", "client_secret", "code", "password", "code_verifier"]
)
def test_named_secrets_go_in_every_quoting(name: str, secret: str) -> None:
    """JSON in JSON in JSON, Python's texts and bytes, queries, HTML."""
    once = json.dumps({name: secret})
    twice = json.dumps({"body": once})
    for text in (
        once,
        twice,
        json.dumps([twice]),
        once.replace("/", r"\/"),
        once.replace('"', r"\u0022"),
        once.replace('"', "&quot;"),
        quote(once),
        repr({name: secret}),
        repr({name: secret.encode()}),
        f"?x_{name}={quote(secret, safe='')}&x=1",
        f"{name.upper()}={secret}",
    ):
        redacted = redact(text)
        assert "…" in redacted
        for form in (secret, secret[8:], quote(secret, safe="")[8:]):
            assert form not in redacted


def test_no_text_is_slow() -> None:
    """A server chooses what an error says, so the filter has no slow text."""
    for part in (
        "code=",
        "M.A1",
        "a",
        '"',
        "code: ",
        "state:aA.",
        "bearer ",
        "password\\",
        "1/",
        "eyJ.",
    ):
        started = time.monotonic()
        redact(part * 20_000)
        assert time.monotonic() - started < AT_ONCE, part


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
        "token: expired",
        "tomlkit 0.13.3, msal 1.39.0",
        "M.Christensen has 10.A4 paper",
        "basic authentication is disabled",
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


def test_a_full_file_is_put_aside(tmp_path: Path, root: logging.Logger) -> None:
    """The record that comes after the limit begins a new file; three old ones are kept."""
    set_up(folder=tmp_path)
    for number in range(30):
        root.info("%s %s", number, "word " * 35_000)
    names = sorted(file.name for file in tmp_path.iterdir())
    assert [LOG_FILE, *(f"{LOG_FILE}.{number}" for number in (1, 2, 3))] == names


def test_a_closed_file_stays_closed(tmp_path: Path, root: logging.Logger) -> None:
    """A thread may still log when the program ends."""
    set_up(folder=tmp_path)
    root.info("before")
    handler = root.handlers[-1]
    handler.close()
    root.info("after")
    assert "after" not in (tmp_path / LOG_FILE).read_text("utf-8")


def test_a_folder_that_can_not_be_made_is_no_reason_to_fail(
    tmp_path: Path, root: logging.Logger
) -> None:
    """Without a log file the program still works."""
    (tmp_path / "in the way").write_text("a file")
    set_up(folder=tmp_path / "in the way" / "logs")
    assert not (tmp_path / "in the way" / "logs").exists()


@pytest.mark.parametrize("folder", ["logs", "file/logs"], ids=["with a log", "without"])
def test_a_library_s_warning_is_not_for_the_user(folder: str, tmp_path: Path) -> None:
    """Standard error has our own messages alone; a log file has the warning."""
    (tmp_path / "file").write_text("no folder can be made here")
    code = """
import logging, sys, warnings
from pathlib import Path
from core.log import set_up
set_up(folder=Path(sys.argv[1]))
warnings.warn("flock is not supported here")
logging.getLogger("urllib3").error("a library's error")
"""
    done = subprocess.run(
        [sys.executable, "-W", "default", "-c", code, str(tmp_path / folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert ("", "") == (done.stdout, done.stderr)
    if folder == "logs":
        assert "flock is not" in (tmp_path / folder / LOG_FILE).read_text("utf-8")


@pytest.mark.parametrize(
    "name",
    [
        "msal.oauth2cli.oauth2",
        "msal",
        "oauthlib",
        "requests_oauthlib.oauth2_session",
        "google.auth",
    ],
)
def test_libraries_that_handle_tokens_log_nothing(
    name: str, tmp_path: Path, root: logging.Logger
) -> None:
    """Not even errors: msal logs a whole answer that it can't read, and it may hold tokens."""
    set_up(folder=tmp_path)
    logging.getLogger(name).critical("the answer was %r", "ÿþ\0t\0o\0k\0e\0n")
    logging.getLogger("core.test").info("ours")

    assert ["core.test: ours"] == [
        line.split(" ", 3)[3] for line in (tmp_path / LOG_FILE).read_text("utf-8").splitlines()
    ]


def test_debug_goes_to_standard_error(
    tmp_path: Path, root: logging.Logger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With --debug all records are shown too, redacted like the file."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    set_up(folder=tmp_path, debug_to_stderr=True)
    logging.getLogger("core.test").debug("code=0.AXkAsecret")
    assert "code=…" in stream.getvalue()


@pytest.mark.only_on("posix", reason="Windows keeps access in access lists")
def test_the_folder_is_private(tmp_path: Path, root: logging.Logger) -> None:
    """The log has addresses and paths."""
    set_up(folder=tmp_path / "logs")
    root.warning("the first record")
    assert 0o700 == (tmp_path / "logs").stat().st_mode & 0o777
