"""All readers of foreign input, each as a function of bytes that raises on a breach.

A breach is an exception that the reader doesn't document, or a result that breaks the target's
assertions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress

from local_targets import LOCAL_TARGETS
from target import Target, check_error

from core.errors import AppError
from core.model import FlowKind
from core.net.response import HttpResponse
from core.oauth.sign_in.authorization_response import PendingSignIn
from core.oauth.sign_in.pasted_response import read_pasted
from core.oauth.token_response import RefreshTokenOnly, TokenRequest, read_tokens
from core.providers.fields import Registration
from core.tokenfile.format import TokenFile, is_token, parse_token_file, serialize

STATE = "the-state-of-this-sign-in"
REFRESH = "the-refresh-token-that-was-sent"
SECRET = "the-secret-of-the-client"
REGISTRATION = Registration(
    provider="bed",
    label="The provider",
    application="app",
    application_label="App",
    flow=FlowKind.PLAIN,
    authorize_uri="https://localhost/auth",
    token_uri="https://localhost/token",
    scopes=("mail",),
    redirect_uri="http://localhost",
    client_id="client",
    client_secret=SECRET,
    imap_host="localhost",
    imap_port=993,
    imap_starttls=False,
    authorize_parameters={},
    refresh_repeats_scope=False,
)
PENDING = PendingSignIn(REGISTRATION, "you@example.com", "https://localhost/auth", STATE)
_STATUS = (200, 200, 200, 400, 400, 401, 408, 429, 500, 503, 302, 204)


def paste(data: bytes) -> None:
    """Read a pasted text: it is a response of this sign-in or an error."""
    with suppress(AppError):
        answer = read_pasted(data.decode(errors="surrogateescape"), PENDING)
        assert answer.state == STATE, "an answer of another sign-in was taken"
        assert answer.code.isascii(), "a code that can't be one"
        assert answer.code.isprintable(), "a code that can't be one"


def answer(data: bytes) -> None:
    """Read a token endpoint's response; its first two bytes choose the status and a header."""
    status = _STATUS[data[0] % len(_STATUS)] if data else 200
    body = data[2:]
    headers = {"content-type": "application/json"}
    if data[1:2] > b"\x80":
        headers["retry-after"] = body[:20].decode("latin-1")
    request = TokenRequest(REGISTRATION, "refresh_token", secrets=(REFRESH,))
    try:
        tokens = read_tokens(HttpResponse(status, headers, body), request, now=1.8e9)
    except AppError as error:
        _check_failure(error)
        return
    file = parse_token_file(serialize(TokenFile(tokens.access, tokens.refresh), now=0))
    assert file is not None
    assert (file.access, file.refresh) == (tokens.access, tokens.refresh)


def _check_failure(error: AppError) -> None:
    check_error(error, REFRESH, SECRET)
    kept = error.refresh if isinstance(error, RefreshTokenOnly) else REFRESH
    assert is_token(kept), "a refresh token that can't be one"


def _json(**fields: object) -> bytes:
    return b"\x00\x00" + json.dumps(fields).encode()


TARGETS: Mapping[str, Target] = {
    **LOCAL_TARGETS,
    "paste parser": Target(
        paste,
        (
            f"http://localhost:1234/?code=4/0AbCdEf-gh_i&state={STATE}&scope=mail".encode(),
            f"code=M.C507_BAY.2.U.abc*!$&state={STATE}".encode(),
            b"https://localhost/?error=access_denied&error_description=no%20way",
            b"https://login.example/authorize?client_id=a&response_type=code&state=b",
            b"  <4/0AbCdEf-ghi>\r\n",
            b"I don't know what to paste, somebody@example.com",
            f"http://localhost/#state={STATE}&code=a+b%2Bc%20d".encode(),
        ),
        0.2,
    ),
    "the provider's answers": Target(
        answer,
        (
            _json(access_token="access-token", refresh_token="next-refresh", expires_in=3600),
            _json(access_token="access-token", expires_in="3600", token_type="Bearer"),
            b"\x03" + _json(error="invalid_grant", error_description=f"bad {REFRESH}")[1:],
            b"\x04" + _json(error="invalid_client", error_description=SECRET)[1:],
            b"\x07\xff120",
            b"\x09\xffThu, 01 Jan 2026 00:00:00 GMT",
            b"\x00\x00<html><body>Wi-Fi: please sign in</body></html>",
            _json(error={"code": 400, "message": "of another kind"}),
        ),
        0.2,
    ),
}
