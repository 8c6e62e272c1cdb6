"""Which files can be imported, and what each says. Most are made by the real programs."""

import json
import pickle
import time
from datetime import UTC, datetime

import pytest

from core.cli.output import lines_of
from core.cli.script_call import read_call
from core.errors import AppError
from core.importing.found import Found
from core.importing.kinds import LARGEST, read_content
from core.model import DEFAULT_GRANT
from core.tokenfile.format import TokenFile, serialize
from foreign_files import (
    ACCESS,
    ADDRESS,
    CLIENT_ID,
    IMAP,
    MICROSOFT,
    REFRESH,
    TENANT,
    google_credentials,
    google_json,
    msal_cache,
    recorded,
)


def read(content: bytes | str) -> tuple[Found, ...]:
    """What a file with this content says."""
    raw = content.encode() if isinstance(content, str) else content
    return read_content(raw, read_call)


def one(content: bytes | str) -> Found:
    """The same of a file that has one mailbox."""
    (found,) = read(content)
    return found


def problem(content: bytes | str) -> str:
    """Why nothing of a file, or no token, can be taken."""
    try:
        found = one(content)
    except AppError as exc:
        return exc.verdict.id
    return found.problem.verdict.id if found.problem else ""


def test_msals_cache() -> None:
    """The tokens for IMAP, the account, its tenant and the client ID."""
    found = one(msal_cache(IMAP))
    assert (ACCESS, REFRESH, ADDRESS) == (
        found.file.access,
        found.file.refresh,
        found.file.account,
    )
    assert found.file.expires_at is not None
    assert abs(found.file.expires_at - time.time() - 3600) < 60
    assert {
        "client_id": CLIENT_ID,
        "authorize_uri": f"{MICROSOFT}/{TENANT}/oauth2/v2.0/authorize",
        "token_uri": f"{MICROSOFT}/{TENANT}/oauth2/v2.0/token",
    } == found.given


def test_msals_cache_for_another_service() -> None:
    """An access token for Graph is left; the refresh token gives one for IMAP."""
    found = one(msal_cache("https://graph.microsoft.com/User.Read"))
    assert ("", REFRESH) == (found.file.access, found.file.refresh)


def test_google_auths_credentials() -> None:
    """With the times in UTC, as google-auth writes them, and without an address."""
    found = one(google_json())
    assert TokenFile(ACCESS, REFRESH, expires_at=1767323045.0) == found.file
    assert datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC).timestamp() == found.file.expires_at
    assert ("https://mail.google.com/",) == found.scopes
    assert {
        "client_id": CLIENT_ID,
        "client_secret": "made-up-client-secret",
        "token_uri": "https://oauth2.googleapis.com/token",
    } == found.given
    assert ADDRESS == one(google_json(account=ADDRESS)).file.account


def test_credentials_of_gcloud() -> None:
    """Its own client ID has no access to mail; another one may have it.

    https://cloud.google.com/docs/authentication/application-default-credentials
    """
    gcloud = "764086051850-6qr4p6gpi6hn506pt8ejuq83di341hur.apps.googleusercontent.com"
    table = {"type": "authorized_user", "client_id": gcloud, "client_secret": "made-up"}
    table["refresh_token"] = REFRESH
    assert ("https://www.googleapis.com/auth/cloud-platform",) == one(json.dumps(table)).scopes
    table["client_id"] = CLIENT_ID
    assert () == one(json.dumps(table)).scopes


def test_mutts_script() -> None:
    """Version 2020-08-07, as Debian 12 has it, keeps the client ID in the script."""
    found = one(recorded("mutt_oauth2.json"))
    assert (ACCESS, REFRESH, ADDRESS) == (
        found.file.access,
        found.file.refresh,
        found.file.account,
    )
    assert found.file.expires_at is not None
    assert found.client_unknown
    assert {"token_uri": f"{MICROSOFT}/common/oauth2/v2.0/token"} == found.given


def test_mutts_script_in_later_versions() -> None:
    """They have the client ID, its secret and the tenant in the file."""
    table = {**json.loads(recorded("mutt_oauth2.json")), "client_id": CLIENT_ID}
    table |= {"client_secret": "made-up", "tenant": TENANT}
    found = one(json.dumps(table))
    assert not found.client_unknown
    assert {
        "client_id": CLIENT_ID,
        "client_secret": "made-up",
        "token_uri": f"{MICROSOFT}/{TENANT}/oauth2/v2.0/token",
    } == found.given


def test_the_proxys_configuration() -> None:
    """Its registration is taken, its tokens are encrypted."""
    found = one(recorded("emailproxy.config"))
    assert TokenFile("", "", account=ADDRESS) == found.file
    assert "import_encrypted_by_proxy" == problem(recorded("emailproxy.config"))
    assert {
        "client_id": CLIENT_ID,
        "client_secret": "made-up-client-secret",
        "authorize_uri": f"{MICROSOFT}/common/oauth2/v2.0/authorize",
        "token_uri": f"{MICROSOFT}/common/oauth2/v2.0/token",
        "redirect_uri": "http://localhost",
        "scopes": ("https://outlook.office365.com/IMAP.AccessAsUser.All", "offline_access"),
    } == found.given
    assert "import_encrypted_by_proxy" == problem(recorded("proxy_cache.config"))


@pytest.mark.parametrize(
    ("allowed", "expected"), [("True", "of-the-domain"), ("False", None), ("perhaps", None)]
)
def test_the_proxys_accounts_inherit(allowed: str, expected: str | None) -> None:
    """From the section of their domain, and from the one of all, where that is switched on."""
    found = one(
        f"[emailproxy]\nallow_catch_all_accounts = {allowed}\n"
        "[@]\nclient_id = of-all\n[@example.com]\nclient_id = of-the-domain\n"
        f"[{ADDRESS}]\ntoken_url = https://auth.example.com/token\n"
    )
    assert expected == found.given.get("client_id")


@pytest.mark.parametrize(
    "more",
    [
        b"",
        b"# Account is you@example.com\n# File generated on Tue Sep  9 by oauth2_imap --local\n",
    ],
)
def test_token_files_of_the_perl_script(more: bytes) -> None:
    """With their own lines or with two lines only, with LF or with CR LF."""
    content = f"{ACCESS}\n{REFRESH}\n".encode() + more
    expected = TokenFile(ACCESS, REFRESH, account=ADDRESS if more else "")
    assert expected == one(content).file
    assert expected == one(content.replace(b"\n", b"\r\n")).file


def test_our_own_token_files() -> None:
    """From another computer, with all that they record."""
    file = TokenFile(ACCESS, REFRESH, account=ADDRESS, provider="gmail", application="thunderbird")
    assert file == one(serialize(file, now=0)).file
    assert DEFAULT_GRANT == file.grant


REFUSED = {
    "import_encrypted_with_pgp": recorded("mutt_oauth2.gpg"),
    "import_python_pickle": pickle.dumps(google_credentials()),
    "import_file_too_large": b" " * (LARGEST + 1),
    "import_service_account": b'{"type": "service_account", "private_key": "made up"}',
    "import_client_file": b'{"installed": {"client_id": "made up"}}',
    "import_unknown_file": b'{"some": "other file"}',
    "import_no_mailbox": b"[emailproxy]\n[IMAP-1993]\nserver_port = 993\n",
    "import_example_values": b"[you@example.com]\ntoken_url = x\nclient_id = *** your client id",
    "import_tokens_without_sign_in": (
        b"[you@example.com]\ntoken_url = x\noauth2_flow = client_credentials\n"
    ),
    "import_encrypted_by_davmail": b"davmail.oauth.you@example.com.refreshToken={AES}abcd\n",
    "import_in_secret_store": serialize(
        TokenFile(ACCESS, "", account=ADDRESS, store_entry="0" * 32), now=0
    ),
    "import_no_call": b"@echo oauth2_imap you@example.com\n",
    "import_address_in_variable": b"for /f %%a in (list.txt) do oauth2_imap.exe %%a\n",
}


@pytest.mark.parametrize(("expected", "content"), REFUSED.items(), ids=REFUSED)
def test_what_is_refused(expected: str, content: bytes) -> None:
    """Each with its reason."""
    assert expected == problem(content)


def test_davmails_files() -> None:
    """The addresses of its settings, or of its separate file of tokens."""
    settings = "davmail.mode=O365Modern\ndavmail.oauth.a@b.example.refreshToken={AES}x\n"
    for text in (settings, "# comment\na@b.example={AES}x\n"):
        assert "a@b.example" == one(text).file.account
    assert "import_no_mailbox" == problem("davmail.mode=O365Modern\n")


UNKNOWN = (
    b"",
    b"[]",
    b"{",
    b"\xff\xfe",
    b"[" * 100_000,
    b"-----BEGIN CERTIFICATE-----",
    b"<html>",
    b'{"RefreshToken": 1, "access_token": null}',
    b"[emailproxy\ntoken_url = x",
)


@pytest.mark.parametrize("content", UNKNOWN, ids=range(len(UNKNOWN)))
def test_what_is_unknown(content: bytes) -> None:
    """Nothing else is taken for one of these kinds."""
    assert "import_unknown_file" == problem(content)


@pytest.mark.parametrize("table", [{}, {"a": 1}, {"a": {}}])
def test_an_empty_cache(table: object) -> None:
    """A cache without a refresh token has nothing that lasts."""
    assert "import_no_mailbox" == problem(json.dumps({"RefreshToken": table, "Account": {}}))


def test_armored_and_utf_16() -> None:
    """gpg --armor writes text, and PowerShell 5 writes UTF-16."""
    assert "import_encrypted_with_pgp" == problem("-----BEGIN PGP MESSAGE-----\n\nhQGMA1yy\n")
    text = google_json()
    assert REFRESH == one(text.encode("utf-16")).file.refresh
    assert REFRESH == one(b"\xef\xbb\xbf" + text.encode()).file.refresh


def test_no_secret_in_a_repr() -> None:
    """What is found goes through logs and errors of tests."""
    for content in (google_json(), msal_cache(IMAP), recorded("mutt_oauth2.json")):
        text = repr(one(content))
        assert [] == [s for s in (ACCESS, REFRESH, "made-up-client-secret") if s in text]


@pytest.mark.parametrize(
    "content",
    [
        "[emailproxy]\ntoken_url = x\n made-up-secret-that-nobody-may-see\n[",
        "[emailproxy]\nmade-up-secret-that-nobody-may-see\ntoken_url = x\n",
        "@for /f %%a in (l) do oauth2_imap --client_secret made-up-secret-that-nobody-may-see %%a",
        "@oauth2_imap --no_option made-up-secret-that-nobody-may-see you@example.com",
        "@oauth2_imap --timeout made-up-secret-that-nobody-may-see you@example.com",
        '{"installed": {"client_id": "x", "client_secret": "made-up-secret-that-nobody-may-see"}}',
    ],
)
def test_no_secret_in_a_reason(content: str) -> None:
    """A part of the file may be in it, but no value."""
    try:
        error = one(content).problem
    except AppError as exc:
        error = exc
    assert error is not None
    assert "nobody-may-see" not in " ".join((*lines_of(error), repr(error.parameters)))


HOSTILE = (
    b"davmail.x=1\n" + b"a@" * 100_000,
    b"[emailproxy]\na" + b" " * 400_000 + b"b",
    b"@rem\noauth2_imap\n" + b"for %%a in (" * 40_000,
    b"$a = 1\noauth2_imap " + b"<#" * 200_000,
    b"oauth2_imap " * 300_000,
)


@pytest.mark.parametrize("content", HOSTILE, ids=range(len(HOSTILE)))
def test_no_file_keeps_the_import_busy(content: bytes) -> None:
    """Regular expressions get no lines that were made to take minutes."""
    started = time.monotonic()
    assert problem(content)
    assert time.monotonic() - started < 15
