"""Tests of the refresh request: each response becomes one of four results."""

import json
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import trustme

from core.errors import AppError, TryAgain
from core.net.network import Network
from core.oauth.refresh_request import (
    DeadGrant,
    Fresh,
    RefreshResult,
    Rejected,
    Transient,
    post_refresh_request,
)
from core.verdicts.verdict import Actor
from faulty_servers.authorization_server import FaultyAuthorizationServer
from faulty_servers.responses import Fault
from servers import AT_ONCE, QUICK, MakeStage, Stage, issued_by

NOW = 1_000_000.0
ACCESS, REFRESH, NEXT = "the-access-token", "the-refresh/token+1", "the-next-refresh-token"
GOOD = {"access_token": ACCESS, "token_type": "Bearer", "expires_in": 3600, "refresh_token": NEXT}


def answered(stage: Stage, fault: Fault, **changes: Any) -> RefreshResult:
    """The result of a refresh with this response."""
    stage.server.faults.append(fault)
    registration = replace(stage.registration, **changes)
    return post_refresh_request(registration, REFRESH, network=stage.network(), now=NOW)


def body(**content: Any) -> bytes:
    """A good response with some fields changed."""
    return json.dumps(GOOD | content).encode()


def fresh(answer: RefreshResult) -> tuple[str, str, float | None]:
    """The tokens of a result that must be Fresh."""
    assert isinstance(answer, Fresh)
    return answer.tokens.access, answer.tokens.refresh, answer.tokens.expires_at


def error(answer: RefreshResult) -> AppError:
    """The error of a result that must have one."""
    assert isinstance(answer, Transient | Rejected)
    return answer.error


def all_words(failure: AppError) -> str:
    """Everything that is shown of an error."""
    return "\n".join((failure.message, failure.detail, failure.hint, repr(failure)))


def test_the_form(stage: Stage) -> None:
    """The request is the form of RFC 6749, without an empty secret."""
    answered(stage, Fault(200, body()))
    assert {
        "grant_type": "refresh_token",
        "refresh_token": REFRESH,
        "client_id": "demo",
        "scope": "mail openid",
    } == stage.server.last_token_form


def test_the_form_of_others(stage: Stage) -> None:
    """The secret is sent if there is one, and the scope only if the catalog says so."""
    answered(stage, Fault(200, body()), client_secret="a secret+&", refresh_repeats_scope=False)
    assert {
        "grant_type": "refresh_token",
        "refresh_token": REFRESH,
        "client_id": "demo",
        "client_secret": "a secret+&",
    } == stage.server.last_token_form


def test_a_real_answer(stage: Stage) -> None:
    """A real authorization server's response gives both tokens and the expiry."""
    stage.sign_in()
    answer = post_refresh_request(
        stage.registration, stage.file().refresh, network=stage.network(), now=NOW
    )
    access, refresh, expires_at = fresh(answer)
    assert stage.server.account == stage.server.account_of(access)
    assert refresh not in ("", stage.file().refresh)
    assert NOW + 3600 == expires_at


@pytest.mark.parametrize(
    ("expires_in", "expected"),
    [
        (3600, 3600),
        ("3600", 3600),
        (3599.5, 3599.5),
        (None, None),
        (0, None),
        (-5, None),
        ("soon", None),
        ("", None),
        (True, None),
        ([], None),
        ({}, None),
        (float("nan"), None),
        (float("inf"), None),
        (10**12, None),
        (10**400, None),
        ("9" * 5000, None),
        ("NaN", None),
    ],
    ids=lambda value: repr(value)[:12],
)
def test_expires_in(stage: Stage, expires_in: object, expected: float | None) -> None:
    """A plausible lifetime is used; any other value is ignored and the tokens are saved."""
    answer = answered(stage, Fault(200, body(expires_in=expires_in)))
    expires_at = None if expected is None else NOW + expected
    assert (ACCESS, NEXT, expires_at) == fresh(answer)


def test_expires_in_missing(stage: Stage) -> None:
    """Without a lifetime the expiry is unknown."""
    content = {key: value for key, value in GOOD.items() if key != "expires_in"}
    assert (ACCESS, NEXT, None) == fresh(answered(stage, Fault(200, json.dumps(content).encode())))


@pytest.mark.parametrize("refresh", [None, "", 0])
def test_no_new_refresh_token(stage: Stage, refresh: object) -> None:
    """A provider that doesn't rotate refresh tokens sends none."""
    answer = answered(stage, Fault(200, body(refresh_token=refresh)))
    assert (ACCESS, "", NOW + 3600) == fresh(answer)


@pytest.mark.parametrize("error", ["", None])
def test_an_error_that_is_none(stage: Stage, error: object) -> None:
    """Tokens with an empty error are accepted."""
    answer = answered(stage, Fault(200, body(error=error)))
    assert (ACCESS, NEXT, NOW + 3600) == fresh(answer)


@pytest.mark.parametrize("name", ["access_token", "refresh_token"])
@pytest.mark.parametrize(
    "token",
    [
        "two\nlines",
        "a space",
        "tab\there",
        "t\u00f6ken-of-words",
        "\x00" * 9,
        "x" * 60_000,
        17,
        ["x"],
        {"x": 1},
    ],
    ids=lambda value: repr(value)[:12],
)
def test_tokens_that_can_be_none(stage: Stage, name: str, token: object) -> None:
    """A token that a line of the token file can't hold is refused."""
    answer = answered(stage, Fault(200, body(**{name: token})))
    assert isinstance(answer, Transient)
    assert Actor.PROVIDER == answer.error.actor


@pytest.mark.parametrize(
    "fault",
    [
        Fault(200, b"<html><body>Sign in to the Wi-Fi</body></html>", "text/html"),
        Fault(200, body()[:40]),
        Fault(200, b""),
        Fault(200, b"null"),
        Fault(200, b"[]"),
        Fault(200, b'"text"'),
        Fault(200, b"\xff\xfe\x00"),
        Fault(200, b'{"a":' * 20_000),
        Fault(200, b"[" * 60_000),
        Fault(200, b'{"expires_in": ' + b"9" * 5000 + b"}"),
        Fault(200, b'{"token_type": "Bearer"}'),
        Fault(204, b""),
        Fault(201, body()),
        Fault(302, b"", headers={"Location": "https://localhost:1/"}),
        Fault(307, b"", headers={"Location": "https://localhost:1/"}),
        Fault(400, b"<html>", "text/html"),
        Fault(400, b"{}"),
        Fault(400, b'{"error": 17}'),
        Fault(400, b'{"error": null}'),
        Fault(400, b'{"error": {"code": 400, "message": "Google\'s style"}}'),
        Fault(400, b'{"error": ["invalid_grant"]}'),
        Fault(401, b"", headers={"WWW-Authenticate": "Basic"}),
        Fault(403, b"<html>", "text/html"),
        Fault(404, b"not here", "text/plain"),
        Fault(408, b""),
        Fault(425, b""),
        Fault(429, b""),
        Fault(500, b"", "text/html"),
        Fault(500, body()),
        Fault(503, b'{"error": "invalid_grant"}'),
        Fault(429, b'{"error": "invalid_grant"}'),
        Fault(400, b'{"error": "temporarily_unavailable"}'),
        Fault(400, b'{"error": "server_error"}'),
        Fault(400, b'{"error": "slow_down"}'),
        Fault(511, b"<html>", "text/html"),
        Fault(200, b"x" * 70_000),
        Fault(drop=True),
    ],
    ids=lambda fault: f"{fault.status} {fault.body[:24]!r}",
)
def test_transient(stage: Stage, fault: Fault) -> None:
    """A response that says nothing about the grant is a temporary problem."""
    failure = error(answered(stage, fault))
    assert isinstance(failure, TryAgain)
    assert "" != failure.hint
    assert REFRESH not in all_words(failure)
    assert 1 == stage.server.token_requests


def test_a_minute_of_silence(stage: Stage) -> None:
    """A silent server is given up after the time limit."""
    stage.server.faults.append(Fault(delay=60))
    began = time.monotonic()
    answer = post_refresh_request(
        stage.registration, REFRESH, network=stage.network(QUICK), now=NOW
    )
    assert "localhost gave no answer in time" == error(answer).message
    assert time.monotonic() - began < AT_ONCE


def test_a_wrong_certificate(stage: Stage) -> None:
    """A server with a wrong certificate gets no request."""
    certificate = issued_by(trustme.CA(), "localhost")
    with FaultyAuthorizationServer(certificate=certificate) as server:
        registration = replace(stage.registration, token_uri=server.token_uri)
        answer = post_refresh_request(registration, REFRESH, network=stage.network(), now=NOW)
        assert "The certificate of localhost can't be trusted" == error(answer).message
        assert 0 == server.token_requests


def test_a_useless_ca_file(stage: Stage) -> None:
    """A CA file that can't be read is not a temporary problem."""
    network = Network(ca_file=stage.folder / "nowhere.pem")
    with pytest.raises(AppError, match=r"The CA file .*nowhere\.pem"):
        post_refresh_request(stage.registration, REFRESH, network=network, now=NOW)


@pytest.mark.parametrize("status", [200, 400, 401])
def test_a_dead_grant(stage: Stage, status: int) -> None:
    """The grant is dead if the error is in the provider's list, whatever the status."""
    dead = frozenset({"invalid_grant", "consent_required"})
    content = b'{"error": "consent_required", "error_description": "AADSTS65001: ask again"}'
    answer = answered(stage, Fault(status, content), dead_grant_errors=dead)
    assert DeadGrant("consent_required: AADSTS65001: ask again") == answer


@pytest.mark.parametrize(
    "word", ["invalid_client", "unauthorized_client", "invalid_scope", "consent_required", "odd"]
)
def test_rejected(stage: Stage, word: str) -> None:
    """Any other error would occur again after a sign-in."""
    answer = answered(stage, Fault(400, json.dumps({"error": word}).encode()))
    assert isinstance(answer, Rejected)
    assert word == answer.error.detail
    assert not isinstance(answer.error, TryAgain)


@pytest.mark.parametrize(
    ("secret", "message"),
    [
        ("", "The rehearsal wants the secret of the application demo"),
        ("wrong", "The rehearsal refuses the application demo"),
    ],
)
def test_google_says_it_otherwise(stage: Stage, secret: str, message: str) -> None:
    """Google reports a missing secret as invalid_request, not as invalid_client."""
    content = b'{"error": "invalid_request", "error_description": "client_secret is missing."}'
    registration = replace(stage.registration, client_secret=secret)
    stage.server.faults.append(Fault(400, content))
    failure = error(post_refresh_request(registration, REFRESH, network=stage.network(), now=NOW))
    assert message == failure.message


@pytest.mark.parametrize(
    ("secret", "message", "actor"),
    [
        ("", "The rehearsal wants the secret of the application demo", Actor.YOU),
        ("wrong", "The rehearsal refuses the application demo", Actor.ADMINISTRATOR),
    ],
)
def test_invalid_client(make_stage: MakeStage, secret: str, message: str, actor: Actor) -> None:
    """A missing secret and a wrong secret give different errors."""
    stage = make_stage(server={"client_secret": "right"})
    registration = replace(stage.registration, client_secret=secret)
    failure = error(post_refresh_request(registration, REFRESH, network=stage.network(), now=NOW))
    assert (message, actor) == (failure.message, failure.actor)


@pytest.mark.parametrize(
    ("retry_after", "expected"),
    [
        ("7", 7),
        ("0", 0),
        ("-3", 0),
        ("nan", 0),
        ("9" * 500, 0),
        ("soon", 0),
        ("Fri, 31 Dec 1999 23:59:59 GMT", 0),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after(stage: Stage, status: int, retry_after: str, expected: float) -> None:
    """Retry-After in seconds is passed on; a date or an invalid value counts as none."""
    failure = error(answered(stage, Fault(status, headers={"Retry-After": retry_after})))
    assert isinstance(failure, TryAgain)
    assert expected == failure.retry_after


ECHOES: list[Callable[[str], str]] = [
    lambda secret: json.dumps({"error": "invalid_grant", "error_description": f"not {secret}!"}),
    lambda secret: json.dumps({"error": "odd", "error_description": f"refresh_token={secret}"}),
    lambda secret: json.dumps({"error": secret}),
    lambda secret: json.dumps({"error": "odd", "error_description": {"token": secret}}),
    lambda secret: json.dumps({"error": "odd", "error_description": "x" * 390 + secret}),
    lambda secret: json.dumps({"error": {"message": secret}}),
    lambda secret: f"<html>{secret}",
]


@pytest.mark.parametrize("echo", ECHOES)
@pytest.mark.parametrize(
    ("secret", "sent"),
    [(REFRESH, REFRESH), ("the-refresh%2Ftoken%2B1", REFRESH), ("s3cret&client", "s3cret&client")],
)
def test_echoed_secrets(
    stage: Stage,
    caplog: pytest.LogCaptureFixture,
    echo: Callable[[str], str],
    secret: str,
    sent: str,
) -> None:
    """A secret that the server repeats is neither in messages nor in the log."""
    caplog.set_level(logging.DEBUG)
    fault = Fault(400, echo(secret).encode(), f"text/html; {secret[:0]}")
    answer = answered(stage, fault, client_secret="s3cret&client")
    words = answer.detail if isinstance(answer, DeadGrant) else all_words(error(answer))
    for text in (words, caplog.text, repr(answer)):
        assert secret not in text
        assert sent not in text


def test_control_characters_of_others(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """A server can't send control characters to the terminal or forge lines of the log."""
    caplog.set_level(logging.DEBUG)
    content = {"error": "odd\n2026 root: forged", "error_description": "\x1b[31mred\u202e"}
    failure = error(answered(stage, Fault(400, json.dumps(content).encode())))
    assert "odd 2026 root: forged: [31mred" == failure.detail
    assert not any("\n" in record.getMessage() for record in caplog.records)


def test_tokens_are_not_shown(stage: Stage) -> None:
    """The repr of a result holds no token."""
    answer = answered(stage, Fault(200, body()))
    assert ACCESS not in repr(answer)
    assert NEXT not in repr(answer)
